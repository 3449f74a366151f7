// SPDX-License-Identifier: MIT
/**
 * Builds what users install from `src/`, into `dist/` or `--out <folder>`: declarations by TypeScript's compiler, put together
 * by `roll-up.mjs`, and code by esbuild, one file for each entry and module system. Node takes half a millisecond to load a
 * module, however small, so that one file loads five times as fast as a hundred. White space goes; names stay in what runs as it
 * is: a program that stops in this code, or fails in it, shows them. Which file is for whom: docs/decisions/0010.
 */
import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { build } from "esbuild";
import { bundleBrowser } from "./browser-bundle.mjs";
import { rollUp } from "./roll-up.mjs";

/** The entries; all but the first take what they share from the first, so that there is one of each class. */
const ENTRIES = ["index", "draft", "v5-compat"];

const root = fileURLToPath(new URL("..", import.meta.url));
const { values } = parseArgs({ options: { out: { type: "string", default: join(root, "dist") } } });
const folder = resolve(values.out);
const { engines } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));

/** Leaves the main entry out of the others' bundles. */
function sharing(extension) {
  return {
    name: "sharing",
    setup: (plugins) =>
      plugins.onResolve({ filter: /\/index\.ts$/ }, ({ path, importer }) =>
        /[\\/]src[\\/](compat[\\/])?[\w-]+\.ts$/.test(importer) && /^\.\.?\/index\.ts$/.test(path)
          ? { path: `./index${extension}`, external: true }
          : undefined,
      ),
  };
}

/** One entry's code; gives the names that it exports. */
async function bundle(entry, format, extension) {
  const outfile = join(folder, `${entry}${extension}`);
  const { metafile } = await build({
    absWorkingDir: root,
    entryPoints: [`src/${entry}.ts`],
    outfile,
    bundle: true,
    format,
    platform: "node",
    // What is loaded on first use stays in its own package.
    packages: "external",
    target: engines.node.replace(/^\D+/, "node"),
    charset: "utf8",
    // Bundlers print theirs anew. In what runs as it is names stay, so that stack traces can be read, and lines are short, as
    // Node prints the one that an error came from.
    ...(format === "cjs" ? { minifyWhitespace: true, lineLimit: 120 } : { minify: true }),
    logLevel: "warning",
    // Asked for in `runtime/packages.ts`, which knows that CommonJS has none.
    logOverride: { "empty-import-meta": "silent" },
    metafile: true,
    plugins: entry === "index" ? [] : [sharing(extension)],
  });
  return Object.values(metafile.outputs)[0].exports;
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
  for (const entry of ["index", "browser"]) rollUp(join(types, `${entry}.d.ts`));
  prune(types);
  cpSync(types, join(folder, "types"), { recursive: true });
  mkdirSync(join(folder, "bundler"));
  write("types/package.json", '{ "type": "commonjs" }');
  write("browser.js", await bundleBrowser(undefined, { keepsAnnotations: true }));
  write("browser.d.ts", 'export * from "./types/browser.js";');
  for (const entry of ENTRIES) {
    await bundle(entry, "cjs", ".cjs");
    const names = await bundle(entry, "esm", ".js");
    write(
      `${entry}.mjs`,
      'import { createRequire } from "node:module";',
      `const all = createRequire(import.meta.url)("./${entry}.cjs");`,
      "export default all;",
      `export const {\n${names.map((name) => `  ${name},\n`).join("")}} = all;`,
    );
    const withDefault = (place) => [
      `export * from "${place}";`,
      `import * as all from "${place}";`,
      "export default all;",
    ];
    write(`${entry}.d.mts`, ...withDefault(`./types/${entry}.js`));
    write(`bundler/${entry}.js`, ...withDefault(`../${entry}.js`));
  }
}
rmSync(types, { recursive: true, force: true });
process.exitCode = status ?? 1;
