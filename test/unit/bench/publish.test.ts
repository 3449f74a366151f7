// SPDX-License-Identifier: MIT
/** Unit tests of bench/publish/, and that the documents say what docs/charts/results.json says: figures never drift. */
import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { blockOf } from "../../../bench/publish/blocks.ts";
import { compact, spell } from "../../../bench/publish/compact.ts";
import { CHARTS, fill, publication, RESULTS } from "../../../bench/publish/publication.ts";
import { behindTable, suiteTable } from "../../../bench/publish/tables.ts";
import type { Results } from "../../../bench/results.ts";
import { contender, madeUp, madeUpCase, madeUpSuite } from "./made-up-results.ts";

const root = fileURLToPath(new URL("../../..", import.meta.url));
const read = (path: string): string => readFileSync(join(root, path), "utf8");
const published = publication(JSON.parse(read(RESULTS)) as Results, read);

for (const [path, content] of published) {
  test(`${path} is what its results say; if not: node --import tsx bench/publish.ts`, () => {
    assert.equal(read(path), content);
  });
}

test("there is no chart without figures, and every picture of a document is there", () => {
  const charts = readdirSync(join(root, CHARTS)).filter((name) => name.endsWith(".svg"));
  assert.deepEqual(
    charts.filter((name) => !published.has(`${CHARTS}/${name}`)),
    [],
  );
  for (const [path, folder] of [
    ["README.md", ""],
    ["docs/performance.md", "docs"],
  ] as const) {
    const pictures = [...read(path).matchAll(/(?:src|srcset)="([^"]+)"/g)].map(([, target = ""]) => target);
    assert.deepEqual(
      pictures.filter((target) => !existsSync(join(root, folder, target))),
      [],
    );
  }
});

test("what is published was no quick look", () => {
  const { suites } = JSON.parse(read(RESULTS)) as Results;
  assert.deepEqual(
    suites.filter(({ options }) => options.quick || options.source).map(({ name }) => name),
    [],
  );
});

test("compacted results keep the rounds in five digits, and nothing that follows from them", () => {
  const measured = madeUpCase(
    { size: 1 },
    { ...contender("a", {}), metrics: { rate: { rounds: [1_234_567.89, 0.000123456] } } },
  );
  const [suite] = compact({ suites: [{ ...madeUpSuite("s", measured), extra: 1 } as never] }).suites;
  assert.deepEqual(suite?.cases[0]?.contenders[0]?.metrics, { rate: { rounds: [1_234_600, 0.00012346] } });
  assert.ok(!("extra" in (suite as object)));
});

test("compacting twice gives the same octets, and spelling loses nothing", () => {
  const once = compact(madeUp);
  assert.deepEqual(compact(once), once);
  assert.deepEqual(JSON.parse(spell(once)), once);
  assert.deepEqual(JSON.parse(spell({ suites: [] })), { suites: [] });
});

test("publishing what was published changes nothing", () => {
  const page = "# T\n<!-- bench:throughput -->\nold\n<!-- /bench -->\nkept\n<!-- bench:targets --><!-- /bench -->\n";
  const first = publication(madeUp, () => page);
  const second = publication(JSON.parse(first.get(RESULTS) ?? "") as Results, (path) => first.get(path) ?? "");
  assert.deepEqual([...second], [...first]);
});

test("only what stands between markers changes", () => {
  const filled = fill("before\n<!-- bench:inproc -->\nold\n<!-- /bench -->\nafter\n", madeUp, "charts");
  assert.match(filled, /^before\n<!-- bench:inproc -->\n\n\| case [^]*\|\n\n<!-- \/bench -->\nafter\n$/);
  assert.doesNotMatch(filled, /old/);
});

test("a suite that was not measured is said to be so; a name that means nothing is an error", () => {
  assert.equal(blockOf("proxy", madeUp, "charts"), "Not measured in this run (suite proxy).");
  assert.throws(() => blockOf("nonsense", madeUp, "charts"), /nonsense/);
});

test("conditions that all suites share are said once, others by suite", () => {
  assert.doesNotMatch(blockOf("conditions", madeUp, ""), /^- /m);
  const [first, ...rest] = madeUp.suites;
  const other = { ...(first as (typeof madeUp.suites)[number]), started: "2001-02-03T00:00:00.000Z" };
  assert.match(
    blockOf("conditions", { suites: [other, ...rest] }, ""),
    /^- throughput: .*2001-02-03\.\n- latency, inproc/,
  );
});

test("a table has each contender with its ratios, and says what is missing", () => {
  const broken = { ...contender("zeromq.js", {}), failure: "fell over" };
  const measured = madeUpCase(
    { size: 16 },
    contender("ours-batch", { rate: 2e6 }),
    contender("libzmq", { rate: 1e6 }),
    broken,
  );
  assert.equal(
    suiteTable({ suites: [madeUpSuite("inproc", measured)] }, "inproc"),
    [
      "| case |  | messages/s | smallest – largest round | × libzmq C |",
      "| --- | --- | ---: | ---: | ---: |",
      "| 16 | zeromq-ts-batch | 2.0 M | 1.8 M – 2.4 M | 2.0 |",
      "|  | libzmq | 1.0 M | 900 k – 1.2 M | 1.0 |",
      "|  | npm zeromq | not measured |  | – |",
    ].join("\n"),
  );
});

test("cases in which a peer does better are listed, of rates and of latencies", () => {
  const rate = madeUpCase({ size: 1 }, contender("ours-batch", { rate: 1 }), contender("libzmq", { rate: 2 }));
  const latency = madeUpCase({ size: 2 }, contender("ours", { p50: 3 }), contender("libzmq", { p50: 2 }));
  const won = madeUpCase({ size: 3 }, contender("ours", { p50: 1 }), contender("libzmq", { p50: 2 }));
  const table = behindTable({ suites: [madeUpSuite("throughput", rate), madeUpSuite("latency", latency, won)] });
  assert.deepEqual(table.split("\n").slice(2), [
    "| throughput | 1 | zeromq-ts-batch | 0.50 × libzmq C | 0.50 – 0.50 |",
    "| latency | 2 | zeromq-ts | 1.5 × libzmq C | 1.5 – 1.5 |",
  ]);
  assert.equal(behindTable({ suites: [madeUpSuite("latency", won)] }), "In this run, none.");
});
