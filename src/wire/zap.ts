// SPDX-License-Identifier: MIT
/** The ZeroMQ Authentication Protocol (RFC 27): requests to an authenticator and its replies, as message parts. */
import { decodeText, EMPTY, encodeText } from "../base/bytes.ts";
import { ProtocolError } from "../base/errors.ts";
import { encodeProperties, parseProperties } from "./metadata.ts";

const VERSION = encodeText("1.0");
/** Requests are asked one at a time on a pipe of their own, so that all may have the same id; libzmq does so too. */
const REQUEST_ID = encodeText("1");

/** What an authenticator is asked. */
export interface ZapRequest {
  readonly domain: string;
  readonly address: string;
  /** The routing id of the asking socket. */
  readonly routingId: Uint8Array;
  readonly mechanism: string;
  readonly credentials: readonly Uint8Array[];
}

/** What an authenticator answered. */
export interface ZapReply {
  /** 200, 300, 400 or 500. */
  readonly status: number;
  readonly text: string;
  readonly userId: Uint8Array;
  readonly metadata: ReadonlyMap<string, Uint8Array>;
}

/** The parts of a request, with the empty delimiter that REQ would send. */
export function encodeZapRequest(request: ZapRequest): Uint8Array[] {
  return [
    EMPTY,
    VERSION,
    REQUEST_ID,
    encodeText(request.domain),
    encodeText(request.address),
    request.routingId,
    encodeText(request.mechanism),
    ...request.credentials,
  ];
}

/** Reads a reply, delimiter included. @throws ProtocolError `ZAP_…` */
export function parseZapReply(parts: readonly Uint8Array[]): ZapReply {
  const [delimiter, version, requestId, status, text, userId, metadata] = parts;
  if (parts.length !== 7 || metadata === undefined || userId === undefined) {
    throw new ProtocolError("ZAP_MALFORMED_REPLY", `a ZAP reply has 7 parts, not ${parts.length}`);
  }
  if (delimiter?.length !== 0) throw new ProtocolError("ZAP_UNSPECIFIED", "a ZAP reply begins with an empty part");
  if (decodeText(version as Uint8Array) !== "1.0")
    throw new ProtocolError("ZAP_BAD_VERSION", "a ZAP reply must be of version 1.0");
  if (decodeText(requestId as Uint8Array) !== "1") {
    throw new ProtocolError("ZAP_BAD_REQUEST_ID", "a ZAP reply must carry the id of its request");
  }
  const code = decodeText(status as Uint8Array);
  if (!["200", "300", "400", "500"].includes(code)) {
    throw new ProtocolError("ZAP_INVALID_STATUS_CODE", "the status of a ZAP reply must be 200, 300, 400 or 500");
  }
  return {
    status: Number(code),
    text: decodeText(text as Uint8Array),
    userId,
    metadata: parseProperties(metadata, "ZAP_INVALID_METADATA"),
  };
}

/** How many parts of credentials each mechanism has; others may have any number. */
const CREDENTIALS: Readonly<Record<string, number>> = { NULL: 0, PLAIN: 2, CURVE: 1, GSSAPI: 1 };

/** A request as a handler receives it, and what an answer has to repeat. */
export interface ReceivedZapRequest extends ZapRequest {
  readonly requestId: Uint8Array;
}

/** Reads a request, without its delimiter. @throws ProtocolError `ZAP_…` */
export function parseZapRequest(parts: readonly Uint8Array[]): ReceivedZapRequest {
  const [version, requestId, domain, address, routingId, mechanism, ...credentials] = parts;
  if (requestId === undefined || domain === undefined || address === undefined || mechanism === undefined) {
    throw new ProtocolError("ZAP_UNSPECIFIED", `a ZAP request has 6 parts or more, not ${parts.length}`);
  }
  if (decodeText(version as Uint8Array) !== "1.0") {
    throw new ProtocolError("ZAP_BAD_VERSION", "a ZAP request must be of version 1.0");
  }
  const name = decodeText(mechanism);
  if (credentials.length !== (CREDENTIALS[name] ?? credentials.length)) {
    throw new ProtocolError("ZAP_UNSPECIFIED", `${name} with ${credentials.length} parts of credentials`);
  }
  return {
    requestId,
    domain: decodeText(domain),
    address: decodeText(address),
    routingId: routingId as Uint8Array,
    mechanism: name,
    credentials,
  };
}

/** The parts of an answer, without delimiter. */
export function encodeZapReply(requestId: Uint8Array, reply: ZapReply): Uint8Array[] {
  const { status, text, userId, metadata } = reply;
  return [VERSION, requestId, encodeText(String(status)), encodeText(text), userId, encodeProperties(metadata)];
}
