// SPDX-License-Identifier: MIT
/**
 * The tools of `package.json` here, installed once into `build/` and kept for the next run; and a project with the packed package, in
 * a folder outside this repository, so that nothing is found by chance.
 */
import { spawn, spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { once } from "node:events";
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

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

function npm(cwd: string, ...args: string[]): { status: number | null; text: string } {
  const path = process.env["npm_execpath"];
  const [command, before] = path === undefined ? ["npm", []] : [process.execPath, [path]];
  const options = { cwd, encoding: "utf8", timeout: 110_000 } as const;
  const { status, stdout, stderr } = spawnSync(command, [...before, ...args], options);
  return { status, text: `${stdout}${stderr}` };
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
  const staged = join(parent, "staged");
  const folder = join(parent, "project");
  mkdirSync(staged);
  for (const name of ["package.json", "README.md", "LICENSE", "CHANGELOG.md"]) {
    cpSync(join(root, name), join(staged, name));
  }
  const build = [join(root, "scripts/build.mjs"), "--out", join(staged, "dist")];
  const { status, stdout, stderr } = spawnSync(process.execPath, build, { cwd: root, encoding: "utf8" });
  if (status !== 0) throw new Error(`the build failed:\n${stdout}${stderr}`);
  must(npm(staged, "pack", "--silent", "--ignore-scripts", `--pack-destination=${parent}`));
  const { name, version } = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as Record<string, string>;
  const tarball = join(parent, `${name}-${version}.tgz`);
  cpSync(join(here, "programs"), folder, { recursive: true });
  writeFileSync(join(folder, "package.json"), '{ "name": "project", "private": true }');
  must(npm(folder, ...INSTALL, tarball));
  return { folder, tarball, remove: () => rmSync(parent, { recursive: true, force: true }) };
}

function must({ status, text }: { status: number | null; text: string }): void {
  if (status !== 0) throw new Error(text);
}
