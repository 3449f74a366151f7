// SPDX-License-Identifier: MIT
/** The runtimes of `package.json` here, each installed from the registry when it is first asked for, and kept in `build/`. */
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
  readonly program: string;
}

/** All names, in the order of tables. */
export const names: readonly string[] = Object.keys(versions)
  .filter((name) => name.startsWith("node-"))
  .concat("bun", "deno");

/** Gives the runtime with this name. @throws where the registry does not give it */
export function install(name: string): Installed {
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
