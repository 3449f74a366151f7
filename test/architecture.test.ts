// SPDX-License-Identifier: MIT
/**
 * ARCHITECTURE.md §3, held against the sources: layers, cycles, sizes, headers, module-level state, forbidden globals,
 * and a unit test for each file that holds logic. The rules are in `architecture/rules.ts`.
 */
import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import test from "node:test";
import { fileURLToPath } from "node:url";
import {
  checkCycles,
  checkGlobals,
  checkHooks,
  checkImports,
  checkModuleState,
  checkShape,
  isContract,
  linesOf,
  type Source,
} from "./architecture/checker.ts";
import { COMFORTABLE_LINES, COVERED_BY, LAYERS, MODULE_STATE, MOST_LINES } from "./architecture/rules.ts";

const root = fileURLToPath(new URL("..", import.meta.url));

/** All TypeScript files under a folder of the project, by their path inside it. */
function read(folder: string, ending: RegExp): Source[] {
  if (!existsSync(join(root, folder))) return [];
  return readdirSync(join(root, folder), { recursive: true, encoding: "utf8" })
    .map((path) => path.replaceAll("\\", "/"))
    .filter((path) => ending.test(path) && !path.includes("node_modules/"))
    .sort()
    .map((path) => ({ path, text: readFileSync(join(root, folder, path), "utf8") }));
}

const sources = read("src", /\.ts$/);

/** Fails with one finding a line. */
function assertNone(findings: readonly string[]): void {
  assert.ok(findings.length === 0, `\n${findings.join("\n")}\n`);
}

test("every import follows the layer table", () => {
  assert.ok(sources.length > 0);
  assertNone(checkImports(sources));
});

test("no file imports itself by a detour", () => {
  assertNone(checkCycles(sources));
});

test("every source has its header, a name in kebab-case and at most 500 lines", (t) => {
  const long = sources.filter(({ text }) => linesOf(text) > COMFORTABLE_LINES);
  for (const { path, text } of long) t.diagnostic(`${path}: ${linesOf(text)} lines, aim at ${COMFORTABLE_LINES}`);
  assertNone(sources.flatMap(checkShape));
});

for (const folder of ["test", "bench", "examples", "scripts"]) {
  test(`every file in ${folder}/ has its header and at most 500 lines`, () => {
    const findings = read(folder, /\.(ts|mjs)$/)
      .filter(({ path }) => !path.startsWith("types/"))
      .flatMap(({ path, text }) => {
        const name = `${folder}/${path}`;
        const lines = linesOf(text);
        // What a test file is about says its path, and each of its titles.
        const header = path.endsWith(".test.ts") ? "" : "/**";
        const hasHeader = text.startsWith(`// SPDX-License-Identifier: MIT\n${header}`);
        return [
          ...(lines > MOST_LINES ? [`${name}:${MOST_LINES}: ${lines} lines; split it along a seam`] : []),
          ...(hasHeader ? [] : [`${name}:1: no SPDX line, or no doc comment after it`]),
        ];
      });
    assertNone(findings);
  });
}

test("no module holds state", () => {
  assertNone(sources.flatMap(checkModuleState));
});

test("no source uses a forbidden global", () => {
  assertNone(sources.flatMap(checkGlobals));
});

test("no test uses a hook", () => {
  assertNone(read("test", /\.test\.ts$/).flatMap(checkHooks));
});

/** Whether `test/unit/` mirrors a source: `<file>.test.ts`, or several `<file>-….test.ts`. */
function isMirrored(path: string, tests: readonly string[]): boolean {
  const stem = path.replace(/\.ts$/, "");
  return tests.some((name) => name === `${stem}.test.ts` || (name.startsWith(`${stem}-`) && name.endsWith(".test.ts")));
}

test("every source that holds logic has a unit test, or names the test that covers it", () => {
  const tests = read("test/unit", /\.test\.ts$/).map(({ path }) => path);
  const missing = sources
    .filter((source) => !isContract(source) && !isMirrored(source.path, tests))
    .filter(({ path }) => COVERED_BY[path] === undefined)
    .map(({ path }) => `src/${path}: no test/unit/${path.replace(/\.ts$/, ".test.ts")}`);
  assertNone(missing);
});

test("every exception in the rules is still needed", () => {
  const paths = new Set(sources.map(({ path }) => path));
  const stale = [
    ...Object.entries(COVERED_BY).flatMap(([path, cover]) => [
      ...(paths.has(path) ? [] : [`COVERED_BY: there is no src/${path}`]),
      ...(existsSync(join(root, cover)) ? [] : [`COVERED_BY: there is no ${cover}`]),
    ]),
    ...MODULE_STATE.filter((entry) => !paths.has(entry.split("#")[0] ?? "")).map((entry) => `MODULE_STATE: ${entry}`),
  ];
  assertNone(stale);
});

test("the layer table allows only what lies below", () => {
  const wrong = Object.entries(LAYERS).flatMap(([name, { rank, mayImport }]) =>
    mayImport
      .map((target) => target.split("/")[0]?.replace(/\.ts$/, "") ?? "")
      .filter((target) => (LAYERS[target]?.rank ?? rank) >= rank)
      .map((target) => `${name} → ${target}`),
  );
  assertNone(wrong);
});

test("the table in ARCHITECTURE.md says the same", () => {
  const text = readFileSync(join(root, "ARCHITECTURE.md"), "utf8");
  const rows = [...text.matchAll(/^\| (\d+) \| `([\w-]+)` \| (.*) \| ?(yes )?\|$/gm)].map(
    ([, rank, name, imports = "", runtime]) => {
      const mayImport = [...imports.matchAll(/`([^`]+)`/g)].map(([, target]) => target);
      return [name, { rank: Number(rank), mayImport, touchesRuntime: runtime !== undefined }];
    },
  );
  const rules = Object.entries(LAYERS).map(([name, { rank, mayImport, touchesRuntime = false }]) => [
    name,
    { rank, mayImport: [...mayImport], touchesRuntime },
  ]);
  assert.deepEqual(Object.fromEntries(rows), Object.fromEntries(rules));
});
