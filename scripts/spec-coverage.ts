// SPDX-License-Identifier: MIT
/**
 * Which sentences of the RFCs have a test (`node --import tsx scripts/spec-coverage.ts`). The sentences are listed in
 * `test/spec/sentences/`; a test names its sentence by id. Exit code 1 when one has neither a test nor a reason for having none.
 */
import { readdirSync, readFileSync } from "node:fs";
import { pathToFileURL } from "node:url";
import { type Sentence, sentences } from "../test/spec/sentences/index.ts";

const folder = new URL("../test/spec/", import.meta.url);

/** A sentence, and the files with tests of it. */
export interface Coverage extends Sentence {
  readonly files: readonly string[];
}

/** Ids that a test file passes to `clause`. */
function idsIn(file: string): ReadonlySet<string> {
  const source = readFileSync(new URL(file, folder), "utf8");
  return new Set([...source.matchAll(/\bclause\(\s*"([^"]+)"/g)].map((match) => match[1] as string));
}

/** Looks every sentence up in the test files. */
export function coverage(): Coverage[] {
  const files = readdirSync(folder)
    .filter((file) => file.endsWith(".test.ts"))
    .map((file) => ({ file, ids: idsIn(file) }));
  return sentences.map((sentence) => ({
    ...sentence,
    files: files.filter(({ ids }) => ids.has(sentence.id)).map(({ file }) => file),
  }));
}

/** Sentences with neither a test nor a reason. */
export function missing(all: readonly Coverage[]): readonly Coverage[] {
  return all.filter(({ files, untested }) => files.length === 0 && untested === undefined);
}

/** Sentences with both. */
export function contradictory(all: readonly Coverage[]): readonly Coverage[] {
  return all.filter(({ files, untested }) => files.length > 0 && untested !== undefined);
}

function print(all: readonly Coverage[]): void {
  for (const { id, files, untested } of all) {
    console.log(`${id.padEnd(32)} ${files.join(", ") || (untested === undefined ? "MISSING" : `– ${untested}`)}`);
  }
  const tested = all.filter(({ files }) => files.length > 0).length;
  const reasons = all.filter(({ untested }) => untested !== undefined).length;
  console.log(`${all.length} sentences: ${tested} tested, ${reasons} with a reason, ${missing(all).length} missing`);
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) {
  const all = coverage();
  print(all);
  process.exitCode = missing(all).length + contradictory(all).length === 0 ? 0 : 1;
}
