// SPDX-License-Identifier: MIT
/**
 * The package as users get it: built and packed by npm, once for the same sources, and kept in `build/` for whichever test comes
 * next. Used by the tests of the package, of its types and of programs that have it installed.
 */
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
} from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../..", import.meta.url));
const work = join(root, "build");
/** What goes into the package beside what is built. */
const TEXTS = ["package.json", "README.md", "LICENSE", "CHANGELOG.md"];
/** What has not been wanted for a day is of sources that are gone. */
const DAY = 24 * 60 * 60 * 1000;

/** Where the package is: packed, and laid out as in `node_modules`. Nobody writes there. */
export interface Packed {
  readonly tarball: string;
  readonly folder: string;
}

let packed: Packed | undefined;

/** Builds and packs, where nobody has done so since the sources changed. @throws Error with what was printed when it fails */
export function packedPackage(): Packed {
  packed ??= find(join(work, `package-${markOfSources()}`));
  return packed;
}

/** Runs npm: the one that runs these tests, where it does. */
export function npm(cwd: string, ...args: string[]): { readonly status: number | null; readonly text: string } {
  const path = process.env["npm_execpath"];
  const [command, before] = path === undefined ? ["npm", []] : [process.execPath, [path]];
  const options = { cwd, encoding: "utf8", timeout: 240_000 } as const;
  const { status, stdout, stderr } = spawnSync(command, [...before, ...args], options);
  return { status, text: `${stdout}${stderr}` };
}

/** Runs npm. @throws Error with what it printed when it fails */
export function mustNpm(cwd: string, ...args: string[]): void {
  const { status, text } = npm(cwd, ...args);
  if (status !== 0) throw new Error(`npm ${args.join(" ")} failed:\n${text}`);
}

/** What the package is made of, in sixteen letters. */
function markOfSources(): string {
  const hash = createHash("sha256");
  const sources = readdirSync(join(root, "src"), { recursive: true, encoding: "utf8" }).map((name) => `src/${name}`);
  const scripts = readdirSync(join(root, "scripts")).map((name) => `scripts/${name}`);
  const settings = readdirSync(root).filter((name) => /^tsconfig.*\.json$|^package-lock\.json$/.test(name));
  for (const name of [...sources, ...scripts, ...settings, ...TEXTS].sort()) {
    const file = join(root, name);
    if (statSync(file).isFile()) hash.update(`${name}\0`).update(readFileSync(file));
  }
  return hash.digest("hex").slice(0, 16);
}

function find(home: string): Packed {
  if (!existsSync(home)) make(home);
  const { name, version } = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as Record<string, string>;
  return { tarball: join(home, `${name}-${version}.tgz`), folder: join(home, "staged") };
}

function make(home: string): void {
  mkdirSync(work, { recursive: true });
  for (const name of readdirSync(work)) {
    if (!/^(package|packing)-\w+$/.test(name)) continue;
    if (Date.now() - statSync(join(work, name)).mtimeMs > DAY)
      rmSync(join(work, name), { recursive: true, force: true });
  }
  const fresh = mkdtempSync(join(work, "packing-"));
  try {
    const staged = join(fresh, "staged");
    mkdirSync(staged);
    for (const name of TEXTS) cpSync(join(root, name), join(staged, name));
    const build = [join(root, "scripts/build.mjs"), "--out", join(staged, "dist")];
    const { status, stdout, stderr } = spawnSync(process.execPath, build, { cwd: root, encoding: "utf8" });
    if (status !== 0) throw new Error(`the build failed:\n${stdout}${stderr}`);
    mustNpm(staged, "pack", "--silent", "--ignore-scripts", `--pack-destination=${fresh}`);
    renameSync(fresh, home);
  } catch (error) {
    rmSync(fresh, { recursive: true, force: true });
    // Another test file was as quick.
    if (!existsSync(home)) throw error;
  }
}
