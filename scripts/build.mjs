// SPDX-License-Identifier: MIT
/**
 * Builds what users install from `src/`, into `dist/` or `--out <folder>`: declarations by TypeScript's compiler, one for
 * each source, and code by esbuild, one file for each entry. Node takes half a millisecond to load a module, however small,
 * so that one file loads five times as fast as a hundred. Nothing is minified: a program that stops in this code, or fails
 * in it, shows names and lines that can be read.
 */
import { spawnSync } from "node:child_process";
import { readFileSync, rmSync } from "node:fs";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { build } from "esbuild";

const root = fileURLToPath(new URL("..", import.meta.url));
const { values } = parseArgs({ options: { out: { type: "string", default: join(root, "dist") } } });
const folder = resolve(values.out);
const { engines } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));

rmSync(folder, { recursive: true, force: true });
const compiler = join(root, "node_modules/typescript/bin/tsc");
const declare = [compiler, "-p", join(root, "tsconfig.build.json"), "--outDir", folder];
const { status } = spawnSync(process.execPath, declare, { cwd: root, stdio: "inherit" });
if (status === 0) {
  await build({
    absWorkingDir: root,
    entryPoints: ["src/index.ts"],
    outdir: folder,
    bundle: true,
    format: "esm",
    platform: "node",
    target: engines.node.replace(/^\D+/, "node"),
    charset: "utf8",
    logLevel: "warning",
  });
}
process.exitCode = status ?? 1;
