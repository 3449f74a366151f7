// SPDX-License-Identifier: MIT
/**
 * Commands (RFC 37 §Commands): a name and its data, in a frame with the COMMAND flag. Here are their bytes, and those of
 * the commands that every engine knows: PING, PONG, ERROR, and the subscriptions in both spellings.
 */
import { copyBytes, decodeText, EMPTY, encodeText } from "../base/bytes.ts";
import { ProtocolError } from "../base/errors.ts";

/** One command, such as READY. */
export interface Command {
  readonly name: string;
  readonly data: Uint8Array;
}

/** What a subscriber asks of a publisher, or a dish of a radio. */
export type SubscriptionKind = "subscribe" | "cancel" | "join" | "leave";

/** A command without a name, in a frame without octets: libzmq's GSSAPI sends it where it has no token left. */
export const NO_COMMAND: Command = { name: "", data: EMPTY };

/** The longest context that a PONG gives back, in octets (RFC 37 §Connection Heartbeating). */
export const LONGEST_CONTEXT = 16;
/** The heartbeat's time to live travels as deciseconds in 16 bits. */
const DECISECOND = 100;
const MOST_DECISECONDS = 0xffff;
/** The reason of an ERROR has its length in one octet. */
const LONGEST_REASON = 255;

const SUBSCRIPTION_COMMANDS: { readonly [kind in SubscriptionKind]: Uint8Array } = {
  subscribe: namePrefix("SUBSCRIBE"),
  cancel: namePrefix("CANCEL"),
  join: namePrefix("JOIN"),
  leave: namePrefix("LEAVE"),
};
const PING = namePrefix("PING");
const PONG = namePrefix("PONG");

/**
 * How libzmq's PLAIN servers begin an ERROR, seen from 4.3.4 and 4.3.5: in C the text "\x05ERROR" is one octet 0x5E and
 * "RROR". No real command begins so: its name would have 94 letters.
 */
const MISSPELT_ERROR = Uint8Array.of(0x5e, 0x52, 0x52, 0x4f, 0x52);

function isMisspeltError(body: Uint8Array): boolean {
  return body[0] === 0x5e && body.length < 1 + 0x5e && MISSPELT_ERROR.every((octet, i) => body[i] === octet);
}

/** The body of the frame that carries a command. */
export function encodeCommand(command: Command): Uint8Array {
  if (command === NO_COMMAND) return EMPTY;
  return withPrefix(namePrefix(command.name), command.data);
}

/**
 * The command in a frame's body. Its data is a view.
 * @throws ProtocolError `ZMTP_MALFORMED_COMMAND_UNSPECIFIED`
 */
export function parseCommand(body: Uint8Array): Command {
  if (isMisspeltError(body)) return { name: "ERROR", data: body.subarray(MISSPELT_ERROR.length) };
  const length = body[0];
  if (length === undefined || length === 0 || body.length < 1 + length) {
    throw new ProtocolError("ZMTP_MALFORMED_COMMAND_UNSPECIFIED", "a command has no whole name");
  }
  // Not decodeText: for a name of a few letters a loop is several times as fast, and no octet must turn into U+FFFD.
  let name = "";
  for (let i = 1; i <= length; i += 1) name += String.fromCharCode(body[i] as number);
  return { name, data: body.subarray(1 + length) };
}

/** The body of a PING. `timeToLive`: milliseconds, told in whole deciseconds; `context` comes back in the PONG. */
export function encodePing(timeToLive: number, context: Uint8Array): Uint8Array {
  const deciseconds = Math.max(0, Math.min(Math.floor(timeToLive / DECISECOND), MOST_DECISECONDS));
  const data = new Uint8Array(2 + context.length);
  data[0] = deciseconds >> 8;
  data[1] = deciseconds;
  data.set(context, 2);
  return withPrefix(PING, data);
}

/**
 * Reads the data of a PING. `timeToLive`: milliseconds, 0 for none; `context`: a copy, at most 16 octets of it, as libzmq.
 * @throws ProtocolError `ZMTP_MALFORMED_COMMAND_UNSPECIFIED`
 */
export function parsePing(data: Uint8Array): { timeToLive: number; context: Uint8Array } {
  if (data.length < 2) throw new ProtocolError("ZMTP_MALFORMED_COMMAND_UNSPECIFIED", "a PING has no time to live");
  const deciseconds = ((data[0] as number) << 8) | (data[1] as number);
  return { timeToLive: deciseconds * DECISECOND, context: copyBytes(data.subarray(2, 2 + LONGEST_CONTEXT)) };
}

/** The body of a PONG, with the context of the PING it answers. */
export function encodePong(context: Uint8Array): Uint8Array {
  return withPrefix(PONG, context);
}

/** The ERROR that ends a handshake. */
export function errorCommand(reason: string): Command {
  let text = encodeText(reason);
  if (text.length > LONGEST_REASON) {
    let end = LONGEST_REASON;
    while (((text[end] as number) & 0xc0) === 0x80) end -= 1; // not within a character of several octets
    text = text.subarray(0, end);
  }
  const data = new Uint8Array(1 + text.length);
  data[0] = text.length;
  data.set(text, 1);
  return { name: "ERROR", data };
}

/**
 * The reason in the data of an ERROR. Octets after it are ignored, as libzmq does.
 * @throws ProtocolError `ZMTP_MALFORMED_COMMAND_ERROR`
 */
export function parseError(data: Uint8Array): string {
  const length = data[0];
  if (length === undefined || data.length < 1 + length) {
    throw new ProtocolError("ZMTP_MALFORMED_COMMAND_ERROR", "an ERROR has no whole reason");
  }
  return decodeText(data.subarray(1, 1 + length));
}

/** The body of the command that spells a subscription in ZMTP 3.1 (RFC 37 §Publish-Subscribe; JOIN, LEAVE: RFC 48). */
export function encodeSubscription(kind: SubscriptionKind, topic: Uint8Array): Uint8Array {
  return withPrefix(SUBSCRIPTION_COMMANDS[kind], topic);
}

/** The subscription that a command spells; undefined when it is another command. The topic is a view. */
export function parseSubscription(command: Command): { kind: SubscriptionKind; topic: Uint8Array } | undefined {
  switch (command.name) {
    case "SUBSCRIBE":
      return { kind: "subscribe", topic: command.data };
    case "CANCEL":
      return { kind: "cancel", topic: command.data };
    case "JOIN":
      return { kind: "join", topic: command.data };
    case "LEAVE":
      return { kind: "leave", topic: command.data };
    default:
      return undefined;
  }
}

/** The body of the message that spells a subscription up to ZMTP 3.0: 1 or 0, then the topic (RFC 23). */
export function encodeLegacySubscription(kind: "subscribe" | "cancel", topic: Uint8Array): Uint8Array {
  const body = new Uint8Array(1 + topic.length);
  body[0] = kind === "subscribe" ? 1 : 0;
  body.set(topic, 1);
  return body;
}

function namePrefix(name: string): Uint8Array {
  const prefix = new Uint8Array(1 + name.length);
  prefix[0] = name.length;
  for (let i = 0; i < name.length; i += 1) prefix[1 + i] = name.charCodeAt(i);
  return prefix;
}

function withPrefix(prefix: Uint8Array, data: Uint8Array): Uint8Array {
  const body = new Uint8Array(prefix.length + data.length);
  body.set(prefix);
  body.set(data, prefix.length);
  return body;
}
