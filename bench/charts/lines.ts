// SPDX-License-Identifier: MIT
/**
 * Draws figures along a parameter (size, peers, prefixes): a line for each contender with its range at every point, named at
 * its end, and below it how many times ours is its peers. Neighbours: sheet.ts, scale.ts, charts.ts (what is drawn).
 */
import type { Spread } from "../statistics.ts";
import { mark } from "./marks.ts";
import { linear, logarithmic, type Scale, spreadOut } from "./scale.ts";
import { MARGIN, sheet, TOP, WIDTH, type Words } from "./sheet.ts";
import { coordinate, element, line, text, textWidth } from "./svg.ts";
import { colourOf, type Theme } from "./theme.ts";

/** A contender's figures, one for each value of the parameter; undefined where it was not measured. */
export interface Series {
  readonly peer: string;
  readonly name: string;
  /** The API, in smaller letters. */
  readonly detail: string;
  readonly points: readonly (Spread | undefined)[];
}

/** How ours compares with a peer at each value of the parameter. */
export interface Comparison {
  readonly peer: string;
  readonly name: string;
  readonly points: readonly (Spread | undefined)[];
}

export interface LineChart extends Words {
  readonly x: { readonly label: string; readonly values: readonly number[]; readonly names: readonly string[] };
  readonly y: { readonly isLogarithmic: boolean; readonly format: (value: number) => string };
  /** The first is ours. */
  readonly series: readonly Series[];
  readonly comparisons: readonly Comparison[];
  readonly times: (value: number) => string;
}

const LEFT = MARGIN + 62;
const RIGHT = WIDTH - MARGIN - 196;
const HEIGHT = 290;
const BOTTOM = TOP + HEIGHT;
const LABEL_GAP = 36;
const STRIP_ROW = 24;

interface Box {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

export function drawLines(chart: LineChart, theme: Theme): string {
  const x = xPlaces(chart.x.values);
  const y = yScale(chart);
  const bottom = BOTTOM + 48 + STRIP_ROW * (1 + chart.comparisons.length);
  // Ours is drawn last, above all others.
  const inOrder = chart.series.map((series, index) => ({ series, index })).toReversed();
  return sheet(chart, theme, bottom, [
    ...grid(chart, y, theme),
    ...xAxis(chart, x, theme),
    ...inOrder.map(({ series, index }) => drawSeries(series, x, y, shift(index, chart.series.length), theme)),
    ...valueLabels(chart, x, y, theme),
    ...names(chart, x, y, theme),
    ...strip(chart, x, theme),
  ]);
}

/** Where each value of the parameter stands: logarithmic, for sizes and counts grow by factors. */
function xPlaces(values: readonly number[]): number[] {
  const logs = values.map((value) => Math.log(Math.max(value, 0.5)));
  const [least, most] = [Math.min(...logs), Math.max(...logs)];
  const [from, to] = [LEFT + 34, RIGHT - 26];
  return logs.map((log) => (most === least ? (from + to) / 2 : from + ((to - from) * (log - least)) / (most - least)));
}

function yScale({ series, y }: LineChart): Scale {
  const points = series.flatMap((one) => one.points).filter((point) => point !== undefined);
  const largest = Math.max(...points.map(({ max }) => max));
  if (!y.isLogarithmic) return linear(largest, BOTTOM, TOP + 16);
  return logarithmic(Math.min(...points.map(({ min }) => min)), largest, BOTTOM, TOP);
}

/** Ranges of different contenders stand beside each other, not on each other. */
function shift(index: number, count: number): number {
  return (index - (count - 1) / 2) * 3.2;
}

function grid({ y: { format } }: LineChart, y: Scale, theme: Theme): string[] {
  return y.ticks.flatMap((tick) => [
    line(LEFT, y(tick), RIGHT, y(tick), theme.grid, { "stroke-width": 1 }),
    text(LEFT - 10, y(tick) + 4, format(tick).replace(/\.0(?= |$)/, ""), {
      size: 12,
      fill: theme.quiet,
      anchor: "end",
    }),
  ]);
}

function xAxis({ x: { names: labels, label } }: LineChart, x: readonly number[], theme: Theme): string[] {
  return [
    line(LEFT, BOTTOM, RIGHT, BOTTOM, theme.quiet, { "stroke-width": 1 }),
    ...labels.map((name, index) =>
      text(x[index] as number, BOTTOM + 19, name, { size: 12.5, fill: theme.ink, anchor: "middle" }),
    ),
    text(RIGHT + 22, BOTTOM + 19, label, { size: 12, fill: theme.quiet }),
  ];
}

function drawSeries({ peer, points }: Series, x: readonly number[], y: Scale, dx: number, theme: Theme): string {
  const colour = colourOf(theme, peer);
  const there = points.flatMap((point, index) =>
    point === undefined ? [] : [{ ...point, at: (x[index] as number) + dx }],
  );
  const path = there.map(({ at, median }) => `${coordinate(at)},${coordinate(y(median))}`).join(" ");
  const isOurs = peer === "ours";
  return element(
    "g",
    {},
    element("polyline", {
      points: path,
      fill: "none",
      stroke: colour,
      "stroke-width": isOurs ? 2.8 : 1.8,
      "stroke-linejoin": "round",
      "stroke-dasharray": peer === "raw" ? "5 4" : undefined,
    }),
    ...there.map(({ at, min, max }) => range(at, y(min), y(max), colour)),
    ...there.map(({ at, median }) => mark(peer, at, y(median), colour, theme)),
  );
}

/** From the smallest to the largest round. */
function range(x: number, from: number, to: number, colour: string): string {
  const path = `M${coordinate(x - 3)},${coordinate(from)}h6M${coordinate(x - 3)},${coordinate(to)}h6M${coordinate(x)},${coordinate(from)}V${coordinate(to)}`;
  return element("path", { d: path, stroke: colour, "stroke-width": 1.3, "stroke-opacity": 0.55, fill: "none" });
}

/** Values where there is room for them: neither on a mark or a range nor on a line. Those of ours are in the strip too. */
function valueLabels({ series, y: { format } }: LineChart, x: readonly number[], y: Scale, theme: Theme): string[] {
  const taken: Box[] = series.flatMap(({ points }) => obstacles(points, x, y));
  return series.flatMap(({ peer, points }, order) =>
    points.flatMap((point, index) => {
      if (point === undefined) return [];
      const content = format(point.median);
      const width = textWidth(content, 12, order === 0 ? 650 : 450);
      const at = x[index] as number;
      const places = [y(point.max) - 12, y(point.min) + 14].map((centre) => around(at, centre, width, 13));
      const box = places.find(
        (place) => place.bottom < BOTTOM - 2 && place.top > TOP - 10 && !taken.some((other) => overlap(place, other)),
      );
      if (box === undefined) return [];
      taken.push(box);
      const style = { size: 12, fill: colourOf(theme, peer), weight: order === 0 ? 650 : 450, halo: theme.ground };
      return [text(at, box.bottom - 2.5, content, { ...style, anchor: "middle" })];
    }),
  );
}

/** What a series draws, as boxes: marks, ranges, and lines in short pieces. */
function obstacles(points: Series["points"], x: readonly number[], y: Scale): Box[] {
  return points.flatMap((point, index) => {
    if (point === undefined) return [];
    const at = x[index] as number;
    const boxes = [
      around(at, y(point.median), 13, 9),
      around(at, (y(point.min) + y(point.max)) / 2, 8, Math.abs(y(point.min) - y(point.max))),
    ];
    const next = points[index + 1];
    if (next === undefined) return boxes;
    const [dx, dy] = [(x[index + 1] as number) - at, y(next.median) - y(point.median)];
    const pieces = Math.ceil(Math.abs(dx) / 4);
    for (let piece = 0; piece < pieces; piece += 1) {
      const share = (piece + 0.5) / pieces;
      boxes.push(around(at + dx * share, y(point.median) + dy * share, 4, 2 + Math.abs(dy) / pieces));
    }
    return boxes;
  });
}

function around(x: number, y: number, width: number, height: number): Box {
  return { left: x - width / 2, right: x + width / 2, top: y - height / 2, bottom: y + height / 2 };
}

function overlap(a: Box, b: Box): boolean {
  return a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;
}

/** At the end of each line: whose it is. */
function names({ series }: LineChart, x: readonly number[], y: Scale, theme: Theme): string[] {
  const ends = series.flatMap(({ peer, name, detail, points }) => {
    const index = points.findLastIndex((point) => point !== undefined);
    const last = points[index];
    return last === undefined ? [] : [{ peer, name, detail, at: x[index] as number, wish: y(last.median) }];
  });
  const places = spreadOut(
    ends.map(({ wish }) => wish),
    LABEL_GAP,
    TOP + 14,
    BOTTOM - 24,
  );
  return ends.map(({ peer, name, detail, at, wish }, index) => {
    const colour = colourOf(theme, peer);
    const place = places[index] as number;
    const path = `M${coordinate(at + 12)},${coordinate(wish)}L${coordinate(RIGHT + 4)},${coordinate(place)}h12`;
    return element(
      "g",
      {},
      element("path", { d: path, fill: "none", stroke: colour, "stroke-width": 1, "stroke-opacity": 0.5 }),
      text(RIGHT + 22, place + 1, name, { size: 13.5, weight: 650, fill: colour }),
      text(RIGHT + 22, place + 16, detail, { size: 11.5, fill: theme.quiet }),
    );
  });
}

/** Below the figures: what ours reaches, and how many times that is its peers. */
function strip({ series, comparisons, y: { format }, times }: LineChart, x: readonly number[], theme: Theme): string[] {
  const [own] = series;
  const rows = [
    ...(own === undefined ? [] : [{ ...own, cells: cellsOf(own.points, format) }]),
    ...comparisons.map((row) => {
      return { ...row, name: `× ${row.name}`, cells: cellsOf(row.points, (value) => `${times(value)} ×`) };
    }),
  ];
  const top = BOTTOM + 36;
  return [
    line(MARGIN, top, WIDTH - MARGIN, top, theme.grid, { "stroke-width": 1 }),
    ...rows.flatMap(({ peer, name, cells }, index) => {
      const fill = colourOf(theme, peer);
      const y = top + (index + 1) * STRIP_ROW;
      return [
        ...cells.flatMap((cell, at) => {
          const style = { size: 13, weight: 600, anchor: "middle", fill: peer === "ours" ? fill : theme.ink } as const;
          return cell === undefined ? [] : [text(x[at] as number, y, cell, style)];
        }),
        text(RIGHT + 22, y, name, { size: 13, weight: 650, fill }),
      ];
    }),
  ];
}

function cellsOf(points: Series["points"], show: (value: number) => string): (string | undefined)[] {
  return points.map((point) => point && show(point.median));
}
