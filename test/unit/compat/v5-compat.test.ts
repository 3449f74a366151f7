// SPDX-License-Identifier: MIT
/** What the entry for programs of version 5 exports, held against npm `zeromq`, where that can be loaded. */
import assert from "node:assert/strict";
import { createRequire } from "node:module";
import { test } from "node:test";
import { curvePublicKey } from "../../../src/index.ts";
import * as ours from "../../../src/v5-compat.ts";

function load(): Record<string, unknown> | undefined {
  try {
    return createRequire(import.meta.url)("zeromq/v5-compat") as Record<string, unknown>;
  } catch {
    return undefined;
  }
}

const native = load();

test("the entry has what npm zeromq's has, and the same numbers", { skip: native === undefined }, () => {
  const theirs = native ?? {};
  const names = Object.keys(theirs).filter((each) => each !== "__esModule" && each !== "default");
  assert.deepEqual(Object.keys(ours).sort(), names.sort());
  const numbers = (of: object): [string, unknown][] =>
    Object.entries(of)
      .filter(([, value]) => typeof value !== "function")
      .sort(([a], [b]) => (a < b ? -1 : 1));
  assert.deepEqual(numbers(ours), numbers(theirs));
});

test("createSocket and socket are one function", () => {
  assert.equal(ours.createSocket, ours.socket);
});

test("curveKeypair gives two keys in Z85, as npm zeromq names them", () => {
  const keys = ours.curveKeypair();
  assert.deepEqual(Object.keys(keys).sort(), ["public", "secret"]);
  assert.equal(curvePublicKey(keys.secret), keys.public);
});
