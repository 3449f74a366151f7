// SPDX-License-Identifier: MIT
/** Laws of full queues: with each rule, with and without keys and limits in octets, a pipe is its plain twin. */
import assert from "node:assert/strict";
import { test } from "node:test";
import * as fc from "fast-check";
import { overflow } from "../../src/pattern/overflow.ts";
import { SendingKeyer } from "../../src/pipe/keyed.ts";
import { createPipePair } from "../../src/pipe/local-pipe.ts";
import { octets, show, text } from "../support/pattern-host.ts";
import { PlainQueue } from "../twins/overflow.ts";
import { runs } from "./runs.ts";

const step = fc.oneof(
  { weight: 3, arbitrary: fc.record({ do: fc.constant("send" as const), key: fc.nat(4), size: fc.nat(9) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant("read" as const) }) },
);

const given = fc.record({
  limit: fc.nat(6),
  octetLimit: fc.oneof(fc.constant(0), fc.integer({ min: 1, max: 40 })),
  hasKeys: fc.boolean(),
  rule: fc.constantFrom("wait" as const, "dropNewest" as const, "dropOldest" as const),
  steps: fc.array(step, { maxLength: 120 }),
});

test("what a full pipe keeps, drops and counts is what its plain twin does", () => {
  fc.assert(
    fc.property(given, ({ limit, octetLimit, hasKeys, rule, steps }) => {
      const [near, far] = createPipePair({ inbound: 0, outbound: limit });
      if (octetLimit > 0) near.setOctetLimits(-1, octetLimit);
      if (hasKeys) near.keepLastOf(new SendingKeyer({ key: ([first]) => text(first as Uint8Array).charAt(0) }));
      const plain = new PlainQueue(limit, octetLimit);
      let number = 0;
      for (const each of steps) {
        if (each.do === "read") {
          assert.equal(show(far.read())?.[0], plain.read());
          continue;
        }
        const label = `${each.key}.${number}${"x".repeat(each.size)}`;
        number += 1;
        const message = [octets(label)];
        const isSent = near.write(message) || overflow(near, message, rule);
        assert.equal(isSent, plain.send({ text: label, key: hasKeys ? String(each.key) : undefined }, rule));
        assert.deepEqual([near.dropped, near.replaced], [plain.dropped, plain.replaced]);
        assert.equal(far.readable, plain.items.length);
      }
    }),
    runs(500),
  );
});
