// SPDX-License-Identifier: MIT
/**
 * ZPL, the ZeroMQ Property Language (RFC 4): names, values and indentation. What CZMQ and pyzmq write certificates in. Comments are
 * not kept. Used by `certificate.ts`.
 */
import { ZmqError } from "../base/errors.ts";

/** A property. */
export interface ZplItem {
  readonly name: string;
  /** Empty when it has none. */
  readonly value: string;
  readonly children: ZplItem[];
}

/** Deeper than this nobody writes; it bounds what a hostile file can make. */
const DEEPEST = 16;

const NAME_CHARACTER = /[A-Za-z0-9$\-_@.&+/]/;

/** Reads a text. @throws ZmqError `EINVAL` at the first line that is no ZPL */
export function parseZpl(text: string): ZplItem[] {
  const roots: ZplItem[] = [];
  /** The items that the next line may belong to, from the outermost. */
  const open: ZplItem[] = [];
  text.split("\n").forEach((written, index) => {
    const line = written.trimEnd();
    let at = 0;
    while (line[at] === " ") at += 1;
    const level = at / 4;
    const start = at;
    while (NAME_CHARACTER.test(line[at] ?? "")) at += 1;
    const name = line.slice(start, at);
    if (name === "") {
      if (Number.isInteger(level) && isOver(line.slice(at))) return;
      throw wrong(index);
    }
    const value = readValue(line.slice(at).trimStart());
    const isPlaced = Number.isInteger(level) && level <= open.length && level < DEEPEST;
    if (!isPlaced || value === undefined || name.startsWith("/") || name.endsWith("/")) throw wrong(index);
    const item = { name, value, children: [] };
    (level === 0 ? roots : (open[level - 1] as ZplItem).children).push(item);
    open.length = level;
    open.push(item);
  });
  return roots;
}

/** What follows a name: `= value`, `= "value"` or nothing, and perhaps a comment. Undefined: something else. */
function readValue(text: string): string | undefined {
  if (!text.startsWith("=")) return isOver(text) ? "" : undefined;
  const value = text.slice(1).trimStart();
  const quote = value[0];
  if (quote !== '"' && quote !== "'") return (value.split("#", 1)[0] as string).trimEnd();
  const end = value.indexOf(quote, 1);
  return end > 0 && isOver(value.slice(end + 1)) ? value.slice(1, end) : undefined;
}

/** Nothing but white space and a comment is left of a line. */
function isOver(text: string): boolean {
  const rest = text.trimStart();
  return rest === "" || rest.startsWith("#");
}

/** The first item of a name. */
export function findZpl(items: readonly ZplItem[], name: string): ZplItem | undefined {
  return items.find((item) => item.name === name);
}

/** A value as it stands in a file. @throws ZmqError `EINVAL` where none can spell it */
export function quoteZpl(value: string): string {
  if (hasControl(value) || (value.includes('"') && value.includes("'"))) {
    throw new ZmqError("EINVAL", "a value cannot have both kinds of quotes, or control characters");
  }
  return value.includes('"') ? `'${value}'` : `"${value}"`;
}

function hasControl(value: string): boolean {
  for (let i = 0; i < value.length; i += 1) if (value.charCodeAt(i) < 0x20 || value.charCodeAt(i) === 0x7f) return true;
  return false;
}

/** The line itself is not repeated: it may hold a secret key. */
function wrong(index: number): ZmqError {
  return new ZmqError("EINVAL", `line ${index + 1} is no property, or is not indented by steps of four spaces`);
}
