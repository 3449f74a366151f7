// SPDX-License-Identifier: MIT
/** DISH (RFC 48): receives what is sent to its groups. */
import assert from "node:assert/strict";
import test from "node:test";
import type { Dish } from "../../../src/pattern/dish.ts";
import { FarEnd, joinHosts, octets, PatternHost, text } from "../../support/pattern-host.ts";

function open(...groups: string[]): { host: PatternHost; dish: Dish } {
  const host = new PatternHost("DISH");
  const dish = host.pattern as Dish;
  for (const group of groups) dish.join(octets(group));
  return { host, dish };
}

test("every radio is told of each group that is joined and left, also those that come later", () => {
  const { host, dish } = open("before");
  const radio = new FarEnd(host);
  dish.join(octets("a"));
  dish.leave(octets("before"));
  assert.deepEqual(radio.receiveAll(), ["+before", "+a", "-before"]);
  assert.deepEqual(new FarEnd(host).receiveAll(), ["+a"]);
});

test("a radio that was replaced is told all groups again", () => {
  const { host, dish } = open("a", "b");
  const radio = new FarEnd(host, { isLocal: true });
  radio.connect();
  radio.receiveAll();
  dish.leave(octets("b"));
  radio.receiveAll();
  radio.reconnect();
  assert.deepEqual(radio.receiveAll(), ["+a"]);
});

test("joining twice, leaving what was not joined, and names that are too long are EINVAL", () => {
  const { dish } = open("a");
  assert.throws(() => dish.join(octets("a")), { code: "EINVAL" });
  assert.throws(() => dish.leave(octets("b")), { code: "EINVAL" });
  assert.throws(() => dish.join(octets("x".repeat(256))), { code: "EINVAL", message: /256/ });
  assert.throws(() => dish.leave(octets("x".repeat(256))), { code: "EINVAL" });
  dish.join(octets("x".repeat(255)));
  dish.join(octets(""));
  dish.leave(octets("a"));
  dish.join(octets("a"));
});

test("a name ends before its first zero octet", () => {
  const { host, dish } = open("ab\0cd");
  assert.throws(() => dish.join(octets("ab\0ef")), { code: "EINVAL" });
  const radio = new FarEnd(host);
  assert.deepEqual(radio.receiveAll(), ["+ab"]);
  radio.send("ab\0xy", "1");
  radio.send("ab", "2");
  assert.deepEqual(host.receiveAll(), [
    ["ab", "1"],
    ["ab", "2"],
  ]);
});

test("messages of other groups, and such as are none, are dropped whole", () => {
  const { host } = open("g", "");
  const radio = new FarEnd(host);
  radio.send("other", "x");
  radio.send("gg", "x");
  radio.send("g");
  radio.send("g", "a", "b");
  radio.send("\0".repeat(256), "x");
  radio.subscribe("g");
  assert.equal(host.pattern.canReceive(), false);
  radio.send("g", "1");
  radio.send("", "2");
  assert.equal(host.pattern.canReceive(), true);
  assert.deepEqual(host.receiveAll(), [
    ["g", "1"],
    ["", "2"],
  ]);
});

test("a group that was left is not received any more, though its messages are there", () => {
  const { host, dish } = open("g");
  const radio = new FarEnd(host);
  radio.send("g", "1");
  dish.leave(octets("g"));
  assert.equal(host.receive(), undefined);
});

test("SHALL receive from its radios using a fair-queuing strategy, and cannot send", () => {
  const { host } = open("g");
  const radios = [new FarEnd(host), new FarEnd(host)];
  for (const [i, radio] of radios.entries()) for (let n = 0; n < 2; n += 1) radio.send("g", `${i}.${n}`);
  assert.deepEqual(
    host.receiveAll().map((message) => message[1]),
    ["0.0", "1.0", "0.1", "1.1"],
  );
  assert.throws(() => host.send("g", "x"), { code: "ENOTSUP" });
});

test("the application's buffer of a group can be used again", () => {
  const { host, dish } = open();
  const radio = new FarEnd(host);
  const group = octets("ab");
  dish.join(group);
  group.fill(0);
  assert.deepEqual(radio.receiveAll(), ["+ab"]);
});

test("within a process, dishes do not share the array of a message", () => {
  const radio = new PatternHost("RADIO");
  const dishes = [open("g").host, open("g").host];
  for (const dish of dishes) joinHosts(radio, dish);
  radio.send("g", "x");
  const [first, second] = dishes.map((dish) => dish.pattern.receive());
  assert.ok(first !== undefined && second !== undefined && first !== second);
  assert.deepEqual(
    [first.map(text), second.map(text)],
    [
      ["g", "x"],
      ["g", "x"],
    ],
  );
});
