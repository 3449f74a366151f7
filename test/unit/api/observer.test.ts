// SPDX-License-Identifier: MIT
/** Events of a socket: read one by one, in a loop, or listened to; what each carries. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { Observer } from "../../../src/api/observer.ts";
import type { Event } from "../../../src/index.ts";
import { newEvent } from "../../../src/session/events.ts";
import { bound, join, type Open, turn, within, withSockets } from "../../support/sockets.ts";

function bind(number: number): Event {
  return newEvent("bind", { address: `tcp://127.0.0.1:${number}` });
}

/** An observer of a socket that nothing happens to, so that the test can say what does. */
function observing(body: (observer: Observer, open: Open) => Promise<void>): () => Promise<void> {
  return () => withSockets((open) => body(new Observer(open("pull")), open));
}

test(
  "events wait to be read, in order",
  observing(async (observer) => {
    observer.emit(bind(1));
    observer.emit(bind(2));
    assert.deepEqual([await observer.receive(), await observer.receive()], [bind(1), bind(2)]);
    const [first, second] = [observer.receive(), observer.receive()];
    observer.emit(bind(3));
    observer.emit(bind(4));
    assert.deepEqual([await first, await second], [bind(3), bind(4)]);
  }),
);

test(
  "a receive can be given up, and takes no event then",
  observing(async (observer) => {
    await assert.rejects(observer.receive({ timeout: 1 }), { code: "EAGAIN" });
    await assert.rejects(observer.receive({ signal: AbortSignal.abort() }), { name: "AbortError" });
    observer.emit(bind(1));
    assert.deepEqual(await observer.receive(), bind(1));
  }),
);

test(
  "the end is the last event; after it there is EBADF, and loops are over",
  observing(async (observer) => {
    const loop = (async () => {
      const types: string[] = [];
      for await (const event of observer) types.push(event.type);
      return types;
    })();
    observer.emit(bind(1));
    observer.emit(newEvent("end", {}));
    observer.emit(bind(2));
    assert.deepEqual(await loop, ["bind", "end"]);
    assert.ok(observer.closed);
    await assert.rejects(observer.receive(), { code: "EBADF" });
  }),
);

test(
  "what came before the end can be read after it",
  observing(async (observer) => {
    observer.emit(bind(1));
    observer.emit(newEvent("end", {}));
    assert.equal(observer.closed, false);
    const types: string[] = [];
    for await (const event of observer) types.push(event.type);
    assert.deepEqual(types, ["bind", "end"]);
    assert.ok(observer.closed);
  }),
);

test(
  "a closed observer settles who waits, and takes no more events",
  observing(async (observer) => {
    const waiting = observer.receive();
    observer.close();
    observer.close();
    await assert.rejects(waiting, { code: "EBADF" });
    observer.emit(bind(1));
    await assert.rejects(observer.receive(), { code: "EBADF" });
  }),
);

test(
  "listeners get the events of their type; reading is over then",
  observing(async (observer) => {
    const seen: string[] = [];
    const listener = ({ address }: { address: string }): void => {
      seen.push(address);
    };
    observer.on("bind", listener).on("bind", listener);
    observer.emit(bind(1));
    observer.emit(newEvent("close", { address: "x" }));
    observer.off("bind", listener).off("accept", listener);
    observer.emit(bind(2));
    assert.deepEqual(seen, ["tcp://127.0.0.1:1"]);
    await assert.rejects(observer.receive(), /event emitter mode/);
  }),
);

test(
  "once: the next event of a type and no more; taken away, none",
  observing(async (observer) => {
    let [seen, unseen] = [0, 0];
    const never = (): void => {
      unseen += 1;
    };
    observer.once("bind", () => {
      seen += 1;
    });
    observer.once("bind", never).off("bind", never);
    observer.emit(bind(1));
    observer.emit(bind(2));
    assert.deepEqual([seen, unseen], [1, 0]);
  }),
);

test(
  "events that wait when the first listener comes go to the listeners, in order, at the end of the turn",
  observing(async (observer) => {
    const seen: string[] = [];
    observer.emit(bind(1));
    observer.on("bind", ({ address }) => seen.push(address));
    observer.on("end", () => seen.push("end"));
    observer.emit(bind(2));
    observer.emit(newEvent("end", {}));
    assert.deepEqual(seen, []);
    await turn();
    assert.deepEqual(seen, ["tcp://127.0.0.1:1", "tcp://127.0.0.1:2", "end"]);
    assert.ok(observer.closed);
  }),
);

test("a listener that throws disturbs neither the socket nor the other listeners", (t) =>
  withSockets(async (open) => {
    const observer = new Observer(open("pull"));
    let seen = 0;
    observer.on("bind", () => {
      throw new Error("mine");
    });
    observer.on("bind", () => {
      seen += 1;
    });
    const defer = t.mock.method(process, "nextTick", () => {});
    observer.emit(bind(1));
    const [thrower] = (defer.mock.calls[0]?.arguments ?? []) as unknown as [() => void];
    t.mock.restoreAll();
    assert.equal(seen, 1);
    assert.throws(thrower, /mine/);
  }));

test(
  "events that nobody reads do not fill the memory, and who reads at last is told how many are missing",
  observing(async (observer) => {
    for (let i = 0; i < 10_500; i += 1) observer.emit(bind(i));
    const lost = await observer.receive();
    assert.ok(lost.type === "events:lost");
    assert.equal(lost.count, 500);
    assert.deepEqual(await observer.receive(), bind(500));
  }),
);

test("a socket may have several observers; one that is closed disturbs none of the others", () =>
  withSockets(async (open) => {
    const pull = open("pull");
    const [first, second] = [new Observer(pull), new Observer(pull)];
    assert.equal(pull.events, pull.events);
    first.close();
    await bound(pull);
    const all = await Promise.all([second, pull.events].map((observer) => observer.receive()));
    assert.deepEqual(
      all.map(({ type }) => type),
      ["bind", "bind"],
    );
  }));

test("only sockets can be observed; one that is gone has no events", () =>
  withSockets(async (open) => {
    const error = new TypeError("Socket must be a socket object");
    for (const other of [undefined, null, {}, { works: {} }, "pull"]) {
      assert.throws(() => new Observer(other as never), error);
    }
    const pull = open("pull");
    await pull.close();
    assert.ok(new Observer(pull).closed);
    await assert.rejects(pull.events.receive(), { code: "EBADF" });
  }));

test("a connection's events, on both sides, from bind to end", () =>
  withSockets(async (open) => {
    const [push, pull] = [open("push"), open("pull")];
    const all = async (socket: typeof push | typeof pull): Promise<string[]> => {
      const types: string[] = [];
      for await (const { type, endpoint } of socket.events) types.push(`${type} ${endpoint}`);
      return types;
    };
    const [ofPush, ofPull] = [all(push), all(pull)];
    const endpoint = await bound(pull);
    push.connect(endpoint);
    await push.send("x");
    await pull.receive();
    await push.close();
    await pull.close();
    const steps = ["connect:delay", "connect", "handshake"].map((each) => `${each} ${endpoint}`);
    assert.deepEqual(await within(2000, "events of push", ofPush), [...steps, "end "]);
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
    assert.deepEqual([retry?.interval, retry?.delay, retry?.value], [5, 5, 5]);
    assert.match(events[1]?.reason ?? "", /ECONNREFUSED/);
    const pull = open("pull");
    const endpoint = await bound(open("pull"));
    const failed = pull.events.receive({ timeout: 2000 });
    await assert.rejects(pull.bind(endpoint), { code: "EADDRINUSE" });
    const event = await failed;
    assert.ok(event.type === "bind:error");
    assert.deepEqual([event.endpoint, `tcp://${event.address}`], [endpoint, endpoint]);
    assert.deepEqual([event.error.code, event.value], ["EADDRINUSE", 98]);
  }));

test("who looks late is told who went all the same", () =>
  withSockets(async (open) => {
    const [router, dealer] = [open("router"), open("dealer", { routingId: "me" })];
    dealer.connect(await bound(router));
    await dealer.send("x");
    await router.receive();
    const lost = router.events.receive({ timeout: 2000 });
    await dealer.close();
    const { type, peer } = await lost;
    assert.deepEqual([type, peer?.socketType, String(peer?.routingId)], ["disconnect", "DEALER", "me"]);
    assert.match(peer?.address ?? "", /^127\.0\.0\.1:\d+$/);
  }));

test("events that concern a peer name it: its address, and after the handshake who it is", () =>
  withSockets(async (open) => {
    const [router, dealer, anonymous] = [open("router"), open("dealer", { routingId: "me" }), open("dealer")];
    const events: Event[] = [];
    for (const type of ["accept", "handshake", "disconnect"] as const)
      router.events.on(type, (each) => events.push(each));
    const endpoint = await join(router, dealer);
    await dealer.close();
    const gone = new Promise((resolve) => {
      router.events.on("disconnect", ({ peer }) => peer?.routingId?.[0] === 0 && resolve(peer));
    });
    anonymous.connect(endpoint);
    await anonymous.send("x");
    const [id] = await router.receive();
    await anonymous.close();
    await within(2000, "disconnect", gone);
    const [accept, handshake] = events;
    const disconnects = events.filter(({ type }) => type === "disconnect");
    assert.match(accept?.peer?.address ?? "", /^127\.0\.0\.1:\d+$/);
    assert.deepEqual([accept?.peer?.socketType, accept?.peer?.routingId], [undefined, undefined]);
    assert.equal(handshake?.peer?.socketType, "DEALER");
    assert.equal(String(handshake?.peer?.routingId), "me");
    assert.equal(String(disconnects[0]?.peer?.routingId), "me");
    assert.deepEqual(disconnects[1]?.peer?.routingId, id, "the id that the ROUTER gave it");
    for (const { peer, local, remote, endpoint: bindpoint } of events) {
      assert.deepEqual([bindpoint, local, remote], [endpoint, endpoint, `tcp://${peer?.address}`]);
    }
  }));
