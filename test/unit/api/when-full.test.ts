// SPDX-License-Identifier: MIT
/** What happens to messages for a peer that is full, with each choice of `whenFull`; and limits in octets. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { married, type Open, withSockets } from "../../support/sockets.ts";

/** Two that talk, of which the first fills the other's queue of four. */
async function fullPair(open: Open, options: object, send: number): Promise<string[]> {
  const push = open("push", { sendHighWaterMark: 2, ...options });
  const pull = open("pull", { receiveHighWaterMark: 2 });
  await push.bind("inproc://full");
  pull.connect("inproc://full");
  for (let i = 0; i < send; i += 1) await push.send(`${i}`);
  const got: string[] = [];
  for (let message = pull.tryReceive(); message !== undefined; message = pull.tryReceive())
    got.push(String(message[0]));
  const { full } = push.statistics().dropped;
  assert.equal(full + got.length, send);
  return got;
}

test("dropNewest keeps what waits, and drops and counts the rest", () =>
  withSockets(async (open) => {
    assert.deepEqual(await fullPair(open, { whenFull: "dropNewest" }, 9), ["0", "1", "2", "3"]);
  }));

test("dropOldest makes room for what is new, and counts what it drops", () =>
  withSockets(async (open) => {
    assert.deepEqual(await fullPair(open, { whenFull: "dropOldest" }, 9), ["5", "6", "7", "8"]);
  }));

test("error fails at once with EAGAIN; trySend says false as ever; with room both send", () =>
  withSockets(async (open) => {
    const push = open("push", { sendHighWaterMark: 1, whenFull: "error" });
    const pull = open("pull", { receiveHighWaterMark: 1 });
    await push.bind("inproc://error");
    const waiting = push.send("nobody is there yet, and that is nothing to fail for");
    pull.connect("inproc://error");
    await waiting;
    await push.send("2");
    await assert.rejects(push.send("3"), { code: "EAGAIN", message: /whenFull/ });
    assert.equal(push.trySend("3"), false);
    assert.equal(push.writable, false);
    await pull.receive();
    await pull.receive();
    await push.send("4");
    assert.equal(String(await pull.receive()), "4");
  }));

test("a publisher: what one subscriber misses, the others get; with wait and error nobody gets what cannot reach all", () =>
  withSockets(async (open) => {
    const results: Record<string, [number, number]> = {};
    for (const whenFull of [null, "dropOldest", "dropNewest", "error"] as const) {
      const pub = open("pub", { sendHighWaterMark: 2, whenFull });
      const slow = open("sub", { receiveHighWaterMark: 2 });
      const fast = open("sub", { receiveHighWaterMark: 100 });
      await pub.bind(`inproc://${whenFull}`);
      for (const sub of [slow, fast]) {
        sub.connect(`inproc://${whenFull}`);
        sub.subscribe("");
      }
      for (let i = 0; i < 8; i += 1) await pub.send(`${i}`).catch((error) => assert.equal(error.code, "EAGAIN"));
      const all = [slow, fast].map((sub) => {
        const got: number[] = [];
        for (let message = sub.tryReceive(); message; message = sub.tryReceive()) got.push(Number(message[0]));
        return got;
      });
      assert.deepEqual(all[0], whenFull === "dropOldest" ? [4, 5, 6, 7] : [0, 1, 2, 3]);
      results[String(whenFull)] = [all[0]?.length ?? 0, all[1]?.length ?? 0];
    }
    assert.deepEqual(results, { null: [4, 8], dropOldest: [4, 8], dropNewest: [4, 8], error: [4, 4] });
  }));

test("a publisher over tcp, dropping the oldest: a subscriber that stops reading finds the newest, the others all", () =>
  withSockets(async (open) => {
    const pub = open("pub", { sendHighWaterMark: 10, whenFull: "dropOldest" });
    const slow = open("sub", { receiveHighWaterMark: 1 });
    const fast = open("sub", { receiveHighWaterMark: 0 });
    await pub.bind("tcp://127.0.0.1:*");
    for (const sub of [slow, fast]) {
      sub.subscribe("");
      sub.connect(pub.lastEndpoint as string);
    }
    await pub.waitForSubscribers({ count: 2 });
    const filler = "x".repeat(8000);
    const count = 5000;
    for (let i = 0; i < count; i += 1) {
      await pub.send(`${i} ${filler}`);
      if (i % 20 === 19) await fast.receive();
    }
    await pub.send("end");
    const numbers: string[] = [];
    for await (const [part] of slow) {
      numbers.push(String(part).split(" ")[0] as string);
      if (String(part) === "end") break;
    }
    assert.ok(numbers.length < count, `${numbers.length} of ${count} came, so nothing was dropped`);
    assert.equal(numbers.at(-2), `${count - 1}`);
    const { full } = pub.statistics().dropped;
    assert.ok(full >= count + 1 - numbers.length, `${full} counted, ${count + 1 - numbers.length} missing`);
  }));

test("disconnect ends the connection of the one that is too slow, which comes back; the others notice nothing", () =>
  withSockets(async (open) => {
    const pub = open("pub", { sendHighWaterMark: 5, whenFull: "disconnect" });
    const slow = open("sub", { receiveHighWaterMark: 1, reconnectInterval: 1 });
    await pub.bind("tcp://127.0.0.1:*");
    slow.subscribe("");
    const came = married(pub, slow);
    slow.connect(pub.lastEndpoint as string);
    await came;
    await pub.waitForSubscribers({ count: 1 });
    const lost = new Promise<void>((resolve) => slow.events.on("disconnect", () => resolve()));
    const told = new Promise<string | undefined>((resolve) =>
      pub.events.on("disconnect", (event) => resolve(event.reason)),
    );
    const filler = "x".repeat(60_000);
    let isOver = false;
    void told.then(() => {
      isOver = true;
    });
    for (let i = 0; i < 100_000 && !isOver; i += 1) await pub.send(filler);
    assert.match((await told) ?? "", /too slow/);
    // Its receiver was stalled: it notices once it reads on.
    const reading = (async () => {
      for await (const [part] of slow) if (String(part) === "again") return;
    })();
    await lost;
    await pub.waitForSubscribers({ count: 1 });
    await pub.send("again");
    await reading;
  }));

test("what a type has no use for is refused with EINVAL", () =>
  withSockets(async (open) => {
    assert.throws(() => open("push", { whenFull: "disconnect" }), { code: "EINVAL" });
    assert.throws(() => open("req", { whenFull: "dropOldest" }), { code: "EINVAL" });
    assert.throws(() => open("pub", { whenFull: "sometimes" as never }), { code: "EINVAL" });
    assert.equal(open("pub").whenFull, null);
    assert.equal(open("req", { whenFull: "wait" }).whenFull, "wait");
  }));

test("ROUTER and PAIR choose too", () =>
  withSockets(async (open) => {
    const pair = open("pair", { sendHighWaterMark: 1, whenFull: "dropOldest" });
    const other = open("pair", { receiveHighWaterMark: 1 });
    await pair.bind("inproc://pair");
    other.connect("inproc://pair");
    for (let i = 0; i < 5; i += 1) assert.equal(pair.trySend(`${i}`), true);
    assert.deepEqual([String(await other.receive()), String(await other.receive())], ["3", "4"]);
    const router = open("router", { sendHighWaterMark: 1, whenFull: "wait" });
    const dealer = open("dealer", { routingId: "d", receiveHighWaterMark: 1 });
    await router.bind("inproc://router");
    dealer.connect("inproc://router");
    assert.equal(router.trySend(["d", "1"]), true);
    assert.equal(router.trySend(["d", "2"]), true);
    assert.equal(router.trySend(["d", "3"]), false);
    assert.equal(router.trySend(["nobody", "is called so"]), true);
  }));

test("octets: a message is taken while fewer wait, one of any size passes, and half of them makes room", () =>
  withSockets(async (open) => {
    const push = open("push", { sendHighWaterMarkBytes: 1000 });
    const pull = open("pull");
    await push.bind("inproc://octets");
    pull.connect("inproc://octets");
    assert.equal(push.trySend("x".repeat(999)), true);
    assert.equal(push.trySend("x".repeat(5000)), true);
    assert.equal(push.trySend("x"), false);
    await pull.receive();
    assert.equal(push.trySend("x"), false);
    const waiting = push.send("y");
    assert.equal((await pull.receive())[0]?.length, 5000);
    await waiting;
    assert.equal(String(await pull.receive()), "y");
  }));

test("octets at the receiver hold a sender back over tcp, and nothing is lost", () =>
  withSockets(async (open) => {
    const pull = open("pull", { receiveHighWaterMarkBytes: 100_000, receiveHighWaterMark: 0 });
    const push = open("push", { sendHighWaterMarkBytes: 100_000, sendHighWaterMark: 0 });
    await pull.bind("tcp://127.0.0.1:*");
    push.connect(pull.lastEndpoint as string);
    const count = 3000;
    let sent = 0;
    const sending = (async () => {
      for (; sent < count; sent += 1) await push.send([`${sent}`, "x".repeat(10_000)]);
    })();
    await pull.whenReadable();
    for (let i = 0; i < count; i += 1) {
      assert.equal(String((await pull.receive())[0]), `${i}`);
      const { octets } = pull.statistics().incoming;
      assert.ok(octets <= 100_000 + 10_010, `${octets} octets wait`);
    }
    await sending;
  }));
