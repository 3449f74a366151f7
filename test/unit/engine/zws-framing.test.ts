// SPDX-License-Identifier: MIT
/** Runs as ws servers send them. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { zwsFraming } from "../../../src/engine/zws-framing.ts";
import { encodeZws } from "../../twins/zws.ts";

test("runs are what an encoder writes for one connection", () => {
  const messages = [
    [""],
    ["a"],
    ["a".repeat(124)],
    ["a".repeat(125), "b"],
    ["a".repeat(65534)],
    ["a".repeat(65535), ""],
  ].map((parts) => parts.map((part) => Buffer.from(part)));
  const size = messages.reduce((sum, message) => sum + zwsFraming.sizeOf(message), 0);
  const octets = new Uint8Array(size);
  const end = messages.reduce((at, message) => zwsFraming.write(message, octets, at), 0);
  assert.equal(end, size);
  assert.ok(encodeZws(messages.map((message) => ({ message }))).equals(octets));
  assert.deepEqual(
    zwsFraming.read(octets).map((parts) => parts.map((part) => Buffer.from(part).toString())),
    messages.map((parts) => parts.map(String)),
  );
});
