// SPDX-License-Identifier: MIT
/** Keys of messages: text and octets are told apart, senders hear of errors, receivers go on without a key. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { ReceivingKeyer, SendingKeyer } from "../../../src/pipe/keyed.ts";
import { octets } from "../../support/pattern-host.ts";

test("the same octets are the same key, the same text too, and neither is the other", () => {
  const keys = ["é", octets("é"), octets("é"), "é", octets(""), ""].map((key) =>
    new SendingKeyer({ key: () => key }).keyOf([octets("x")]),
  );
  assert.equal(keys[0], keys[3]);
  assert.equal(keys[1], keys[2]);
  assert.equal(new Set(keys).size, 4);
});

test("a sender's key is made once for a message, however many pipes ask", () => {
  let calls = 0;
  const keyer = new SendingKeyer({ key: () => String((calls += 1)) });
  const message = [octets("x")];
  keyer.prepare(message);
  assert.deepEqual([keyer.keyOf(message), keyer.keyOf(message), calls], ["1", "1", 1]);
  keyer.prepare(message);
  assert.equal(keyer.keyOf(message), "2");
  assert.equal(keyer.keyOf([octets("x")]), "3");
});

test("what is no key is a TypeError to a sender; a receiver is told and has none", () => {
  const conflate = { key: (): never => 5 as never };
  assert.throws(() => new SendingKeyer(conflate).prepare([octets("x")]), TypeError);
  const errors: unknown[] = [];
  assert.equal(new ReceivingKeyer(conflate, (error) => errors.push(error)).keyOf([octets("x")]), undefined);
  assert.ok(errors[0] instanceof TypeError);
});
