// SPDX-License-Identifier: MIT
/**
 * Markdown tables of a run's results: all figures of a suite, throughput by size, what is behind a peer, the targets.
 * Neighbours: ../results.ts (figures), blocks.ts (where they stand in the documents).
 */
import { count, microseconds, octets, times } from "../charts/numbers.ts";
import {
  comparedWith,
  figureOf,
  type MeasuredCase,
  type MeasuredContender,
  type Results,
  ratioOf,
  suiteOf,
} from "../results.ts";
import type { Spread } from "../statistics.ts";
import type { Metric, Suite } from "../suite.ts";
import { suites } from "../suites.ts";
import type { Finding, GoalJudgement, Judgement, State } from "../targets/target.ts";

const OURS = "zeromq-ts";

/** How a metric is spelt, by its name; its suite says the rest. */
const formats: Readonly<Record<string, (value: number) => string>> = {
  rate: count,
  parts: count,
  p50: microseconds,
  p99: microseconds,
  p999: microseconds,
  mean: microseconds,
  heap: octets,
  rss: octets,
  peak: octets,
  growth: octets,
  heapGrowth: octets,
  packed: octets,
  bundle: octets,
  import: (value) => `${times(value)} ms`,
};

/** Every case and contender of a suite, with its metrics and the ratios to the suite's baselines. */
export function suiteTable(results: Results, name: string): string {
  const measured = suiteOf(results, name);
  const suite = suites.find((one) => one.name === name);
  if (measured === undefined || suite === undefined) return "";
  const [main, ...others] = suite.metrics;
  const contenders = measured.cases.flatMap((case_) => case_.contenders);
  const shown = others.filter((metric) => metric.name !== "octets" && contenders.some(has(metric.name)));
  const baselines = suite.baselines.filter((id) => contenders.some((one) => one.id === id && has(main.name)(one)));
  const header = [
    "case",
    "",
    headingOf(main),
    "smallest – largest round",
    ...baselines.map((id) => `× ${nameOf(id)}`),
    ...shown.map(headingOf),
  ];
  const rows = measured.cases.flatMap((case_) =>
    case_.contenders.map((contender, index) => {
      const figure = figureOf(case_, contender.id, main.name);
      return [
        index === 0 ? case_.name : "",
        nameContender(contender),
        figure === undefined ? "not measured" : format(suite, main.name, figure.median),
        figure === undefined ? "" : `${format(suite, main.name, figure.min)} – ${format(suite, main.name, figure.max)}`,
        ...baselines.map((id) => timesOf(comparedWith(case_, contender.id, id, main.name))),
        ...shown.map((metric) => median(suite, case_, contender, metric.name)),
      ];
    }),
  );
  return table(header, rows, 2);
}

/** Without the unit, where the figures carry it. */
function headingOf({ name, label }: Metric): string {
  return name in formats
    ? label
        .replace("msg/s", "messages/s")
        .replace(/^k /, "")
        .replace(/ (KiB|MiB|MB|µs|ms)$/, "")
    : label;
}

function has(metric: string): (contender: MeasuredContender) => boolean {
  return ({ metrics }) => (metrics[metric]?.rounds.length ?? 0) > 0;
}

function median(suite: Suite, case_: MeasuredCase, { id }: MeasuredContender, metric: string): string {
  const figure = figureOf(case_, id, metric);
  return figure === undefined ? "–" : format(suite, metric, figure.median);
}

function format(suite: Suite, metric: string, value: number): string {
  const known = formats[metric];
  if (known !== undefined) return known(value);
  const { scale, digits } = suite.metrics.find(({ name }) => name === metric) ?? { scale: 1, digits: 2 };
  return (value * scale).toLocaleString("en", { minimumFractionDigits: digits, maximumFractionDigits: digits });
}

function timesOf(ratio: Spread | undefined): string {
  return ratio === undefined ? "–" : times(ratio.median);
}

function nameContender({ label: text }: MeasuredContender): string {
  return text.replace(/^ours\b/, OURS).replace(/^zeromq\.js/, "npm zeromq");
}

/** What readers call a contender that others are compared with. */
export function nameOf(id: string): string {
  return { libzmq: "libzmq C", "zeromq.js": "npm zeromq", raw: "plain node:net" }[id] ?? id;
}

/** Throughput over tcp by size, both APIs, with their ratios. */
export function throughputTable(results: Results): string {
  const apis = [
    ["ours-batch", "`trySend` / `receiveBatch`"],
    ["ours-await", "`await send` / `for await`"],
  ] as const;
  const baselines = ["libzmq", "zeromq.js"];
  const cases = (suiteOf(results, "throughput")?.cases ?? []).filter(
    ({ parameters }) => parameters["transport"] === "tcp",
  );
  const header = ["octets", ...apis.flatMap(([, api]) => [api, ...baselines.map((id) => `× ${nameOf(id)}`)])];
  const rows = cases.map((case_) => [
    String(case_.parameters["size"]),
    ...apis.flatMap(([id]) => {
      const figure = figureOf(case_, id, "rate");
      const ratios = baselines.map((baseline) => timesOf(ratioOf(case_, id, baseline, "rate")));
      return [figure === undefined ? "–" : count(figure.median), ...ratios];
    }),
  ]);
  return table(header, rows, 0);
}

/** The median latency of one octet, with its ratios. */
export function latencyTable(results: Results): string {
  const rows = (suiteOf(results, "latency")?.cases ?? [])
    .filter(({ parameters }) => parameters["size"] === 1)
    .flatMap((case_) =>
      [
        ["REQ / REP", "ours", ["libzmq", "zeromq.js", "raw"]] as const,
        ["PAIR", "ours-pair", ["libzmq", "zeromq.js", "raw"]] as const,
      ].map(([what, id, baselines]) => {
        const figure = figureOf(case_, id, "p50");
        const ratios = baselines.map((baseline) => timesOf(comparedWith(case_, id, baseline, "p50")));
        return [
          `${what}, ${case_.parameters["transport"]}`,
          figure === undefined ? "–" : microseconds(figure.median),
          ...ratios,
        ];
      }),
    );
  const names = ["libzmq", "zeromq.js", "raw"].map((id) => `× ${nameOf(id)}`);
  return table(["one way, 1 octet, median (lower is better)", "", ...names], rows, 1);
}

/** Where a peer does better: the cases in which ours loses to libzmq or to zeromq.js. */
export function behindTable(results: Results): string {
  const rows = suites.flatMap((suite) => {
    const [main] = suite.metrics;
    const cases = suiteOf(results, suite.name)?.cases ?? [];
    return cases.flatMap((case_) =>
      case_.contenders
        .filter(({ peer }) => peer === "ours")
        .flatMap((contender) =>
          suite.baselines
            .filter((id) => id !== "raw")
            .flatMap((id) => {
              const ratio = comparedWith(case_, contender.id, id, main.name);
              if (ratio === undefined || !(main.better === "higher" ? ratio.median < 1 : ratio.median > 1)) return [];
              const range = `${times(ratio.min)} – ${times(ratio.max)}`;
              return [
                [suite.name, case_.name, nameContender(contender), `${times(ratio.median)} × ${nameOf(id)}`, range],
              ];
            }),
        ),
    );
  });
  if (rows.length === 0) return "In this run, none.";
  return table(["suite", "case", "", "median", "rounds"], rows, 3);
}

/** The targets, what was wanted and measured, and whether they hold. */
export function targetsTable(judgements: readonly Judgement[]): string {
  const rows = judgements.flatMap(({ number, what, atLeast, stretch }) => [
    [String(number), what, atLeast.text, measured(atLeast), STATES[atLeast.state]],
    ...(stretch === undefined ? [] : [["", "", `better: ${stretch.text}`, measured(stretch), STATES[stretch.state]]]),
  ]);
  const notes = judgements.flatMap(({ number, note }) => (note === undefined ? [] : [`- ${number}: ${note}.`]));
  const written = table(["", "target", "wanted", "measured", "holds"], rows, Number.POSITIVE_INFINITY);
  return [written, ...(notes.length === 0 ? [] : [notes.join("\n")])].join("\n\n");
}

const STATES: Readonly<Record<State, string>> = {
  held: "yes",
  missed: "**no**",
  "partly measured": "as far as measured",
  "not measured": "not measured",
  "not there yet": "not there yet",
  "nothing to measure": "nothing to measure",
};

/** The range of what was found, and by name what does not hold. */
function measured({ findings }: GoalJudgement): string {
  const units = [...new Set(findings.map(({ unit }) => unit))];
  const ranges = units.map((unit) => {
    const own = findings.filter((finding) => finding.unit === unit).sort((a, b) => a.value - b.value);
    const [least, most] = [own[0], own.at(-1)] as [Finding, Finding];
    return least === most ? `${least.shown} ${unit}` : `${least.shown} – ${most.shown} ${unit}`;
  });
  const missed = findings.filter(({ holds }) => !holds);
  const names = missed.map(({ where, shown, unit }) => `${where} (${units.length === 1 ? shown : `${shown} ${unit}`})`);
  const but = missed.length === 0 || missed.length === findings.length ? "" : `; missed: ${names.join(", ")}`;
  return `${ranges.join(", ")}${but}`;
}

/** A Markdown table; the columns after the first `left` ones are figures, to the right. */
export function table(header: readonly string[], rows: readonly (readonly string[])[], left: number): string {
  const rule = header.map((_, column) => (column < left ? "---" : "---:"));
  return [header, rule, ...rows]
    .map((cells) => `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`)
    .join("\n");
}
