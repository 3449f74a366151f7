// SPDX-License-Identifier: MIT
/** What is done to an input to get another one: single bits and octets, lengths, words of the protocol, and other inputs. */
import type { Random } from "./random.ts";

const hex = (text: string): Uint8Array => Uint8Array.from(Buffer.from(text.replaceAll(" ", ""), "hex"));
const word = (text: string): Uint8Array => Uint8Array.from(Buffer.from(text, "latin1"));
const command = (name: string): Uint8Array => word(String.fromCharCode(name.length) + name);

/** Words of ZMTP and its mechanisms, and numbers at the edges. */
export const WORDS: readonly Uint8Array[] = [
  ..."READY HELLO WELCOME INITIATE MESSAGE ERROR PING PONG SUBSCRIBE CANCEL JOIN LEAVE".split(" ").map(command),
  ..."NULL PLAIN CURVE GSSAPI".split(" ").map((name) => word(name.padEnd(20, "\0"))),
  ...["Socket-Type", "Identity", "Resource", "X-a", "User-Id"].map((name) =>
    word(`${String.fromCharCode(name.length)}${name}`),
  ),
  ..."PAIR PUB SUB REQ REP DEALER ROUTER PULL PUSH XPUB XSUB STREAM SERVER CLIENT RADIO DISH GATHER SCATTER PEER CHANNEL"
    .split(" ")
    .map((name) => Uint8Array.of(0, 0, 0, name.length, ...word(name))),
  ...[
    "200",
    "300",
    "400",
    "500",
    "1.0",
    "tcp://",
    "ipc://",
    "inproc://",
    "*",
    "[::1]",
    "127.0.0.1:",
    "@",
    ";",
    "/32",
  ].map(word),
  hex("ff 0000000000000001 7f"),
  hex("ff 0000000000000001 7f 03 01"),
  hex("ff 0000000000000001 7f 03 00"),
  hex("ff 0000000000000001 7f 01 05"),
  hex("ff 0000000000000001 7f 00 05"),
  hex("02 00000000ffffffff"),
  hex("02 7fffffffffffffff"),
  hex("02 ffffffffffffffff"),
  hex("02 0000000100000000"),
  hex("06 00000000000000ff"),
  hex("04 00 000000000001 09"),
  hex("0000000000000001"),
  hex("0001"),
  hex("00ff"),
  hex("0100"),
  hex("7fffffff"),
  hex("80000000"),
  hex("ffffffff"),
];
const ODD_OCTETS = [0, 1, 2, 3, 4, 5, 6, 7, 16, 32, 64, 127, 128, 254, 255];

/** Another input, made from one that was worth keeping; `other` is a second one of those. */
export function mutate(input: Uint8Array, other: Uint8Array, random: Random, longest: number): Uint8Array {
  let data = input;
  for (let times = 1 + random.below(random.oneIn(4) ? 16 : 4); times > 0; times -= 1) data = once(data, other, random);
  if (data.length <= longest) return data === input ? input.slice() : data;
  return data.slice(0, longest);
}

function once(data: Uint8Array, other: Uint8Array, random: Random): Uint8Array {
  const { length } = data;
  const at = random.below(length + 1);
  const span = Math.min(random.length(), length - at);
  switch (random.below(14)) {
    case 0:
      return changed(data, at, (octet) => octet ^ (1 << random.below(8)));
    case 1:
      return changed(data, at, () => random.octet());
    case 2:
      return changed(data, at, () => random.pick(ODD_OCTETS));
    case 3:
      return changed(data, at, (octet) => octet + random.below(9) - 4);
    case 4:
      return joined(data, at, random.octets(1 + random.below(8)), at);
    case 5:
      return joined(data, at, random.pick(WORDS), at);
    case 6:
      return joined(data, at, random.pick(WORDS), Math.min(length, at + random.pick(WORDS).length));
    case 7:
      return joined(data, at, new Uint8Array(0), at + span);
    case 8:
      return joined(data, at, data.subarray(at, at + span), at);
    case 9: {
      const from = random.below(length + 1);
      return joined(data, at, data.subarray(from, from + random.length()), at);
    }
    case 10: {
      const from = random.below(other.length + 1);
      return joined(data, at, other.subarray(from, from + random.length()), at);
    }
    case 11:
      return joined(data, at, other.subarray(Math.min(at, other.length)), length);
    case 12:
      return data.slice(0, at);
    default:
      return changedLength(data, at, random);
  }
}

function changed(data: Uint8Array, at: number, change: (octet: number) => number): Uint8Array {
  const copy = data.slice();
  if (at < copy.length) copy[at] = change(copy[at] as number);
  return copy;
}

/** `middle` in the place of what lies from `start` to `end`. */
function joined(data: Uint8Array, start: number, middle: Uint8Array, end: number): Uint8Array {
  const all = new Uint8Array(start + middle.length + data.length - end);
  all.set(data.subarray(0, start));
  all.set(middle, start);
  all.set(data.subarray(end), start + middle.length);
  return all;
}

/** A number of 4 or 8 octets, big-endian, that says how many octets follow, or nearly so, or far more. */
function changedLength(data: Uint8Array, at: number, random: Random): Uint8Array {
  const width = random.pick([4, 8]);
  if (at + width > data.length) return data.slice();
  const copy = data.slice();
  const left = data.length - at - width;
  const value = random.pick([left, left + 1, left - 1, random.below(left + 1), 2 ** 31, 2 ** 32 - 1, 0, 65536]);
  for (let i = 0; i < width; i += 1) copy[at + i] = Math.floor(Math.max(0, value) / 256 ** (width - 1 - i)) & 0xff;
  return copy;
}
