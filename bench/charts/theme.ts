// SPDX-License-Identifier: MIT
/**
 * Colours and letters of the charts, for a light and a dark ground. A peer has a hue everywhere, and a shape, so that
 * nobody needs to see colours; unit tests hold contrasts and distances. Neighbours: lines.ts, bars.ts.
 */

export interface Theme {
  readonly name: "light" | "dark";
  readonly ground: string;
  /** Text. */
  readonly ink: string;
  /** Text that is not the point. */
  readonly quiet: string;
  /** Lines behind the figures. */
  readonly grid: string;
  /** By peer; good for text too. */
  readonly peers: Readonly<Record<string, string>>;
}

// The grounds and inks are those of the pages that usually show the charts. The peers' colours were picked by search: each has a
// contrast of 4.5 to its ground, and every two differ in full sight and in the three kinds of dichromacy.
export const light: Theme = {
  name: "light",
  ground: "#ffffff",
  ink: "#1f2328",
  quiet: "#59636e",
  grid: "#e3e7eb",
  peers: { ours: "#0b68d8", libzmq: "#b8500a", "zeromq.js": "#4b1680", raw: "#6e7781" },
};

export const dark: Theme = {
  name: "dark",
  ground: "#0d1117",
  ink: "#f0f6fc",
  quiet: "#9198a1",
  grid: "#262c36",
  peers: { ours: "#4493f8", libzmq: "#f0883e", "zeromq.js": "#e2c5ff", raw: "#848d97" },
};

export const themes: readonly Theme[] = [light, dark];

export const FONT = "system-ui, -apple-system, 'Segoe UI', Roboto, 'Helvetica Neue', 'Noto Sans', Arial, sans-serif";

export function colourOf(theme: Theme, peer: string): string {
  return theme.peers[peer] ?? theme.quiet;
}

/** Relative luminance and contrast as WCAG 2 has them. */
export function contrast(one: string, other: string): number {
  const [a, b] = [luminance(one), luminance(other)];
  return (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
}

function luminance(colour: string): number {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) => linear(Number.parseInt(colour.slice(at, at + 2), 16)));
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function linear(value: number): number {
  const share = value / 255;
  return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
}
