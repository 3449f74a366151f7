// SPDX-License-Identifier: MIT
/** udp between two hosts, each in a network namespace of its own: groups, hops and loop, with libzmq on the other host, and DGRAM. */
import assert from "node:assert/strict";
import { type TestContext, test } from "node:test";
import { type Task, Wire, whyNoNamespaces } from "../support/namespaces.ts";
import { argumentsFor } from "../support/program.ts";

const options = { skip: whyNoNamespaces() ?? false, timeout: 30_000 };
const at = (path: string): string => JSON.stringify(new URL(path, import.meta.url).href);

/** `ours` and `theirs` have the classes; a radio sends its text again and again, as nobody can tell when it is heard. */
const COMMON = `
  import * as ours from ${at("../../src/index.ts")};
  import { nativeDrafts } from ${at("../support/native-drafts.ts")};
  const theirs = nativeDrafts(await import("zeromq"));
  const say = (text) => process.stdout.write(text + "\\n");
  setInterval(() => {}, 1000);
  const listen = async (type, endpoint, name) => {
    const dish = new type();
    await dish.bind(endpoint);
    dish.join("g");
    say("READY " + name);
    const heard = new Set();
    for (;;) {
      const [part, { group }] = await dish.receive();
      const text = name + " heard " + group + " " + part;
      if (!heard.has(text)) say(text);
      heard.add(text);
    }
  };
  const repeat = async (type, endpoint, text, options = {}) => {
    const radio = new type();
    Object.assign(radio, options);
    radio.connect(endpoint);
    for (;;) {
      await radio.send(text, { group: "other" });
      await radio.send(text, { group: "g" });
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
  };
`;

function run(t: TestContext, wire: Wire, host: 0 | 1, code: string): Task {
  const task = wire.start(host, process.execPath, ...argumentsFor(`${COMMON}${code}`));
  t.after(() => task[Symbol.dispose]());
  return task;
}

function wireFor(t: TestContext): Wire {
  const wire = new Wire();
  t.after(() => wire[Symbol.dispose]());
  return wire;
}

test("a group reaches the other host, ours and libzmq's", options, async (t) => {
  const wire = wireFor(t);
  const [here, there] = wire.addresses.map((address) => `udp://${address};239.0.0.7:5001`);
  const dishes = run(
    t,
    wire,
    1,
    `void listen(ours.Dish, ${JSON.stringify(there)}, "ours"); void listen(ours.Dish, "udp://wire;239.0.0.7:5001", "named");
     void listen(theirs.Dish, ${JSON.stringify(there)}, "theirs");`,
  );
  run(
    t,
    wire,
    0,
    `void repeat(ours.Radio, ${JSON.stringify(here)}, "a"); void repeat(theirs.Radio, ${JSON.stringify(here)}, "b");
     void repeat(ours.Radio, "udp://wire;239.0.0.7:5001", "c");`,
  );
  for (const name of ["ours", "named", "theirs"]) {
    for (const text of ["a", "b", "c"]) await dishes.prints(new RegExp(`^${name} heard g ${text}$`, "m"));
  }
});

test("hops are in the packets, and without loop only the other host hears", options, async (t) => {
  const wire = wireFor(t);
  // What may pass five routers, or three, gets in.
  wire.lose(1, 100, "ip ttl { 1, 2, 4, 6 }");
  const far = run(t, wire, 1, `void listen(ours.Dish, "udp://wire;239.0.0.7:5002", "far");`);
  const near = run(
    t,
    wire,
    0,
    `void listen(ours.Dish, "udp://wire;239.0.0.7:5002", "near");
     const to = "udp://wire;239.0.0.7:5002";
     void repeat(ours.Radio, to, "one"); void repeat(ours.Radio, to, "four", { multicastHops: 4 });
     void repeat(ours.Radio, to, "five", { multicastHops: 5 });
     void repeat(ours.Radio, to, "quiet", { multicastHops: 5, multicastLoop: false });
     setTimeout(() => void repeat(ours.Radio, to, "three", { multicastHops: 3 }), 100);`,
  );
  await far.prints(/far heard g quiet/);
  const [all] = await far.prints(/[\s\S]*far heard g three/);
  assert.match(all, /far heard g five/);
  assert.doesNotMatch(all, /one|four/);
  const [local] = await near.prints(/[\s\S]*near heard g three/);
  for (const text of ["one", "four", "five"]) assert.match(local, new RegExp(`near heard g ${text}`));
  assert.doesNotMatch(local, /quiet/);
});

test("DGRAM asks libzmq's on the other host, and is answered", options, async (t) => {
  const wire = wireFor(t);
  const [here, there] = wire.addresses;
  const server = run(
    t,
    wire,
    1,
    `const socket = new theirs.Datagram();
     await socket.bind("udp://${there}:5003");
     say("READY");
     for (;;) {
       const [from, question] = await socket.receive();
       await socket.send([from, question + ", answer"]);
     }`,
  );
  await server.prints(/READY/);
  const client = run(
    t,
    wire,
    0,
    `const socket = new ours.Datagram();
     await socket.bind("udp://${here}:*");
     void (async () => { for (;;) { await socket.send(["${there}:5003", "question"]); await new Promise((resolve) => setTimeout(resolve, 20)); } })();
     say((await socket.receive()).map(String).join(" "));`,
  );
  const [, answer] = await client.prints(/^(.*answer)$/m);
  assert.equal(answer, `${there}:5003 question, answer`);
});
