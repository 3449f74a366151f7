// SPDX-License-Identifier: MIT
/** What the football broadcast understands on its command line. */
import { parseArgs } from "node:util";

export const HELP: string = `Live football: one publisher, and followers of single countries in processes of their own.

  npm start                               until Ctrl-C
  npm start -- --count 20                 ends after 20 events; exit code 0 when nobody missed one
  npm start -- --publisher python         the publisher is a Python program on libzmq

Options
  --count N             events to announce before the end; by default there is no end
  --interval MS         milliseconds between two events (default 500)
  --port N              port on 127.0.0.1 (default 5000); 0 takes any free one
  --countries A,B,C     whom to follow, one process each (default netherlands,brazil,japan)
  --publisher KIND      typescript (default) or python
  --python PROGRAM      the Python to use, or "none" to do without; by default one that has pyzmq is looked for
  --help                this text

Where Python with pyzmq is found, the last follower is a Python program on libzmq.
Colours: when the output is a terminal, unless NO_COLOR is set.`;

export interface BroadcastOptions {
  readonly count: number | undefined;
  readonly interval: number;
  readonly port: number;
  readonly countries: readonly string[];
  readonly publisher: "typescript" | "python";
  readonly python: string | undefined;
}

/** The command line is wrong; the message says how. */
export class UsageError extends Error {}

/** Undefined: help was asked for. @throws UsageError */
export function parseOptions(args: readonly string[]): BroadcastOptions | undefined {
  const values = parse(args);
  if (values.help === true) return undefined;
  const { publisher } = values;
  if (publisher !== "typescript" && publisher !== "python") {
    throw new UsageError(`--publisher is typescript or python, not ${JSON.stringify(publisher)}`);
  }
  return {
    count: values.count === undefined ? undefined : wholeNumber("--count", values.count, 1, 1e9),
    interval: wholeNumber("--interval", values.interval, 0, 1e6),
    port: wholeNumber("--port", values.port, 0, 65535),
    countries: countriesIn(values.countries),
    publisher,
    python: values.python,
  };
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      options: {
        count: { type: "string" },
        interval: { type: "string", default: "500" },
        port: { type: "string", default: "5000" },
        countries: { type: "string", default: "netherlands,brazil,japan" },
        publisher: { type: "string", default: "typescript" },
        python: { type: "string" },
        help: { type: "boolean", short: "h" },
      },
    }).values;
  } catch (error) {
    throw new UsageError((error as Error).message);
  }
}

function wholeNumber(option: string, text: string, least: number, most: number): number {
  const value = /^\d+$/.test(text) ? Number(text) : Number.NaN;
  if (value >= least && value <= most) return value;
  throw new UsageError(`${option} takes a whole number from ${least} to ${most}, not ${JSON.stringify(text)}`);
}

function countriesIn(list: string): string[] {
  const countries = list.split(",").map((each) => each.trim().toLowerCase());
  if (countries.every((each) => each !== "")) return countries;
  throw new UsageError(`--countries takes names with commas between them, not ${JSON.stringify(list)}`);
}
