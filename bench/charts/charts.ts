// SPDX-License-Identifier: MIT
/**
 * Which charts there are, and what each shows of a run's results. A chart whose suite was not measured is not drawn.
 * Neighbours: lines.ts and bars.ts (how), ../results.ts (figures), ../publish/ (files and documents).
 */
import { casesOf, figureOf, type MeasuredCase, type Results, ratioOf, suiteOf } from "../results.ts";
import { type BarChart, type Cell, drawBars, type Row } from "./bars.ts";
import { conditions } from "./conditions.ts";
import { type Comparison, drawLines, type LineChart, type Series } from "./lines.ts";
import { count, microseconds, octets, times } from "./numbers.ts";
import type { Theme } from "./theme.ts";

export interface Chart {
  /** Its file is `<name>-light.svg` or `<name>-dark.svg`. */
  readonly name: string;
  readonly title: string;
  /** What it says, for those who cannot see it. */
  readonly description: string;
  readonly draw: (theme: Theme) => string;
}

/** A contender of a chart: its id in the results, whose it is, what it is called, with what API. */
interface Who {
  readonly id: string;
  readonly peer: string;
  readonly name: string;
  readonly detail: string;
}

const OURS = "zeromq-ts";
const RANGES = "The thin lines span the rounds.";
const libzmq: Who = { id: "libzmq", peer: "libzmq", name: "libzmq", detail: "C API" };
const zeromqJs: Who = { id: "zeromq.js", peer: "zeromq.js", name: "npm zeromq", detail: "await send / for await" };
const raw: Who = { id: "raw", peer: "raw", name: "node:net", detail: "bare, no library" };

function ours(id: string, detail: string): Who {
  return { id, peer: "ours", name: OURS, detail };
}

interface LinesOf {
  readonly name: string;
  readonly title: string;
  readonly subtitle: string;
  readonly suite: string;
  /** The cases that belong to it, beside those that differ in `along` alone. */
  readonly parameters: Readonly<Record<string, string | number>>;
  /** Excluded: cases that have this parameter. */
  readonly without?: string;
  readonly along: string;
  readonly label: string;
  /** From zero, where figures do not differ by factors. */
  readonly isLinear?: boolean;
  /** The first is ours; those of `against` are compared with. */
  readonly who: readonly [Who, ...Who[]];
  readonly against: readonly Who[];
}

const lineCharts: readonly LinesOf[] = [
  {
    name: "throughput",
    title: "Throughput, without a promise per message",
    subtitle: "Messages a second by size, PUSH to PULL between two processes over tcp; both axes logarithmic",
    suite: "throughput",
    parameters: { transport: "tcp" },
    along: "size",
    label: "octets per message",
    who: [ours("ours-batch", "trySend / receiveBatch"), libzmq, zeromqJs, raw],
    against: [libzmq, zeromqJs],
  },
  {
    name: "await",
    title: "Throughput, with a promise per message on both sides",
    subtitle: "Messages a second by size, PUSH to PULL between two processes over tcp; both axes logarithmic",
    suite: "throughput",
    parameters: { transport: "tcp" },
    along: "size",
    label: "octets per message",
    who: [ours("ours-await", "await send / for await"), zeromqJs, libzmq],
    against: [zeromqJs, libzmq],
  },
  {
    name: "fan-out",
    title: "One publisher, many subscribers",
    subtitle:
      "Deliveries a second, messages of 64 octets to subscribers in another process over tcp; both axes logarithmic",
    suite: "fan-out",
    parameters: { transport: "tcp", size: 64 },
    without: "sink",
    along: "subscribers",
    label: "subscribers",
    who: [ours("ours", "trySend / receiveBatch"), libzmq, zeromqJs],
    against: [libzmq, zeromqJs],
  },
  {
    name: "publisher",
    title: "One publisher, the same subscribers for all",
    subtitle: "As above, but one and the same light program takes what the publishers of all libraries send",
    suite: "fan-out",
    parameters: { transport: "tcp", size: 64, sink: "neutral" },
    along: "subscribers",
    label: "subscribers",
    who: [ours("ours", "trySend"), libzmq, zeromqJs],
    against: [libzmq, zeromqJs],
  },
  {
    name: "router",
    title: "One ROUTER, many DEALER clients",
    subtitle:
      "Requests answered a second, of 64 octets, from clients in another process over tcp; both axes logarithmic",
    suite: "router",
    parameters: { transport: "tcp", size: 64 },
    along: "clients",
    label: "clients",
    who: [ours("ours", "receiveBatch / trySend"), libzmq, { ...zeromqJs, detail: "for await / await send" }],
    against: [libzmq, zeromqJs],
  },
  {
    name: "matching",
    title: "Finding who wants a message",
    subtitle:
      "Messages published a second by the number of subscribed prefixes, PUB to SUB in one thread, one in ten matches",
    suite: "matching",
    isLinear: true,
    parameters: { size: 16 },
    along: "prefixes",
    label: "prefixes",
    who: [ours("ours", "trySend / tryReceive"), { ...libzmq, detail: "C API, one thread" }],
    against: [libzmq],
  },
];

/** The charts that the results have figures for. */
export function chartsOf(results: Results): readonly Chart[] {
  return [
    ...lineCharts.flatMap((chart) => chartOfLines(chart, results)),
    ...latencyChart(results, "tcp", "latency"),
    ...latencyChart(results, "ipc", "latency-ipc"),
    ...memoryChart(results),
  ];
}

function chartOfLines(from: LinesOf, results: Results): Chart[] {
  const suite = suiteOf(results, from.suite);
  const [own] = from.who;
  const cases = casesOf(results, from.suite, from.parameters)
    .filter(({ parameters }) => from.without === undefined || !(from.without in parameters))
    .filter((case_) => typeof case_.parameters[from.along] === "number" && figureOf(case_, own.id, "rate"))
    .sort((a, b) => valueOf(a, from.along) - valueOf(b, from.along));
  if (suite === undefined || cases.length < 2) return [];
  const values = cases.map((case_) => valueOf(case_, from.along));
  const series = from.who
    .map(({ id, ...who }): Series => ({ ...who, points: cases.map((case_) => figureOf(case_, id, "rate")) }))
    .filter(({ points }) => points.some((point) => point !== undefined));
  const comparisons = from.against
    .map(
      ({ id, peer, name }): Comparison => ({
        peer,
        name,
        points: cases.map((case_) => ratioOf(case_, own.id, id, "rate")),
      }),
    )
    .filter(({ points }) => points.some((point) => point !== undefined));
  const names = values.map(shortNumber);
  const chart: LineChart = {
    title: from.title,
    subtitle: from.subtitle,
    conditions: `${conditions(suite)} ${RANGES}`,
    description: series.map((one) => inWords(one, names)).join(" "),
    x: { label: from.label, values, names },
    y: { isLogarithmic: from.isLinear !== true, format: count },
    series,
    comparisons,
    times,
  };
  return [made(from.name, chart, (theme) => drawLines(chart, theme))];
}

function valueOf({ parameters }: MeasuredCase, along: string): number {
  return Number(parameters[along]);
}

/** 64, 1 k, 1 Ki: sizes and counts as people call them. */
function shortNumber(value: number): string {
  if (value >= 1e6 && value % 1e6 === 0) return `${value / 1e6} M`;
  if (value >= 10_000 && value % 1000 === 0) return `${value / 1000} k`;
  if (value >= 1024 && value % (1024 * 1024) === 0) return `${value / 1024 / 1024} Mi`;
  if (value >= 1024 && value % 1024 === 0) return `${value / 1024} Ki`;
  return String(value);
}

function inWords({ name, detail, points }: Series, names: readonly string[]): string {
  const figures = points.flatMap((point, index) =>
    point === undefined ? [] : [`${count(point.median)} at ${names[index]}`],
  );
  return `${name} (${detail}): ${figures.join(", ")}.`;
}

function made(name: string, { title, description }: LineChart | BarChart, draw: Chart["draw"]): Chart {
  return { name, title, description, draw };
}

const quantiles = [
  { metric: "p50", title: "median", share: 1.5 },
  { metric: "p99", title: "99th percentile", share: 1 },
  { metric: "p999", title: "99.9th percentile", share: 1 },
];

function latencyChart(results: Results, transport: string, name: string): Chart[] {
  const suite = suiteOf(results, "latency");
  const [case_] = casesOf(results, "latency", { transport, size: 1 });
  if (suite === undefined || case_ === undefined) return [];
  const groups = [
    latencyGroup("REQ / REP", case_, [ours("ours", "await"), libzmq, { ...zeromqJs, detail: "await" }, raw]),
    latencyGroup("PAIR", case_, [ours("ours-pair", "await"), { ...libzmq, id: "libzmq-pair" }, raw]),
  ].filter(({ rows }) => rows.some(({ peer }) => peer === "ours"));
  if (groups.length === 0) return [];
  const chart: BarChart = {
    title: `Latency over ${transport}`,
    subtitle: "One way, half a round trip of 1 octet between two processes; shorter is better",
    conditions: `${conditions(suite)} ${RANGES}`,
    description: describeGroups(groups, microseconds),
    columns: quantiles.map(({ title, share }) => ({ title, share, format: microseconds })),
    groups,
  };
  return [made(name, chart, (theme) => drawBars(chart, theme))];
}

function latencyGroup(name: string, case_: MeasuredCase, who: readonly Who[]): { name: string; rows: Row[] } {
  const [own, peer] = who;
  return {
    name,
    rows: rowsOf(
      case_,
      who,
      quantiles.map(({ metric }) => metric),
      ({ id }, metric) => {
        if (id !== own?.id || peer === undefined || metric !== "p50") return undefined;
        const ratio = ratioOf(case_, id, peer.id, metric);
        return ratio && `${times(ratio.median)} × ${peer.name}`;
      },
    ),
  };
}

const memories = [
  { metric: "rss", title: "resident memory of the process", share: 1 },
  { metric: "heap", title: "of which JavaScript's", share: 1 },
];

function memoryChart(results: Results): Chart[] {
  const suite = suiteOf(results, "idle-memory");
  const groups = casesOf(results, "idle-memory")
    .map((case_) => ({
      name: case_.name,
      rows: rowsOf(
        case_,
        [ours("ours", ""), { ...raw, detail: "bare" }, { ...libzmq, detail: "C API" }, { ...zeromqJs, detail: "" }],
        memories.map(({ metric }) => metric),
        ({ id }, metric) => {
          if (id !== "ours" || metric !== "rss") return undefined;
          const ratio = ratioOf(case_, id, libzmq.id, metric);
          return ratio && `${times(ratio.median)} × ${libzmq.name}`;
        },
      ),
    }))
    .filter(({ rows }) => rows.some(({ peer }) => peer === "ours"));
  if (suite === undefined || groups.length === 0) return [];
  const chart: BarChart = {
    title: "Memory of an idle connection",
    subtitle: "Octets per tcp connection after its handshake; shorter is better",
    conditions: `${conditions(suite)} ${RANGES}`,
    description: describeGroups(groups, octets),
    columns: memories.map(({ title, share }) => ({ title, share, format: octets })),
    groups,
  };
  return [made("idle-memory", chart, (theme) => drawBars(chart, theme))];
}

/** Best first, by the first figure. */
function rowsOf(
  case_: MeasuredCase,
  who: readonly Who[],
  metrics: readonly string[],
  remark: (who: Who, metric: string) => string | undefined,
): Row[] {
  return who
    .map((one): Row => {
      const cells = metrics.map((metric): Cell | undefined => {
        const value = figureOf(case_, one.id, metric);
        const said = remark(one, metric);
        return value && { value, ...(said !== undefined && { remark: said }) };
      });
      return { peer: one.peer, name: one.name, detail: one.detail, cells };
    })
    .filter(({ cells }) => cells.some((cell) => cell !== undefined))
    .sort((a, b) => firstValue(a) - firstValue(b));
}

function firstValue({ cells }: Row): number {
  return cells.find((cell) => cell !== undefined)?.value.median ?? Number.POSITIVE_INFINITY;
}

function describeGroups(groups: BarChart["groups"], format: (value: number) => string): string {
  return groups
    .map(({ name, rows }) => {
      const figures = rows.map(({ name: who, cells }) => {
        const values = cells.map((cell) => (cell === undefined ? "–" : format(cell.value.median)));
        return `${who} ${values.join(" / ")}`;
      });
      return `${name}: ${figures.join(", ")}.`;
    })
    .join(" ");
}
