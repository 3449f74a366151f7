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
import { type OptionRow, optionRows } from "../src/socket/options.ts";
import { CODES_IN_USE } from "./docs-errors.ts";

const root = fileURLToPath(new URL("..", import.meta.url));
const GENERATED = "<!-- Written by scripts/docs-tables.ts: change that, or the tables it reads. -->";

/** The pages, by their path in the project. */
export function generatePages(): Record<string, string> {
  return { "docs/options.md": optionsPage(), "docs/errors.md": errorsPage() };
}

// ── Options ──────────────────────────────────────────────────────────────────────────────────────────────────────

/** What each interface of `src/api` says about its members: text by option, then by interface. */
function docComments(): Map<string, Map<string, string>> {
  const comments = new Map<string, Map<string, string>>();
  const files = readdirSync(join(root, "src/api"), { recursive: true, encoding: "utf8" });
  for (const name of files.filter((file) => file.endsWith(".ts"))) {
    const text = readFileSync(join(root, "src/api", name), "utf8");
    ts.createSourceFile(name, text, ts.ScriptTarget.Latest, true).forEachChild((node) => {
      if (!ts.isInterfaceDeclaration(node) || !node.name.text.endsWith("Options")) return;
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

function valuesOf({ name, type }: OptionRow): string {
  switch (type.kind) {
    case "boolean":
      return "true, false";
    case "integer":
      return type.max === 2147483647 || type.max === Number.MAX_SAFE_INTEGER
        ? `whole number ≥ ${type.min}`
        : `${type.min} to ${type.max}`;
    case "choice":
      return type.of.map((each) => `\`${JSON.stringify(each)}\``).join(", ");
    case "text":
      return "text, 1 to 255 octets; null";
    case "bytes":
      return name === "routingId" ? "text or octets, 1 to 255; null" : "text or octets; null";
  }
}

function defaultOf({ default: value }: OptionRow): string {
  return value instanceof Uint8Array ? "`null`" : `\`${JSON.stringify(value)}\``;
}

/** Interfaces of `src/api` that are no tables of socket options, although members have the same names. */
const OTHER_INTERFACES = ["ContextOptions", "CloseOptions", "CallOptions", "RouterConnectOptions"];

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
  const head = ["Option", ...(withSockets ? ["Sockets"] : []), "Meaning", "Values", "Default", "libzmq's number"];
  const body = rows.map((row) => [
    `\`${row.name}\`${row.immediate === true ? " ⚡" : ""}`,
    ...(withSockets ? [(row.on ?? []).join(", ")] : []),
    meaningOf(row, comments),
    valuesOf(row),
    defaultOf(row),
    String(row.id),
  ]);
  return [head, head.map(() => "---"), ...body].map((cells) => `| ${cells.join(" | ")} |`).join("\n");
}

function optionsPage(): string {
  const sorted = [...optionRows].sort((a, b) => a.name.localeCompare(b.name));
  const general = sorted.filter((row) => row.on === undefined);
  const sending = sorted.filter((row) => row.name.startsWith("send"));
  const receiving = sorted.filter((row) => row.name.startsWith("receive"));
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
- A value of a wrong type is a \`TypeError\`, a value out of range a \`ZmqError\` with code \`EINVAL\`. So is, as a \`TypeError\`, an option that
  the socket type does not have.
- \`new Context({ defaults: { linger: 0 } })\` gives a value to all sockets of a context that have the option.

## All sockets

${optionTable(general, false)}

## Sockets that send

PAIR, PUB, XPUB, XSUB, REQ, REP, DEALER, ROUTER, PUSH and STREAM.

${optionTable(sending, false)}

## Sockets that receive

PAIR, SUB, XPUB, XSUB, REQ, REP, DEALER, ROUTER, PULL and STREAM.

${optionTable(receiving, false)}

## Single socket types

${optionTable(single, true)}

## Contexts

${contextTable()}
`;
}

function contextTable(): string {
  const comments = docComments();
  const own = [...comments].flatMap(([name, byInterface]) => {
    const comment = byInterface.get("ContextOptions");
    return comment === undefined ? [] : [`| \`${name}\` | ${comment.replaceAll("|", "\\|")} |`];
  });
  return ["| Option | Meaning |", "| --- | --- |", ...own.sort()].join("\n");
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

\`ProtocolError\`: a peer broke the protocol. It has \`protocolError\`, one of the names below, and \`protocolCode\`, libzmq's number.
\`AuthenticationError\`: one side refused the other; \`status\` is 300 (for now), 400 (refused) or 500 (the authenticator failed).
Neither is thrown by a call: both are told by the events \`handshake:error:protocol\`, \`handshake:error:auth\` and \`disconnect\`.

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
