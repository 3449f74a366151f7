// SPDX-License-Identifier: MIT
/** How classes get their options and methods, and that a program loads no socket type that it does not use. */
import assert from "node:assert/strict";
import { basename } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { build, type OutputFile } from "esbuild";
import { complete } from "../../../../src/api/sockets/complete.ts";
import { socketTypes } from "../../../../src/pattern/index.ts";
import { PULL } from "../../../../src/pattern/pull.ts";

const root = fileURLToPath(new URL("../../../..", import.meta.url));

/** What goes into a bundle of a program: the names of the socket types' files, and the code. */
async function bundle(program: string): Promise<{ types: string[]; code: string }> {
  const { outputFiles, metafile } = await build({
    stdin: { contents: program, resolveDir: root },
    bundle: true,
    format: "esm",
    target: "es2023",
    metafile: true,
    write: false,
  });
  const inputs = Object.values(metafile.outputs).flatMap((output) => Object.entries(output.inputs));
  const used = inputs.filter(([path, { bytesInOutput }]) => path.includes("src/pattern/") && bytesInOutput > 0);
  const names = used.map(([path]) => basename(path, ".ts"));
  return {
    types: names.filter((name) => socketTypes.has(name.toUpperCase())).sort(),
    code: (outputFiles[0] as OutputFile).text,
  };
}

test("a class gets the options of its type, the methods it is given, and the row", () => {
  const type = { prototype: {} };
  assert.equal(complete(type, PULL, { receive: () => 1 }), PULL);
  assert.equal(Object.hasOwn(type.prototype, "receiveTimeout"), true);
  assert.equal(Object.hasOwn(type.prototype, "sendTimeout"), false);
  assert.equal(Object.hasOwn(type.prototype, "linger"), false);
  assert.equal(Object.hasOwn(type.prototype, "receive"), true);
});

for (const [classes, types] of [
  ["Pair", ["pair"]],
  ["Publisher, Subscriber", ["pub", "sub", "xpub", "xsub"]],
  ["Push, Pull", ["pull", "push"]],
  ["Dealer", ["dealer"]],
  ["Client, Server", ["client", "server"]],
  ["Radio, Dish", ["dish", "radio"]],
  ["Peer", ["peer", "server"]],
  ["Channel", ["channel", "pair"]],
] as const) {
  test(`a program that uses ${classes} loads nothing of the other types`, async () => {
    const bundled = await bundle(`export { ${classes} } from "./src/api/sockets.ts";`);
    assert.deepEqual(bundled.types, types);
  });
}

test("classes that are not used go even when all are in one file, as they are in a package", async () => {
  const all = await bundle(`export * from "./src/api/sockets.ts";`);
  const one = await bundle(`${all.code.replace(/^export \{[^}]*\};$/m, "")}\nexport { Pull2 as Pull };`);
  const rows = (code: string): string[] => [...code.matchAll(/name: "([A-Z]+)"/g)].map(([, name]) => name as string);
  assert.deepEqual(rows(all.code).sort(), [...socketTypes.keys()].sort());
  assert.deepEqual(rows(one.code), ["PULL"]);
});
