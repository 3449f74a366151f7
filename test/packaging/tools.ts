// SPDX-License-Identifier: MIT
/**
 * The tools of `package.json` here, installed once into `build/` and kept for the next run; and a project with the packed package, in
 * a folder outside this repository, so that nothing is found by chance.
 */
import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { once } from "node:events";
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { mustNpm, npm, packedPackage } from "../support/packed.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));
const here = fileURLToPath(new URL(".", import.meta.url));

/** How a command ended, and all it printed. */
export interface Ended {
  readonly code: number | null;
  readonly output: string;
}

/** Runs a command to its end, or for a minute. */
export async function run(command: string, args: readonly string[], cwd: string, more = {}): Promise<Ended> {
  const env = { ...process.env, NO_COLOR: "1", FORCE_COLOR: "0", ...more };
  const child = spawn(command, args, { cwd, env, stdio: ["ignore", "pipe", "pipe"], timeout: 60_000 });
  let output = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8").on("data", (text: string) => {
      output += text;
    });
  }
  const [code] = (await once(child, "close")) as [number | null];
  return { code, output };
}

const INSTALL = ["install", "--ignore-scripts", "--no-audit", "--no-fund", "--no-package-lock", "--prefer-offline"];

/** Where the tools are; undefined: they are not here, and the registry does not answer. */
export function findTools(): string | undefined {
  const manifest = readFileSync(join(here, "package.json"));
  const mark = createHash("sha256").update(manifest).digest("hex").slice(0, 12);
  const folder = join(root, "build", `packaging-${mark}`);
  if (existsSync(folder)) return join(folder, "node_modules");
  mkdirSync(join(root, "build"), { recursive: true });
  const fresh = mkdtempSync(join(root, "build", "installing-"));
  writeFileSync(join(fresh, "package.json"), manifest);
  const { status } = npm(fresh, ...INSTALL);
  if (status === 0 && !existsSync(folder)) renameSync(fresh, folder);
  else rmSync(fresh, { recursive: true, force: true });
  return status === 0 ? join(folder, "node_modules") : undefined;
}

/** A project that has the tarball installed, and the programs; gives its folder. The tarball is beside it. */
export function makeProject(): { readonly folder: string; readonly tarball: string; readonly remove: () => void } {
  const parent = mkdtempSync(join(tmpdir(), "zeromq-packaging-"));
  const folder = join(parent, "project");
  const { tarball } = packedPackage();
  cpSync(join(here, "programs"), folder, { recursive: true });
  writeFileSync(join(folder, "package.json"), '{ "name": "project", "private": true }');
  mustNpm(folder, ...INSTALL, tarball);
  return { folder, tarball, remove: () => rmSync(parent, { recursive: true, force: true }) };
}
