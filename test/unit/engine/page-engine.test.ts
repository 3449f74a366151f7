// SPDX-License-Identifier: MIT
/** ZMTP where each chunk is a WebSocket message, as in a browser: the handshake, messages both ways, what waits and how much of it, heartbeats, the end. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { ZmqError } from "../../../src/base/errors.ts";
import { PageEngine } from "../../../src/engine/page-engine.ts";
import { Subscription } from "../../../src/pipe/message.ts";
import { PlainClient } from "../../../src/security/plain.ts";
import { EngineRig, type RigOptions } from "../../support/engine-rig.ts";
import { octets } from "../../support/pattern-host.ts";
import { hex, property } from "../../support/zmtp-octets.ts";

type Options = Omit<RigOptions, "createEngine"> & { isBare?: boolean };

/** A rig, and how often the engine found that its peer has no mechanism. */
function rigOf({ isBare = false, ...options }: Options = {}): EngineRig & { found: { count: number } } {
  const found = { count: 0 };
  const rig = new EngineRig({
    createEngine: (connection, setup, host) =>
      new PageEngine(connection, setup, host, {
        isBare,
        foundBare: () => {
          found.count += 1;
        },
      }),
    ...options,
  });
  rig.engine.start();
  return Object.assign(rig, { found });
}

/** A frame as it travels: flags 1 MORE, 2 a command. */
function part(body: string, flags = 0): string {
  return `0${flags}${hex(body)}`;
}

function command(name: string, data = ""): string {
  return part(String.fromCharCode(name.length) + name + data, 2);
}

function ready(type: string, more = ""): string {
  return command("READY", property("Socket-Type", type) + more);
}

/** A rig whose handshake is done; what was said so far is taken. */
function marriedRig(type: string, peer: string, options: Options = {}): ReturnType<typeof rigOf> {
  const rig = rigOf({ type, ...options });
  rig.arrive(ready(peer));
  rig.sent();
  return rig;
}

test("both sides say READY, and the peer's routing id and properties are known", () => {
  const rig = rigOf({
    type: "DEALER",
    options: { routingId: octets("page") },
    properties: [["X-City", octets("Ulm")]],
  });
  const own = property("Identity", "page") + property("X-City", "Ulm");
  assert.equal(rig.sent(), ready("DEALER", own));
  rig.arrive(ready("ROUTER", property("Identity", "server") + property("X-Land", "Bavaria")));
  assert.equal(rig.peer?.socketType, "ROUTER");
  assert.equal(String(Buffer.from(rig.peer?.routingId ?? [])), "server");
  assert.deepEqual(
    [...(rig.peer?.metadata ?? [])].map(([name, value]) => [name, String(Buffer.from(value))]),
    [["X-Land", "Bavaria"]],
  );
  assert.equal(rig.clock.running, 0);
});

test("a type that has no routing id tells none", () => {
  assert.equal(rigOf({ type: "PUSH", options: { routingId: octets("page") } }).sent(), ready("PUSH"));
});

test("without a mechanism both sides say their routing ids, and heartbeats and groups cannot be said", () => {
  const rig = rigOf({ type: "DEALER", isBare: true, options: { routingId: octets("page"), heartbeatInterval: 10 } });
  assert.equal(rig.sent(), part("page"));
  rig.arrive(part("it"));
  assert.equal(rig.peer?.socketType, undefined);
  assert.equal(String(Buffer.from(rig.peer?.routingId ?? [])), "it");
  rig.clock.advance(100);
  assert.equal(rig.sent(), "");
  rig.near.writeSubscription(new Subscription("join", octets("group")));
  rig.near.writeSubscription(new Subscription("subscribe", octets("topic")));
  assert.equal(rig.sent(), part("\u0001topic"));
});

test("a socket that must have a mechanism does not go on without one", () => {
  const rig = rigOf({ isBare: true, requiresSecurity: true });
  assert.equal(rig.ended?.error?.code, "ERR_ZMTP_UNSPECIFIED");
  assert.ok(rig.connection.isEnded);
});

test("a server that agreed on a mechanism and begins without one is told apart", () => {
  const rig = rigOf();
  rig.arrive(part("routing id"));
  assert.equal(rig.found.count, 1);
  assert.deepEqual([rig.ended?.error?.code, rig.ended?.duringHandshake], ["ECONNRESET", true]);
});

test("a handshake has its time", () => {
  const rig = rigOf({ options: { handshakeInterval: 300 } });
  rig.clock.advance(299);
  assert.ok(!rig.isOver);
  rig.clock.advance(1);
  assert.equal(rig.ended?.error?.code, "ETIMEDOUT");
});

test("a command of a handshake has its size", () => {
  const rig = rigOf();
  rig.connection.receive(Buffer.concat([Buffer.of(2), Buffer.alloc(65537)]));
  assert.equal(rig.ended?.error?.code, "EMSGSIZE");
});

test("a peer that the session will not have is left", () => {
  const rig = rigOf();
  rig.onHandshake = () => false;
  rig.arrive(ready("PAIR"));
  assert.ok(rig.connection.isDestroyed);
});

test("PLAIN: a refusal ends the connection with its status", () => {
  const rig = rigOf({ mechanism: () => new PlainClient("ann", "secret") });
  assert.equal(rig.sent(), command("HELLO", "\u0003ann\u0006secret"));
  rig.arrive(command("ERROR", "\u0003400"));
  assert.equal((rig.ended?.error as { status?: number } | undefined)?.status, 400);
});

test("messages of any number and size of parts go both ways", () => {
  const rig = marriedRig("PAIR", "PAIR");
  for (const size of [0, 1, 255, 65535, 70000]) {
    const [a, b] = ["a".repeat(size), "b".repeat(size)];
    rig.send(a, "", b);
    const whole = [part(a, 1), part("", 1), part(b)];
    assert.equal(rig.sent(), whole.join(""));
    rig.arrive(...whole);
    assert.deepEqual(rig.receiveAll(), [[a, "", b]]);
  }
});

test("subscriptions are messages, groups are commands, and both are understood either way", () => {
  const subscriber = marriedRig("SUB", "PUB");
  subscriber.near.writeSubscription(new Subscription("subscribe", octets("a")));
  subscriber.near.writeSubscription(new Subscription("cancel", octets("a")));
  assert.equal(subscriber.sent(), part("\u0001a") + part("\u0000a"));
  const dish = marriedRig("DISH", "RADIO");
  dish.near.writeSubscription(new Subscription("join", octets("g")));
  assert.equal(dish.sent(), command("JOIN", "g"));
  const publisher = marriedRig("XPUB", "XSUB");
  publisher.arrive(part("\u0001a"), part("\u0000a"), command("SUBSCRIBE", "b"), command("WHATEVER"));
  assert.deepEqual(publisher.receiveAll(), ["+a", "-a", "+b"]);
});

test("what is too large, has too many parts or no flags costs the peer its connection", () => {
  const cases: [Partial<RigOptions["options"]>, string[], string][] = [
    [{ maxMessageSize: 3 }, [part("four")], "EMSGSIZE"],
    [{ maxMessageBytes: 5 }, [part("abc", 1), part("def")], "EMSGSIZE"],
    [{ maxMessageParts: 2 }, [part("a", 1), part("b", 1), part("c")], "EMSGSIZE"],
    [{}, [""], "ERR_WS_UNSPECIFIED"],
  ];
  for (const [options, chunks, code] of cases) {
    const rig = marriedRig("PAIR", "PAIR", { options: options ?? {} });
    rig.arrive(part("ok"), ...chunks, part("late"));
    assert.equal(rig.ended?.error?.code, code);
    assert.ok(rig.connection.isDestroyed);
    assert.deepEqual(rig.receiveAll(), [["ok"]]);
  }
});

test("while the browser holds enough, messages wait in the pipe, and PONGs are not sent", () => {
  const rig = marriedRig("PAIR", "PAIR", { outbound: 2 });
  rig.connection.isBusy = true;
  rig.send("one");
  assert.deepEqual([rig.send("two"), rig.send("three"), rig.send("four")], [true, true, false]);
  rig.arrive(command("PING", "\0\0abc"));
  assert.equal(rig.sent(), "");
  rig.connection.drain();
  assert.equal(rig.sent(), part("one") + part("two") + part("three"));
  rig.arrive(command("PING", "\0\0abc"));
  assert.equal(rig.sent(), command("PONG", "abc"));
});

test("what the application has no room for waits, in order", () => {
  const rig = marriedRig("PULL", "PUSH", { inbound: 2 });
  for (const text of ["a", "b", "c", "d", "e"]) rig.arrive(part(text));
  rig.clock.endTurn();
  const found: unknown[] = [];
  for (let i = 0; i < 5; i += 1) {
    found.push(...(rig.receive() as string[]));
    rig.clock.endTurn();
  }
  assert.deepEqual(found, ["a", "b", "c", "d", "e"]);
});

test("what waits has a limit: then the connection goes, at once, and the end is told once all has been received", () => {
  const limit = { option: "receiveHighWaterMarkBytes", value: 1000 };
  const rig = marriedRig("PULL", "PUSH", { inbound: 1, options: { receiveHighWaterMarkBytes: 1000 } });
  for (const text of ["a", "b", "c", "d"]) rig.arrive(part(text));
  assert.ok(!rig.connection.isDestroyed);
  rig.arrive(part("e"), part("f"));
  assert.ok(rig.connection.isDestroyed);
  assert.deepEqual(rig.limits, [limit]);
  rig.connection.lose(new ZmqError("ECONNRESET"));
  assert.ok(!rig.isOver);
  assert.deepEqual(rig.receiveAll(), [["a"], ["b"], ["c"], ["d"], ["e"]]);
  assert.deepEqual([rig.ended?.error?.code, rig.ended?.error?.limit], ["ECONNABORTED", limit]);
  assert.equal(rig.clock.running, 0);
});

test("64 MiB wait where no option says otherwise", () => {
  const rig = marriedRig("PULL", "PUSH", { inbound: 1 });
  const mebibyte = Buffer.alloc(1 + 1048576);
  for (let i = 0; i < 64; i += 1) rig.connection.receive(mebibyte);
  assert.deepEqual(rig.limits, []);
  rig.connection.receive(mebibyte);
  assert.deepEqual(rig.limits, [{ option: "receiveHighWaterMarkBytes", value: 67108864 }]);
});

test("what came before the end of a connection is received before the end is told", () => {
  const rig = marriedRig("PULL", "PUSH", { inbound: 1, options: { heartbeatInterval: 10 } });
  for (const text of ["a", "b", "c"]) rig.arrive(part(text));
  rig.connection.lose();
  rig.sent();
  rig.clock.advance(100);
  assert.equal(rig.sent(), "");
  assert.ok(!rig.isOver);
  assert.deepEqual(rig.receiveAll(), [["a"], ["b"], ["c"]]);
  assert.deepEqual(rig.ended, { error: undefined, duringHandshake: false });
});

test("silence is an end where the peer has shown that it answers, and none where it has not", () => {
  const options = { heartbeatInterval: 10, heartbeatTimeout: 30, heartbeatTimeToLive: 500 };
  const silent = marriedRig("PAIR", "PAIR", { options });
  silent.clock.advance(200);
  assert.ok(!silent.isOver);
  const rig = marriedRig("PAIR", "PAIR", { options });
  rig.clock.advance(10);
  assert.equal(rig.sent(), command("PING", "\0\u0005"));
  rig.clock.advance(4);
  rig.arrive(command("PONG"));
  assert.equal(rig.engine.roundTripTime, 4);
  for (let i = 0; i < 10; i += 1) {
    rig.clock.advance(10);
    rig.arrive(part("still here"));
  }
  assert.ok(!rig.isOver);
  rig.clock.advance(100);
  assert.equal(rig.ended?.error?.code, "ETIMEDOUT");
  assert.equal(rig.clock.running, 0);
});

test("a close sends what waits, then ends in order; what comes then is nobody's", () => {
  const rig = marriedRig("PAIR", "PAIR");
  rig.connection.isBusy = true;
  rig.send("one");
  rig.send("two");
  rig.near.close();
  assert.ok(!rig.connection.isEnded);
  rig.connection.drain();
  assert.equal(rig.sent(), part("one") + part("two"));
  assert.ok(rig.connection.isEnded);
  rig.arrive(part("late"));
  rig.connection.lose();
  assert.deepEqual(rig.ended, { error: undefined, duringHandshake: false });
});

test("a close during the handshake waits for it where there is something to send", () => {
  const rig = rigOf({ type: "PUSH" });
  rig.sent();
  rig.engine.finish();
  rig.arrive(ready("PULL"));
  assert.ok(rig.connection.isEnded);
});

test("while a mechanism waits, what comes is kept, up to a limit", async () => {
  let go = (): void => {};
  const loaded = new Promise<void>((resolve) => {
    go = resolve;
  });
  const slow = (): PlainClient => {
    const client = new PlainClient("ann", "secret");
    const handshake = client.handshake.bind(client);
    client.handshake = function* (properties: Uint8Array): ReturnType<PlainClient["handshake"]> {
      yield { do: "wait", for: loaded };
      return yield* handshake(properties);
    };
    return client;
  };
  const [kept, flooded] = [rigOf({ mechanism: slow }), rigOf({ mechanism: slow })];
  kept.arrive(command("WELCOME"));
  assert.equal(kept.sent(), "");
  for (let i = 0; i < 1000; i += 1) flooded.arrive(part("x"));
  assert.equal(flooded.ended?.error?.code, "ERR_WS_UNSPECIFIED");
  go();
  await loaded;
  await Promise.resolve();
  assert.equal(
    kept.sent(),
    command("HELLO", "\u0003ann\u0006secret") + command("INITIATE", property("Socket-Type", "PAIR")),
  );
});
