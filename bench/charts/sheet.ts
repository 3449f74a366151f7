// SPDX-License-Identifier: MIT
/**
 * What every chart is drawn on: ground, title, unit, and below the figures the conditions under which they were measured;
 * with a title and a description for those who cannot see it. Neighbours: lines.ts and bars.ts draw the figures.
 */
import { coordinate, element, escapeText, text, textWidth } from "./svg.ts";
import { FONT, type Theme } from "./theme.ts";

export interface Words {
  readonly title: string;
  /** What is measured, and in which unit. */
  readonly subtitle: string;
  /** Where and how. */
  readonly conditions: string;
  /** The figures in words. */
  readonly description: string;
}

export const WIDTH = 860;
export const MARGIN = 28;

/** Where the figures begin. */
export const TOP = 88;

const NOTE = { size: 11.5, leading: 16 };

/** `height` is the lower edge of the figures; `content` was drawn between it and `TOP`. */
export function sheet(words: Words, theme: Theme, height: number, content: readonly string[]): string {
  const notes = wrap(words.conditions, WIDTH - 2 * MARGIN, NOTE.size);
  const noteTop = height + 26;
  const total = noteTop + (notes.length - 1) * NOTE.leading + 20;
  const attributes = {
    xmlns: "http://www.w3.org/2000/svg",
    viewBox: `0 0 ${WIDTH} ${coordinate(total)}`,
    width: WIDTH,
    height: total,
    role: "img",
    "aria-labelledby": "title description",
    "font-family": FONT,
  };
  const lines = [
    `<title id="title">${escapeText(words.title)}</title>`,
    `<desc id="description">${escapeText(`${words.subtitle}. ${words.description} ${words.conditions}`)}</desc>`,
    element("rect", { width: WIDTH, height: total, rx: 6, fill: theme.ground }),
    text(MARGIN, 42, words.title, { size: 21, weight: 650, fill: theme.ink }),
    text(MARGIN, 65, words.subtitle, { size: 13.5, fill: theme.quiet }),
    ...content,
    ...notes.map((note, index) =>
      text(MARGIN, noteTop + index * NOTE.leading, note, { size: NOTE.size, fill: theme.quiet }),
    ),
  ];
  return `${element("svg", attributes, "\n", lines.join("\n"), "\n")}\n`;
}

function wrap(content: string, width: number, size: number): string[] {
  const lines: string[] = [];
  let current = "";
  for (const word of content.split(" ")) {
    const longer = current === "" ? word : `${current} ${word}`;
    if (current !== "" && textWidth(longer, size) > width) {
      lines.push(current);
      current = word;
    } else {
      current = longer;
    }
  }
  return [...lines, current];
}
