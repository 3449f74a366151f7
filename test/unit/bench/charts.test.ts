// SPDX-License-Identifier: MIT
/** Unit tests of bench/charts/: well-formed pictures for all results, that everybody can read, and numbers as people write them. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { type Chart, chartsOf } from "../../../bench/charts/charts.ts";
import { count, microseconds, octets, times } from "../../../bench/charts/numbers.ts";
import { linear, logarithmic, spreadOut } from "../../../bench/charts/scale.ts";
import { coordinate, escapeText, textWidth } from "../../../bench/charts/svg.ts";
import { contrast, light, themes } from "../../../bench/charts/theme.ts";
import type { MeasuredContender, Results } from "../../../bench/results.ts";
import { contender, madeUp, madeUpCase, madeUpSuite } from "./made-up-results.ts";

interface Text {
  readonly content: string;
  readonly left: number;
  readonly right: number;
  readonly y: number;
}

/** Fails unless every element is closed in order and every attribute is quoted; returns the names of all elements. */
function elementsOf(svg: string): string[] {
  const open: string[] = [];
  const names: string[] = [];
  const rest = svg.replaceAll(/<(\/?)([a-z]+)((?: [\w:-]+="[^"<]*")*)(\/?)>/g, (_, end, name: string, __, alone) => {
    if (end === "/") assert.equal(open.pop(), name);
    else if (alone !== "/") open.push(name);
    if (end !== "/") names.push(name);
    return "";
  });
  assert.deepEqual(open, []);
  assert.doesNotMatch(rest, /[<>]|&(?!(amp|lt|gt|quot);)/);
  return names;
}

function textsOf(svg: string): Text[] {
  return [...svg.matchAll(/<text ([^>]*)>([^<]*)<\/text>/g)].map(([, attributes = "", content = ""]) => {
    const value = (name: string) => new RegExp(`(?:^| )${name}="([^"]*)"`).exec(attributes)?.[1] ?? "";
    const width = textWidth(content, Number(value("font-size")));
    const anchor = value("text-anchor");
    const left = Number(value("x")) - (anchor === "end" ? width : anchor === "middle" ? width / 2 : 0);
    return { content, left, right: left + width, y: Number(value("y")) };
  });
}

function check(chart: Chart): void {
  for (const theme of themes) {
    const svg = chart.draw(theme);
    const names = elementsOf(svg);
    assert.equal(names[0], "svg");
    assert.deepEqual(names.slice(1, 3), ["title", "desc"]);
    assert.doesNotMatch(svg, /NaN|undefined|Infinity|null/, chart.name);
    const [, width = 0, height = 0] = (/viewBox="0 0 ([\d.]+) ([\d.]+)"/.exec(svg) ?? []).map(Number);
    for (const { content, left, right, y } of textsOf(svg)) {
      assert.ok(left >= 0 && right <= width && y > 0 && y < height, `${chart.name}: "${content}" is cut off`);
    }
  }
}

const charts = chartsOf(madeUp);

test("there is a chart for each suite that has one", () => {
  assert.deepEqual(
    charts.map(({ name }) => name),
    ["throughput", "await", "fan-out", "router", "matching", "latency", "latency-ipc", "idle-memory"],
  );
  assert.deepEqual(chartsOf({ suites: [] }), []);
});

for (const chart of charts) {
  test(`the chart "${chart.name}" is well formed, whole, and told in words`, () => {
    check(chart);
    const svg = chart.draw(light);
    assert.match(svg, /^<svg [^>]*role="img" aria-labelledby="title description"/);
    assert.ok(svg.includes(`<title id="title">${escapeText(chart.title)}</title>`));
    assert.ok(svg.includes(escapeText(chart.description)));
    assert.match(svg, /Made-up CPU &lt;1&gt;, 2 cores, Linux 1\.2\.3; Node\.js 20\.0\.0, libzmq 4\.0\.0/);
  });
}

test("the same results give the same octets", () => {
  const again = chartsOf(JSON.parse(JSON.stringify(madeUp)) as Results);
  for (const [index, chart] of charts.entries()) assert.equal(again[index]?.draw(light), chart.draw(light));
});

test("figures of a chart and how many times they are a peer's are written on it", () => {
  const texts = textsOf(charts[0]?.draw(light) ?? "").map(({ content }) => content);
  for (const written of ["zeromq-ts", "libzmq", "npm zeromq", "12.0 M", "1.7 ×", "× libzmq", "40 ×"]) {
    assert.ok(texts.includes(written), written);
  }
});

test("names at the ends of lines keep apart, however close the lines are", () => {
  const near = [1, 16].map((size) =>
    madeUpCase(
      { transport: "tcp", size },
      ...["ours-batch", "libzmq", "zeromq.js", "raw"].map((id) => contender(id, { rate: 1e6 })),
    ),
  );
  const [chart] = chartsOf({ suites: [madeUpSuite("throughput", ...near)] });
  const names = textsOf(chart?.draw(light) ?? "").filter(({ content }) =>
    ["zeromq-ts", "libzmq", "npm zeromq", "node:net"].includes(content),
  );
  const heights = names.map(({ y }) => y).sort((a, b) => a - b);
  for (const [index, y] of heights.entries()) assert.ok(index === 0 || y - (heights[index - 1] as number) >= 15);
});

test("peers that were not measured, failed or differ by factors leave a chart whole", () => {
  const failed: MeasuredContender = { ...contender("libzmq", {}), failure: "fell over" };
  const odd: Results = {
    suites: [
      madeUpSuite(
        "throughput",
        madeUpCase({ transport: "tcp", size: 1 }, contender("ours-batch", { rate: 1 }), failed),
        madeUpCase(
          { transport: "tcp", size: 16 },
          contender("ours-batch", { rate: 1e9 }),
          contender("raw", { rate: 3 }),
        ),
        madeUpCase({ transport: "tcp", size: 64 }, failed),
      ),
      madeUpSuite("latency", madeUpCase({ transport: "tcp", size: 1 }, contender("ours", { p50: 1, p99: 5e6 }))),
      madeUpSuite(
        "idle-memory",
        madeUpCase({ connections: 1 }, contender("ours", { rss: 0, heap: 0 }), contender("libzmq", { rss: 0 })),
      ),
    ],
  };
  const drawn = chartsOf(odd);
  assert.deepEqual(
    drawn.map(({ name }) => name),
    ["throughput", "latency", "idle-memory"],
  );
  for (const chart of drawn) check(chart);
});

test("a line needs two cases", () => {
  const one = madeUpSuite(
    "throughput",
    madeUpCase({ transport: "tcp", size: 1 }, contender("ours-batch", { rate: 1 })),
  );
  assert.deepEqual(chartsOf({ suites: [one] }), []);
});

test("a range that is far longer than all figures is cut", () => {
  const wild = { ...contender("ours", {}), metrics: { p50: { rounds: [1, 2, 900] } } };
  const [chart] = chartsOf({ suites: [madeUpSuite("latency", madeUpCase({ transport: "tcp", size: 1 }, wild))] });
  assert.ok(chart !== undefined);
  check(chart);
  assert.match(chart.draw(light), /m-4,-3\.5l4,3\.5l-4,3\.5/);
});

for (const theme of themes) {
  test(`on the ${theme.name} ground text has a contrast of 4.5, and so has every peer`, () => {
    for (const colour of [theme.ink, theme.quiet, ...Object.values(theme.peers)]) {
      assert.ok(contrast(colour, theme.ground) >= 4.5, `${colour} on ${theme.ground}`);
    }
  });

  test(`on the ${theme.name} ground peers differ, also for those who see two colours`, () => {
    const peers = Object.values(theme.peers);
    for (const [name, sight] of Object.entries(sights)) {
      for (const [index, one] of peers.entries()) {
        for (const other of peers.slice(index + 1)) {
          assert.ok(distance(seen(one, sight), seen(other, sight)) >= 0.07, `${one} and ${other}, ${name}`);
        }
      }
    }
  });
}

test("contrast is that of WCAG", () => {
  assert.equal(contrast("#000000", "#ffffff"), 21);
  assert.equal(contrast("#777777", "#777777"), 1);
});

test("numbers are written in two or three digits", () => {
  assert.deepEqual([0, 7, 999.4, 999.6, 8240, 13_700_000].map(count), ["0", "7.0", "999", "1.0 k", "8.2 k", "13.7 M"]);
  assert.deepEqual([8.3, 36, 999.6, 41_000].map(microseconds), ["8.3 µs", "36 µs", "1.0 ms", "41 ms"]);
  assert.deepEqual([0, 640, 1024, 3482, -2048, 12 * 2 ** 20].map(octets), [
    "0 B",
    "640 B",
    "1.0 KiB",
    "3.4 KiB",
    "−2.0 KiB",
    "12.0 MiB",
  ]);
  assert.deepEqual([0.84, 0.994, 0.999, 1.5, 28.4, 137].map(times), ["0.84", "0.99", "1.0", "1.5", "28", "137"]);
});

test("a linear scale begins at zero and ends at a round value", () => {
  assert.deepEqual(linear(3.6, 0, 100).ticks, [0, 1, 2, 3, 4]);
  assert.equal(linear(3.6, 0, 100)(2), 50);
  assert.deepEqual(linear(0, 0, 100).ticks, [0, 1]);
});

test("a logarithmic scale has lines at powers of ten, or more where it spans little", () => {
  assert.deepEqual(logarithmic(3, 2e4, 0, 100).ticks, [10, 100, 1000, 10_000]);
  assert.deepEqual(logarithmic(3, 30, 0, 100).ticks, [5, 10, 20]);
});

test("labels are moved apart as little as needed, and kept between the limits", () => {
  assert.deepEqual(spreadOut([10, 50], 20, 0, 100), [10, 50]);
  assert.deepEqual(spreadOut([50, 50], 20, 0, 100), [40, 60]);
  assert.deepEqual(spreadOut([95, 99, 98], 20, 0, 100), [60, 100, 80]);
  assert.deepEqual(spreadOut([], 20, 0, 100), []);
});

test("coordinates have one digit, and no negative zero", () => {
  assert.deepEqual([1.26, -0.01, 3].map(coordinate), ["1.3", "0", "3"]);
  assert.throws(() => coordinate(Number.NaN), RangeError);
});

type Triple = readonly [number, number, number];

// How the three kinds of dichromacy see linear RGB (Machado, Oliveira and Fernandes 2009, severity 1).
const sights: Readonly<Record<string, readonly [Triple, Triple, Triple]>> = {
  "full sight": [
    [1, 0, 0],
    [0, 1, 0],
    [0, 0, 1],
  ],
  protanopia: [
    [0.152286, 1.052583, -0.204868],
    [0.114503, 0.786281, 0.099216],
    [-0.003882, -0.048116, 1.051998],
  ],
  deuteranopia: [
    [0.367322, 0.860646, -0.227968],
    [0.280085, 0.672501, 0.047413],
    [-0.01182, 0.04294, 0.968881],
  ],
  tritanopia: [
    [1.255528, -0.076749, -0.178779],
    [-0.078411, 0.930809, 0.147602],
    [0.004733, 0.691367, 0.3039],
  ],
};

function seen(colour: string, sight: readonly Triple[]): number[] {
  const rgb = [1, 3, 5].map((at) => {
    const share = Number.parseInt(colour.slice(at, at + 2), 16) / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return sight.map((row) =>
    Math.min(
      1,
      Math.max(
        0,
        row.reduce((sum, part, index) => sum + part * (rgb[index] ?? 0), 0),
      ),
    ),
  );
}

/** In OKLab, where equal distances look alike. */
function distance(one: readonly number[], other: readonly number[]): number {
  const [a, b] = [lab(one), lab(other)];
  return Math.hypot(...a.map((value, index) => value - (b[index] ?? 0)));
}

function lab([red = 0, green = 0, blue = 0]: readonly number[]): number[] {
  const l = Math.cbrt(0.4122214708 * red + 0.5363325363 * green + 0.0514459929 * blue);
  const m = Math.cbrt(0.2119034982 * red + 0.6806995451 * green + 0.1073969566 * blue);
  const s = Math.cbrt(0.0883024619 * red + 0.2817188376 * green + 0.6299787005 * blue);
  return [
    0.2104542553 * l + 0.793617785 * m - 0.0040720468 * s,
    1.9779984951 * l - 2.428592205 * m + 0.4505937099 * s,
    0.0259040371 * l + 0.7827717662 * m - 0.808675766 * s,
  ];
}
