// SPDX-License-Identifier: MIT
/**
 * How a WebSocket connection begins: one HTTP request, and one response to it (RFC 6455 §4, RFC 9112). Only what an upgrade
 * needs of HTTP: a head of lines, with limits. Used by `engine/zws-dialect.ts`.
 */
import { type ByteQueue, decodeText, encodeText } from "../base/bytes.ts";
import { ProtocolError } from "../base/errors.ts";

/** Octets of the longest head that is taken, either way. Browsers send cookies too. */
export const LONGEST_HEAD = 16384;
/** Lines of a head. */
const MOST_LINES = 128;

const CR = 0x0d;
const LF = 0x0a;
/** What is put behind a key before it is hashed (RFC 6455 §1.3). */
const ACCEPT_SUFFIX = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
/** What HTTP allows in the name of a header field (RFC 9110 §5.1). */
const TOKEN = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/;
/** What a header field or a request line may not have in it: control characters, a tab aside. */
const CONTROL = /(?!\t)\p{Cc}/u;

/** A head: its first line, and the fields by their names in lower case; fields of one name are joined with commas. */
export interface Head {
  readonly first: string;
  readonly fields: ReadonlyMap<string, string>;
}

/** The request of a client that wants to speak ZWS. */
export interface UpgradeRequest {
  readonly path: string;
  /** Its fields, by lower-case names. */
  readonly fields: ReadonlyMap<string, string>;
  readonly key: string;
  /** What it would speak, dearest first. */
  readonly protocols: readonly string[];
}

/** A request that is no upgrade to WebSocket, and what to answer it with. */
export class UpgradeRefusal extends ProtocolError {
  /** The whole response. */
  readonly response: Uint8Array;

  constructor(status: string, reason: string, fields: readonly string[] = []) {
    super("WS_UNSPECIFIED", reason);
    const body = `${reason}\n`;
    const head = [
      `HTTP/1.1 ${status}`,
      "Connection: close",
      "Content-Type: text/plain; charset=utf-8",
      `Content-Length: ${encodeText(body).length}`,
      ...fields,
    ];
    this.response = encodeText(`${head.join("\r\n")}\r\n\r\n${body}`);
  }
}

/** Takes a whole head out of what has arrived, the empty line at its end included; undefined: more must come. */
export class HeadReader {
  /** How far the queue has been searched. */
  private searched = 0;

  /** @throws ProtocolError `WS_UNSPECIFIED` */
  take(input: ByteQueue): Head | undefined {
    const end = this.find(input);
    if (end < 0) {
      if (input.length >= LONGEST_HEAD) throw broken(`a head of more than ${LONGEST_HEAD} octets`);
      return undefined;
    }
    return parseHead(decodeText(input.consume(end)));
  }

  /** Octets up to behind the empty line; −1: it has not come. */
  private find(input: ByteQueue): number {
    const last = Math.min(input.length, LONGEST_HEAD);
    for (let at = Math.max(this.searched, 3); at < last; at += 1) {
      if (input.peek(at) !== LF || input.peek(at - 1) !== CR || input.peek(at - 2) !== LF) continue;
      if (input.peek(at - 3) === CR) return at + 1;
    }
    this.searched = last;
    return -1;
  }
}

function parseHead(text: string): Head {
  const lines = text.slice(0, -4).split("\r\n");
  if (lines.length > MOST_LINES) throw broken(`a head of more than ${MOST_LINES} lines`);
  const [first = "", ...rest] = lines;
  if (CONTROL.test(first)) throw broken("a first line with control characters");
  const fields = new Map<string, string>();
  for (const line of rest) {
    const colon = line.indexOf(":");
    const name = line.slice(0, Math.max(0, colon)).toLowerCase();
    const value = line.slice(colon + 1).trim();
    if (!TOKEN.test(name) || CONTROL.test(value)) throw broken("a header field that is none");
    const before = fields.get(name);
    fields.set(name, before === undefined ? value : `${before}, ${value}`);
  }
  return { first, fields };
}

/** What a client sends. `key`: 16 octets that nobody can foresee, in Base64. */
export function encodeUpgradeRequest(
  host: string,
  path: string,
  key: string,
  protocols: readonly string[],
): Uint8Array {
  return encodeText(
    [
      `GET ${path} HTTP/1.1`,
      `Host: ${host}`,
      "Upgrade: websocket",
      "Connection: Upgrade",
      `Sec-WebSocket-Key: ${key}`,
      "Sec-WebSocket-Version: 13",
      `Sec-WebSocket-Protocol: ${protocols.join(",")}`,
      "\r\n",
    ].join("\r\n"),
  );
}

/** What a server answers. `accept`: see {@link acceptInput}. */
export function encodeUpgradeResponse(accept: string, protocol: string): Uint8Array {
  return encodeText(
    [
      "HTTP/1.1 101 Switching Protocols",
      "Upgrade: websocket",
      "Connection: Upgrade",
      `Sec-WebSocket-Accept: ${accept}`,
      `Sec-WebSocket-Protocol: ${protocol}`,
      "\r\n",
    ].join("\r\n"),
  );
}

/** The text whose SHA-1, in Base64, shows that a server has understood a request. */
export function acceptInput(key: string): string {
  return key + ACCEPT_SUFFIX;
}

/** Reads a request. @throws UpgradeRefusal what to answer where it is no upgrade to WebSocket */
export function parseUpgradeRequest({ first, fields }: Head): UpgradeRequest {
  const [method, path = "", version = ""] = first.split(" ");
  if (!/^HTTP\/1\.[1-9]$/.test(version)) throw new UpgradeRefusal("400 Bad Request", "this is no HTTP/1.1 request");
  if (method !== "GET" || !hasToken(fields, "upgrade", "websocket") || !hasToken(fields, "connection", "upgrade")) {
    const refusal = ["Upgrade: websocket", "Connection: Upgrade"];
    throw new UpgradeRefusal(
      "426 Upgrade Required",
      "a ZeroMQ socket: it speaks WebSocket only (ZWS 2.0, RFC 45)",
      refusal,
    );
  }
  if (fields.get("sec-websocket-version") !== "13") {
    const only = ["Sec-WebSocket-Version: 13"];
    throw new UpgradeRefusal("426 Upgrade Required", "only version 13 of WebSocket is spoken here", only);
  }
  const key = fields.get("sec-websocket-key") ?? "";
  if (!/^[A-Za-z0-9+/]{22}==$/.test(key))
    throw new UpgradeRefusal("400 Bad Request", "Sec-WebSocket-Key is missing or wrong");
  return { path, fields, key, protocols: listOf(fields.get("sec-websocket-protocol")) };
}

/**
 * Reads a response; gives the protocol that the server has chosen.
 * @throws ProtocolError `WS_UNSPECIFIED` for anything but a switch to one of these protocols
 */
export function parseUpgradeResponse({ first, fields }: Head, accept: string, protocols: readonly string[]): string {
  const [, status, phrase = ""] = /^HTTP\/1\.[1-9] (\d{3})(?: (.*))?$/.exec(first) ?? [];
  if (status === undefined) throw broken("the server does not answer in HTTP");
  if (status !== "101")
    throw broken(`the server answered ${JSON.stringify(`${status} ${phrase}`.slice(0, 80))} to the upgrade`);
  if (!hasToken(fields, "upgrade", "websocket") || !hasToken(fields, "connection", "upgrade")) {
    throw broken("the server switched to something else than WebSocket");
  }
  if (fields.get("sec-websocket-accept") !== accept) throw broken("Sec-WebSocket-Accept does not fit the key");
  if (fields.has("sec-websocket-extensions")) throw broken("the server chose an extension that was not offered");
  const protocol = fields.get("sec-websocket-protocol");
  if (protocol !== undefined && protocols.includes(protocol)) return protocol;
  throw broken(
    `the server chose the protocol ${JSON.stringify(protocol ?? "")}, and ${protocols.join(", ")} were offered`,
  );
}

function hasToken(fields: Head["fields"], name: string, token: string): boolean {
  return listOf(fields.get(name)?.toLowerCase()).includes(token);
}

function listOf(field: string | undefined): string[] {
  return (field ?? "").split(",").map((each) => each.trim());
}

function broken(what: string): ProtocolError {
  return new ProtocolError("WS_UNSPECIFIED", what);
}
