// SPDX-License-Identifier: MIT
/** Loading libsodium: when it is first needed, once, and with words for whoever has to mend an installation. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { SodiumLibrary } from "../../../src/runtime/sodium.ts";

const absent = (): never => {
  throw new Error("Cannot find package");
};

test("it is loaded once, and not before it is asked for", async () => {
  let times = 0;
  const library = new SodiumLibrary(() => {
    times += 1;
    return import("libsodium-wrappers");
  }, absent);
  library.keyPair();
  assert.equal(library.crypto, undefined);
  assert.equal(times, 0);
  await Promise.all([library.load(), library.load()]);
  await library.load();
  assert.equal(times, 1);
  assert.ok(library.crypto !== undefined);
});

test("native code that is not there, or does not load, is done without", async () => {
  const library = new SodiumLibrary(undefined, absent);
  await library.load();
  assert.ok(library.crypto !== undefined);
});

test("without libsodium there is no CURVE, and the error says what to install", async () => {
  const library = new SodiumLibrary(() => Promise.reject(new Error("Cannot find package")), absent);
  await assert.rejects(library.load(), (error: Error & { code?: string }) => {
    assert.equal(error.code, "ENOTSUP");
    assert.match(error.message, /libsodium-wrappers.*Cannot find package/);
    return true;
  });
  assert.equal(library.crypto, undefined);
});

test("keys are there at once, and those of both ways are alike", async () => {
  const library = new SodiumLibrary();
  const { publicKey, secretKey } = library.keyPair();
  assert.deepEqual([publicKey.length, secretKey.length], [32, 32]);
  assert.deepEqual(library.publicKey(secretKey), publicKey);
  await library.load();
  const other = library.crypto?.keyPair();
  assert.deepEqual(Buffer.from(library.publicKey(other?.secretKey as Uint8Array)), Buffer.from(other?.publicKey ?? []));
});
