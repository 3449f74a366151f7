// SPDX-License-Identifier: MIT
/** Z85 as the package gives it. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { z85 } from "../../../src/index.ts";

test("z85: text from any octets, and a Buffer from text", () => {
  assert.equal(z85.encode(new Uint8Array([0x86, 0x4f, 0xd2, 0x6f, 0xb5, 0x59, 0xf7, 0x5b])), "HelloWorld");
  const octets = z85.decode("HelloWorld");
  assert.ok(Buffer.isBuffer(octets));
  assert.equal(octets.toString("hex"), "864fd26fb559f75b");
  assert.throws(() => z85.decode("Hello,World"), { name: "ZmqError", code: "EINVAL" });
});
