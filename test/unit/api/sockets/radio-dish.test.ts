// SPDX-License-Identifier: MIT
/** RADIO and DISH in their first use. */
import assert from "node:assert/strict";
import { test } from "node:test";
import type { Dish, Radio } from "../../../../src/index.ts";
import { bound, join, texts, withSockets } from "../../../support/sockets.ts";

/** Sends to a group that the dish has joined until something comes: a RADIO does not tell when a JOIN has come. */
async function untilJoined(radio: Radio, dish: Dish, group: string): Promise<void> {
  const arrival = dish.receive();
  let isHere = false;
  void arrival.finally(() => {
    isHere = true;
  });
  while (!isHere) {
    await radio.send("?", { group });
    await new Promise(setImmediate);
  }
  await arrival;
  while (dish.tryReceive() !== undefined);
}

for (const transport of ["tcp://127.0.0.1:*", "ipc://*", "inproc://groups"]) {
  test(`a message goes to who joined its group, with the group beside it, over ${transport}`, () =>
    withSockets(async (open) => {
      const [radio, dish, other] = [open("radio"), open("dish"), open("dish")];
      const endpoint = await bound(radio, transport);
      dish.join("a", Buffer.from([0xff, 1]));
      other.join("b");
      dish.connect(endpoint);
      other.connect(endpoint);
      await untilJoined(radio, dish, "a");
      await untilJoined(radio, other, "b");
      await radio.send("1", { group: "a" });
      await radio.send("2", { group: "ab" });
      await radio.send("3", { group: Buffer.from([0xff, 1]) });
      await radio.send("4", { group: "b" });
      assert.deepEqual(await dish.receive(), [Buffer.from("1"), { group: Buffer.from("a") }]);
      assert.deepEqual(await dish.receive(), [Buffer.from("3"), { group: Buffer.from([0xff, 1]) }]);
      assert.deepEqual(await other.receive(), [Buffer.from("4"), { group: Buffer.from("b") }]);
    }));
}

test("a DISH may bind and a RADIO connect", () =>
  withSockets(async (open) => {
    const [radio, dish] = [open("radio"), open("dish")];
    await join(dish, radio);
    dish.join("g");
    await untilJoined(radio, dish, "g");
  }));

test("join and leave take several groups; the first that is wrong fails, and those before it hold", () =>
  withSockets(async (open) => {
    const dish = open("dish");
    dish.join();
    dish.join("a", "b");
    assert.throws(() => dish.join("c", "a", "d"), { code: "EINVAL" });
    dish.leave("c");
    assert.throws(() => dish.leave("d"), { code: "EINVAL" });
    assert.throws(() => dish.join("x".repeat(256)), { code: "EINVAL" });
    dish.join("x".repeat(255));
    assert.throws(() => dish.join(1 as unknown as string), TypeError);
    await dish.close();
    assert.throws(() => dish.join("e"), { code: "EBADF" });
  }));

test("a group must be named, as text or octets, and not too long", () =>
  withSockets(async (open) => {
    const radio = open("radio");
    const send = radio.send.bind(radio) as (...args: unknown[]) => Promise<void>;
    await assert.rejects(send("x"), TypeError);
    await assert.rejects(send("x", {}), { code: "EINVAL" });
    await assert.rejects(send("x", { group: 1 }), TypeError);
    await assert.rejects(send("x", { group: "g".repeat(256) }), { code: "EINVAL" });
    await send("x", { group: `${"g".repeat(255)}\0${"g".repeat(255)}` });
    await assert.rejects(send(["a", "b"], { group: "g" }), { code: "EINVAL" });
    assert.equal(radio.trySend("nobody is there", { group: "g" }), true);
  }));

test("groups in batches go there and back", () =>
  withSockets(async (open) => {
    const [radio, dish] = [open("radio"), open("dish")];
    await radio.bind("inproc://batches");
    dish.join("a", "b");
    dish.connect("inproc://batches");
    await radio.sendBatch([["1", { group: "a" }], ["2", { group: "b" }], ["3", { group: "c" }], "4"], { group: "a" });
    const batch = await dish.receiveBatch();
    assert.deepEqual(
      batch.map(([part, { group }]) => texts([part, group])),
      [
        ["1", "a"],
        ["2", "b"],
        ["4", "a"],
      ],
    );
    await radio.sendBatch(batch);
    assert.equal((await dish.receiveBatch()).length, 3);
  }));

test("RADIO has no methods of receiving, DISH none of sending, and only RADIO has noDrop", () =>
  withSockets(async (open) => {
    const [radio, dish] = [open("radio", { noDrop: true }), open("dish")];
    assert.deepEqual(["receive" in radio, "receiveTimeout" in radio, "noDrop" in radio], [false, false, true]);
    assert.deepEqual(["send" in dish, "sendTimeout" in dish, "noDrop" in dish, dish.linger], [false, false, false, 0]);
  }));
