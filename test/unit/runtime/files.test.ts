// SPDX-License-Identifier: MIT
/** Files of passwords and certificates on a real disk: what is seen, read and written, and what is refused. */
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { openFiles } from "../../../src/runtime/files.ts";

/** Runs a test with a folder of its own. */
async function withFolder(run: (folder: string) => Promise<void>): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "zeromq-ts-files-"));
  try {
    await run(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

test("files are written whole, secret ones for their owner alone, and read back", () =>
  withFolder(async (folder) => {
    const files = await openFiles();
    const [open, secret] = [files.join(folder, "open"), files.join(folder, "secret")];
    await files.write(open, "to all", false);
    await files.write(secret, "to nobody", true);
    await files.write(secret, "still to nobody", true);
    assert.equal(Buffer.from(await files.read(secret, 15)).toString(), "still to nobody");
    if (process.platform !== "win32") {
      assert.equal(statSync(secret).mode & 0o777, 0o600);
      assert.equal(statSync(open).mode & 0o077 & ~0o044, 0);
    }
    assert.deepEqual(readdirSync(folder).toSorted(), ["open", "secret"], "no drafts are left");
    await assert.rejects(files.write(join(folder, "none", "x"), "", true), { code: "ENOENT" });
    assert.deepEqual(readdirSync(folder).length, 2);
  }));

test("what can be seen of a file: what it is, which, and whether it has changed", () =>
  withFolder(async (folder) => {
    const files = await openFiles();
    const path = join(folder, "a");
    assert.equal(await files.look(path), undefined);
    assert.equal(await files.look(join(folder, "none", "a")), undefined);
    writeFileSync(path, "1");
    const first = await files.look(path);
    symlinkSync(path, join(folder, "b"));
    assert.deepEqual([first?.kind, (await files.look(join(folder, "b")))?.id], ["file", first?.id]);
    writeFileSync(path, "22");
    const second = await files.look(path);
    assert.ok(second?.id === first?.id && second?.version !== first?.version);
    await files.write(path, "33", false);
    assert.notEqual((await files.look(path))?.version, second?.version);
    assert.equal(await files.look(join(path, "below")), undefined);
    assert.equal((await files.look(folder))?.kind, "folder");
    symlinkSync("loop", join(folder, "loop"));
    await assert.rejects(files.look(join(folder, "loop")), { name: "ZmqError" });
  }));

test("a folder is listed so far and no further", () =>
  withFolder(async (folder) => {
    const files = await openFiles();
    for (let i = 0; i < 10; i += 1) writeFileSync(join(folder, String(i)), "");
    assert.equal((await files.list(folder, 100)).length, 10);
    assert.equal((await files.list(folder, 3)).length, 3);
    assert.deepEqual(await files.list(join(folder, "none"), 3), []);
    assert.deepEqual(await files.list(join(folder, "1"), 3), []);
  }));

test("what is too long, no file, or not there, is told with its path; a pipe without a writer is not waited for", () =>
  withFolder(async (folder) => {
    const files = await openFiles();
    const path = join(folder, "a");
    writeFileSync(path, "12345");
    await assert.rejects(files.read(path, 4), { code: "EMSGSIZE", message: new RegExp(path) });
    await assert.rejects(files.read("/dev/zero", 4), process.platform === "linux" ? { code: "EINVAL" } : {});
    mkdirSync(join(folder, "d"));
    await assert.rejects(files.read(join(folder, "d"), 4), { code: "EINVAL" });
    await assert.rejects(files.read(join(folder, "none"), 4), { code: "ENOENT", message: /none/ });
    await assert.rejects(files.read(join(path, "below"), 4), { code: "ENOENT" });
    if (process.platform === "win32") return;
    execFileSync("mkfifo", [join(folder, "pipe")]);
    await assert.rejects(files.read(join(folder, "pipe"), 4), { code: "EINVAL" });
    assert.equal((await files.look(join(folder, "pipe")))?.kind, "other");
  }));
