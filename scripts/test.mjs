// SPDX-License-Identifier: MIT
/**
 * Runs the tests: every `*.test.ts` under `test/`, or those whose path contains one of the given words. All are compiled first, by
 * `test-bundles.mjs`. Each file has a process of its own, two at a time, quick folders before slow ones. Prints a line a file,
 * failures in full, and at the very end `N passed, N failed`. Exit code 1 for a failure, for no test at all and, in CI, for a
 * skipped test.
 */
import { spawn } from "node:child_process";
import { readdirSync } from "node:fs";
import { join, relative, resolve, sep } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { bundleTests } from "./test-bundles.mjs";

const project = fileURLToPath(new URL("..", import.meta.url));
const reporter = new URL("test-reporter.mjs", import.meta.url).href;

const { values, positionals: words } = parseArgs({
  allowPositionals: true,
  options: {
    concurrency: { type: "string", default: "2" },
    /** Seconds without any test of a file starting or ending, before the file is stopped. */
    "test-timeout": { type: "string", default: "120" },
    /** Seconds for a whole file. */
    "file-timeout": { type: "string", default: "300" },
    folder: { type: "string", default: join(project, "test") },
    /** Run the sources, through tsx: where it matters which line ran. */
    source: { type: "boolean", default: false },
  },
});
const folder = resolve(values.folder);
const testTimeout = Number(values["test-timeout"]) * 1000;
const fileTimeout = Number(values["file-timeout"]) * 1000;
const slowFolders = ["conformance", "property", "interop", "soak"];
const running = new Set();
let bundles;

function findFiles() {
  const rank = (file) => slowFolders.indexOf(file.split(sep)[0] ?? "");
  return readdirSync(folder, { recursive: true })
    .filter((file) => file.endsWith(".test.ts"))
    .filter((file) => words.length === 0 || words.some((word) => relative(project, join(folder, file)).includes(word)))
    .sort((a, b) => rank(a) - rank(b) || (a < b ? -1 : 1))
    .map((file) => join(folder, file));
}

/** Ends a file's process and whatever it started: they are one process group. */
function killGroup(child) {
  try {
    if (process.platform === "win32") child.kill("SIGKILL");
    else process.kill(-child.pid, "SIGKILL");
  } catch {
    // All of them have ended already.
  }
}

/** Runs one file; resolves with its tests that ended, and with what went wrong besides. */
function runFile(file) {
  const started = performance.now();
  const program = bundles === undefined ? ["--import", "tsx", file] : ["--enable-source-maps", bundles.fileOf(file)];
  // Random calls have been seen to leave a turn behind that comes again and again: no reason to lose what the tests have shown.
  const ends = relative(project, file) === join("test", "fuzz", "fuzz.test.ts") ? ["--test-force-exit"] : [];
  const child = spawn(
    process.execPath,
    [...ends, `--test-reporter=${reporter}`, "--test-reporter-destination=stdout", ...program],
    { cwd: project, stdio: ["ignore", "pipe", "pipe", "pipe"], detached: process.platform !== "win32" },
  );
  running.add(child);

  const result = { file: relative(project, file), tests: [], output: "", trouble: undefined, seconds: 0 };
  const open = new Map();
  const stop = (reason) => {
    const names = [...open.keys()];
    result.trouble ??=
      names.length === 0 ? `${reason}, although all its tests had ended` : `${reason}: ${names.at(-1)}`;
    killGroup(child);
  };
  let idle = setTimeout(stop, testTimeout, `nothing happened for ${testTimeout / 1000} s`);
  const total = setTimeout(stop, fileTimeout, `not done after ${fileTimeout / 1000} s`);
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8").on("data", (text) => {
      result.output = (result.output + text).slice(-20000);
    });
  }
  createInterface({ input: child.stdio[3] }).on("line", (line) => {
    clearTimeout(idle);
    idle = setTimeout(stop, testTimeout, `nothing happened for ${testTimeout / 1000} s`);
    const event = JSON.parse(line);
    if (event.started !== undefined) {
      open.set(event.started, true);
      return;
    }
    open.delete(event.finished);
    if (event.counts) result.tests.push(event);
  });

  return new Promise((done) => {
    child.on("error", (error) => {
      result.trouble = error.message;
    });
    child.on("exit", () => killGroup(child));
    child.on("close", (code, signal) => {
      clearTimeout(idle);
      clearTimeout(total);
      running.delete(child);
      result.seconds = (performance.now() - started) / 1000;
      const failed = result.tests.some((test) => test.failure !== undefined);
      if (signal !== null) result.trouble ??= `ended by ${signal}`;
      else if (code !== 0 && !failed) result.trouble ??= `exit code ${code}`;
      else if (open.size > 0) result.trouble ??= `ended in the middle of a test: ${[...open.keys()].at(-1)}`;
      else if (result.tests.length === 0) result.trouble ??= "no test in this file";
      done(result);
    });
  });
}

const indent = (text) => text.trimEnd().replaceAll(/^/gm, "    ");

function print({ file, tests, output, trouble, seconds }) {
  const failures = tests.filter((test) => test.failure !== undefined);
  const isGood = failures.length === 0 && trouble === undefined;
  const count = `${tests.length} test${tests.length === 1 ? "" : "s"}`;
  console.log(`${isGood ? "ok  " : "FAIL"} ${file} (${count}, ${seconds.toFixed(1)} s)`);
  for (const { path, failure } of failures) console.log(`  ✗ ${path}\n${indent(failure)}`);
  if (trouble !== undefined) console.log(`  ✗ the file itself: ${trouble}`);
  if (!isGood && output.trim() !== "") console.log(`  output:\n${indent(output.slice(-4000))}`);
}

async function runAll(files) {
  const results = [];
  const queue = [...files];
  const worker = async () => {
    for (let file = queue.shift(); file !== undefined; file = queue.shift()) {
      const result = await runFile(file);
      print(result);
      results.push(result);
    }
  };
  await Promise.all(Array.from({ length: Number(values.concurrency) }, worker));
  return results;
}

for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) {
  process.on(signal, () => {
    for (const child of running) killGroup(child);
    bundles?.remove();
    process.exit(130);
  });
}

const started = performance.now();
const files = findFiles();
if (!values.source && files.length > 0) bundles = await bundleTests(files, folder);
const results = await runAll(files);
bundles?.remove();
const tests = results.flatMap((result) => result.tests.map((test) => ({ ...test, file: result.file })));
const isSkipped = (test) => test.skip !== undefined && test.skip !== false;
const skipped = tests.filter((test) => test.failure === undefined && isSkipped(test));
// A file that broke down outside its tests counts as one failure more.
const failed =
  tests.filter((test) => test.failure !== undefined).length +
  results.filter((result) => result.trouble !== undefined).length;
const passed = tests.filter((test) => test.failure === undefined && !isSkipped(test)).length;

const slowest = results.toSorted((a, b) => b.seconds - a.seconds).slice(0, 10);
if (results.length > 10) {
  console.log("\nslowest files:");
  for (const { file, seconds } of slowest) console.log(`  ${seconds.toFixed(1).padStart(6)} s  ${file}`);
}
if (skipped.length > 0) {
  console.log("\nskipped:");
  for (const { file, path, skip } of skipped) console.log(`  ${file}: ${path}${skip === true ? "" : ` (${skip})`}`);
}
const isStrict = process.env.CI === "true";
if (failed > 0) {
  console.log("\nfailed:");
  for (const { file, path, failure } of tests) if (failure !== undefined) console.log(`  ${file}: ${path}`);
  for (const { file, trouble } of results) if (trouble !== undefined) console.log(`  ${file}: ${trouble}`);
}
if (isStrict && skipped.length > 0) console.log("\nIn CI nothing may be skipped.");
if (results.length === 0) console.log(`No test file${words.length === 0 ? "" : ` matches ${words.join(", ")}`}.`);
console.log(
  `\n${results.length} file${results.length === 1 ? "" : "s"} in ${((performance.now() - started) / 1000).toFixed(1)} s`,
);
console.log(`${passed} passed, ${failed} failed${skipped.length === 0 ? "" : `, ${skipped.length} skipped`}`);
if (failed > 0 || passed + skipped.length === 0 || (isStrict && skipped.length > 0)) process.exitCode = 1;
