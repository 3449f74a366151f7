// SPDX-License-Identifier: MIT
import assert from "node:assert/strict";
import { test } from "node:test";
import { reform } from "../../../src/api/message-form.ts";
import { socketTypes } from "../../../src/pattern/index.ts";
import type { SocketType } from "../../../src/pattern/socket-type.ts";
import { octets, text } from "../../support/pattern-host.ts";

const row = (name: string): SocketType => socketTypes.get(name) as SocketType;

function shown(from: string, to: string, ...parts: string[]): string[] {
  return reform(parts.map(octets), row(from), row(to)).map(text);
}

test("between types of one form a message stays what it is, the very same", () => {
  const message = [octets("g"), octets("x")];
  assert.equal(reform(message, row("DISH"), row("RADIO")), message);
  assert.equal(reform(message, row("PULL"), row("PUSH")), message);
  assert.equal(reform(message, row("SERVER"), row("PEER")), message);
});

test("what a type does not have is left out, and what another must have is empty", () => {
  assert.deepEqual(shown("DISH", "PUB", "g", "x"), ["x"]);
  assert.deepEqual(shown("SERVER", "DEALER", "id", "x"), ["x"]);
  assert.deepEqual(shown("SUB", "RADIO", "x"), ["", "x"]);
  assert.deepEqual(shown("CLIENT", "SERVER", "x"), ["", "x"]);
  assert.deepEqual(shown("DISH", "SERVER", "g", "x"), ["", "x"]);
});
