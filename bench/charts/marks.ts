// SPDX-License-Identifier: MIT
/** The signs of the peers: a shape for each, so that no chart is told by colour alone. Neighbours: lines.ts, bars.ts. */
import { coordinate, element } from "./svg.ts";
import type { Theme } from "./theme.ts";

const SIZE = 4.6;

export function mark(peer: string, x: number, y: number, colour: string, theme: Theme): string {
  const style = { fill: colour, stroke: theme.ground, "stroke-width": 1.4 };
  switch (peer) {
    case "libzmq":
      return element("rect", {
        x: x - SIZE + 0.4,
        y: y - SIZE + 0.4,
        width: 2 * SIZE - 0.8,
        height: 2 * SIZE - 0.8,
        ...style,
      });
    case "zeromq.js":
      return polygon(
        x,
        y,
        [
          [0, -1.3],
          [1.15, 0.8],
          [-1.15, 0.8],
        ],
        style,
      );
    case "raw":
      return polygon(
        x,
        y,
        [
          [0, -1.25],
          [1.25, 0],
          [0, 1.25],
          [-1.25, 0],
        ],
        style,
      );
    default:
      return element("circle", { cx: x, cy: y, r: SIZE + 0.3, ...style });
  }
}

function polygon(x: number, y: number, corners: readonly (readonly [number, number])[], style: object): string {
  const points = corners.map(([dx, dy]) => `${coordinate(x + dx * SIZE)},${coordinate(y + dy * SIZE)}`);
  return element("polygon", { points: points.join(" "), ...style });
}
