// SPDX-License-Identifier: MIT
/** A folder of certificates: what is found, when it is read again, and what a folder may contain besides. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { certificateOf, formatCertificate } from "../../../src/auth/certificate.ts";
import { CertificateFolder } from "../../../src/auth/certificate-folder.ts";
import { encodeZ85 } from "../../../src/base/z85.ts";
import { MemoryFiles } from "../../support/memory-files.ts";

/** The key of a number. */
function key(number: number): string {
  const octets = new Uint8Array(32).fill(1);
  new DataView(octets.buffer).setUint32(0, number);
  return encodeZ85(octets);
}

function text(number: number, metadata: Record<string, string> = {}): string {
  return formatCertificate(certificateOf(key(number), undefined, Object.entries(metadata)), false);
}

interface Rig {
  readonly disk: MemoryFiles;
  readonly folder: CertificateFolder;
  readonly problems: string[];
  wait(time: number): void;
  has(number: number): Promise<boolean>;
}

function rig(): Rig {
  const disk = new MemoryFiles();
  const problems: string[] = [];
  let now = 0;
  const folder = new CertificateFolder(
    "keys",
    () => Promise.resolve(disk),
    1000,
    () => now,
    (path, error) => problems.push(`${path}: ${(error as Error).message}`),
  );
  return {
    disk,
    folder,
    problems,
    wait: (time) => {
      now += time;
    },
    has: async (number) => (await folder.find(key(number))) !== undefined,
  };
}

test("certificates are found by their keys, in sub-folders too; secret and hidden files are not looked at", async () => {
  const { disk, folder, problems, has } = rig();
  disk
    .put("keys/1.key", text(1, { name: "one" }))
    .put("keys/a/b/2", text(2))
    .put("elsewhere/5", text(5));
  disk.put("keys/1.key_secret", text(3)).put("keys/.hidden", text(4)).put("keys/.git/6", text(6));
  assert.deepEqual([await has(1), await has(2)], [true, true]);
  assert.equal((await folder.find(key(1)))?.metadata.get("name"), "one");
  for (const number of [3, 4, 5, 6]) assert.equal(await has(number), false);
  assert.ok(disk.reads.every((path) => !/_secret|\/\./.test(path)));
  assert.deepEqual(problems, []);
});

test("what is added counts at once, what is taken away or changed soon after; only what has changed is read", async () => {
  const { disk, wait, has } = rig();
  disk.put("keys/1", text(1)).put("keys/2", text(2));
  assert.equal(await has(1), true);
  disk.put("keys/3", text(3));
  assert.equal(await has(3), true);
  assert.deepEqual(disk.reads.toSorted(), ["keys/1", "keys/2", "keys/3"]);
  const { lists } = disk;
  disk.texts.delete("keys/1");
  disk.put("keys/2", text(22));
  assert.deepEqual([await has(1), await has(2), await has(3)], [true, true, true], "what was read a moment ago");
  assert.equal(disk.lists, lists);
  wait(1000);
  assert.deepEqual([await has(1), await has(2), await has(22)], [false, false, true]);
  assert.equal(disk.reads.length, 4);
});

test("a folder that is not there may come later; it is told once", async () => {
  const { disk, problems, wait, has } = rig();
  assert.equal(await has(1), false);
  wait(5000);
  assert.equal(await has(1), false);
  assert.equal(problems.length, 1);
  disk.put("keys/1", text(1));
  assert.equal(await has(1), true);
});

test("what is no certificate is passed over and told once, until it changes", async () => {
  const { disk, problems, wait, has } = rig();
  disk.put("keys/1", text(1)).put("keys/README", "Hello!").put("keys/octets", Uint8Array.of(0xff));
  disk.put("keys/long", `${text(2)}${"#".repeat(70_000)}`);
  assert.equal(await has(1), true);
  wait(5000);
  assert.equal(await has(1), true);
  assert.deepEqual(problems.map((each) => each.split(":")[0]).toSorted(), ["keys/README", "keys/long", "keys/octets"]);
  disk.put("keys/README", text(7));
  assert.equal(await has(7), true);
});

test("links that go round in circles, or nowhere, end", async () => {
  const { disk, has } = rig();
  disk.put("keys/a/1", text(1));
  disk.links.set("keys/a/up", "keys").set("keys/self", "keys/self").set("keys/nowhere", "gone");
  assert.equal(await has(1), true);
  assert.equal(await has(2), false);
  assert.ok(disk.lists < 10, `${disk.lists} folders`);
});

test("folders in folders are followed so deep, and no deeper", async () => {
  const { disk, has } = rig();
  disk.put(`keys/${"d/".repeat(15)}1`, text(1)).put(`keys/${"d/".repeat(16)}2`, text(2));
  assert.deepEqual([await has(1), await has(2)], [true, false]);
});

test("many questions at once share what is looked up", async () => {
  const { disk, has } = rig();
  for (let i = 0; i < 100; i += 1) disk.put(`keys/${i}`, text(i));
  const all = await Promise.all(Array.from({ length: 200 }, (_, i) => has(i)));
  assert.equal(all.filter(Boolean).length, 100);
  assert.ok(disk.lists <= 3, `${disk.lists} times`);
  assert.equal(disk.reads.length, 100);
});
