// SPDX-License-Identifier: MIT
/**
 * Writes docs/options.md and docs/errors.md from the tables in `src/socket/options.ts` and `src/base/errors.ts`; what an option
 * does comes from the doc comments in `src/api/`. A test holds the two pages against this script.
 *
 *     node --import tsx scripts/docs-tables.ts
 */
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import ts from "typescript";
import { type ErrorCode, PROTOCOL_ERRORS, ZmqError } from "../src/base/errors.ts";
import { type ContextOptionRow, contextOptionRows } from "../src/socket/context-option-rows.ts";
import { type OptionRow, optionRows } from "../src/socket/options.ts";
import { tables } from "../test/completeness/index.ts";
import type { Standing } from "../test/completeness/standing.ts";
import { CODES_IN_USE } from "./docs-errors.ts";

const root = fileURLToPath(new URL("..", import.meta.url));
const GENERATED = "<!-- Written by scripts/docs-tables.ts: change that, or the tables it reads. -->";

/** The pages, by their path in the project. */
export function generatePages(): Record<string, string> {
  return {
    "docs/options.md": optionsPage(),
    "docs/errors.md": errorsPage(),
    "docs/completeness.md": completenessPage(),
  };
}

// ── Options ──────────────────────────────────────────────────────────────────────────────────────────────────────

/** What each interface of `src/api` says about its members: text by option, then by interface. */
function docComments(): Map<string, Map<string, string>> {
  const comments = new Map<string, Map<string, string>>();
  const files = readdirSync(join(root, "src/api"), { recursive: true, encoding: "utf8" });
  for (const name of files.filter((file) => file.endsWith(".ts"))) {
    const text = readFileSync(join(root, "src/api", name), "utf8");
    ts.createSourceFile(name, text, ts.ScriptTarget.Latest, true).forEachChild((node) => {
      if (!ts.isInterfaceDeclaration(node) || !/(Options|Settings)$/.test(node.name.text)) return;
      for (const member of node.members) {
        const comment = ts.getTextOfJSDocComment(ts.getJSDocCommentsAndTags(member).find(ts.isJSDoc)?.comment);
        if (comment === undefined || member.name === undefined) continue;
        const option = member.name.getText();
        const byInterface = comments.get(option) ?? new Map<string, string>();
        comments.set(option, byInterface.set(node.name.text, comment.replaceAll(/\s+/g, " ")));
      }
    });
  }
  return comments;
}

function valuesOf({ name, type, unit }: OptionRow): string {
  const counted = unit === undefined ? "" : `, ${unit}`;
  switch (type.kind) {
    case "boolean":
      return type.orByKey === true ? "true, false, `{ key }`" : "true, false";
    case "integer":
      if (type.isLong === true) return `${type.min < 0 ? "whole number" : "whole number ≥ 0"}${counted}`;
      return (type.max >= 2147483647 ? `whole number ≥ ${type.min}` : `${type.min} to ${type.max}`) + counted;
    case "choice":
      return type.of.map((each) => `\`${JSON.stringify(each)}\``).join(", ");
    case "text":
      return type.max > 255 ? "text; null" : `text, 1 to ${type.max} octets; null`;
    case "bytes":
      return name === "routingId" ? "text or octets, 1 to 255; null" : "text or octets; null";
    case "networks":
      return "text, list of texts; null";
    case "bits":
      return `0 to ${type.max}, list of ${type.of.map((each) => `\`${JSON.stringify(each)}\``).join(", ")}`;
    case "authorization":
      return "function, set of public keys, `Authenticator`; null";
    case "properties":
      return "object of texts or octets; null";
    case "pem":
      return `PEM, text or octets${type.isList === true ? ", or a list of them" : ""}; null`;
    case "secret":
      return "text; null";
    case "key":
      return "40 characters of Z85, or 32 octets";
  }
}

function defaultOf({ default: value, type, isReadOnly }: OptionRow): string {
  if (isReadOnly === true) return "read only";
  if (type.kind === "properties") return "none";
  return value instanceof Uint8Array || type.kind === "networks" ? "`null`" : `\`${JSON.stringify(value)}\``;
}

/** Interfaces of `src/api` that are no tables of socket options, although members have the same names. */
const OTHER_INTERFACES = ["ContextSettings", "ContextOptions", "CloseOptions", "CallOptions", "RouterConnectOptions"];

/** What an option does, without a plain default: the table has a column for that. */
function meaningOf({ name }: OptionRow, comments: ReadonlyMap<string, ReadonlyMap<string, string>>): string {
  const byInterface = [...(comments.get(name) ?? [])].filter(([each]) => !OTHER_INTERFACES.includes(each));
  const texts = new Map<string, string[]>();
  for (const [where, text] of byInterface) {
    const meaning = withoutDefault(text);
    texts.set(meaning, [...(texts.get(meaning) ?? []), where.replace(/Options$/, "")]);
  }
  if (texts.size === 0) throw new Error(`no doc comment in src/api says what ${name} does`);
  if (texts.size === 1) return [...texts.keys()].join("");
  return [...texts].map(([text, where]) => `${where.join(", ")}: ${text}`).join(" ");
}

function withoutDefault(text: string): string {
  return text
    .replaceAll(/ (Takes effect at once|At once)\./g, "")
    .replace(/ ?Default [^.,;:]*\.$/, "")
    .replaceAll(/\{@link (\w+)\}/g, "`$1`")
    .replaceAll("|", "\\|");
}

function optionTable(rows: readonly OptionRow[], withSockets: boolean): string {
  const comments = docComments();
  const head = ["Option", ...(withSockets ? ["Sockets"] : []), "Meaning", "Values", "Default", "In libzmq"];
  const body = rows.map((row) => [
    `\`${row.name}\`${row.immediate === true ? " ⚡" : ""}`,
    ...(withSockets ? [(row.on ?? []).join(", ")] : []),
    meaningOf(row, comments),
    valuesOf(row),
    defaultOf(row),
    inLibzmq(row),
  ]);
  return [head, head.map(() => "---"), ...body].map((cells) => `| ${cells.join(" | ")} |`).join("\n");
}

/** Where libzmq has it: name, number, version. */
function inLibzmq({ libzmq, id, since }: { libzmq: string; id: number; since: string }): string {
  return id === 0 ? "–" : `\`ZMQ_${libzmq}\` ${id}, ${since}`;
}

/** Options that take only their defaults, by the reason. */
function refusedTables(): string {
  const comments = docComments();
  const refused = optionRows.filter((row) => row.never !== undefined);
  const reasons = [...new Set(refused.map((row) => row.never))];
  return reasons
    .map((reason) => {
      const rows = refused
        .filter((row) => row.never === reason)
        .map((row) => [`\`${row.name}\``, meaningOf(row, comments), valuesOf(row), defaultOf(row), inLibzmq(row)]);
      const head = ["Option", "Meaning", "Values in libzmq", "Default", "In libzmq"];
      const lines = [head, head.map(() => "---"), ...rows].map((cells) => `| ${cells.join(" | ")} |`);
      return `Not on this platform, because ${reason}:\n\n${lines.join("\n")}`;
    })
    .join("\n\n");
}

function optionsPage(): string {
  const sorted = optionRows.filter((row) => row.never === undefined).sort((a, b) => a.name.localeCompare(b.name));
  const general = sorted.filter((row) => row.on === undefined);
  const typesOf = (name: string): readonly string[] | undefined => sorted.find((row) => row.name === name)?.on;
  const sending = sorted.filter((row) => row.on !== undefined && row.on === typesOf("sendTimeout"));
  const receiving = sorted.filter((row) => row.on !== undefined && row.on === typesOf("receiveTimeout"));
  const single = sorted.filter((row) => row.on !== undefined && !sending.includes(row) && !receiving.includes(row));
  return `${GENERATED}

# Options

Options are properties of a socket, and may be given to its constructor. Names are those of npm \`zeromq\`; where that has none, those of
libzmq in camelCase.

\`\`\`ts
import { Push } from "zeromq-ts";

const push = new Push({ sendHighWaterMark: 100, linger: 2000 });
push.sendTimeout = 500;
\`\`\`

- Times are in milliseconds, sizes in octets, high-water marks in messages. Where an option says otherwise, it says so.
- Options marked ⚡ take effect at once. All others are read by each \`bind\` and \`connect\`, and hold for what these begin:
  set them before.
- A value of a wrong type is a \`TypeError\`, a value out of range a \`ZmqError\` with code \`EINVAL\`. An option that the socket type does
  not have is a \`TypeError\`.
- An option that cannot be honoured is never ignored: it takes its default, and everything else fails with \`ENOTSUP\` and the reason. Which ones
  those are is said [below](#not-on-this-platform); a few depend on the version of the runtime.
- All options can be read, also those that libzmq only lets programs set.
- The last column has libzmq's name and number, and the version of libzmq that brought it. Drafts of libzmq are ordinary options here.
- \`new Context({ defaults: { linger: 0 } })\` gives a value to all sockets of a context that have the option.

## All sockets

${optionTable(general, false)}

## Sockets that send

PAIR, PUB, XPUB, XSUB, REQ, REP, DEALER, ROUTER, PUSH, STREAM, CLIENT, SERVER, PEER, RADIO, SCATTER, CHANNEL and DGRAM.

${optionTable(sending, false)}

## Sockets that receive

PAIR, SUB, XPUB, XSUB, REQ, REP, DEALER, ROUTER, PULL, STREAM, CLIENT, SERVER, PEER, DISH, GATHER, CHANNEL and DGRAM.

${optionTable(receiving, false)}

## Single socket types

${optionTable(single, true)}

## Not on this platform

${refusedTables()}

## Where values differ from libzmq's

- \`heartbeatTimeout\` can be set back to −1, its default, which libzmq shows and refuses.
- \`reconnectStop\` takes the bits that have a meaning, 0 to 7; libzmq keeps any number.
- \`maxMessageSize\`: numbers beyond 2⁵³ are near, not exact.
- \`tcpAcceptFilter\` takes IPv6 networks whether \`ipv6\` is on or not, and a peer that came as IPv4 is compared as IPv4; libzmq takes what fits
  the option \`ipv6\` of that moment. A mask is a number and nothing else.
- \`metadata\` takes only the names that RFC 37 allows (letters, digits, \`-\`, \`_\`, \`.\`, \`+\`); a value of four octets, which libzmq always
  refuses, is fine; and a name that is set again gets the new value, where libzmq keeps the first one.
- \`zapDomain\` and the texts of \`socksProxy\`: null unsets them.
- Options that take only their default fail with \`ENOTSUP\`, where a libzmq that was built without a library fails with \`EINVAL\`.
- \`topicsCount\` counts each prefix once; libzmq counts those that a subscriber has subscribed to twice as two.
- A context's \`maxSockets\` is at most its \`maxSocketsLimit\`; some builds of libzmq take more than they report.
- \`affinity\` and the context's \`ioThreads\` are kept, and fail as libzmq does when they leave no thread, but the work is done by the
  runtime's event loop.

## By number

Classes that extend a socket have npm \`zeromq\`'s protected methods \`getBoolOption(id)\`, \`setBoolOption(id, value)\` and their kin for \`Int32\`,
\`Uint32\`, \`Int64\`, \`Uint64\` and \`String\`, with libzmq's numbers. A number that libzmq does not have, or not for this socket type, is \`EINVAL\`, and so is a
method that does not fit the option.

## Contexts

${contextTable()}
`;
}

function contextTable(): string {
  const comments = docComments();
  const commentOn = (name: string): string => {
    const byInterface = comments.get(name);
    const comment = byInterface?.get("ContextSettings") ?? byInterface?.get("ContextOptions");
    if (comment === undefined) throw new Error(`no doc comment in src/api says what a context's ${name} does`);
    return comment.replaceAll("|", "\\|");
  };
  const rows = contextOptionRows.map((row) => [
    `\`${row.name}\``,
    commentOn(row.name) + (row.never === undefined ? "" : ` Not on this platform, because ${row.never}.`),
    row.isReadOnly === true ? "read only" : contextValuesOf(row),
    `\`${JSON.stringify(row.default)}\``,
    inLibzmq(row),
  ]);
  rows.push(["`defaults`", commentOn("defaults"), "object", "none", ""]);
  const head = ["Option", "Meaning", "Values", "Default", "In libzmq"];
  return [head, head.map(() => "---"), ...rows].map((cells) => `| ${cells.join(" | ")} |`).join("\n");
}

function contextValuesOf({ type }: ContextOptionRow): string {
  if (type.kind === "boolean") return "true, false";
  if (type.kind === "text") return `text, up to ${type.max} characters`;
  return type.max === 2147483647 ? `whole number ≥ ${type.min}` : `${type.min} to ${type.max}`;
}

// ── Completeness ─────────────────────────────────────────────────────────────────────────────────────────────────

function completenessPage(): string {
  const all = tables.flatMap(({ rows }) => Object.values(rows));
  const count = (state: Standing["state"]): number => all.filter((each) => each.state === state).length;
  const sections = tables.map(({ title, rows }) => {
    const lines = Object.entries(rows).map(([name, standing]) => `| ${cellsOf(name, standing).join(" | ")} |`);
    return `## ${title}\n\n| Name | Here | State | Shown by |\n| --- | --- | --- | --- |\n${lines.join("\n")}`;
  });
  return `${GENERATED.replace("-->", "The lines are in test/completeness. -->")}

# Completeness

What libzmq and npm \`zeromq\` have, and where it stands here: ${count("works")} work, ${count("not yet")} do not yet, ${count("not here")} cannot on a JavaScript
runtime. A test fails when something that works names no test, and when the sources have a socket type, an option or an event that
is not listed.

${sections.join("\n\n")}
`;
}

function cellsOf(name: string, standing: Standing): string[] {
  if (standing.state === "not yet") return [`\`${name}\``, "", `**not yet:** ${standing.because}`, ""];
  if (standing.state === "not here")
    return [`\`${name}\``, "", `not on this platform, because ${standing.because}`, ""];
  const shownBy = standing.shownBy.map((each) => {
    const file = each.slice(0, each.indexOf(": "));
    const title = each.slice(each.indexOf(": ") + 2);
    return `[${file.replace(/^.*\//, "").replace(/(\.test)?\.ts$/, "")}](../test/${file}): ${title.replaceAll("|", "\\|")}`;
  });
  const state = standing.lacks === undefined ? "works" : `partly, because ${standing.lacks}`;
  return [`\`${name}\``, standing.ours ?? "", state, shownBy.join("; ")];
}

// ── Errors ───────────────────────────────────────────────────────────────────────────────────────────────────────

/** All codes: the names of the properties of `ROWS` in `src/base/errors.ts`. */
function allCodes(): ErrorCode[] {
  const path = join(root, "src/base/errors.ts");
  const source = ts.createSourceFile(path, readFileSync(path, "utf8"), ts.ScriptTarget.Latest, true);
  const codes: string[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isVariableDeclaration(node) && node.name.getText() === "ROWS") {
      const literal =
        node.initializer !== undefined && ts.isAsExpression(node.initializer) ? node.initializer : undefined;
      const rows = literal?.expression;
      if (rows !== undefined && ts.isObjectLiteralExpression(rows)) {
        for (const row of rows.properties) codes.push(row.name?.getText() ?? "");
      }
    }
    node.forEachChild(visit);
  };
  visit(source);
  return codes as ErrorCode[];
}

function errorsPage(): string {
  const codes = allCodes();
  const used = codes.filter((code) => CODES_IN_USE[code] !== undefined);
  const rest = codes.filter((code) => CODES_IN_USE[code] === undefined);
  const row = (code: ErrorCode): string => {
    const { errno, message } = new ZmqError(code);
    return `| \`${code}\` | ${errno} | ${message} |`;
  };
  const protocol = Object.entries(PROTOCOL_ERRORS).map(
    ([name, number]) => `| \`${name}\` | \`0x${number.toString(16).padStart(8, "0")}\` |`,
  );
  return `${GENERATED}

# Errors

Errors are \`ZmqError\`s, with a \`code\` to compare, libzmq's number for it in \`errno\` (as on Linux, on every system), a \`message\` that says
what was attempted, on what, and what to do, and, where they are known, \`address\` (the endpoint), \`syscall\` and \`cause\`.

\`\`\`ts
import { Reply, type ZmqError } from "zeromq-ts";

const reply = new Reply();
try {
  await reply.bind("tcp://127.0.0.1:5555");
} catch (error) {
  if ((error as ZmqError).code !== "EADDRINUSE") throw error;
  console.error("Is it running already?");
}
\`\`\`

Compare \`code\`, not the class: two copies of a package may meet in one program. A wrong JavaScript type, such as a number for an
endpoint, is a \`TypeError\`. See also [errors in the guide](guide/errors.md).

## Codes that occur

${used.map((code) => `### ${code}\n\n${CODES_IN_USE[code]} *(errno ${new ZmqError(code).errno})*`).join("\n\n")}

## Subclasses

\`ProtocolError\`: a peer, or the authenticator, broke the protocol. It has \`protocolError\`, one of the names below, \`protocolCode\`, libzmq's number, and as its
\`code\` that of npm \`zeromq\`, the name with \`ERR_\` before it; what is too large has \`EMSGSIZE\`.
\`AuthenticationError\`: one side refused the other; \`status\` is 300 (for now), 400 (refused) or 500 (the authenticator failed).
\`TlsError\`: a handshake of \`tls+tcp://\` failed; \`tlsError\` says why, and its \`code\` is the same with \`ERR_TLS_\` before it: [all of them](transports/tls+tcp.md#errors).
None is thrown by a call: they are told by the events \`handshake:error:protocol\`, \`handshake:error:auth\`, \`handshake:error:other\` and \`disconnect\`.

| protocolError | protocolCode |
| --- | --- |
${protocol.join("\n")}

## Other codes

Errors of the system come with its own code, in events and as the \`cause\` of others. These codes exist so that comparing with them
compiles; the library itself does not raise them at present.

| Code | Number | Meaning |
| --- | --- | --- |
${rest.map(row).join("\n")}
`;
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) {
  for (const [path, text] of Object.entries(generatePages())) writeFileSync(join(root, path), text);
}
