// SPDX-License-Identifier: MIT
/** The one context of version 5. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { Context } from "../../../src/compat/context.ts";
import { context } from "../../../src/index.ts";

test("the class sets and reads the options of the global context", () => {
  const before = [Context.getMaxSockets(), Context.getMaxThreads()];
  try {
    Context.setMaxSockets(500);
    Context.setMaxThreads(3);
    assert.deepEqual([context.maxSockets, context.ioThreads], [500, 3]);
    assert.deepEqual([Context.getMaxSockets(), Context.getMaxThreads()], [500, 3]);
  } finally {
    Context.setMaxSockets(before[0] as number);
    Context.setMaxThreads(before[1] as number);
  }
});

test("nobody makes a context", () => {
  assert.throws(() => new Context(), { message: "Context cannot be instantiated in compatibility mode" });
});
