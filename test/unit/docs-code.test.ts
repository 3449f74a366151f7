// SPDX-License-Identifier: MIT
import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import test from "node:test";
import { blocksOf, checkBlocks, findBlocks, runnable } from "../support/docs-code.ts";
import { runToEnd } from "../support/processes.ts";

const blocks = findBlocks();

async function withFolder(use: (folder: string) => Promise<void>): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "zeromq-ts-docs-"));
  try {
    writeFileSync(join(folder, "package.json"), '{ "type": "module" }');
    await use(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

test("blocks are found with the place, the kind and the output that they have", () => {
  const text =
    "one\n```ts run\ncode();\n```\n\nprints\n\n```text output\n1\n```\n```js\nold\n```\n```ts\nmore();\n```\n";
  assert.deepEqual(blocksOf("a.md", text), [
    { where: "a.md:2", code: "code();\n", isProgram: true, output: "1\n" },
    { where: "a.md:14", code: "more();\n", isProgram: false, output: undefined },
  ]);
});

test("a wrong block is found, with its line in the document", async () => {
  await withFolder(async (folder) => {
    const block = { isProgram: false, output: undefined };
    const errors = checkBlocks(
      [
        { ...block, where: "a.md:10", code: 'import { Push } from "zeromq-ts";\nnew Push().receive();\n' },
        { ...block, where: "b.md:1", code: 'await push.send("x");\n' },
      ],
      folder,
    );
    assert.deepEqual(
      errors.map((error) => error.split(" Property")[0]),
      ["a.md:12: TS2339"],
    );
  });
});

test("all code in the documents compiles", async () => {
  assert.ok(blocks.length > 0);
  await withFolder(async (folder) => {
    const errors = checkBlocks(blocks, folder);
    assert.ok(errors.length === 0, `\n${errors.join("\n")}\n`);
  });
});

test("programs in the documents run and print what the documents say", { concurrency: 2 }, async (t) => {
  await withFolder(async (folder) => {
    await Promise.all(
      blocks
        .filter(({ isProgram }) => isProgram)
        .map(({ where, code, output }, index) =>
          t.test(where, async () => {
            const file = join(folder, `program-${index}.ts`);
            writeFileSync(file, await runnable(code));
            const printed = await runToEnd(process.execPath, "--import", import.meta.resolve("tsx"), file);
            if (output !== undefined) assert.equal(printed, output);
          }),
        ),
    );
  });
});
