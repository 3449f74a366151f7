// SPDX-License-Identifier: MIT
/**
 * Every error of the library: one class, and one table of codes (name, libzmq's number, one plain sentence).
 * Callers compare `error.code`, never the class: two copies of the package may meet in one process.
 */

import type { TlsErrorCode } from "./tls-error.ts";

/**
 * code: [errno (Linux numbers, as libzmq reports them there), default sentence].
 * ZeroMQ's own numbers are 51 to 54 above `ZMQ_HAUSNUMERO`, 156384712 (`zmq.h`).
 */
const ROWS = {
  ENOENT: [2, "No such endpoint"],
  EINTR: [4, "Interrupted"],
  EBADF: [9, "Socket is closed"],
  EAGAIN: [11, "Operation was not possible or timed out"],
  ENOMEM: [12, "Out of memory"],
  EACCES: [13, "Permission denied"],
  EFAULT: [14, "Context is closed"],
  EBUSY: [16, "Socket is busy"],
  ENODEV: [19, "No such device"],
  EINVAL: [22, "Invalid argument"],
  EMFILE: [24, "Too many open file descriptors"],
  EPIPE: [32, "Broken pipe"],
  ENAMETOOLONG: [36, "Name too long"],
  EPROTO: [71, "Protocol error"],
  ENOTSOCK: [88, "Not a socket"],
  EMSGSIZE: [90, "Message too long"],
  EPROTONOSUPPORT: [93, "Protocol not supported"],
  ENOTSUP: [95, "Operation not supported"],
  EAFNOSUPPORT: [97, "Address family not supported"],
  EADDRINUSE: [98, "Address already in use"],
  EADDRNOTAVAIL: [99, "Address not available"],
  ENETDOWN: [100, "Network is down"],
  ENETUNREACH: [101, "Network unreachable"],
  ENETRESET: [102, "Connection reset by network"],
  ECONNABORTED: [103, "Connection aborted"],
  ECONNRESET: [104, "Connection reset by peer"],
  ENOBUFS: [105, "No buffer space available"],
  ENOTCONN: [107, "Not connected"],
  ETIMEDOUT: [110, "Connection timed out"],
  ECONNREFUSED: [111, "Connection refused"],
  EHOSTUNREACH: [113, "Host unreachable"],
  EINPROGRESS: [115, "Operation in progress"],
  ECANCELED: [125, "Operation was cancelled"],
  EFSM: [156384763, "Operation cannot be accomplished in current state"],
  ENOCOMPATPROTO: [156384764, "The protocol is not compatible with the socket type"],
  ETERM: [156384765, "Context was terminated"],
  EMTHREAD: [156384766, "No thread available"],
} as const;

/** The name of an error, as in libzmq and Node: compare this, not the message. */
export type ErrorCode = keyof typeof ROWS;

/** The options that say how much a peer, or all peers together, may ask of a socket. */
export type LimitName =
  | "maxMessageSize"
  | "maxMessageParts"
  | "maxMessageBytes"
  | "receiveHighWaterMarkBytes"
  | "maxConnections"
  | "maxConnectionsPerAddress"
  | "maxHandshakes"
  | "maxSubscriptions"
  | "maxSubscriptionBytes";

/** A limit that was passed. */
export interface PassedLimit {
  /** The option. */
  readonly option: LimitName;
  /** What was allowed. */
  readonly value: number;
}

/** What is known about an error besides its code. */
export interface ErrorDetails {
  /** The limit that a peer has passed. */
  limit?: PassedLimit | undefined;
  /** The endpoint that the failed call was about. */
  address?: string | undefined;
  /** The operation that failed, such as `bind`. */
  syscall?: string | undefined;
  /** The error underneath. */
  cause?: unknown;
}

/** An error of ZeroMQ. `code` says which, `message` says what was attempted, on what, and what to do. */
export class ZmqError extends Error {
  /** Name of the error, such as `"EAGAIN"`. */
  readonly code: ErrorCode | ProtocolErrorCode | TlsErrorCode;
  /** libzmq's number for it on Linux. */
  readonly errno: number;
  /** The endpoint that the failed call was about, where there is one. */
  declare readonly address?: string;
  /** The operation that failed, where known. */
  declare readonly syscall?: string;
  /** Where a peer was turned away because it passed a limit: which. */
  declare readonly limit?: PassedLimit;

  constructor(code: ErrorCode, message?: string, details?: ErrorDetails) {
    super(message ?? ROWS[code][1], details?.cause === undefined ? undefined : { cause: details.cause });
    this.name = "ZmqError";
    this.code = code;
    this.errno = ROWS[code][0];
    if (details?.address !== undefined) this.address = details.address;
    if (details?.syscall !== undefined) this.syscall = details.syscall;
    if (details?.limit !== undefined) this.limit = details.limit;
  }
}

/** What a peer did wrong on the wire: libzmq's monitor codes (`ZMQ_PROTOCOL_ERROR_*` in `zmq.h`), without the prefix. */
export const PROTOCOL_ERRORS = {
  ZMTP_UNSPECIFIED: 0x10000000,
  ZMTP_UNEXPECTED_COMMAND: 0x10000001,
  ZMTP_INVALID_SEQUENCE: 0x10000002,
  ZMTP_KEY_EXCHANGE: 0x10000003,
  ZMTP_MALFORMED_COMMAND_UNSPECIFIED: 0x10000011,
  ZMTP_MALFORMED_COMMAND_MESSAGE: 0x10000012,
  ZMTP_MALFORMED_COMMAND_HELLO: 0x10000013,
  ZMTP_MALFORMED_COMMAND_INITIATE: 0x10000014,
  ZMTP_MALFORMED_COMMAND_ERROR: 0x10000015,
  ZMTP_MALFORMED_COMMAND_READY: 0x10000016,
  ZMTP_MALFORMED_COMMAND_WELCOME: 0x10000017,
  ZMTP_INVALID_METADATA: 0x10000018,
  ZMTP_CRYPTOGRAPHIC: 0x11000001,
  ZMTP_MECHANISM_MISMATCH: 0x11000002,
  ZAP_UNSPECIFIED: 0x20000000,
  ZAP_MALFORMED_REPLY: 0x20000001,
  ZAP_BAD_REQUEST_ID: 0x20000002,
  ZAP_BAD_VERSION: 0x20000003,
  ZAP_INVALID_STATUS_CODE: 0x20000004,
  ZAP_INVALID_METADATA: 0x20000005,
  WS_UNSPECIFIED: 0x30000000,
} as const;

/** Name of a protocol error, such as `"ZMTP_INVALID_METADATA"`. */
export type ProtocolErrorName = keyof typeof PROTOCOL_ERRORS;

/** Code of a protocol error, as npm `zeromq` has it, such as `"ERR_ZMTP_INVALID_METADATA"`. */
export type ProtocolErrorCode = `ERR_${ProtocolErrorName}`;

/** A peer broke the protocol. Its connection is closed; nobody else is disturbed. */
export class ProtocolError extends ZmqError {
  /** Which rule was broken. */
  readonly protocolError: ProtocolErrorName;
  /** libzmq's number for it. */
  readonly protocolCode: number;

  /** `code`: only where one of the system says more, as `EMSGSIZE` for what is too large. */
  constructor(protocolError: ProtocolErrorName, message: string, code?: ErrorCode, details?: ErrorDetails) {
    const family = protocolError.slice(0, protocolError.indexOf("_"));
    super(code ?? "EPROTO", `${family} protocol error: ${message}`, details);
    this.name = "ProtocolError";
    if (code === undefined) (this as { code: ProtocolErrorCode | ErrorCode }).code = `ERR_${protocolError}`;
    this.protocolError = protocolError;
    this.protocolCode = PROTOCOL_ERRORS[protocolError];
  }
}

/** How the words of npm `zeromq` for a refusal begin, by its status. */
const REFUSALS = { 300: "Temporary error", 400: "Authentication failure", 500: "Internal error" } as const;

/** Why a peer was refused (ZAP, RFC 27): 300 for now, 400 for good, 500 because the authenticator failed. */
export type AuthenticationStatus = keyof typeof REFUSALS;

/** A peer was refused by the authenticator (ZAP, RFC 27), or refused us. */
export class AuthenticationError extends ZmqError {
  /** ZAP status: 300 temporary, 400 refused, 500 failed inside the authenticator. */
  readonly status: AuthenticationStatus;

  constructor(status: number, message: string, cause?: unknown) {
    super("EACCES", `${REFUSALS[status as AuthenticationStatus]}: ${message}`, { cause });
    this.name = "AuthenticationError";
    this.status = status as AuthenticationStatus;
  }
}

/**
 * What an error number or code means, in one sentence (`zmq_strerror`).
 * @example
 * ```ts
 * strerror("EFSM"); // "Operation cannot be accomplished in current state"
 * ```
 */
export function strerror(error: number | ErrorCode): string {
  for (const [code, [errno, text]] of Object.entries(ROWS)) if (error === errno || error === code) return text;
  return `Unknown error ${error}`;
}

/** The library's code for an error of the runtime, such as Node's `ECONNREFUSED`; `EPROTO` when it has none of ours. */
export function errorCodeOf(error: unknown, otherwise: ErrorCode = "EPROTO"): ErrorCode {
  const code = (error as { code?: unknown } | null | undefined)?.code;
  return typeof code === "string" && Object.hasOwn(ROWS, code) ? (code as ErrorCode) : otherwise;
}
