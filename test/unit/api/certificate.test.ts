// SPDX-License-Identifier: MIT
/** Certificates as programs have them: made, saved, loaded, and used for a socket. */
import assert from "node:assert/strict";
import { existsSync, mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { inspect } from "node:util";
import { Certificate as CoreCertificate } from "../../../src/api/certificate.ts";
import { Certificate, curvePublicKey } from "../../../src/index.ts";
import { join as joined, receiveTexts, withSockets } from "../../support/sockets.ts";

const SECRET = "D:)Q[IlAW!ahhC2ac:9*A}h:p?([4%wOTJ%JR%cs";
const PUBLIC = "Yne@$w-vo<fVvi]a<NY6T1ed:M$fCG*[IaLV{hID";

/** Runs a test with a folder of its own. */
async function withFolder(run: (folder: string) => Promise<void>): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "zeromq-ts-certificates-"));
  try {
    await run(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

test("a pair is saved as two files, the secret one for its owner alone; loading takes the secret one first", () =>
  withFolder(async (folder) => {
    const path = join(folder, "server.key");
    const certificate = Certificate.generate({ name: "server", place: 'the "cellar"' });
    await certificate.save(path);
    if (process.platform !== "win32") assert.equal(statSync(`${path}_secret`).mode & 0o777, 0o600);
    const loaded = await Certificate.load(path);
    assert.deepEqual([loaded.publicKey, loaded.secretKey], [certificate.publicKey, certificate.secretKey]);
    assert.deepEqual([...loaded.metadata], [...certificate.metadata]);
    assert.ok(loaded instanceof Certificate);
    rmSync(`${path}_secret`);
    const open = await Certificate.load(path);
    assert.deepEqual([open.publicKey, open.secretKey], [certificate.publicKey, undefined]);
    assert.throws(() => open.options, { code: "EINVAL" });
    await open.save(path);
    assert.equal(existsSync(`${path}_secret`), false);
    await certificate.savePublic(join(folder, "public"));
    assert.equal(existsSync(join(folder, "public_secret")), false);
  }));

test("from keys: the public one follows from the secret one", () => {
  assert.equal(new Certificate({ secretKey: SECRET }).publicKey, PUBLIC);
  assert.deepEqual(new Certificate({ secretKey: SECRET }).options, { curvePublicKey: PUBLIC, curveSecretKey: SECRET });
  assert.equal(new Certificate({ publicKey: PUBLIC }).secretKey, undefined);
  const { publicKey, secretKey } = Certificate.generate();
  assert.equal(curvePublicKey(secretKey as string), publicKey);
  for (const wrong of [{}, { publicKey: "short" }, { publicKey: PUBLIC, secretKey: "short" }]) {
    assert.throws(() => new Certificate(wrong), { code: "EINVAL" });
  }
  assert.throws(() => CoreCertificate.generate(), TypeError);
});

test("the secret key is in its property and in its file, and nowhere else", () => {
  const certificate = new Certificate({ secretKey: SECRET, metadata: new Map([["a", "b"]]) });
  for (const shown of [inspect(certificate, { showHidden: true }), JSON.stringify(certificate), String(certificate)]) {
    assert.ok(!shown.includes(SECRET));
    assert.ok(shown.includes(PUBLIC.slice(0, 8)));
  }
  assert.equal(Certificate.parse(String(certificate)).publicKey, PUBLIC);
});

test("what cannot be loaded is told with its path, and no part of it", () =>
  withFolder(async (folder) => {
    const path = join(folder, "a");
    await assert.rejects(Certificate.load(path), { code: "ENOENT" });
    writeFileSync(path, `curve\n    public-key = "${SECRET}x"`);
    await assert.rejects(Certificate.load(path), (error: Error & { code?: string }) => {
      assert.equal(error.code, "EINVAL");
      assert.ok(error.message.includes(path) && !error.message.includes(SECRET));
      return true;
    });
    const certificate = Certificate.generate({ "not a name": "x" });
    await assert.rejects(certificate.save(path), { code: "EINVAL" });
    await assert.rejects(Certificate.generate().save(join(folder, "none", "a")), { code: "ENOENT" });
  }));

test("two certificates are all that two sockets need", () =>
  withSockets(async (open) => {
    const [ofServer, ofClient] = [Certificate.generate(), Certificate.generate({ name: "ann" })];
    const server = open("rep", {
      curveServer: true,
      ...ofServer.options,
      authorize: new Set([ofClient.publicKey]),
    });
    const client = open("req", { curveServerKey: ofServer.publicKey, ...ofClient.options });
    await joined(server, client);
    await client.send("hello");
    assert.deepEqual(await receiveTexts(server), ["hello"]);
  }));
