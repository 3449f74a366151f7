// SPDX-License-Identifier: MIT
/** Events of a socket: read one by one, in a loop, or listened to; what each carries. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { Observer } from "../../../src/api/observer.ts";
import type { Event } from "../../../src/index.ts";
import { FakeClock } from "../../support/fake-clock.ts";
import { bound, within, withSockets } from "../../support/sockets.ts";

const keepAlive = { hold: (): void => {}, release: (): void => {} };

function bind(number: number): Event {
  return { type: "bind", address: `tcp://127.0.0.1:${number}` };
}

test("events wait to be read, in order", async () => {
  const observer = new Observer(new FakeClock(), keepAlive);
  observer.emit(bind(1));
  observer.emit(bind(2));
  assert.deepEqual([await observer.receive(), await observer.receive()], [bind(1), bind(2)]);
  const [first, second] = [observer.receive(), observer.receive()];
  observer.emit(bind(3));
  observer.emit(bind(4));
  assert.deepEqual([await first, await second], [bind(3), bind(4)]);
});

test("a receive can be given up, and takes no event then", async () => {
  const clock = new FakeClock();
  const observer = new Observer(clock, keepAlive);
  const timed = observer.receive({ timeout: 10 });
  clock.advance(10);
  await assert.rejects(timed, { code: "EAGAIN" });
  await assert.rejects(observer.receive({ signal: AbortSignal.abort() }), { name: "AbortError" });
  observer.emit(bind(1));
  assert.deepEqual(await observer.receive(), bind(1));
});

test("the end is the last event; after it there is EBADF, and loops are over", async () => {
  const observer = new Observer(new FakeClock(), keepAlive);
  const loop = (async () => {
    const types: string[] = [];
    for await (const event of observer) types.push(event.type);
    return types;
  })();
  observer.emit(bind(1));
  observer.emit({ type: "end", address: "" });
  observer.emit(bind(2));
  assert.deepEqual(await loop, ["bind", "end"]);
  assert.ok(observer.closed);
  await assert.rejects(observer.receive(), { code: "EBADF" });
});

test("a closed observer settles who waits, and takes no more events", async () => {
  const observer = new Observer(new FakeClock(), keepAlive);
  const waiting = observer.receive();
  observer.close();
  observer.close();
  await assert.rejects(waiting, { code: "EBADF" });
  observer.emit(bind(1));
  await assert.rejects(observer.receive(), { code: "EBADF" });
});

test("listeners get the events of their type from now on; reading is over then", async () => {
  const observer = new Observer(new FakeClock(), keepAlive);
  observer.emit(bind(1));
  const seen: string[] = [];
  const listener = ({ address }: { address: string }): void => {
    seen.push(address);
  };
  observer.on("bind", listener);
  observer.on("bind", listener);
  observer.emit(bind(2));
  observer.emit({ type: "close", address: "x" });
  observer.off("bind", listener);
  observer.off("accept", listener);
  observer.emit(bind(3));
  assert.deepEqual(seen, ["tcp://127.0.0.1:2"]);
  await assert.rejects(observer.receive(), /event emitter mode/);
});

test("a listener that throws disturbs neither the socket nor the other listeners", () => {
  const clock = new FakeClock();
  const observer = new Observer(clock, keepAlive);
  let seen = 0;
  observer.on("bind", () => {
    throw new Error("mine");
  });
  observer.on("bind", () => {
    seen += 1;
  });
  observer.emit(bind(1));
  assert.equal(seen, 1);
  assert.throws(() => clock.endTurn(), /mine/);
});

test("events that nobody reads do not fill the memory", async () => {
  const observer = new Observer(new FakeClock(), keepAlive);
  for (let i = 0; i < 10_500; i += 1) observer.emit(bind(i));
  assert.deepEqual(await observer.receive(), bind(500));
});

test("a connection's events, on both sides, from bind to end", () =>
  withSockets(async (open) => {
    const [push, pull] = [open("push"), open("pull")];
    const all = async (socket: typeof push | typeof pull): Promise<string[]> => {
      const types: string[] = [];
      for await (const { type, address } of socket.events) types.push(`${type} ${address}`);
      return types;
    };
    const [ofPush, ofPull] = [all(push), all(pull)];
    const endpoint = await bound(pull);
    push.connect(endpoint);
    await push.send("x");
    await pull.receive();
    await push.close();
    await pull.close();
    // A connection that this side ends by closing the socket may be told of as lost, or not at all.
    const steps = (await within(2000, "events of push", ofPush)).filter((each) => !each.startsWith("disconnect"));
    assert.deepEqual(steps, [`connect:delay ${endpoint}`, `connect ${endpoint}`, `handshake ${endpoint}`, "end "]);
    const seen = await within(2000, "events of pull", ofPull);
    assert.deepEqual(seen.slice(0, 3), [`bind ${endpoint}`, `accept ${endpoint}`, `handshake ${endpoint}`]);
    assert.ok(seen.includes(`close ${endpoint}`));
    assert.equal(seen.at(-1), "end ");
  }));

test("attempts that fail tell of each and of the delay to the next; a failed bind of its error", () =>
  withSockets(async (open) => {
    const push = open("push", { reconnectInterval: 5, reconnectMaxInterval: 10 });
    const events: Event[] = [];
    const { events: observer } = push;
    push.connect("tcp://127.0.0.1:1");
    for (let i = 0; i < 5; i += 1) events.push(await observer.receive({ timeout: 2000 }));
    assert.deepEqual(
      events.map(({ type }) => type),
      ["connect:delay", "close", "connect:retry", "connect:delay", "close"],
    );
    const retry = events.find((event) => event.type === "connect:retry");
    assert.equal(retry?.interval, 5);
    const pull = open("pull");
    const endpoint = await bound(open("pull"));
    const failed = pull.events.receive({ timeout: 2000 });
    await assert.rejects(pull.bind(endpoint), { code: "EADDRINUSE" });
    const event = await failed;
    assert.ok(event.type === "bind:error");
    assert.equal(event.address, endpoint);
    assert.equal((event.error as { code?: string }).code, "EADDRINUSE");
  }));
