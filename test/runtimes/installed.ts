// SPDX-License-Identifier: MIT
/**
 * The runtimes of `package.json` here, each installed from the registry when it is first asked for, and kept in `build/`; and the browsers of
 * this machine.
 */
import { spawnSync } from "node:child_process";
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { browsers } from "../browser/browsers.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));
const { platform, arch } = process;

/** Name and version of each. */
const versions = (
  JSON.parse(readFileSync(new URL("package.json", import.meta.url), "utf8")) as {
    dependencies: Record<string, string>;
  }
).dependencies;

/** A runtime that is there. */
export interface Installed {
  readonly name: string;
  readonly version: string;
  /** What runs test files. A browser runs none: they run on Node, and ask the browser for functions. */
  readonly program: string;
}

/** All names, in the order of tables. */
export const names: readonly string[] = Object.keys(versions)
  .filter((name) => name.startsWith("node-"))
  .concat("bun", "deno", ...browsers.map(lowerCased));

function lowerCased({ name }: { readonly name: string }): string {
  return name.toLowerCase();
}

/** Whether a name is a browser's. */
export function isBrowser(name: string): boolean {
  return browsers.some((kind) => lowerCased(kind) === name);
}

/** Gives the runtime with this name. @throws where the registry does not give it, and where a browser is not there */
export function install(name: string): Installed {
  if (isBrowser(name)) return findBrowser(name);
  const wanted = (versions[name] as string).replace("linux-x64", `${platform}-${arch}`);
  const version = wanted.replace(/.*@/, "");
  const folder = join(root, "build", "runtimes", `${name}-${version}`);
  const modules = join(folder, "node_modules");
  if (!existsSync(folder)) fill(folder, { [name]: wanted });
  const end = platform === "win32" ? ".exe" : "";
  const libc = platform === "linux" ? "-glibc" : "";
  const places: Record<string, string> = {
    bun: `@oven/bun-${platform}-${arch}/bin/bun`,
    deno: `@deno/${platform}-${arch}${libc}/deno`,
  };
  const program = join(modules, (places[name] ?? `${name}/bin/node`) + end);
  // Its own script, which does not run, would do so.
  if (platform !== "win32") chmodSync(program, 0o755);
  return { name, version, program };
}

function findBrowser(name: string): Installed {
  const path = browsers.find((kind) => lowerCased(kind) === name)?.path;
  if (path === undefined) throw new Error(`${name} is not installed`);
  const { stdout } = spawnSync(path, ["--version"], { encoding: "utf8", timeout: 20_000 });
  const [version = ""] = /\d[\d.]*(?:esr)?/.exec(stdout) ?? [];
  return { name, version, program: process.execPath };
}

/** Another process may do the same meanwhile: whoever is ready first keeps its folder. */
function fill(folder: string, dependencies: Record<string, string>): void {
  mkdirSync(join(folder, ".."), { recursive: true });
  const fresh = mkdtempSync(`${folder}-`);
  writeFileSync(join(fresh, "package.json"), JSON.stringify({ private: true, dependencies }));
  const npm = process.env["npm_execpath"];
  const options = ["install", "--ignore-scripts", "--no-audit", "--no-fund", "--no-package-lock", "--prefer-offline"];
  const [command, before] = npm === undefined ? ["npm", []] : [process.execPath, [npm]];
  const { status, stderr } = spawnSync(command, [...before, ...options], {
    cwd: fresh,
    encoding: "utf8",
    timeout: 110_000,
  });
  if (status === 0 && !existsSync(folder)) renameSync(fresh, folder);
  else rmSync(fresh, { recursive: true, force: true });
  if (status !== 0) throw new Error(`the registry does not give ${JSON.stringify(dependencies)}: ${stderr}`);
}
