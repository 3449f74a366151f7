// SPDX-License-Identifier: MIT
/**
 * Suite "size": what a user pays before the first message: milliseconds to import the main entry, octets to download, to
 * keep on disk, and to load in a browser. Neighbours: runner.ts, peers/import.ts.
 */
import { execFileSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { gzipSync } from "node:zlib";
import { bundleBrowser } from "../scripts/browser-bundle.mjs";
import { scripted } from "./contenders.ts";
import { figure, withPeers } from "./process.ts";
import { spread } from "./statistics.ts";
import type { Case, Contender, Suite } from "./suite.ts";

const root = fileURLToPath(new URL("..", import.meta.url));

/** The median of fresh processes, one after the other. */
async function importTime(contender: Contender, processes: number, timeout: number): Promise<number> {
  const times: number[] = [];
  const entry = contender.id === "ours" ? pathToFileURL(join(builtPackage(), "dist", "index.mjs")).href : "zeromq";
  for (let i = 0; i < processes; i += 1) {
    await withPeers(timeout, async (start) => {
      const only = start(contender.launch("import", entry, 0, 1, 1));
      times.push(figure(await only.next(), "milliseconds"));
      await only.ended();
    });
  }
  return spread(times).median;
}

/** The package as users get it: built once, in a folder of its own, so that nobody's `dist/` changes under them. */
let folder: string | undefined;

function builtPackage(): string {
  if (folder !== undefined) return folder;
  mkdirSync(join(root, "build"), { recursive: true });
  const built = mkdtempSync(join(root, "build", "size-"));
  process.once("exit", () => rmSync(built, { recursive: true, force: true }));
  execFileSync(process.execPath, [join(root, "scripts", "build.mjs"), "--out", join(built, "dist")], { stdio: "pipe" });
  for (const name of ["package.json", "README.md", "LICENSE", "CHANGELOG.md"]) {
    cpSync(join(root, name), join(built, name), { recursive: true });
  }
  folder = built;
  return built;
}

function packedSizes(): { packed: number; installed: number } {
  const npm = process.env["npm_execpath"];
  const [command, before] = npm === undefined ? ["npm", []] : [process.execPath, [npm]];
  const rest = ["pack", "--dry-run", "--json", "--ignore-scripts", "--loglevel=error"];
  const output = execFileSync(command, [...before, ...rest], { cwd: builtPackage(), encoding: "utf8", stdio: "pipe" });
  const [{ size, unpackedSize }] = JSON.parse(output) as [{ size: number; unpackedSize: number }];
  return { packed: size, installed: unpackedSize };
}

/** Octets of all that lies in a package's folder. */
function sizeOnDisk(folder: string): number {
  const files = readdirSync(folder, { recursive: true, encoding: "utf8" }).map((name) => statSync(join(folder, name)));
  return files.reduce((sum, file) => sum + (file.isFile() ? file.size : 0), 0);
}

/** The bundle as a page would get it: minified, then compressed as far as gzip goes. */
async function bundleSize(): Promise<number> {
  return gzipSync(await bundleBrowser(), { level: 9 }).length;
}

/** The sizes of ours; they are the same in every round. */
let own: Promise<Record<"packed" | "installed" | "bundle", number>> | undefined;

async function sizesOf({ id }: Contender): Promise<Record<string, number>> {
  if (id === "zeromq.js") return { installed: sizeOnDisk(join(root, "node_modules", "zeromq")) };
  own ??= bundleSize().then((bundle) => ({ ...packedSizes(), bundle }));
  return own;
}

function sizeCase(processes: number): Case {
  return {
    name: "the main entry, and the package around it",
    parameters: { processes },
    firstCount: processes,
    leastWarmUp: 1,
    isFixed: true,
    measure: async (contender, { count, timeout }) => {
      const milliseconds = await importTime(contender, count, timeout);
      return { seconds: milliseconds / 1e3, values: { import: milliseconds, ...(await sizesOf(contender)) } };
    },
  };
}

export const size: Suite = {
  name: "size",
  title: "Before the first message: time to import, octets to load",
  metrics: [
    { name: "import", label: "import ms", better: "lower", scale: 1, digits: 1 },
    { name: "installed", label: "installed KiB", better: "lower", scale: 1 / 1024, digits: 0 },
    { name: "packed", label: "packed KiB", better: "lower", scale: 1 / 1024, digits: 1 },
    { name: "bundle", label: "browser entry, min+gzip KiB", better: "lower", scale: 1 / 1024, digits: 1 },
  ],
  baselines: ["zeromq.js"],
  contenders: (workbench) => [
    scripted(workbench, "ours", "ours", "ours", "import", "ours"),
    scripted(workbench, "zeromq.js", "zeromq.js", "zeromq.js", "import", "zeromq.js"),
  ],
  cases: ({ quick }) => [sizeCase(quick ? 2 : 9)],
};
