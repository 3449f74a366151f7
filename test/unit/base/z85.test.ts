// SPDX-License-Identifier: MIT
/** Z85: the vector of RFC 32 and those of libzmq's documentation, its laws, and what it refuses. */
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { decodeZ85, encodeZ85 } from "../../../src/base/z85.ts";

for (const [source, hex, text] of [
  ["RFC 32", "864fd26fb559f75b", "HelloWorld"],
  [
    "zmq_curve(7), a client's public key",
    "bb88471d65e2659b30c55a5321cebb5aab2b70a398645c26dca2b2fcb43fc518",
    "Yne@$w-vo<fVvi]a<NY6T1ed:M$fCG*[IaLV{hID",
  ],
  [
    "zmq_curve(7), a server's public key",
    "54fcba24e93249969316fb617c872bb0c1d1ff14800427c594cbfacf1bc2d652",
    "rq:rM>}U?@Lns47E1%kR.o@n%FcmmsL/@{H8]yf7",
  ],
  ["zeros", "00000000", "00000"],
  ["ones", "ffffffff", "%nSc0"],
  ["nothing", "", ""],
] as const) {
  test(`${source}: both ways`, () => {
    assert.equal(encodeZ85(Buffer.from(hex, "hex")), text);
    assert.equal(Buffer.from(decodeZ85(text)).toString("hex"), hex);
  });
}

test("what was encoded is decoded to the same, wherever in memory it lies", () => {
  fc.assert(
    fc.property(fc.array(fc.uint8Array({ minLength: 4, maxLength: 4 })), fc.nat(3), (groups, offset) => {
      const octets = Buffer.concat([Buffer.alloc(offset), ...groups]).subarray(offset);
      const text = encodeZ85(octets);
      assert.equal(text.length, groups.length * 5);
      assert.deepEqual(decodeZ85(text), new Uint8Array(octets));
    }),
  );
});

test("any text is decoded or refused", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary", maxLength: 20 }), (text) => {
      try {
        assert.equal(encodeZ85(decodeZ85(text)), text);
      } catch (error) {
        assert.equal((error as { code?: string }).code, "EINVAL");
      }
    }),
  );
});

test("what it refuses, and that the error does not repeat it", () => {
  for (const length of [1, 2, 3, 5]) assert.throws(() => encodeZ85(new Uint8Array(length)), { code: "EINVAL" });
  for (const text of ["Hello,World", "abcd", "     ", "abcd\x7f", "abcd\u0131", "abcd\u{1f600}"]) {
    assert.throws(() => decodeZ85(text), { code: "EINVAL" }, text);
  }
  // One more than four octets hold, and the most that five characters can say.
  for (const text of ["%nSc1", "#####"])
    assert.throws(() => decodeZ85(text), { code: "EINVAL", message: /more than four/ });
  assert.throws(
    () => decodeZ85("secre~"),
    (error: Error) => !error.message.includes("secre"),
  );
  assert.throws(() => encodeZ85("text" as never), TypeError);
  assert.throws(() => decodeZ85(Buffer.from("HelloWorld") as never), TypeError);
});
