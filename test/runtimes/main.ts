// SPDX-License-Identifier: MIT
/**
 * Runs the suites on every runtime of `package.json` here, or on those that are named, and writes what came out into `results.json` and
 * into the page about runtimes. Words with a slash choose files; then nothing is written, and failures are shown.
 *
 *     npm run runtimes -- bun deno unit/wire
 */
import { writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { install, isBrowser, names } from "./installed.ts";
import { type Ended, runBrowserFile, runFile } from "./runs.ts";
import { browserFile, columnOf, suiteFiles } from "./suites.ts";
import { countAll, page, readResults, resultsFile, writeTables } from "./tables.ts";

const PATIENCE = 180_000;
/** The other half of the suites: it is libzmq's, and the same wherever this library runs. */
const NOT_OURS = / \(libzmq\)$/;

const words = process.argv.slice(2);
const files = suiteFiles().filter((file) => !words.some(isPath) || words.some((word) => file.includes(word)));
const chosen = names.filter((name) => words.every(isPath) || words.includes(name));
if (files.length === 0) throw new Error("no such file");
if (chosen.length === 0) throw new Error(`no such runtime; there are ${names.join(", ")}`);

function isPath(word: string): boolean {
  return word.includes("/");
}

/** All files, two at a time; for a browser its own. */
async function runAll(name: string): Promise<Ended[]> {
  const runtime = install(name);
  if (isBrowser(name)) return runBrowserFile(runtime, browserFile, PATIENCE);
  const queue = [...files];
  const ended: Ended[] = [];
  const work = async (): Promise<void> => {
    for (let file = queue.shift(); file !== undefined; file = queue.shift()) {
      ended.push(...(await runFile(runtime, file, PATIENCE)));
    }
  };
  await Promise.all([work(), work()]);
  return ended.filter(({ title }) => !NOT_OURS.test(title)).sort((a, b) => (a.file < b.file ? -1 : 1));
}

for (const name of chosen) {
  const begin = performance.now();
  const ended = await runAll(name);
  const { version } = install(name);
  for (const { file, title, failure } of ended) {
    if (failure !== undefined) console.log(`✗ ${file}: ${title} [${columnOf({ file, title })}]\n    ${failure}`);
  }
  const failed = ended.filter(({ failure }) => failure !== undefined).length;
  const seconds = Math.round((performance.now() - begin) / 1000);
  console.log(`${name} ${version}: ${ended.length} tests, ${failed} failed, ${seconds} s`);
  if (words.some(isPath)) continue;
  const results = { ...readResults(), [name]: countAll(version, ended) };
  writeFileSync(resultsFile, `${JSON.stringify(results, undefined, 2)}\n`);
  writeFileSync(page, writeTables());
}
console.log(`${fileURLToPath(new URL("../..", import.meta.url))}docs/runtimes.md`);
