// SPDX-License-Identifier: MIT
/**
 * `node --import tsx bench/publish.ts RESULTS.json`: puts a run's figures into the documents. The file is one that
 * `npm run bench` wrote with `--json` or `--merge`; without a name, docs/charts/results.json is published again. With
 * `--add` before the name, suites that the file does not have stay as they were published.
 * Neighbours: publish/publication.ts (what is written).
 */
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { CHARTS, publication, RESULTS } from "./publish/publication.ts";
import { type Results, suiteOf } from "./results.ts";
import { suites } from "./suites.ts";

const root = fileURLToPath(new URL("..", import.meta.url));
const read = (path: string): string => readFileSync(join(root, path), "utf8");

const readResults = (file: string): Results => JSON.parse(readFileSync(file, "utf8")) as Results;

/** The suites of `newer`, and those of `older` that it does not have, in the order in which suites run. */
function merge(older: Results, newer: Results): Results {
  return { suites: suites.flatMap(({ name }) => suiteOf(newer, name) ?? suiteOf(older, name) ?? []) };
}

const published = join(root, RESULTS);
const words = process.argv.slice(2);
const [file = published] = words.filter((word) => word !== "--add");
const given = readResults(file);
const results = words.includes("--add") ? merge(readResults(published), given) : given;
const files = publication(results, read);

mkdirSync(join(root, CHARTS), { recursive: true });
for (const name of readdirSync(join(root, CHARTS))) {
  // A chart that has no figures any more.
  if (name.endsWith(".svg") && !files.has(`${CHARTS}/${name}`)) rmSync(join(root, CHARTS, name));
}
for (const [path, content] of files) {
  const isNew = !existsSync(join(root, path)) || read(path) !== content;
  if (isNew) writeFileSync(join(root, path), content);
  process.stdout.write(`${isNew ? "written  " : "unchanged"} ${path}\n`);
}
if (results.suites.some(({ options }) => options.quick)) {
  process.stdout.write("Caution: some of this was measured with --quick, and is too short for figures.\n");
}
