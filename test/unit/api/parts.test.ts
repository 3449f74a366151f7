// SPDX-License-Identifier: MIT
/** What applications may give as a message: the conversions of npm `zeromq`. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { type MessageInput, toBytes, toMessage } from "../../../src/api/parts.ts";
import { nodeRuntime } from "../../../src/runtime/node.ts";

function converted(input: unknown): string[] {
  return toMessage(input as MessageInput, nodeRuntime).map((part) => Buffer.from(part).toString());
}

test("texts, octets in any shape and null are parts", () => {
  const octets = Uint8Array.from([0, 104, 105, 0]);
  for (const [input, text] of [
    ["hi €", "hi €"],
    ["", ""],
    [null, ""],
    [Buffer.from("hi"), "hi"],
    [octets.subarray(1, 3), "hi"],
    [octets.buffer.slice(1, 3), "hi"],
    [new DataView(octets.buffer, 1, 2), "hi"],
    [new Uint16Array([0x6968]), "hi"],
    [new Uint8ClampedArray([104, 105]), "hi"],
    [new SharedArrayBuffer(2), "\0\0"],
    [new ArrayBuffer(0), ""],
  ] as const) {
    assert.deepEqual(converted(input), [text]);
    assert.deepEqual(converted([input, input]), [text, text]);
  }
});

test("whatever else has a text is sent as that", () => {
  for (const [input, text] of [
    [16.19, "16.19"],
    [true, "true"],
    [false, "false"],
    [10n, "10"],
    [{}, "[object Object]"],
    [Number.NaN, "NaN"],
    [new Date(0), String(new Date(0))],
  ] as const) {
    assert.deepEqual(converted(input), [text]);
  }
});

test("an array is all parts of one message, and may be empty; undefined is no message", () => {
  assert.deepEqual(converted(["a", null, "b"]), ["a", "", "b"]);
  assert.deepEqual(converted([]), []);
  for (const input of [undefined, [undefined], ["a", undefined]]) {
    assert.throws(() => converted(input), { name: "TypeError", message: "Message must be present" });
  }
});

test("octets are used where they are, not copied", () => {
  const buffer = Buffer.from("hi");
  const [part] = toMessage(buffer, nodeRuntime);
  assert.equal(part, buffer);
});

test("topics and ids are texts or octets, and are copied", () => {
  const buffer = Buffer.from("hi");
  const bytes = toBytes(buffer, nodeRuntime, "A topic");
  buffer.fill(0);
  assert.equal(Buffer.from(bytes).toString(), "hi");
  assert.equal(Buffer.from(toBytes("hi", nodeRuntime, "A topic")).toString(), "hi");
  for (const input of [undefined, null, 5, {}]) {
    assert.throws(() => toBytes(input as never, nodeRuntime, "A topic"), {
      name: "TypeError",
      message: "A topic must be a string or buffer",
    });
  }
});
