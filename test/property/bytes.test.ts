// SPDX-License-Identifier: MIT
/** Laws of `src/base/`: the queue of chunks is a list of octets, the ring is a list, integers are what BigInt says. */
import assert from "node:assert/strict";
import { test } from "node:test";
import * as fc from "fast-check";
import * as bytes from "../../src/base/bytes.ts";
import { Ring } from "../../src/base/ring.ts";
import { PlainByteQueue, plainEqual, plainHex, plainUint } from "../twins/bytes.ts";
import { PlainRing } from "../twins/ring.ts";
import { runs } from "./runs.ts";

const chunk = fc.oneof(
  fc.uint8Array({ maxLength: 12 }),
  fc.uint8Array({ maxLength: 12 }).map((octets) => Buffer.from(octets)),
);

const queueStep = fc.oneof(
  { weight: 4, arbitrary: fc.record({ do: fc.constant("push" as const), chunk }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constantFrom("consume" as const, "skip" as const), count: fc.nat(40) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constantFrom("takeAll" as const, "clear" as const) }) },
);

test("a queue of chunks is a list of octets", () => {
  fc.assert(
    fc.property(fc.array(queueStep, { maxLength: 60 }), (steps) => {
      const queue = new bytes.ByteQueue();
      const plain = new PlainByteQueue();
      for (const step of steps) {
        if (step.do === "push") {
          queue.push(step.chunk);
          plain.push(step.chunk);
        } else if (step.do === "consume") {
          const count = Math.min(step.count, queue.length);
          const [within, type] = [queue.position + count <= queue.head.length, queue.head.constructor];
          const head = queue.head.buffer;
          const taken = queue.consume(count);
          assert.deepEqual([...taken], plain.consume(count));
          assert.equal(taken.buffer === head, within, "a view within a chunk, a copy across a seam");
          assert.equal(taken.constructor, type);
          assert.throws(() => queue.consume(queue.length + 1), RangeError);
        } else if (step.do === "skip") {
          const count = Math.min(step.count, queue.length);
          queue.skip(count);
          plain.consume(count);
        } else if (step.do === "takeAll") {
          const taken = queue.takeAll().flatMap((each) => [...each]);
          assert.deepEqual(taken, plain.consume(plain.octets.length));
        } else {
          queue.clear();
          plain.octets = [];
        }
        assert.equal(queue.length, plain.octets.length);
        assert.ok(queue.position < queue.head.length || queue.length === 0, "the next octet is in the head");
        for (let i = 0; i <= plain.octets.length; i += 1) assert.equal(queue.peek(i), plain.peek(i));
      }
    }),
    runs(300),
  );
});

const items = ["a", "b", "c", "d"];
const ringStep = fc.record({
  do: fc.constantFrom("push", "push", "push", "shift", "shift", "replaceLast", "remove", "clear"),
  item: fc.constantFrom(...items),
});

test("a ring is a list", () => {
  fc.assert(
    fc.property(fc.array(ringStep, { maxLength: 120 }), (steps) => {
      const ring = new Ring<string>();
      const plain = new PlainRing<string>();
      for (const { do: verb, item } of steps) {
        if (verb === "push") {
          ring.push(item);
          plain.push(item);
        } else if (verb === "shift") {
          assert.equal(ring.shift(), plain.shift());
        } else if (verb === "remove") {
          assert.equal(ring.remove(item), plain.remove(item));
        } else if (verb === "replaceLast" && plain.length > 0) {
          ring.replaceLast(item);
          plain.replaceLast(item);
        } else if (verb === "clear" && plain.length > 8) {
          ring.clear();
          plain.clear();
        }
        assert.deepEqual([ring.length, ring.peek(), ring.last()], [plain.length, plain.peek(), plain.last()]);
      }
      for (const item of [...plain.items]) assert.equal(ring.shift(), item);
    }),
    runs(300),
  );
});

/** The first octets of an integer: around the largest that has an exact number, and any. */
const edge = fc.oneof(
  fc.constantFrom([0, 0x1f, 0xff, 0xff], [0, 0x20, 0, 0], [0, 0x20], [0, 0x3f], [0x80, 0]),
  fc.constant([0, 0]),
  fc.constant([]),
);

test("integers are read and written as BigInt would", () => {
  fc.assert(
    fc.property(fc.uint8Array({ minLength: 8, maxLength: 24 }), fc.nat(16), edge, (octets, where, start) => {
      const offset = Math.min(where, octets.length - 8);
      octets.set(start, offset);
      assert.equal(BigInt(bytes.readUint32(octets, offset)), plainUint(octets.subarray(offset, offset + 4)));
      const expected = plainUint(octets.subarray(offset, offset + 8));
      if (expected > BigInt(Number.MAX_SAFE_INTEGER)) {
        assert.throws(() => bytes.readUint64(octets, offset), { code: "EMSGSIZE" });
        octets[offset] = 0;
        (octets[offset + 1] as number) &= 0x1f;
      }
      const number = bytes.readUint64(octets, offset);
      assert.equal(BigInt(number), plainUint(octets.subarray(offset, offset + 8)));
      const written = new Uint8Array(octets.length);
      bytes.writeUint64(written, offset, number);
      assert.ok(plainEqual(written.subarray(offset, offset + 8), octets.subarray(offset, offset + 8)));
      bytes.writeUint32(written, offset, bytes.readUint32(octets, offset + 4));
      assert.ok(plainEqual(written.subarray(offset, offset + 4), octets.subarray(offset + 4, offset + 8)));
    }),
    runs(300),
  );
});

test("octets are compared, copied, joined and spelled as Buffer does", () => {
  fc.assert(
    fc.property(fc.array(chunk, { maxLength: 5 }), (chunks) => {
      const joined = bytes.concatBytes(chunks);
      assert.deepEqual([...joined], [...Buffer.concat(chunks)]);
      assert.equal(bytes.toHex(joined), plainHex(joined));
      for (const a of chunks) for (const b of chunks) assert.equal(bytes.equalBytes(a, b), plainEqual(a, b));
      for (const each of chunks) {
        const copy = bytes.copyBytes(each);
        assert.ok(plainEqual(copy, each) && copy.constructor === each.constructor);
        assert.ok(each.length === 0 || copy.buffer !== each.buffer);
      }
    }),
    runs(200),
  );
});
