// SPDX-License-Identifier: MIT
/** The framing of runs: what it writes is what the encoder of one connection writes, and it reads that again. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { zmtpV2Framing } from "../../../src/engine/zmtp-v2-framing.ts";
import type { Message } from "../../../src/pipe/message.ts";
import { ZmtpV2Encoder } from "../../../src/wire/zmtp-v2.ts";
import { fc, runs } from "../../property/runs.ts";
import { CountingPool } from "../wire/pool.ts";

const part = fc.oneof(
  fc.nat({ max: 20 }).map((length) => Buffer.alloc(length, "x")),
  fc.integer({ min: 240, max: 300 }).map((length) => Buffer.alloc(length, "y")),
  fc.integer({ min: 16_000, max: 17_000 }).map((length) => Buffer.alloc(length, "z")),
);
const messages = fc.array(fc.array(part, { minLength: 1, maxLength: 4 }), { maxLength: 8 });

test("messages are written as the encoder writes them, and read again", () => {
  fc.assert(
    fc.property(messages, (all: Message[]) => {
      const encoder = new ZmtpV2Encoder(new CountingPool());
      const sizes = all.map((message) => zmtpV2Framing.sizeOf(message));
      const octets = Buffer.alloc(sizes.reduce((sum, size) => sum + size, 0));
      let end = 0;
      for (const [i, message] of all.entries()) {
        encoder.message(message);
        const start = end;
        end = zmtpV2Framing.write(message, octets, start);
        assert.equal(end - start, sizes[i]);
      }
      assert.deepEqual(octets, Buffer.concat(encoder.take()));
      assert.deepEqual(zmtpV2Framing.read(octets), all);
    }),
    runs(200),
  );
});
