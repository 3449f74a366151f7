// SPDX-License-Identifier: MIT
/** Modules of the runtime, loaded at once, or an error that says which is not there. */
import assert from "node:assert/strict";
import * as net from "node:net";
import { test } from "node:test";
import { builtin } from "../../../src/transport/builtin.ts";

test("a module of the runtime is there at once", () => {
  assert.equal(builtin<typeof net>("node:net").connect, net.connect);
});

test("what the runtime does not have is ENOTSUP, by name", () => {
  assert.throws(() => builtin("node:nothing"), { code: "ENOTSUP", message: /node:nothing/ });
});
