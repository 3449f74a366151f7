// SPDX-License-Identifier: MIT
/** The tables of completeness, one beside the other, as docs/completeness.md shows them. How to write a line: `standing.ts`. */
import { contextOptionRows } from "../../src/socket/context-option-rows.ts";
import { isKept, type OptionRow, optionRows } from "../../src/socket/options.ts";
import { checklist } from "./checklist/index.ts";
import { events, ownEvents } from "./events.ts";
import { exportsOfZeromqJs, functions, messageProperties } from "./functions.ts";
import { contextOptions, otherSocketOptions, socketOptions } from "./options.ts";
import { socketTypes } from "./socket-types.ts";
import { notHere, notYet, type Standing, type Standings } from "./standing.ts";

/** One table of the page. */
export interface Table {
  readonly title: string;
  readonly rows: Standings;
}

/** What is never honoured says so in its own row; "not built yet" is another matter. */
function refused(reason: string): Standing {
  return reason.endsWith("not built yet") ? notYet(reason) : notHere(reason);
}

function socketOptionTable(): Standings {
  const sorted = [...optionRows].sort((a, b) => a.name.localeCompare(b.name));
  const standingOf = ({ name, never }: OptionRow): Standing =>
    never === undefined ? (socketOptions[name] ?? notYet("there is no line for it")) : refused(never);
  return Object.fromEntries(sorted.map((row) => [row.name, standingOf(row)]));
}

function contextOptionTable(): Standings {
  const rows = contextOptionRows.flatMap((row) => (row.never === undefined ? [] : [[row.name, notHere(row.never)]]));
  return { ...contextOptions, ...Object.fromEntries(rows) };
}

/** Options that need a line in `options.ts`. */
export const optionsWithLine: readonly string[] = optionRows
  .filter((row) => isKept(row) || row.isReadOnly === true)
  .map(({ name }) => name);

/** All tables. */
export const tables: readonly Table[] = [
  { title: "Socket types", rows: socketTypes },
  { title: "Socket options", rows: socketOptionTable() },
  { title: "Socket options of libzmq that are something else here", rows: otherSocketOptions },
  { title: "Context options", rows: contextOptionTable() },
  { title: "Events", rows: { ...events, ...ownEvents } },
  { title: "Functions", rows: functions },
  { title: "Exports of npm zeromq", rows: exportsOfZeromqJs },
  { title: "Properties of messages", rows: messageProperties },
  ...Object.entries(checklist).map(([what, rows]) => ({ title: `libzmq's own tests: ${what}`, rows })),
];
