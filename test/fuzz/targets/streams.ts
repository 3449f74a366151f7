// SPDX-License-Identifier: MIT
/**
 * What hostile peers say: octets of ZMTP that are mostly right, with lengths that lie, commands where none may come, frames that
 * never end. Made without the library's own codecs. Each target puts a head of its own before it.
 */
import type { Random } from "../fuzzer/random.ts";

const TYPES = "PAIR PUB SUB REQ REP DEALER ROUTER PULL PUSH XPUB XSUB STREAM SERVER CLIENT RADIO DISH NONE".split(" ");
const NAMES =
  "READY HELLO WELCOME INITIATE MESSAGE ERROR PING PONG SUBSCRIBE CANCEL JOIN LEAVE ready READ READYY".split(" ");

/** Octets of a text of one character each. */
export function ascii(text: string): Uint8Array {
  return Uint8Array.from(text, (character) => character.charCodeAt(0));
}

/** All of them after one another. */
export function concat(...parts: readonly (Uint8Array | readonly number[])[]): Uint8Array {
  let length = 0;
  for (const part of parts) length += part.length;
  const all = new Uint8Array(length);
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}

function number(value: number, octets: number): Uint8Array {
  return Uint8Array.from({ length: octets }, (_, i) => Math.floor(value / 256 ** (octets - 1 - i)) % 256);
}

/** A length that is right, most of the time. */
function told(length: number, random: Random): number {
  if (!random.oneIn(40)) return length;
  return random.pick([0, Math.max(0, length - 1), length + 1, length * 2, 2 ** 31, 2 ** 32, 2 ** 53, 255, 65536]);
}

/** A frame of ZMTP 2.0 and later. */
export function frame(body: Uint8Array, flags: number, random: Random): Uint8Array {
  const length = told(body.length, random);
  const isLong = length > 255 || random.oneIn(10);
  const odd = random.oneIn(60) ? random.octet() : 0;
  return concat([(flags | (isLong ? 2 : 0)) ^ odd], number(length, isLong ? 8 : 1), body);
}

/** A frame of ZMTP 1.0. */
export function oldFrame(body: Uint8Array, isFollowed: boolean, random: Random): Uint8Array {
  const length = told(body.length + 1, random);
  const head = length < 255 && !random.oneIn(10) ? number(length, 1) : concat([255], number(length, 8));
  return concat(head, [isFollowed ? 1 : 0], body);
}

/** A command's frame. */
export function command(name: string, data: Uint8Array, random: Random): Uint8Array {
  const flags = random.oneIn(40) ? random.below(8) : 4;
  return frame(concat([told(name.length, random) & 255], ascii(name), data), flags, random);
}

/** One property. */
export function property(name: string, value: Uint8Array, random: Random): Uint8Array {
  return concat([told(name.length, random) & 255], ascii(name), number(told(value.length, random), 4), value);
}

/** Properties as READY and INITIATE carry them. */
export function properties(random: Random, type: string = random.pick(TYPES)): Uint8Array {
  const list = [property(random.oneIn(10) ? "socket-TYPE" : "Socket-Type", ascii(type), random)];
  if (random.oneIn(3)) list.push(property("Identity", random.octets(random.length(260)), random));
  while (random.oneIn(3)) {
    const name = random.pick(["X-a", "Resource", "Identity", "Socket-Type", "User-Id", ""]);
    list.push(property(name, random.octets(), random));
  }
  return concat(...list);
}

/** A greeting of some version, with some mechanism. */
export function greeting(random: Random, mechanism: string): Uint8Array {
  const signature = concat([255], number(random.oneIn(20) ? random.next() : 1, 8), [
    random.oneIn(30) ? random.octet() : 127,
  ]);
  const version = random.below(20);
  if (version === 0) return oldFrame(random.octets(random.below(20)), false, random);
  if (version === 1) return concat(signature, [random.below(2)], [random.below(20)], frame(random.octets(), 0, random));
  const name = random.oneIn(30) ? random.pick(["NULL", "PLAIN", "CURVE", "GSSAPI", "", "null"]) : mechanism;
  const padded = ascii(name.padEnd(20, random.oneIn(30) ? "x" : "\0"));
  const minor = random.oneIn(4) ? random.below(4) : 1;
  const filler = random.oneIn(20) ? random.octets(31) : new Uint8Array(31);
  return concat(signature, [random.oneIn(20) ? random.octet() : 3, minor], padded, [random.below(2)], filler);
}

/** READY of NULL, or something near it. */
export function ready(random: Random, type?: string): Uint8Array {
  return command(random.oneIn(20) ? random.pick(NAMES) : "READY", properties(random, type), random);
}

/** HELLO of PLAIN. */
export function plainHello(random: Random, username = "good", password = "word"): Uint8Array {
  const [user, secret] = random.oneIn(4) ? [random.octets(), random.octets()] : [ascii(username), ascii(password)];
  const data = concat([told(user.length, random) & 255], user, [told(secret.length, random) & 255], secret);
  return command("HELLO", data, random);
}

/** What comes after a handshake: messages, subscriptions, heartbeats, and what may not come. */
export function traffic(random: Random, most = 12): Uint8Array {
  const parts: Uint8Array[] = [];
  for (let count = random.below(most + 1); count > 0; count -= 1) parts.push(item(random));
  return concat(...parts);
}

function item(random: Random): Uint8Array {
  switch (random.below(10)) {
    case 0:
      return command(
        "PING",
        concat(number(random.oneIn(2) ? 0 : random.below(65536), 2), random.octets(random.below(20))),
        random,
      );
    case 1:
      return command("PONG", random.octets(random.below(20)), random);
    case 2:
      return command(random.pick(["SUBSCRIBE", "CANCEL", "JOIN", "LEAVE"]), random.octets(), random);
    case 3:
      return command(random.pick(NAMES), random.octets(), random);
    case 4:
      return frame(concat([random.below(3)], random.octets(random.below(6))), random.oneIn(4) ? 1 : 0, random);
    case 5:
      return random.octets();
    case 6:
      return concat(
        ...Array.from({ length: random.below(30) }, () =>
          frame(random.octets(random.below(3)), random.below(2), random),
        ),
      );
    default: {
      const frames = random.oneIn(3) ? 1 + random.below(6) : 1;
      return concat(
        ...Array.from({ length: frames }, (_, i) =>
          frame(random.octets(random.length(700)), i < frames - 1 ? 1 : 0, random),
        ),
      );
    }
  }
}

/** A whole connection with NULL. */
export function nullPeer(random: Random, type?: string): Uint8Array {
  return concat(greeting(random, "NULL"), ready(random, type), traffic(random));
}

/** A whole connection of a PLAIN client. */
export function plainClient(random: Random, type?: string): Uint8Array {
  const initiate = command(random.oneIn(20) ? random.pick(NAMES) : "INITIATE", properties(random, type), random);
  return concat(greeting(random, "PLAIN"), plainHello(random), initiate, traffic(random));
}

/** A whole connection of a PLAIN server. */
export function plainServer(random: Random, type?: string): Uint8Array {
  const welcome = command(
    random.oneIn(20) ? random.pick(NAMES) : "WELCOME",
    random.oneIn(20) ? random.octets() : new Uint8Array(0),
    random,
  );
  const error = random.oneIn(6)
    ? command("ERROR", concat([random.below(20)], random.octets(random.below(20))), random)
    : new Uint8Array(0);
  return concat(greeting(random, "PLAIN"), error, welcome, ready(random, type), traffic(random));
}
