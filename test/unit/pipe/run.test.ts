// SPDX-License-Identifier: MIT
/** A run: what is added comes out as one piece, and once it is closed its writer has forgotten it. */
import assert from "node:assert/strict";
import { test } from "node:test";
import type { Message } from "../../../src/pipe/message.ts";
import { type Framing, Run, type RunWriter } from "../../../src/pipe/run.ts";
import { octets, text } from "../../support/pattern-host.ts";

/** One part a message, and a full stop behind each. */
const stops: Framing = {
  sizeOf: ([part]) => (part as Uint8Array).length + 1,
  write: ([part], target, position) => {
    const end = position + (part as Uint8Array).length;
    target.set(part as Uint8Array, position);
    target[end] = 46;
    return end + 1;
  },
  read: (octetsRead) =>
    text(octetsRead)
      .split(".")
      .slice(0, -1)
      .map((each) => [octets(each)]),
};

function runOf(...texts: string[]): { run: Run; writer: RunWriter } {
  const writer: RunWriter = { run: undefined, lastSize: 0 };
  const messages = texts.map((each): Message => [octets(each)]);
  const run = new Run(stops, writer, messages[0] as Message, stops.sizeOf(messages[0] as Message));
  for (const message of messages) run.add(message, stops.sizeOf(message));
  return { run, writer };
}

test("messages come out in order, whatever room there was at first", () => {
  const texts = Array.from({ length: 300 }, (_, i) => "x".repeat(i));
  const { run } = runOf(...texts);
  assert.equal(run.count, 300);
  run.close();
  assert.equal(text(run.octets()), texts.map((each) => `${each}.`).join(""));
  assert.equal(run.octets().length, run.size);
  assert.deepEqual(
    run.messages().map(([part]) => text(part as Uint8Array)),
    texts,
  );
});

test("everybody who asks gets the same array", () => {
  const { run } = runOf("a", "b");
  run.close();
  assert.equal(run.octets(), run.octets());
});

test("what is added is copied: the writer may use its buffer again", () => {
  const writer: RunWriter = { run: undefined, lastSize: 0 };
  const part = octets("abc");
  const run = new Run(stops, writer, [part], 4);
  run.add([part], 4);
  part.fill(0);
  run.close();
  assert.equal(text(run.octets()), "abc.");
});

test("a writer knows its open run, and how large the last one was", () => {
  const { run, writer } = runOf("abc");
  assert.equal(writer.run, run);
  run.close();
  assert.deepEqual(writer, { run: undefined, lastSize: 4 });
  const next = new Run(stops, writer, [octets("x")], 2);
  run.close();
  assert.equal(writer.run, next, "closing the old one again changes nothing");
});

test("a run takes little more memory than its octets", () => {
  for (const length of [1, 100, 5000, 70_000]) {
    const { run } = runOf("x".repeat(length));
    run.close();
    assert.ok(run.octets().buffer.byteLength <= Math.max(64, length + 1), String(length));
  }
});

test("memory is of the type that the messages are of", () => {
  const part = Buffer.from("abc");
  const run = new Run(stops, { run: undefined, lastSize: 0 }, [part], 4);
  run.add([part], 4);
  assert.ok(Buffer.isBuffer(run.octets()));
});
