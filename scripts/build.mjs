// SPDX-License-Identifier: MIT
/**
 * Builds what users install from `src/`, into `dist/` or `--out <folder>`: declarations by TypeScript's compiler, put together
 * by `roll-up.mjs` and `share-types.mjs`, and code by esbuild, one file for each entry. Node takes half a millisecond to load a
 * module, however small, so that one file loads five times as fast as a hundred. White space goes; names stay: a program that stops in
 * this code, or fails in it, shows them. Which file is for whom: docs/decisions/0010.
 */
import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { build } from "esbuild";
import { bundleBrowserFiles } from "./browser-bundle.mjs";
import { rollUp } from "./roll-up.mjs";
import { shareTypes } from "./share-types.mjs";

/** The entries; all but the first take what they share from the first, so that there is one of each class. */
const ENTRIES = ["index", "draft", "v5-compat"];

const root = fileURLToPath(new URL("..", import.meta.url));
const { values } = parseArgs({ options: { out: { type: "string", default: join(root, "dist") } } });
const folder = resolve(values.out);
const { engines } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));

/** Leaves the main entry out of the others' bundles. */
const sharing = {
  name: "sharing",
  setup: (plugins) =>
    plugins.onResolve({ filter: /\/index\.ts$/ }, ({ path, importer }) =>
      /[\\/]src[\\/](compat[\\/])?[\w-]+\.ts$/.test(importer) && /^\.\.?\/index\.ts$/.test(path)
        ? { path: "./index.cjs", external: true }
        : undefined,
    ),
};

/** One entry's code; gives the names that it exports. */
async function bundle(entry) {
  const { outputFiles } = await build({
    absWorkingDir: root,
    entryPoints: [`src/${entry}.ts`],
    write: false,
    bundle: true,
    format: "cjs",
    platform: "node",
    // What is loaded on first use stays in its own package.
    packages: "external",
    target: engines.node.replace(/^\D+/, "node"),
    charset: "utf8",
    // Names stay, so that stack traces can be read, and lines are short, as Node prints the one that an error came from.
    minifyWhitespace: true,
    lineLimit: 120,
    logLevel: "warning",
    // Asked for in `runtime/packages.ts`, which knows that CommonJS has none.
    logOverride: { "empty-import-meta": "silent" },
    plugins: entry === "index" ? [] : [sharing],
  });
  const code = outputFiles[0].text
    // Rollup indents code without a look at strings that go on in the next line.
    .replaceAll(/(?<!\\)\\\n/g, "")
    // Where a bundler puts this into an ES module there is no `require` when it runs.
    .replaceAll(/\brequire\((?=["']node:)/g, "process.getBuiltinModule(");
  writeFileSync(join(folder, `${entry}.cjs`), code);
  // What esbuild writes for Node, which looks for names without running the file.
  const [, names] = /\b0&&\(module\.exports=\{([^}]*)\}\)/.exec(code);
  return names.split(",").map((name) => name.trim());
}

/** Takes away the declarations that no entry leads to: those of what is inside. */
function prune(types) {
  const wanted = new Set([...ENTRIES, "browser"].map((entry) => join(types, `${entry}.d.ts`)));
  for (const file of wanted) {
    for (const [, target] of readFileSync(file, "utf8").matchAll(/(?:from|import\() ?"(\.[^"]+)\.[jt]s"/g)) {
      wanted.add(join(dirname(file), `${target}.d.ts`));
    }
  }
  for (const name of readdirSync(types, { recursive: true })) {
    const file = join(types, name);
    if (statSync(file).isFile() && !wanted.has(file)) rmSync(file);
  }
}

function write(name, ...lines) {
  writeFileSync(join(folder, name), `${lines.join("\n")}\n`);
}

rmSync(folder, { recursive: true, force: true });
const compiler = join(root, "node_modules/typescript/bin/tsc");
// Below a folder node_modules, each file would be somebody else's to API Extractor.
const types = mkdtempSync(join(tmpdir(), "zeromq-ts-types-"));
// Types are checked by `npm run check`; what stands in declarations is written out in the sources.
const declare = [compiler, "-p", join(root, "tsconfig.build.json"), "--noCheck", "--outDir", types];
const { status } = spawnSync(process.execPath, declare, { cwd: root, stdio: "inherit" });
if (status === 0) {
  const rolled = ["index", "browser"].map((entry) => join(types, `${entry}.d.ts`));
  for (const file of rolled) rollUp(file);
  shareTypes(rolled, join(types, "shared.d.ts"), "./shared.js");
  prune(types);
  cpSync(types, join(folder, "types"), { recursive: true });
  mkdirSync(join(folder, "bundler"));
  write("types/package.json", '{ "type": "commonjs" }');
  const { main, curve } = await bundleBrowserFiles();
  write("browser.js", main);
  write("browser-curve.js", curve);
  write("browser.d.ts", 'export * from "./types/browser.js";');
  for (const entry of ENTRIES) {
    const names = (await bundle(entry)).map((name) => `  ${name},\n`).join("");
    write(
      `${entry}.mjs`,
      'import { createRequire } from "node:module";',
      `const all = createRequire(import.meta.url)("./${entry}.cjs");`,
      "export default all;",
      `export const {\n${names}} = all;`,
    );
    write(
      `bundler/${entry}.js`,
      `import {\n${names}} from "../${entry}.cjs";`,
      `export {\n${names}};`,
      `export default {\n${names}};`,
    );
    write(
      `${entry}.d.mts`,
      `export * from "./types/${entry}.js";`,
      `import * as all from "./types/${entry}.js";`,
      "export default all;",
    );
  }
}
rmSync(types, { recursive: true, force: true });
process.exitCode = status ?? 1;
