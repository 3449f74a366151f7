// SPDX-License-Identifier: MIT
/**
 * Checks everything that needs no running test: format, lint, types, dead code, and the package as users get it.
 * Runs all steps and prints a line each; the output of a step is shown only when it fails. Words on the command line
 * choose steps; `--update` writes the API report instead of comparing it.
 */
import { spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";

const root = fileURLToPath(new URL("..", import.meta.url));
const { values, positionals: chosen } = parseArgs({
  allowPositionals: true,
  options: { update: { type: "boolean", default: false } },
});
const bin = (path) => [process.execPath, join("node_modules", path)];
const tsc = bin("typescript/bin/tsc");
const attw = bin("@arethetypeswrong/cli/dist/index.js");
const npm = process.env.npm_execpath === undefined ? ["npm"] : [process.execPath, process.env.npm_execpath];
const scratch = mkdtempSync(join(tmpdir(), "zeromq-ts-check-"));
const { name, version } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
const tarball = join(scratch, `${name}-${version}.tgz`);
mkdirSync(join(root, "docs/api"), { recursive: true });

/** All steps in order; `hint` is for those that fail. */
const steps = [
  { step: "format", command: [...bin("@biomejs/biome/bin/biome"), "ci", "--colors=off"], hint: "npm run format" },
  { step: "lint", command: [...bin("oxlint/bin/oxlint"), "--type-aware", "--deny-warnings"] },
  { step: "types", command: tsc },
  {
    step: "pure",
    command: [...tsc, "-p", "tsconfig.pure.json"],
    hint: "these folders may not touch a runtime: no node:, Buffer, process",
  },
  { step: "dead-code", command: [...bin("knip/bin/knip.js"), "--no-progress"] },
  { step: "build", command: [process.execPath, "scripts/build.mjs"] },
  { step: "pack", command: [...npm, "pack", "--silent", "--ignore-scripts", `--pack-destination=${scratch}`] },
  { step: "package", command: [...bin("publint/src/cli.js"), "run", tarball, "--strict"] },
  {
    step: "entry-types",
    // Pages have no `require()`.
    command: [...attw, tarball, "--no-definitely-typed", "--no-color", "--exclude-entrypoints", "browser"],
  },
  {
    step: "api",
    command: [...bin("@microsoft/api-extractor/bin/api-extractor"), "run", ...(values.update ? ["--local"] : [])],
    hint: "every export needs a doc comment; when the report changed on purpose: npm run api, then commit docs/api",
  },
];

/** Runs one command; resolves with what it printed, and whether it went well. */
function execute([command, ...args]) {
  return new Promise((done) => {
    const child = spawn(command, args, { cwd: root, stdio: ["ignore", "pipe", "pipe"] });
    let output = "";
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding("utf8").on("data", (text) => {
        output += text;
      });
    }
    child.on("error", (error) => done({ isGood: false, output: error.message }));
    child.on("close", (code) => done({ isGood: code === 0, output }));
  });
}

/** The first lines of what a step printed, which name the cause; the rest is one command away. */
function shorten(output) {
  const lines = output.trim().split("\n");
  const shown = lines.slice(0, 80).map((line) => `    ${line}`);
  if (lines.length > 80) shown.push(`    … ${lines.length - 80} more lines`);
  return shown.join("\n");
}

const unknown = chosen.filter((word) => !steps.some(({ step }) => step === word));
if (unknown.length > 0) {
  console.error(`no such step: ${unknown.join(", ")}; there are ${steps.map(({ step }) => step).join(", ")}`);
  process.exit(2);
}
/** The steps on the packed tarball need it packed, and packing needs a build. */
const packed = ["package", "entry-types"];
function isChosen(step) {
  if (chosen.length === 0 || chosen.includes(step)) return true;
  return (step === "build" || step === "pack") && chosen.some((word) => packed.includes(word));
}

const failed = [];
try {
  for (const { step, command, hint } of steps) {
    if (!isChosen(step)) continue;
    const started = performance.now();
    const { isGood, output } = await execute(command);
    console.log(`${isGood ? "ok  " : "FAIL"} ${step} (${((performance.now() - started) / 1000).toFixed(1)} s)`);
    if (isGood) continue;
    failed.push(step);
    console.log(shorten(output));
    if (hint !== undefined) console.log(`    → ${hint}`);
  }
} finally {
  rmSync(scratch, { recursive: true, force: true });
}
console.log(failed.length === 0 ? "All checks passed." : `Failed: ${failed.join(", ")}`);
process.exitCode = failed.length === 0 ? 0 : 1;
