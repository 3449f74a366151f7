// SPDX-License-Identifier: MIT
/** curveKeyPair and curvePublicKey; the vectors are those of libzmq's zmq_curve(7) and zmq_curve_public(3). */
import assert from "node:assert/strict";
import { test } from "node:test";
import { inspect } from "node:util";
import { curveKeyPair, curvePublicKey, Reply, z85 } from "../../../src/index.ts";
import { CLIENT, SERVER } from "../../support/curve-keys.ts";

test("a secret key's public key is libzmq's, from text and from octets", () => {
  for (const { publicKey, secretKey } of [CLIENT, SERVER]) {
    assert.equal(curvePublicKey(secretKey), publicKey);
    assert.equal(curvePublicKey(z85.decode(secretKey)), publicKey);
    assert.equal(curvePublicKey(new Uint8Array(z85.decode(secretKey))), publicKey);
  }
});

test("each pair is new, in Z85, and belongs together", () => {
  const pairs = Array.from({ length: 20 }, curveKeyPair);
  for (const { publicKey, secretKey } of pairs) {
    assert.equal(z85.decode(publicKey).length, 32);
    assert.equal(z85.decode(secretKey).length, 32);
    assert.equal(curvePublicKey(secretKey), publicKey);
  }
  assert.equal(new Set(pairs.flatMap(({ publicKey, secretKey }) => [publicKey, secretKey])).size, 40);
});

test("what is no secret key is EINVAL", () => {
  for (const wrong of ["", "x".repeat(39), "x".repeat(41), "~".repeat(40), new Uint8Array(33)]) {
    assert.throws(() => curvePublicKey(wrong), { code: "EINVAL" });
  }
  for (const wrong of [undefined, null, 5]) assert.throws(() => curvePublicKey(wrong as unknown as string), TypeError);
});

test("a secret key shows in no inspection of a socket, and in no JSON of its options", async () => {
  const socket = new Reply({ curveServer: true, curveSecretKey: SERVER.secretKey, linger: 0 });
  await socket.bind("tcp://127.0.0.1:*");
  const shown = inspect(socket, { depth: Number.POSITIVE_INFINITY, showHidden: true, maxArrayLength: null });
  assert.ok(shown.includes("curveSecretKey"));
  for (const text of [shown, JSON.stringify(socket.works.core.options)]) {
    assert.ok(!text.includes(SERVER.secretKey));
    assert.ok(!text.includes(z85.decode(SERVER.secretKey).toString("hex").slice(0, 12)));
  }
  assert.equal(socket.curveSecretKey, SERVER.secretKey);
  await socket.close();
});
