// SPDX-License-Identifier: MIT
/** What the football broadcast shows, in colour where that is wanted. */

const COUNTRY_COLOURS = [33, 36, 35, 34, 32, 31];

/** Octets that begin and end a colour: none when the output is no terminal, or NO_COLOR is set. */
function paint(code: number, text: string): string {
  return process.stdout.isTTY && process.stdout.hasColors() ? `\x1b[${code}m${text}\x1b[0m` : text;
}

export const bold = (text: string): string => paint(1, text);
export const dim = (text: string): string => paint(2, text);
export const red = (text: string): string => paint(31, text);
export const green = (text: string): string => paint(32, text);

/** Each follower's country has its own colour. */
export function inCountryColour(index: number, text: string): string {
  return paint(COUNTRY_COLOURS[index % COUNTRY_COLOURS.length] ?? 33, text);
}

/** A goal stands out, and cards have their colour. */
export function inEventColour(incident: string): string {
  if (incident === "goal") return bold(green("GOAL!"));
  if (incident === "yellow card") return paint(33, incident);
  if (incident === "red card") return red(incident);
  return incident;
}

export function show(line: string): void {
  process.stdout.write(`${line}\n`);
}

export function complain(text: string): void {
  process.stderr.write(`${text.trimEnd()}\n`);
}
