// SPDX-License-Identifier: MIT
/** What a peer says on a ZMTP connection, as hexadecimal digits, built from the RFCs and not with the library's own codecs. */

/** The ten octets that every connection begins with (RFC 37 §Greeting); the length is that of an empty routing id. */
export const SIGNATURE = "ff00000000000000017f";

/** Digits of a text's octets. */
export function hex(text: string): string {
  return Buffer.from(text, "latin1").toString("hex");
}

function size(length: number, octets: number): string {
  return length.toString(16).padStart(octets * 2, "0");
}

/** A greeting of ZMTP 3 (RFC 37, 23). */
export function greeting(minor = 1, mechanism = "NULL", asServer = 0): string {
  return `${SIGNATURE}03${size(minor, 1)}${hex(mechanism.padEnd(20, "\0"))}${size(asServer, 1)}${"00".repeat(31)}`;
}

/** A greeting of ZMTP 2.0 (RFC 15): signature, revision, the socket type's number. */
export function greeting2(type: number, revision = 1): string {
  return `${SIGNATURE}${size(revision, 1)}${size(type, 1)}`;
}

/** One frame of ZMTP 2.0 and later: flags are 1 MORE, 4 COMMAND. */
export function frame(body: string, flags = 0): string {
  const length = body.length;
  return length < 256 ? size(flags, 1) + size(length, 1) + hex(body) : size(flags | 2, 1) + size(length, 8) + hex(body);
}

/** One frame of ZMTP 1.0 (RFC 13). */
export function frame1(body: string, more = false): string {
  const length = body.length + 1;
  return (length < 255 ? size(length, 1) : `ff${size(length, 8)}`) + (more ? "01" : "00") + hex(body);
}

/** A whole message. */
export function message(...parts: string[]): string {
  return parts.map((part, index) => frame(part, index < parts.length - 1 ? 1 : 0)).join("");
}

/** A command's frame. */
export function command(name: string, data = ""): string {
  return frame(String.fromCharCode(name.length) + name + data, 4);
}

/** One property of READY or INITIATE. */
export function property(name: string, value: string): string {
  return `${String.fromCharCode(name.length)}${name}${Buffer.from(size(value.length, 4), "hex").toString("latin1")}${value}`;
}

/** READY of the NULL mechanism. */
export function ready(type: string, routingId?: string): string {
  const identity = routingId === undefined ? "" : property("Identity", routingId);
  return command("READY", property("Socket-Type", type) + identity);
}

/** A PING with a time to live in deciseconds. */
export function ping(deciseconds = 0, context = ""): string {
  return command("PING", String.fromCharCode(deciseconds >> 8, deciseconds & 255) + context);
}

/** The libzmq numbers of the classic socket types. */
export const TYPE_IDS: Readonly<Record<string, number>> = {
  PAIR: 0,
  PUB: 1,
  SUB: 2,
  REQ: 3,
  REP: 4,
  DEALER: 5,
  ROUTER: 6,
  PULL: 7,
  PUSH: 8,
  XPUB: 9,
  XSUB: 10,
};
