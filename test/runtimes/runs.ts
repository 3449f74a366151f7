// SPDX-License-Identifier: MIT
/**
 * Runs a test file in a runtime's own process: on Node with its own `node:test`, elsewhere by `one-file.ts`. Either way its tests come as
 * lines of JSON, in the form of `scripts/test-reporter.mjs`.
 */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Installed } from "./installed.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));
const here = fileURLToPath(new URL(".", import.meta.url));

/** A test that has ended. */
export interface Ended {
  /** From `test/` on. */
  readonly file: string;
  readonly title: string;
  readonly skip: string | undefined;
  readonly failure: string | undefined;
}

interface Line {
  readonly started?: string;
  readonly finished?: string;
  readonly counts?: boolean;
  readonly path?: string;
  readonly skip?: string | boolean;
  readonly failure?: string;
}

function commandOf({ name }: Installed, file: string): readonly string[] {
  const path = join(root, "test", file);
  switch (name) {
    case "bun":
      return ["--preload", join(here, "bun.ts"), join(here, "one-file.ts"), path];
    case "deno":
      return ["run", "-A", "--no-check", "--config", join(here, "deno.json"), join(here, "one-file.ts"), path];
    default:
      return [
        "--import",
        "tsx",
        `--test-reporter=${new URL("../../scripts/test-reporter.mjs", import.meta.url).href}`,
        "--test-reporter-destination=stdout",
        path,
      ];
  }
}

/** Runs one file, for so many milliseconds at most. What breaks outside its tests is a failed test by the name of the file. */
export async function runFile(runtime: Installed, file: string, patience: number): Promise<Ended[]> {
  const folder = mkdtempSync(join(tmpdir(), "zeromq-runtime-"));
  const report = join(folder, "report");
  const descriptor = openSync(report, "w");
  try {
    const child = spawn(runtime.program, commandOf(runtime, file), {
      cwd: root,
      stdio: ["ignore", "pipe", "pipe", descriptor],
      env: {
        ...process.env,
        NO_COLOR: "1",
        ZEROMQ_TS_REPORT: report,
        // Peers that are programs of Node's run on the one that runs this.
        ZEROMQ_TS_NODE: process.execPath,
        DENO_DIR: join(root, "build", "runtimes", "deno-cache"),
      },
      timeout: patience,
      killSignal: "SIGKILL",
    });
    let output = "";
    for (const stream of [child.stdout, child.stderr]) {
      (stream as NodeJS.ReadableStream).setEncoding("utf8").on("data", (text: string) => {
        output = (output + text).slice(-4000);
      });
    }
    const [code, signal] = (await once(child, "close")) as [number | null, string | null];
    return testsOf(file, readFileSync(report, "utf8"), signal ?? `exit code ${code}`, output);
  } finally {
    closeSync(descriptor);
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The same file tests all browsers. */
const browserRuns = new Map<string, Promise<Ended[]>>();

/** Runs a file that starts browsers; gives the tests that are within the one which begins with the browser's name. */
export async function runBrowserFile(browser: Installed, file: string, patience: number): Promise<Ended[]> {
  const running = browserRuns.get(file) ?? runFile(browser, file, patience);
  browserRuns.set(file, running);
  const ended = await running;
  const tests = ended.filter(({ title }) => title.toLowerCase().startsWith(`${browser.name}: `));
  const isWhole = tests.some(({ title }) => title.includes(" › ")) && tests.length < ended.length;
  if (!isWhole) throw new Error(`${file} did not end: ${JSON.stringify(ended.at(-1))}`);
  return tests.filter(({ title, failure }) => title.includes(" › ") || failure !== undefined);
}

function testsOf(file: string, report: string, end: string, output: string): Ended[] {
  const lines = report
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line) as Line);
  const tests = lines
    .filter(({ counts }) => counts === true)
    .map(({ path = "", skip, failure }) => ({
      file,
      title: path,
      skip: skip === undefined || skip === false ? undefined : String(skip),
      failure,
    }));
  const hasFailed = tests.some(({ failure }) => failure !== undefined);
  if (end === "exit code 0" || (end === "exit code 1" && hasFailed)) return tests;
  const open = lines.filter(({ started }) => started !== undefined && !lines.some((each) => each.finished === started));
  return [
    ...tests,
    { file, title: open.at(-1)?.started ?? "(the file)", skip: undefined, failure: `${end}\n${output}` },
  ];
}
