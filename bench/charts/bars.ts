// SPDX-License-Identifier: MIT
/**
 * Draws figures that have no parameter as bars from zero: a row for each contender, best first, a column for each figure,
 * with its range and its value beside it. Neighbours: sheet.ts, charts.ts (what is drawn).
 */
import type { Spread } from "../statistics.ts";
import { mark } from "./marks.ts";
import { MARGIN, sheet, TOP, WIDTH, type Words } from "./sheet.ts";
import { coordinate, element, line, text, textWidth } from "./svg.ts";
import { colourOf, type Theme } from "./theme.ts";

export interface Cell {
  readonly value: Spread;
  /** How it compares with a peer: "0.84 × libzmq". */
  readonly remark?: string;
}

export interface Row {
  readonly peer: string;
  readonly name: string;
  readonly detail: string;
  /** One for each column. */
  readonly cells: readonly (Cell | undefined)[];
}

export interface Column {
  readonly title: string;
  /** How much of the width it gets, beside the others. */
  readonly share: number;
  readonly format: (value: number) => string;
}

export interface BarChart extends Words {
  readonly columns: readonly Column[];
  readonly groups: readonly { readonly name: string; readonly rows: readonly Row[] }[];
}

const LABELS = 218;
const ROW = 27;
const GROUP = 40;
const THICKNESS = 13;
const VALUE = 12.5;
const REMARK = 11.5;
const GAP = 20;

/** A range that reaches further than this many times the largest value is cut, and says so. */
const LONGEST = 1.6;

interface Place {
  readonly column: Column;
  readonly left: number;
  readonly width: number;
  /** Pixels for a unit. */
  readonly scale: number;
  /** Where ranges are cut. */
  readonly limit: number;
}

export function drawBars(chart: BarChart, theme: Theme): string {
  const places = placesOf(chart);
  let y = TOP + 8;
  const content: string[] = places.map(({ column, left }) =>
    text(left, y, column.title, { size: 12.5, weight: 600, fill: theme.ink }),
  );
  for (const { name, rows } of chart.groups) {
    y += GROUP - (name === "" ? 20 : 0);
    if (name !== "") content.push(text(MARGIN, y - 4, name, { size: 13, weight: 650, fill: theme.ink }));
    const top = y;
    for (const row of rows) {
      content.push(...drawRow(row, y + ROW / 2, places, theme));
      y += ROW;
    }
    content.push(...places.map(({ left }) => line(left, top, left, y, theme.quiet, { "stroke-width": 1 })));
  }
  return sheet(chart, theme, y + 8, content);
}

function placesOf({ columns, groups }: BarChart): Place[] {
  const shares = columns.reduce((sum, { share }) => sum + share, 0);
  const room = WIDTH - 2 * MARGIN - LABELS - GAP * (columns.length - 1);
  let left = MARGIN + LABELS;
  return columns.map((column, index) => {
    const width = (room * column.share) / shares;
    const cells = groups.flatMap(({ rows }) => rows.flatMap(({ cells: all }) => all[index] ?? []));
    const limit = LONGEST * Math.max(...cells.map(({ value }) => value.median));
    // As long as every bar leaves room for what stands beside it.
    const scales = cells.map((cell) => (width - 12 - besides(cell, column)) / reach(cell.value, limit));
    const place = { column, left, width, limit, scale: Math.min(...scales) };
    left += width + GAP;
    return place;
  });
}

/** The end of the bar and its range, in the unit of the figure. */
function reach({ median, max }: Spread, limit: number): number {
  return Math.max(median, Math.min(max, limit), 1e-12);
}

function besides({ value, remark }: Cell, { format }: Column): number {
  const remarkWidth = remark === undefined ? 0 : textWidth(remark, REMARK, 600) + 8;
  return textWidth(format(value.median), VALUE, 700) + remarkWidth;
}

function drawRow({ peer, name, detail, cells }: Row, y: number, places: readonly Place[], theme: Theme): string[] {
  const colour = colourOf(theme, peer);
  const isOurs = peer === "ours";
  return [
    mark(peer, MARGIN + 5, y, colour, theme),
    element(
      "text",
      { x: MARGIN + 17, y: y + 4.5, "font-size": 13 },
      element("tspan", { "font-weight": 650, fill: colour }, name),
      element("tspan", { "font-size": 11.5, fill: theme.quiet, dx: 6 }, detail),
    ),
    ...cells.flatMap((cell, index) => {
      const place = places[index];
      if (place === undefined) return [];
      if (cell === undefined) return [text(place.left + 8, y + 4, "–", { size: VALUE, fill: theme.quiet })];
      return drawCell(cell, y, place, isOurs, colour, theme);
    }),
  ];
}

function drawCell(
  { value, remark }: Cell,
  y: number,
  { column, left, scale, limit }: Place,
  isOurs: boolean,
  colour: string,
  theme: Theme,
): string[] {
  const at = (figure: number): number => left + Math.max(0, figure) * scale;
  const after = at(reach(value, limit)) + 8;
  const isCut = value.max > limit;
  const bar = {
    x: left,
    y: y - THICKNESS / 2,
    width: Math.max(1, at(value.median) - left),
    height: THICKNESS,
    fill: colour,
    "fill-opacity": isOurs ? 1 : 0.62,
  };
  const parts = [
    element("rect", bar),
    range(at(value.min), at(Math.min(value.max, limit)), y, isCut, theme),
    text(after, y + 4.5, column.format(value.median), { size: VALUE, weight: isOurs ? 700 : 450, fill: theme.ink }),
  ];
  if (remark === undefined) return parts;
  const x = after + textWidth(column.format(value.median), VALUE, 700) + 8;
  return [...parts, text(x, y + 4.5, remark, { size: REMARK, weight: 600, fill: colour })];
}

/** From the smallest to the largest round; an arrow where it goes on. */
function range(from: number, to: number, y: number, isCut: boolean, theme: Theme): string {
  const [a, b, middle] = [from, to, y].map(coordinate);
  const start = `M${a},${coordinate(y - 3)}v6M${a},${middle}H${b}`;
  const end = isCut ? `m-4,-3.5l4,3.5l-4,3.5` : `m0,-3v6`;
  return element("path", {
    d: start + end,
    fill: "none",
    stroke: theme.ink,
    "stroke-width": 1.2,
    "stroke-opacity": 0.75,
  });
}
