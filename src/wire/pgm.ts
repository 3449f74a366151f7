// SPDX-License-Identifier: MIT
/**
 * Packets of PGM (RFC 3208), as far as ZeroMQ's use of it goes: SPM, ODATA, RDATA, NAK, NCF and SPMR over IPv4 and IPv6. Bytes in,
 * values out; what is not sound is nothing, as anybody may send to a group. Used by `engine/pgm-*.ts`.
 */
import { readUint32, toHex, writeUint32 } from "../base/bytes.ts";

/** Types of packets (RFC 3208 §8). */
export const SPM = 0x00;
export const ODATA = 0x04;
export const RDATA = 0x05;
export const NAK = 0x08;
export const NCF = 0x0a;
export const SPMR = 0x0c;

/** Octets of the header that all packets have. */
const HEADER = 16;
/** Octets before the data of ODATA and RDATA: header, sequence number, trail. */
export const DATA_HEADER = 24;
/**
 * Octets of a data packet that are not data, as OpenPGM counts them: beside {@link DATA_HEADER}, room for OPT_LENGTH (4) and
 * OPT_FRAGMENT (16) that is never used. Peers agree on it, as they agree on the size of packets.
 */
export const DATA_OVERHEAD = 44;

/** Options that a packet has, in the header's octet 5; and that network elements should look at them. */
const OPTIONS_PRESENT = 0x01;
const OPTIONS_NETWORK = 0x02;
const PARITY = 0x80;
/** Types of options, and the mark of the last one. */
const OPT_LENGTH = 0x00;
const OPT_NAK_LIST = 0x02;
const OPT_FIN = 0x0e;
const OPT_END = 0x80;

/** The most sequence numbers in the list of a NAK, besides its first (RFC 3208 §9.2). */
export const NAK_LIST = 62;

/** Where a source can be reached: 4 or 16 octets. */
export type NetworkAddress = Uint8Array;

/** A packet that was read. */
export interface PgmPacket {
  readonly type: number;
  /** The transport session: global source identifier and the source's port, as 16 hexadecimal digits. */
  readonly source: string;
  /** The data destination port. */
  readonly port: number;
  /** SPM: of the SPM. Data: of the packet. NAK and NCF: the first one. */
  readonly sequence: number;
  /** SPM and data: the oldest that can be repaired. */
  readonly trail: number;
  /** SPM: the newest. */
  readonly lead: number;
  /** SPM: where NAKs go. NAK and NCF: the source's. */
  readonly address: NetworkAddress | undefined;
  /** NAK and NCF. */
  readonly group: NetworkAddress | undefined;
  /** NAK and NCF: what else is missing. */
  readonly others: readonly number[];
  /** Data. */
  readonly data: Uint8Array;
  /** SPM: the source says goodbye. */
  readonly isLast: boolean;
}

/** What is unlike in packets of each kind. */
type Facts = Partial<Omit<PgmPacket, "type" | "source" | "port">>;

const NONE: readonly number[] = [];
const NO_DATA = new Uint8Array(0);

/** Reads a packet. Undefined: it is none that is sound, or of a type that ZeroMQ has no use for. */
export function readPacket(octets: Uint8Array): PgmPacket | undefined {
  if (octets.length < HEADER) return undefined;
  const type = octets[4] as number;
  const flags = octets[5] as number;
  const sum = readUint16(octets, 6);
  if ((flags & PARITY) !== 0 || (sum === 0 ? type === ODATA || type === RDATA : checksum(octets) !== 0xffff))
    return undefined;
  const facts = readBody(type, octets, (flags & OPTIONS_PRESENT) !== 0);
  if (facts === undefined) return undefined;
  const isUpstream = type === NAK || type === SPMR;
  const [sourceAt, portAt] = isUpstream ? [2, 0] : [0, 2];
  return {
    type,
    source: toHex(octets.subarray(8, 14)) + toHex(octets.subarray(sourceAt, sourceAt + 2)),
    port: readUint16(octets, portAt),
    sequence: facts.sequence ?? 0,
    trail: facts.trail ?? 0,
    lead: facts.lead ?? 0,
    address: facts.address,
    group: facts.group,
    others: facts.others ?? NONE,
    data: facts.data ?? NO_DATA,
    isLast: facts.isLast ?? false,
  };
}

function readBody(type: number, octets: Uint8Array, hasOptions: boolean): Facts | undefined {
  switch (type) {
    case SPM:
      return readSpm(octets, hasOptions);
    case ODATA:
    case RDATA:
      return readData(octets, hasOptions);
    case NAK:
    case NCF:
      return readNak(octets, hasOptions);
    case SPMR:
      return {};
    default:
      return undefined;
  }
}

function readSpm(octets: Uint8Array, hasOptions: boolean): Facts | undefined {
  const address = readAddress(octets, 28);
  if (address === undefined) return undefined;
  const options = hasOptions ? readOptions(octets, 32 + address.length) : NO_OPTIONS;
  if (options === undefined) return undefined;
  return {
    sequence: readUint32(octets, 16),
    trail: readUint32(octets, 20),
    lead: readUint32(octets, 24),
    address,
    isLast: options.isLast,
  };
}

function readData(octets: Uint8Array, hasOptions: boolean): Facts | undefined {
  if (octets.length < DATA_HEADER) return undefined;
  const options = hasOptions ? readOptions(octets, DATA_HEADER) : NO_OPTIONS;
  if (options === undefined) return undefined;
  const start = DATA_HEADER + options.length;
  const end = start + readUint16(octets, 14);
  if (end > octets.length) return undefined;
  return { sequence: readUint32(octets, 16), trail: readUint32(octets, 20), data: octets.subarray(start, end) };
}

function readNak(octets: Uint8Array, hasOptions: boolean): Facts | undefined {
  const address = readAddress(octets, 20);
  if (address === undefined) return undefined;
  const group = readAddress(octets, 24 + address.length);
  if (group === undefined) return undefined;
  const options = hasOptions ? readOptions(octets, 28 + address.length + group.length) : NO_OPTIONS;
  if (options === undefined) return undefined;
  return { sequence: readUint32(octets, 16), address, group, others: options.others };
}

/** What options say, and how long they are. */
interface Options {
  readonly length: number;
  readonly others: readonly number[];
  readonly isLast: boolean;
}

const NO_OPTIONS: Options = { length: 0, others: NONE, isLast: false };

function readOptions(octets: Uint8Array, start: number): Options | undefined {
  if (start + 4 > octets.length || octets[start] !== OPT_LENGTH || octets[start + 1] !== 4) return undefined;
  const length = readUint16(octets, start + 2);
  const end = start + length;
  if (length < 8 || end > octets.length) return undefined;
  let others = NONE;
  let isLast = false;
  for (let at = start + 4; at < end; ) {
    const type = octets[at] as number;
    const size = at + 1 < end ? (octets[at + 1] as number) : 0;
    if (size < 3 || at + size > end) return undefined;
    if ((type & ~OPT_END) === OPT_NAK_LIST) others = readList(octets, at, size);
    if ((type & ~OPT_END) === OPT_FIN) isLast = true;
    if ((type & OPT_END) !== 0) break;
    at += size;
  }
  return { length, others, isLast };
}

/** The sequence numbers behind type, length, two reserved octets. */
function readList(octets: Uint8Array, start: number, size: number): readonly number[] {
  const list: number[] = [];
  for (let at = start + 4; at + 4 <= start + size && list.length < NAK_LIST; at += 4) list.push(readUint32(octets, at));
  return list;
}

function readAddress(octets: Uint8Array, at: number): NetworkAddress | undefined {
  if (at + 4 > octets.length) return undefined;
  const family = readUint16(octets, at);
  const size = family === 1 ? 4 : family === 2 ? 16 : 0;
  if (size === 0 || at + 4 + size > octets.length) return undefined;
  return octets.subarray(at + 4, at + 4 + size);
}

/** Who sends, in the headers of its packets. */
export interface PgmSource {
  /** Global source identifier: six octets. */
  readonly identifier: Uint8Array;
  /** The source's port, and the data destination port. */
  readonly sourcePort: number;
  readonly port: number;
}

/** The source that is called so in packets for a port. */
export function sourceNamed(source: string, port: number): PgmSource {
  const octets = Uint8Array.from({ length: 8 }, (_, i) => Number.parseInt(source.slice(2 * i, 2 * i + 2), 16));
  return { identifier: octets.subarray(0, 6), sourcePort: readUint16(octets, 6), port };
}

/** A source path message: what can be repaired, and where NAKs go. */
export function spm(
  source: PgmSource,
  facts: { sequence: number; trail: number; lead: number; address: NetworkAddress; isLast: boolean },
): Uint8Array {
  const { address, isLast } = facts;
  const octets = blank(source, SPM, 32 + address.length + (isLast ? 8 : 0));
  writeUint32(octets, 16, facts.sequence);
  writeUint32(octets, 20, facts.trail);
  writeUint32(octets, 24, facts.lead);
  const end = writeAddress(octets, 28, address);
  if (isLast) {
    octets[5] = OPTIONS_PRESENT;
    octets.set([OPT_LENGTH, 4, 0, 8, OPT_FIN | OPT_END, 4, 0, 0], end);
  }
  return seal(octets);
}

/** A data packet with room for its data; its trail and checksum come with {@link sealData}. */
export function blankData(source: PgmSource, sequence: number, length: number): Uint8Array {
  const octets = blank(source, ODATA, DATA_HEADER + length);
  writeUint16(octets, 14, length);
  writeUint32(octets, 16, sequence);
  return octets;
}

/** Makes a data packet ready to go out, first as ODATA and later, with another trail, as RDATA. */
export function sealData(octets: Uint8Array, type: number, trail: number): Uint8Array {
  octets[4] = type;
  writeUint32(octets, 20, trail);
  writeUint16(octets, 6, 0);
  return seal(octets);
}

/** A NAK for what is missing, at most one more than {@link NAK_LIST}; or the source's confirmation of one. */
export function nak(
  type: number,
  source: PgmSource,
  missing: readonly number[],
  address: NetworkAddress,
  group: NetworkAddress,
): Uint8Array {
  const others = missing.length - 1;
  const start = 28 + address.length + group.length;
  const octets = blank(source, type, start + (others > 0 ? 8 + 4 * others : 0));
  if (type === NAK) turn(octets);
  writeUint32(octets, 16, missing[0] as number);
  writeAddress(octets, 24 + address.length, group);
  writeAddress(octets, 20, address);
  if (others > 0) {
    octets[5] = OPTIONS_PRESENT | OPTIONS_NETWORK;
    octets.set([OPT_LENGTH, 4, 0, 0, OPT_NAK_LIST | OPT_END, 4 + 4 * others, 0, 0], start);
    writeUint16(octets, start + 2, 8 + 4 * others);
    for (let i = 1; i <= others; i += 1) writeUint32(octets, start + 4 + 4 * i, missing[i] as number);
  }
  return seal(octets);
}

/** Asks a source for its SPM. */
export function spmr(source: PgmSource): Uint8Array {
  return seal(turn(blank(source, SPMR, HEADER)));
}

function blank({ identifier, sourcePort, port }: PgmSource, type: number, length: number): Uint8Array {
  const octets = new Uint8Array(length);
  writeUint16(octets, 0, sourcePort);
  writeUint16(octets, 2, port);
  octets[4] = type;
  octets.set(identifier, 8);
  return octets;
}

/** What goes to the source has the ports the other way round. */
function turn(octets: Uint8Array): Uint8Array {
  const port = readUint16(octets, 0);
  writeUint16(octets, 0, readUint16(octets, 2));
  writeUint16(octets, 2, port);
  return octets;
}

/** Gives where the address ends. */
function writeAddress(octets: Uint8Array, at: number, address: NetworkAddress): number {
  writeUint16(octets, at, address.length === 4 ? 1 : 2);
  octets.set(address, at + 4);
  return at + 4 + address.length;
}

function seal(octets: Uint8Array): Uint8Array {
  const sum = checksum(octets) ^ 0xffff;
  writeUint16(octets, 6, sum === 0 ? 0xffff : sum);
  return octets;
}

/** The sum in ones' complement; of octets with a sound checksum in them it is 0xFFFF. */
function checksum(octets: Uint8Array): number {
  const even = octets.length & ~1;
  // No more than 64 KiB, so that it stays below 2^53, and most often a small integer.
  let sum = even === octets.length ? 0 : (octets[even] as number) << 8;
  for (let at = 0; at < even; at += 2) sum += ((octets[at] as number) << 8) | (octets[at + 1] as number);
  while (sum > 0xffff) sum = (sum & 0xffff) + Math.floor(sum / 0x10000);
  return sum;
}

/** The unsigned 16-bit integer at `at`. */
export function readUint16(octets: Uint8Array, at: number): number {
  return ((octets[at] as number) << 8) | (octets[at + 1] as number);
}

/** Writes an unsigned 16-bit integer. */
export function writeUint16(octets: Uint8Array, at: number, value: number): void {
  octets[at] = value >>> 8;
  octets[at + 1] = value;
}

/** How far `to` lies behind `from`, in the circle of sequence numbers (RFC 1982): negative when it lies before it. */
export function distance(from: number, to: number): number {
  return (to - from) | 0;
}

/** The sequence number so many behind. */
export function after(sequence: number, count: number): number {
  return (sequence + count) >>> 0;
}
