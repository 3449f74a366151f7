// SPDX-License-Identifier: MIT
/** Which files make up the suites that run everywhere, and for which transport a test counts. */
import { readdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { Ended } from "./runs.ts";

/** Columns of the table. */
export const transports = ["tcp", "tls+tcp", "ws", "wss", "ipc", "inproc", "udp", "epgm", "the rest"] as const;

/** What a test is for. */
export type Column = (typeof transports)[number];

const CHOSEN = [
  /^conformance\//,
  /^unit\/(api|auth|base|compat|engine|pattern|pipe|runtime|security|session|socket|transport|wire)\//,
  /^unit\/draft\.test/,
  // Peers of the other implementations are processes of their own in these.
  /^interop\/matrix-(c|python|zeromq-js|ws|drafts|curve)\.test/,
];

/** The files, from `test/` on. */
export function suiteFiles(): string[] {
  const folder = fileURLToPath(new URL("..", import.meta.url));
  return readdirSync(folder, { recursive: true, encoding: "utf8" })
    .map((file) => file.replaceAll("\\", "/"))
    .filter((file) => file.endsWith(".test.ts") && CHOSEN.some((pattern) => pattern.test(file)))
    .sort();
}

/** What runs in browsers, from `test/` on. */
export const browserFile = "browser/peers.test.ts";

const IN_TITLE = /(?<![\w-])(tls\+tcp|wss|ws|ipc|inproc|udp|e?pgm|tcp)(?![\w-])/;
const IN_FILE: readonly (readonly [RegExp, Column])[] = [
  [/tls/, "tls+tcp"],
  [/pgm/, "epgm"],
  [/udp/, "udp"],
  [/(^|-)(ws|zws)\b/, "ws"],
  [/ipc/, "ipc"],
  [/inproc/, "inproc"],
  [/tcp|socks|net-/, "tcp"],
];
const WITHOUT = /what a page cannot do|keys that are none/;

/** The transport that a test's title names first, or else the one that its file is about. */
export function columnOf({ file, title }: Pick<Ended, "file" | "title">): Column {
  const [, named] = IN_TITLE.exec(title) ?? [];
  if (named !== undefined) return named === "pgm" ? "epgm" : (named as Column);
  // What pages have to talk to somebody else, if a title says nothing.
  if (file === browserFile) return WITHOUT.test(title) ? "the rest" : "ws";
  const name = file.replace(/^.*\//, "");
  return IN_FILE.find(([pattern]) => pattern.test(name))?.[1] ?? "the rest";
}
