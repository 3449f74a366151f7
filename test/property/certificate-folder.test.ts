// SPDX-License-Identifier: MIT
/** Folders of certificates on a real disk, large and hostile: the good ones are found, and nothing else is let in or waited for. */
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import fc from "fast-check";
import { certificateOf, formatCertificate } from "../../src/auth/certificate.ts";
import { CertificateFolder } from "../../src/auth/certificate-folder.ts";
import { encodeZ85 } from "../../src/base/z85.ts";
import { openFiles } from "../../src/runtime/files.ts";

/** Runs a test with a folder of its own. */
async function withFolder(run: (folder: string) => Promise<void>): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "zeromq-ts-folder-"));
  try {
    await run(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function key(number: number): string {
  const octets = new Uint8Array(32).fill(9);
  new DataView(octets.buffer).setUint32(0, number);
  return encodeZ85(octets);
}

function text(number: number): string {
  return formatCertificate(certificateOf(key(number), undefined), false);
}

test("thousands of files, and links in circles, pipes, huge files, files that cannot be read", () =>
  withFolder(async (folder) => {
    for (let i = 0; i < 3000; i += 1) {
      const place = join(folder, String(i % 30));
      if (i < 30) mkdirSync(place);
      writeFileSync(join(place, `${i}.key`), text(i));
    }
    const odd = join(folder, "odd");
    mkdirSync(odd);
    symlinkSync("..", join(odd, "up"));
    symlinkSync("loop", join(odd, "loop"));
    symlinkSync("gone", join(odd, "gone"));
    symlinkSync("../1/1.key", join(odd, "link"));
    writeFileSync(join(odd, "huge"), Buffer.alloc(1_000_000, "#"));
    writeFileSync(join(odd, "closed"), text(5000));
    chmodSync(join(odd, "closed"), 0);
    if (process.platform !== "win32") execFileSync("mkfifo", [join(odd, "pipe")]);
    const problems: string[] = [];
    const now = (): number => 0;
    const store = new CertificateFolder(folder, openFiles, 1000, now, (path) => problems.push(path));
    const started = performance.now();
    const found = await Promise.all([0, 1, 2999, 3000].map((number) => store.find(key(number))));
    assert.deepEqual(
      found.map((each) => each?.publicKey),
      [key(0), key(1), key(2999), undefined],
    );
    assert.ok(performance.now() - started < 20_000);
    assert.ok(problems.includes(join(odd, "huge")) && problems.length <= 2, problems.join());
  }));

test("law: whatever files hold, exactly the certificates among them are found", () =>
  withFolder(async (folder) => {
    const content = fc.oneof(
      fc.uint8Array({ maxLength: 200 }).map((octets) => ({ octets, number: undefined })),
      fc.nat({ max: 20 }).map((number) => ({ octets: Buffer.from(text(number)), number })),
      fc.nat({ max: 20 }).map((number) => ({ octets: Buffer.from(text(number).slice(0, -8)), number: undefined })),
    );
    let run = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(content, { maxLength: 12 }), async (files) => {
        run += 1;
        const place = join(folder, String(run));
        mkdirSync(place);
        for (const [index, { octets }] of files.entries()) writeFileSync(join(place, String(index)), octets);
        const store = new CertificateFolder(
          place,
          openFiles,
          1e9,
          () => 0,
          () => {},
        );
        for (let number = 0; number <= 20; number += 1) {
          const isThere = files.some((file) => file.number === number);
          assert.equal((await store.find(key(number))) !== undefined, isThere);
        }
      }),
      { numRuns: 20 },
    );
  }));
