// SPDX-License-Identifier: MIT
/**
 * Runs one of the project's tasks (`node scripts/run.mjs <task> [arguments…]`), after installing the development
 * dependencies where they are missing or older than the lock file. So every command works on a fresh clone.
 * Plain JavaScript with Node's own modules only: nothing is there yet when it starts.
 */
import { spawn, spawnSync } from "node:child_process";
import { existsSync, lstatSync, statSync, unlinkSync } from "node:fs";
import { constants } from "node:os";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));
const withTypeScript = ["--import", "tsx"];

/** Arguments for node, for each task; what the user typed is added at the end. */
const tasks = {
  start: [...withTypeScript, "examples/football/main.ts"],
  test: ["scripts/test.mjs"],
  bench: [...withTypeScript, "bench/main.ts"],
  build: ["scripts/build.mjs"],
  check: ["scripts/check.mjs"],
  api: ["scripts/check.mjs", "--update", "build", "api"],
  fuzz: [...withTypeScript, "test/fuzz/main.ts"],
  runtimes: [...withTypeScript, "test/runtimes/main.ts"],
  coverage: ["node_modules/c8/bin/c8.js", process.execPath, "scripts/test.mjs", "--source"],
  format: ["node_modules/@biomejs/biome/bin/biome", "check", "--write"],
};

function needsInstall() {
  const installed = new URL("../node_modules/.package-lock.json", import.meta.url);
  const wanted = new URL("../package-lock.json", import.meta.url);
  return !existsSync(installed) || statSync(installed).mtimeMs < statSync(wanted).mtimeMs;
}

/** Installs what the lock file says. No install script is needed: all binaries come inside their packages. */
function install() {
  console.error("Installing development dependencies (npm ci) …");
  unlinkBorrowed(new URL("../node_modules", import.meta.url));
  const npm = process.env.npm_execpath;
  const args = ["ci", "--include=dev", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"];
  for (let attempt = 1; attempt <= 3; attempt += 1) {
    const { status } =
      npm === undefined
        ? spawnSync("npm", args, { cwd: root, stdio: ["ignore", 2, 2], shell: process.platform === "win32" })
        : spawnSync(process.execPath, [npm, ...args], { cwd: root, stdio: ["ignore", 2, 2] });
    if (status === 0) return true;
  }
  console.error("npm ci failed three times. Is the package registry reachable?");
  return false;
}

/** npm empties the folder before it installs, through a link too: what a link leads to is another checkout's, and stays. */
function unlinkBorrowed(folder) {
  if (lstatSync(folder, { throwIfNoEntry: false })?.isSymbolicLink() === true) unlinkSync(folder);
}

function run(args) {
  const child = spawn(process.execPath, args, { cwd: root, stdio: "inherit" });
  // Ctrl-C reaches the child by itself; this process only has to outlive it, and to pass on what was sent to it alone.
  process.on("SIGINT", () => {});
  process.on("SIGTERM", () => child.kill("SIGTERM"));
  child.on("exit", (code, signal) => {
    process.exitCode = code ?? 128 + (constants.signals[signal] ?? 0);
  });
}

const [task, ...rest] = process.argv.slice(2);
if (task === undefined || !Object.hasOwn(tasks, task)) {
  console.error(`usage: node scripts/run.mjs ${Object.keys(tasks).join("|")} [arguments…]`);
  process.exitCode = 2;
} else if (needsInstall() && !install()) {
  process.exitCode = 1;
} else {
  run([...tasks[task], ...rest]);
}
