// SPDX-License-Identifier: MIT
/**
 * Makes the programs that the benchmarks start: this library and the JavaScript peers, put together by esbuild as
 * `npm run build` does, and the C peer against the installed libzmq. Everything goes into a folder of this run
 * alone, so that all rounds measure the same code even while the sources change. Neighbours: main.ts, peers/.
 */
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { buildSync } from "esbuild";
import type { BenchOptions, Launch, Workbench } from "./suite.ts";

const root = fileURLToPath(new URL("..", import.meta.url));

/** Calls `work` with the compiled programs; the folder goes away afterwards unless it was named by the caller. */
export async function withWorkbench<T>(
  options: Pick<BenchOptions, "source" | "build" | "pin"> & { readonly native: boolean },
  work: (workbench: Workbench) => Promise<T>,
): Promise<T> {
  // Inside the project, so that the programs find node_modules.
  mkdirSync(join(root, "build"), { recursive: true });
  const folder = options.build ?? mkdtempSync(join(root, "build", "bench-"));
  const clean = () => {
    if (options.build === undefined) rmSync(folder, { recursive: true, force: true });
  };
  // Ctrl-C ends the whole group at once, and no `finally` runs.
  process.once("exit", clean);
  process.once("SIGINT", () => process.exit(130));
  try {
    if (!options.source) compileScripts(folder);
    const native = options.native ? compileNative(folder) : { missing: "not asked for" };
    const { pin } = options;
    return await work({
      script: options.source ? launchSource : launchCompiled.bind(undefined, folder),
      native,
      place: (launch) => (pin === undefined ? launch : pinned(pin, launch)),
    });
  } finally {
    clean();
  }
}

function launchCompiled(folder: string, name: string, role: string, rest: readonly (string | number)[]): Launch {
  const program = join(folder, "bench", "peers", `${name}.js`);
  return { command: process.execPath, arguments: [program, role, ...rest.map(String)] };
}

function launchSource(name: string, role: string, rest: readonly (string | number)[]): Launch {
  const program = join(root, "bench", "peers", `${name}.ts`);
  return { command: process.execPath, arguments: ["--import", "tsx", program, role, ...rest.map(String)] };
}

function pinned(cores: string, launch: Launch): Launch {
  return { command: "taskset", arguments: ["--cpu-list", cores, launch.command, ...launch.arguments] };
}

/**
 * Compiles the programs in bench/peers/, with what they share of src/ in one file, as it is in the package: modules of their
 * own would each take half a millisecond of every start. Types are not checked here (that is `npm run check`'s job).
 */
function compileScripts(folder: string): void {
  buildSync({
    absWorkingDir: root,
    entryPoints: readdirSync(join(root, "bench", "peers"))
      .filter((file) => file.endsWith(".ts"))
      .map((file) => `bench/peers/${file}`),
    outdir: folder,
    outbase: root,
    bundle: true,
    splitting: true,
    format: "esm",
    platform: "node",
    packages: "external",
    target: "node20",
    sourcemap: "linked",
    logLevel: "warning",
  });
}

function compileNative(folder: string): Workbench["native"] {
  mkdirSync(folder, { recursive: true });
  const sources = join(root, "bench", "peers");
  try {
    const flags = run("pkg-config", ["--cflags", "--libs", "libzmq"]).trim().split(/\s+/);
    for (const file of readdirSync(sources).filter((name) => name.endsWith(".c"))) {
      run("gcc", ["-O2", "-o", join(folder, file.slice(0, -2)), join(sources, file), ...flags, "-lpthread"]);
    }
    const { version } = JSON.parse(run(join(folder, "libzmq"), ["version"])) as { version: string };
    return { folder, version };
  } catch (error) {
    const reason = error instanceof Error ? (error.message.split("\n")[0] ?? "") : String(error);
    return { missing: `needs gcc, pkg-config and libzmq3-dev (${reason})` };
  }
}

function run(command: string, words: readonly string[]): string {
  return execFileSync(command, words, { encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] });
}
