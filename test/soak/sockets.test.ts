// SPDX-License-Identifier: MIT
/**
 * Ten thousand sockets of all types, opened, connected, used and closed over each transport, in a process of their own: memory and
 * open handles return to where they were. What the first ones cost (code that was compiled, pools that were filled) does not count.
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import { Program } from "../support/program.ts";

/** How many sockets come and go over each transport, and after how many the counting begins. */
const SHARES = { "inproc://x": 6000, "tcp://127.0.0.1:*": 3000, "ipc://*": 1000 };
const BEFORE = 600;

/**
 * Octets that may be left: over the first few thousand sockets of each kind the runtime itself grows by up to a megabyte, and
 * then no more (measured up to 12,000). A socket that stayed would be five thousand by itself.
 */
const MOST_LEFT = 1_500_000;

const program = `
  const turn = () => new Promise((resolve) => setImmediate(resolve));
  async function memory() {
    for (let i = 0; i < 6; i += 1) { gc(); await turn(); }
    const { heapUsed, arrayBuffers } = process.memoryUsage();
    return heapUsed + arrayBuffers;
  }
  const handles = () => process.getActiveResourcesInfo().filter((each) => !/Timeout|Immediate|Pipe|TTY|TickObject/.test(each));

  /** A few connecters for each binder, as a bind costs most. */
  const groups = [
    ["pull", "push"], ["router", "dealer"], ["rep", "req"], ["pair", "pair"], ["xpub", "sub"], ["xpub", "xsub"],
    ["router", "req"], ["sub", "pub"], ["stream", "stream"],
  ];
  async function visit(wildcard, [bindType, connectType], number) {
    const binder = zmq.context.socket(bindType);
    binder.events.on("accept", () => {});
    await binder.bind(wildcard);
    if (bindType === "sub") binder.subscribe("x");
    const count = bindType === "pair" ? 1 : 4;
    const connecters = Array.from({ length: count }, () => zmq.context.socket(connectType));
    const { signal } = new AbortController();
    for (const [index, each] of connecters.entries()) {
      each.connect(binder.lastEndpoint);
      if (connectType === "sub") each.subscribe("x" + index);
      if (connectType === "xsub") await each.send(Buffer.from([1, index]));
      if (connectType === "stream" || bindType === "xpub") await binder.receive({ signal });
      else if (connectType === "req") {
        const asked = index % 2 === 0 ? each.request("q", { timeout: 5000, retries: 1, signal }) : each.send("q");
        await binder.send(await binder.receive());
        await asked;
        if (index % 2 === 1) await each.receive();
      } else if (connectType === "pub") {
        each.trySend("x");
      } else {
        await each.send("q", { signal, timeout: 5000 });
        await binder.receive();
      }
      each.receive?.({ signal, timeout: 60000 }).catch(() => {});
    }
    if (number % 2 === 0) await Promise.all(connecters.map((each) => each.close({ linger: 0 })));
    await binder.close({ linger: 0 });
    await Promise.all(connecters.map((each) => each.close({ linger: 0 })));
    return count + 1;
  }
  async function visits(wildcard, count) {
    const all = groups.filter(([type]) => type !== "stream" || wildcard.startsWith("tcp"));
    let opened = 0;
    for (let i = 0; opened < count; i += 1) opened += await visit(wildcard, all[i % all.length], i);
    return opened;
  }
  for (const [wildcard, count] of Object.entries(${JSON.stringify(SHARES)})) {
    await visits(wildcard, ${BEFORE});
    const [memoryBefore, handlesBefore] = [await memory(), handles()];
    const opened = await visits(wildcard, count);
    const left = (await memory()) - memoryBefore;
    print(JSON.stringify({ wildcard, opened, left, handles: handles().length - handlesBefore.length }));
  }`;

test("10,000 sockets come and go, and leave nothing behind", { timeout: 120_000 }, async () => {
  await using running = new Program(program, "--expose-gc");
  const { output, errors } = await running.end(110_000);
  assert.equal(errors, "");
  const results = output.split("\n").filter((line) => line !== "");
  assert.equal(results.length, Object.keys(SHARES).length);
  for (const line of results) {
    const { wildcard, opened, left, handles } = JSON.parse(line) as Record<string, number>;
    assert.equal(handles, 0, `handles after ${opened} sockets over ${wildcard}`);
    assert.ok(Number(left) < MOST_LEFT, `${left} octets after ${opened} sockets over ${wildcard}`);
  }
});
