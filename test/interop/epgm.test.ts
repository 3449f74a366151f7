// SPDX-License-Identifier: MIT
/**
 * epgm between two hosts, each in a network namespace of its own: publishers and subscribers of ours and of Debian's libzmq, which is
 * built with OpenPGM, in each role, with packets lost at random on the way.
 */
import assert from "node:assert/strict";
import { type TestContext, test } from "node:test";
import { type Task, Wire, whyNoNamespaces } from "../support/namespaces.ts";

const skip = whyNoNamespaces() ?? false;
const TIMEOUT = 60_000;
const COUNT = 600;
/** Kilobits a second: packets enough that some of them are lost, and not for long. */
const RATE = 8000;

interface Side {
  publish(wire: Wire, host: 0 | 1, count: number, name?: string, rate?: number): Task;
  subscribe(wire: Wire, host: 0 | 1, ends?: number, rate?: number): Task;
}

function endpoint(wire: Wire, host: 0 | 1): string {
  return `epgm://${wire.addresses[host]};239.192.1.1:7500`;
}

/** Each message has three parts; every fiftieth spans packets. A subscriber prints how many came, and whether all in order. */
const OURS: Side = {
  publish: (wire, host, count, name = "m", rate = RATE) =>
    wire.startOurs(
      host,
      `const socket = new zmq.Publisher({ rate: ${rate}, sendHighWaterMark: 0 });
      await socket.bind(${JSON.stringify(endpoint(wire, host))});
      say("READY");
      await line();
      await socket.send("hello");
      for (let i = 0; i < ${count}; i++) await socket.send([${JSON.stringify(name)}, String(i), Buffer.alloc(i % 50 ? 300 : 20000, String(i))]);
      say("SENT");
      await line();
      await socket.send("end");
      await line();`,
    ),
  subscribe: (wire, host, ends = 1, rate = RATE) =>
    wire.startOurs(
      host,
      `const socket = new zmq.Subscriber({ rate: ${rate}, receiveHighWaterMark: 0 });
      socket.events.on("loss", ({ packets, source }) => say("LOSS " + packets + " " + source));
      socket.subscribe();
      await socket.bind(${JSON.stringify(endpoint(wire, host))});
      say("READY");
      const seen = {};
      let ends = 0, sound = true, greeted = 0;
      for await (const [first, number, body] of socket) {
        const name = first.toString();
        if (name === "hello") { say("HELLO " + ++greeted); continue; }
        if (name === "end") { if (++ends === ${ends}) break; continue; }
        const i = Number(number.toString());
        const list = seen[name] ??= [];
        sound &&= list.length === 0 || list.at(-1) < i;
        sound &&= body.equals(Buffer.alloc(i % 50 ? 300 : 20000, String(i)));
        list.push(i);
      }
      say("GOT " + Object.values(seen).map((list) => list.length).join(",") + " " + sound);`,
    ),
};

const THEIRS: Side = {
  publish: (wire, host, count, name = "m", rate = RATE) =>
    wire.startTheirs(
      host,
      `
socket = context.socket(zmq.PUB)
socket.setsockopt(zmq.RATE, ${rate}); socket.setsockopt(zmq.SNDHWM, 0)
socket.bind("${endpoint(wire, host)}")
say("READY"); sys.stdin.readline()
socket.send(b"hello")
for i in range(${count}):
  socket.send_multipart([b"${name}", b"%d" % i, (b"%d" % i * 20000)[:20000 if i % 50 == 0 else 300]])
say("SENT"); sys.stdin.readline()
socket.send(b"end"); sys.stdin.readline()
`,
    ),
  subscribe: (wire, host, ends = 1, rate = RATE) =>
    wire.startTheirs(
      host,
      `
socket = context.socket(zmq.SUB)
socket.setsockopt(zmq.RATE, ${rate}); socket.setsockopt(zmq.RCVHWM, 0); socket.setsockopt(zmq.SUBSCRIBE, b"")
socket.connect("${endpoint(wire, host)}")
say("READY")
seen = {}; done = 0; sound = True; greeted = 0
while done < ${ends}:
  parts = socket.recv_multipart()
  if parts[0] == b"hello":
    greeted += 1; say("HELLO %d" % greeted); continue
  if parts[0] == b"end": done += 1; continue
  i = int(parts[1]); items = seen.setdefault(parts[0], [])
  sound = sound and (not items or items[-1] < i) and parts[2] == (b"%d" % i * 20000)[:20000 if i % 50 == 0 else 300]
  items.append(i)
say("GOT %s %s" % (",".join(str(len(items)) for items in seen.values()), str(sound).lower()))
`,
    ),
};

async function transfer(t: TestContext, from: Side, to: Side, percent: number): Promise<void> {
  const wire = new Wire();
  t.after(() => wire[Symbol.dispose]());
  using sub = to.subscribe(wire, 1);
  using pub = from.publish(wire, 0, COUNT);
  await Promise.all([sub.prints(/READY/), pub.prints(/READY/)]);
  wire.lose(0, percent);
  wire.lose(1, percent);
  pub.tell();
  await pub.prints(/SENT/);
  pub.tell();
  assert.deepEqual((await sub.prints(/GOT (.*)/))[1], `${COUNT} true`);
  if (to === OURS) assert.equal(await lossesOf(sub), 0);
}

async function lossesOf(sub: Task): Promise<number> {
  const [, lines = ""] = await sub.prints(/^([\s\S]*)GOT/);
  return lines.split("LOSS").length - 1;
}

const ROLES = [
  ["ours to ours", OURS, OURS],
  ["ours to libzmq's", OURS, THEIRS],
  ["libzmq's to ours", THEIRS, OURS],
] as const;

for (const [roles, from, to] of ROLES) {
  for (const percent of [0, 1, 5, 20]) {
    test(`${roles}, with ${percent} % of all packets lost both ways`, { skip, timeout: TIMEOUT }, (t) =>
      transfer(t, from, to, percent),
    );
  }
}

// Not to libzmq's: it mixes up the parts of messages that come from several publishers at the same time.
for (const [roles, from, to] of ROLES.filter((role) => role[2] === OURS)) {
  test(`${roles}, from two publishers of one group and host`, { skip, timeout: TIMEOUT }, async (t) => {
    const wire = new Wire();
    t.after(() => wire[Symbol.dispose]());
    using sub = to.subscribe(wire, 1, 2);
    using one = from.publish(wire, 0, 300, "one");
    using two = from.publish(wire, 0, 300, "two");
    await Promise.all([sub, one, two].map((task) => task.prints(/READY/)));
    for (const pub of [one, two]) pub.tell();
    for (const pub of [one, two]) {
      await pub.prints(/SENT/);
      pub.tell();
    }
    assert.equal((await sub.prints(/GOT (.*)/))[1], "300,300 true");
  });
}

test("a loss that nobody can repair is told, and what comes after it is whole", {
  skip,
  timeout: TIMEOUT,
}, async (t) => {
  const wire = new Wire();
  t.after(() => wire[Symbol.dispose]());
  using sub = OURS.subscribe(wire, 1);
  using pub = OURS.publish(wire, 0, COUNT);
  await Promise.all([sub.prints(/READY/), pub.prints(/READY/)]);
  // No NAK arrives, and the publisher's window is a second's worth.
  wire.lose(0, 100);
  wire.lose(1, 5);
  pub.tell();
  await sub.prints(/LOSS \d+ [0-9a-f]{16}/);
  wire.lose(1, 0);
  wire.lose(0, 0);
  await pub.prints(/SENT/);
  pub.tell();
  const [, count, isSound] = await sub.prints(/GOT (\d+) (\w+)/);
  assert.ok(Number(count) < COUNT && Number(count) > 0, `${count} of ${COUNT}`);
  assert.equal(isSound, "true");
});
