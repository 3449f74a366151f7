// SPDX-License-Identifier: MIT
/** From values to places, and which values get a line: linear from zero, or logarithmic. Neighbours: lines.ts, bars.ts. */

export interface Scale {
  (value: number): number;
  /** Values worth a line, in order. */
  readonly ticks: readonly number[];
}

/** From zero to a round value above `largest`. */
export function linear(largest: number, from: number, to: number): Scale {
  const step = roundStep(largest / 4);
  const count = Math.max(1, Math.ceil(largest / step - 1e-9));
  const end = count * step;
  const place = (value: number): number => from + ((to - from) * value) / end;
  return Object.assign(place, { ticks: Array.from({ length: count + 1 }, (_, index) => index * step) });
}

/** Logarithmic, from just below `least` to just above `largest`; a line at each power of ten, or at 1, 2 and 5 of it. */
export function logarithmic(least: number, largest: number, from: number, to: number): Scale {
  const low = Math.log10(least) - 0.1;
  const high = Math.log10(largest) + 0.12;
  const place = (value: number): number => from + ((to - from) * (Math.log10(value) - low)) / (high - low);
  const factors = high - low < 1.6 ? [1, 2, 5] : [1];
  const ticks: number[] = [];
  for (let power = Math.floor(low); power <= high; power += 1) {
    for (const factor of factors) {
      const tick = factor * 10 ** power;
      if (Math.log10(tick) >= low && Math.log10(tick) <= high) ticks.push(tick);
    }
  }
  return Object.assign(place, { ticks });
}

/** 1, 2, 2.5 or 5 times a power of ten, at least `value`. */
function roundStep(value: number): number {
  if (!(value > 0)) return 1;
  const power = 10 ** Math.floor(Math.log10(value));
  const factor = [1, 2, 2.5, 5, 10].find((candidate) => candidate * power >= value * (1 - 1e-9)) ?? 10;
  return factor * power;
}

/** Puts labels at least `gap` apart, each as near to its wish as that allows, between the limits. */
export function spreadOut(wishes: readonly number[], gap: number, least: number, most: number): number[] {
  const order = wishes.map((_, index) => index).sort((a, b) => (wishes[a] as number) - (wishes[b] as number));
  // Groups of labels that touch; each lies around the mean of its wishes.
  let groups = order.map((index) => ({ members: [index], centre: clamp(wishes[index] as number, least, most) }));
  for (let touched = true; touched; ) {
    touched = false;
    const merged: typeof groups = [];
    for (const group of groups) {
      const last = merged.at(-1);
      if (last !== undefined && bottom(last, gap) + gap > top(group, gap) + 1e-6) {
        last.members.push(...group.members);
        last.centre = last.members.reduce((sum, index) => sum + (wishes[index] as number), 0) / last.members.length;
        touched = true;
      } else {
        merged.push(group);
      }
      const now = merged.at(-1) as (typeof groups)[number];
      const half = ((now.members.length - 1) * gap) / 2;
      now.centre = clamp(now.centre, least + half, Math.max(least + half, most - half));
    }
    groups = merged;
  }
  const places: number[] = [];
  for (const group of groups) {
    for (const [position, index] of group.members.entries()) places[index] = top(group, gap) + position * gap;
  }
  return places;
}

interface Group {
  readonly members: readonly number[];
  readonly centre: number;
}

function top({ members, centre }: Group, gap: number): number {
  return centre - ((members.length - 1) * gap) / 2;
}

function bottom(group: Group, gap: number): number {
  return top(group, gap) + (group.members.length - 1) * gap;
}

function clamp(value: number, least: number, most: number): number {
  return Math.min(most, Math.max(least, value));
}
