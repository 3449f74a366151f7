// SPDX-License-Identifier: MIT
/**
 * Writes SVG as text: elements, numbers with one digit, text of an estimated width. The same input gives the same octets.
 * Neighbours: lines.ts, bars.ts, sheet.ts.
 */

export type Attributes = Readonly<Record<string, string | number | undefined>>;

export function element(name: string, attributes: Attributes, ...children: readonly string[]): string {
  const written = Object.entries(attributes)
    .filter((entry): entry is [string, string | number] => entry[1] !== undefined)
    .map(([key, value]) => ` ${key}="${typeof value === "number" ? coordinate(value) : escapeText(value)}"`)
    .join("");
  return children.length === 0 ? `<${name}${written}/>` : `<${name}${written}>${children.join("")}</${name}>`;
}

/** A tenth of a pixel is as good as anybody sees. */
export function coordinate(value: number): string {
  if (!Number.isFinite(value)) throw new RangeError(`a coordinate of ${value}`);
  // Never "-0".
  return String(Math.round(value * 10) / 10 + 0);
}

export function escapeText(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;");
}

export interface TextStyle {
  readonly size: number;
  readonly fill: string;
  readonly weight?: number;
  readonly anchor?: "start" | "middle" | "end";
  /** Drawn around the letters, so that lines behind them do not disturb. */
  readonly halo?: string;
}

/** Text whose baseline begins, is centred or ends at a point. */
export function text(x: number, y: number, content: string, { size, fill, weight, anchor, halo }: TextStyle): string {
  const around =
    halo === undefined
      ? {}
      : { stroke: halo, "stroke-width": 3.5, "stroke-linejoin": "round", "paint-order": "stroke" };
  const style = { "font-size": size, "font-weight": weight, "text-anchor": anchor, fill, ...around };
  return element("text", { x, y, ...style }, escapeText(content));
}

export function line(x1: number, y1: number, x2: number, y2: number, stroke: string, more: Attributes = {}): string {
  return element("line", { x1, y1, x2, y2, stroke, ...more });
}

/** How wide a text is at most, in the fonts that the charts may meet. */
export function textWidth(content: string, size: number, weight = 400): number {
  let widths = 0;
  for (const letter of content) {
    widths += /[ .,:;'|iljtfr()/[\]–-]/.test(letter) ? 0.38 : /[mwMW@%×µ]/.test(letter) ? 0.9 : 0.62;
  }
  return widths * size * (weight >= 600 ? 1.1 : 1);
}
