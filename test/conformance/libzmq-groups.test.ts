// SPDX-License-Identifier: MIT
/** Behaviour of RADIO and DISH, observed on libzmq 4.3.5 with drafts and held against this library: RFC 48, and libzmq's test_radio_dish. */
import assert from "node:assert/strict";
import type { Dish, Radio } from "../../src/index.ts";
import { bindAgain, boundTo, eventOf, testBoth } from "../support/implementations.ts";

/** Says words to a group that the dish has joined until one comes: a RADIO does not tell when a JOIN has come. */
async function untilJoined(radio: Radio, dish: Dish, group: string): Promise<void> {
  let isHere = false;
  const arrive = async (): Promise<void> => {
    await dish.receive();
    isHere = true;
  };
  const say = async (): Promise<void> => {
    while (!isHere) {
      await radio.send("?", { group });
      await new Promise((resolve) => {
        setTimeout(resolve, 1);
      });
    }
    await radio.send("end", { group });
  };
  await Promise.all([arrive(), say()]);
  for (;;) if (String((await dish.receive())[0]) === "end") return;
}

/** The next message's part and group as texts; undefined when there is none. */
async function receiveGrouped(dish: Dish, timeout = 3000): Promise<string[] | undefined> {
  dish.receiveTimeout = timeout;
  try {
    const [part, { group }] = await dish.receive();
    return [String(part), String(group)];
  } catch (error) {
    if ((error as { code?: string }).code === "EAGAIN") return undefined;
    throw error;
  }
}

testBoth("joining twice, leaving what was not joined, and groups of more than 255 octets are EINVAL", async (open) => {
  const dish = open("dish");
  dish.join("Movies");
  assert.throws(() => dish.join("Movies"), { code: "EINVAL" });
  assert.throws(() => dish.leave("News"), { code: "EINVAL" });
  dish.join("x".repeat(255));
  assert.throws(() => dish.join("x".repeat(256)), { code: "EINVAL" });
  assert.throws(() => dish.leave("x".repeat(256)), { code: "EINVAL" });
  dish.leave("Movies");
  assert.throws(() => dish.leave("Movies"), { code: "EINVAL" });
  dish.join("Movies");
  dish.join("");
});

testBoth("a group ends before its first zero octet", async (open) => {
  const [radio, dish] = [open("radio"), open("dish")];
  dish.join(Buffer.from("ab\0cd"));
  assert.throws(() => dish.join("ab"), { code: "EINVAL" });
  await radio.bind("inproc://zero");
  dish.connect("inproc://zero");
  await radio.send("1", { group: Buffer.from("ab\0xy") });
  assert.deepEqual(await receiveGrouped(dish), ["1", "ab"]);
});

for (const transport of ["tcp://127.0.0.1:*", "ipc://*", "inproc://groups"]) {
  for (const binder of ["radio", "dish"] as const) {
    testBoth(
      `groups are compared whole, joined and left at any time, when the ${binder} binds ${transport}`,
      async (open) => {
        const [radio, dish] = [open("radio"), open("dish")];
        dish.join("TV");
        const [bound, other] = binder === "radio" ? [radio, dish] : [dish, radio];
        other.connect(await boundTo(bound, transport));
        await untilJoined(radio, dish, "TV");
        for (const group of ["T", "TVs", "", "tv", "TV"]) await radio.send(`to ${group}`, { group });
        assert.deepEqual(await receiveGrouped(dish), ["to TV", "TV"]);
        dish.join("Movies");
        await untilJoined(radio, dish, "Movies");
        await radio.send("Godfather", { group: "Movies" });
        assert.deepEqual(await receiveGrouped(dish), ["Godfather", "Movies"]);
        dish.leave("TV");
        await radio.send("nobody wants this", { group: "TV" });
        await radio.send("Rope", { group: "Movies" });
        assert.deepEqual(await receiveGrouped(dish), ["Rope", "Movies"]);
      },
    );
  }
}

testBoth("everybody who joined gets a message, once, from each RADIO", async (open) => {
  const radios = [open("radio"), open("radio")];
  const dishes = [open("dish"), open("dish"), open("dish")];
  for (const [i, radio] of radios.entries()) await radio.bind(`inproc://everybody-${i}`);
  for (const [i, dish] of dishes.entries()) {
    dish.join(`${i % 2}`);
    for (const n of radios.keys()) dish.connect(`inproc://everybody-${n}`);
  }
  for (const [i, radio] of radios.entries()) for (const group of ["0", "1"]) await radio.send(`${i}`, { group });
  for (const [i, dish] of dishes.entries()) {
    const received = [await receiveGrouped(dish), await receiveGrouped(dish)];
    assert.deepEqual(received.sort(), [
      ["0", `${i % 2}`],
      ["1", `${i % 2}`],
    ]);
    assert.equal(await receiveGrouped(dish, 20), undefined);
  }
});

testBoth("messages of several parts, and such without a group, are refused", async (open) => {
  const radio = open("radio");
  await assert.rejects(async () => radio.send(["a", "b"], { group: "g" }), { code: "EINVAL" });
  await assert.rejects(async () => radio.send("a", {} as never), { code: "EINVAL" });
  await assert.rejects(async () => (radio as unknown as { send(x: string): Promise<void> }).send("a"), TypeError);
  await radio.send("nobody is there", { group: "g" });
});

testBoth(
  "a DISH that is full misses messages; with noDrop the RADIO waits for it, and nobody gets more",
  async (open) => {
    for (const noDrop of [false, true]) {
      const radio = open("radio", { sendHighWaterMark: 2, sendTimeout: 0, noDrop });
      const [slow, fast] = [open("dish", { receiveHighWaterMark: 2 }), open("dish", { receiveHighWaterMark: 100 })];
      await radio.bind(`inproc://full-${noDrop}`);
      for (const dish of [slow, fast]) {
        dish.join("g");
        dish.connect(`inproc://full-${noDrop}`);
      }
      let sent = 0;
      for (; sent < 10; sent += 1) {
        try {
          await radio.send(`${sent}`, { group: "g" });
        } catch (error) {
          assert.equal((error as { code?: string }).code, "EAGAIN");
          break;
        }
      }
      assert.equal(sent, noDrop ? 4 : 10);
      for (let i = 0; i < sent; i += 1) assert.deepEqual(await receiveGrouped(fast), [`${i}`, "g"]);
      for (let i = 0; i < 4; i += 1) assert.deepEqual(await receiveGrouped(slow), [`${i}`, "g"]);
      assert.equal(await receiveGrouped(slow, 20), undefined);
      await radio.send("more", { group: "nobody's" });
      await radio.send("again", { group: "g" });
      assert.deepEqual(
        [await receiveGrouped(slow), await receiveGrouped(fast)],
        [
          ["again", "g"],
          ["again", "g"],
        ],
      );
    }
  },
);

testBoth("a DISH says its groups again to a RADIO that comes back", async (open) => {
  const [radio, dish] = [open("radio"), open("dish", { reconnectInterval: 10 })];
  const endpoint = await boundTo(radio);
  dish.join("a", "b");
  dish.connect(endpoint);
  await untilJoined(radio, dish, "b");
  dish.leave("a");
  const lost = eventOf(dish, "disconnect");
  void radio.close();
  await lost;
  dish.join("c");
  const next = open("radio");
  await bindAgain(next, endpoint);
  await untilJoined(next, dish, "c");
  for (const group of ["a", "b", "c"]) await next.send(group, { group });
  assert.deepEqual(
    [await receiveGrouped(dish), await receiveGrouped(dish)],
    [
      ["b", "b"],
      ["c", "c"],
    ],
  );
});

testBoth("a RADIO can only send, a DISH only receive", async (open) => {
  assert.equal(open("radio").readable, false);
  const dish = open("dish");
  dish.join("g");
  assert.equal(dish.readable, false);
  assert.equal(await receiveGrouped(dish, 1), undefined);
});
