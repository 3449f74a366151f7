// SPDX-License-Identifier: MIT
/**
 * Everything that publishing a run writes: the charts, the compacted results, and the documents with new figures between their
 * markers (`<!-- bench:NAME -->` … `<!-- /bench -->`). A test holds the files to it. Neighbours: blocks.ts, ../publish.ts.
 */
import { chartsOf } from "../charts/charts.ts";
import { themes } from "../charts/theme.ts";
import type { Results } from "../results.ts";
import { blockOf } from "./blocks.ts";
import { compact, spell } from "./compact.ts";

/** Where charts and results go, seen from the project's root. */
export const CHARTS = "docs/charts";
export const RESULTS: string = `${CHARTS}/results.json`;

/** Documents with markers, and how the charts' folder is called there. */
const documents = [
  { path: "README.md", folder: "docs/charts" },
  { path: "docs/performance.md", folder: "charts" },
];

/** Contents by path, seen from the project's root; `read` gives the documents as they are. */
export function publication(results: Results, read: (path: string) => string): ReadonlyMap<string, string> {
  const compacted = compact(results);
  const files = new Map<string, string>([[RESULTS, spell(compacted)]]);
  for (const chart of chartsOf(compacted)) {
    for (const theme of themes) files.set(`${CHARTS}/${chart.name}-${theme.name}.svg`, chart.draw(theme));
  }
  for (const { path, folder } of documents) files.set(path, fill(read(path), compacted, folder));
  return files;
}

/** The document with what belongs between its markers. */
export function fill(document: string, results: Results, folder: string): string {
  return document.replaceAll(
    /(<!-- bench:([a-z-]+) -->\n)[^]*?(<!-- \/bench -->)/g,
    (_, open: string, name: string, close: string) => `${open}\n${blockOf(name, results, folder)}\n\n${close}`,
  );
}
