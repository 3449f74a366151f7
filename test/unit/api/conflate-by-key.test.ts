// SPDX-License-Identifier: MIT
/** `conflate: { key }`: the newest message of each key, whole, at the sender, at the receiver, and within the process. */
import assert from "node:assert/strict";
import { test } from "node:test";
import type { Readable } from "../../../src/index.ts";
import { married, withSockets } from "../../support/sockets.ts";

const byTopic = { key: ([topic]: readonly Uint8Array[]): Uint8Array => topic as Uint8Array };

function all(socket: Readable): string[][] {
  const got: string[][] = [];
  for (let message = socket.tryReceive(); message !== undefined; message = socket.tryReceive()) {
    got.push(message.map(String));
  }
  return got;
}

test("a publisher keeps the last value of each topic, with all its parts, in the order in which topics began to wait", () =>
  withSockets(async (open) => {
    const pub = open("pub", { conflate: byTopic });
    const sub = open("sub");
    await pub.bind("inproc://values");
    sub.connect("inproc://values");
    sub.subscribe("");
    for (const [topic, value] of ["a1", "b1", "a2", "c1", "b2", "a3"])
      await pub.send([topic as string, "is", value as string]);
    assert.deepEqual(all(sub), [
      ["a", "is", "3"],
      ["b", "is", "2"],
      ["c", "is", "1"],
    ]);
    assert.equal(pub.statistics().dropped.conflated, 3);
    await pub.send(["a", "4"]);
    assert.deepEqual(all(sub), [["a", "4"]]);
  }));

test("the high-water marks bound the number of keys; a key that waits is still brought up to date", () =>
  withSockets(async (open) => {
    for (const [whenFull, expected] of [
      [null, ["a9", "b2"]],
      ["dropOldest", ["b2", "c1"]],
    ] as const) {
      const pub = open("pub", { conflate: byTopic, sendHighWaterMark: 1, whenFull });
      const sub = open("sub", { receiveHighWaterMark: 1 });
      await pub.bind(`inproc://bounded-${whenFull}`);
      sub.connect(`inproc://bounded-${whenFull}`);
      sub.subscribe("");
      for (const [topic, value] of ["a1", "b1", "a9", "c1", "b2"]) await pub.send([topic as string, value as string]);
      assert.deepEqual(
        all(sub).map((parts) => parts.join("")),
        expected,
      );
    }
    const push = open("push", { conflate: byTopic, sendHighWaterMark: 1 });
    const pull = open("pull", { receiveHighWaterMark: 1 });
    await push.bind("inproc://push");
    pull.connect("inproc://push");
    for (const message of [
      ["a", "1"],
      ["b", "1"],
    ])
      assert.equal(push.trySend(message), true);
    assert.equal(push.trySend(["c", "1"]), false);
    assert.equal(push.trySend(["b", "2"]), true);
    assert.deepEqual(all(pull), [
      ["a", "1"],
      ["b", "2"],
    ]);
  }));

test("a receiver keeps the last of each key of what arrives over tcp", () =>
  withSockets(async (open) => {
    const dealer = open("dealer");
    const pull = open("dealer", { conflate: byTopic });
    await pull.bind("tcp://127.0.0.1:*");
    const met = married(pull, dealer);
    dealer.connect(pull.lastEndpoint as string);
    await met;
    for (let i = 0; i < 300; i += 1) await dealer.send([`topic ${i % 3}`, `${i}`]);
    await dealer.send(["end", "300"]);
    const last = new Map<string, number>();
    while (!last.has("end")) {
      const [topic, value] = (await pull.receive()).map(String) as [string, string];
      assert.ok(Number(value) > (last.get(topic) ?? -1), "never an older one");
      last.set(topic, Number(value));
    }
    assert.deepEqual(Object.fromEntries(last), { "topic 0": 297, "topic 1": 298, "topic 2": 299, end: 300 });
    assert.ok(pull.statistics().received < 301);
  }));

test("what the function throws reaches the caller of send, and nobody gets the message", () =>
  withSockets(async (open) => {
    const fault = new Error("no key");
    const key = ([part]: readonly Uint8Array[]): string => {
      if (String(part) === "bad") throw fault;
      return String(part);
    };
    const pub = open("pub", { conflate: { key } });
    const subs = [open("sub"), open("sub")];
    await pub.bind("inproc://throws");
    for (const sub of subs) {
      sub.connect("inproc://throws");
      sub.subscribe("");
    }
    await assert.rejects(pub.send("bad"), fault);
    assert.throws(() => pub.trySend("bad"), fault);
    await pub.send("good");
    for (const sub of subs) assert.deepEqual(all(sub), [["good"]]);
    pub.conflate = { key: () => 5 as never };
    await assert.doesNotReject(pub.send("later endpoints only"));
  }));

test("at a receiver it is an event, the message waits for itself, and others are kept apart as ever", () =>
  withSockets(async (open) => {
    const key = ([part]: readonly Uint8Array[]): string => {
      if (String(part) === "bad") throw new Error("no key");
      return String(part);
    };
    const push = open("push");
    const pull = open("pull", { conflate: { key } });
    const told = new Promise<string>((resolve) =>
      pull.events.on("conflate:error", ({ error }) => resolve(error.message)),
    );
    await pull.bind("tcp://127.0.0.1:*");
    const met = married(pull, push);
    push.connect(pull.lastEndpoint as string);
    await met;
    for (const text of ["a", "bad", "bad", "a", "end"]) await push.send(text);
    const got: string[] = [];
    while (got.at(-1) !== "end") got.push(String(await pull.receive()));
    assert.equal(got.filter((text) => text === "bad").length, 2);
    assert.match(await told, /no key/);
  }));

test("true still keeps the newest message only, and other values are refused", () =>
  withSockets(async (open) => {
    const push = open("push", { conflate: true });
    const pull = open("pull");
    await push.bind("inproc://one");
    pull.connect("inproc://one");
    for (const text of ["1", "2", "3"]) await push.send(text);
    assert.deepEqual(all(pull), [["3"]]);
    assert.throws(() => open("push", { conflate: {} as never }), TypeError);
    assert.equal(open("push", { conflate: byTopic }).conflate, byTopic);
  }));
