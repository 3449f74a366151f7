// SPDX-License-Identifier: MIT
/** PGM's packets, octet by octet (RFC 3208 §8, §9), and what is not one. */
import assert from "node:assert/strict";
import { test } from "node:test";
import {
  after,
  blankData,
  distance,
  NAK,
  NCF,
  nak,
  ODATA,
  RDATA,
  readPacket,
  SPM,
  SPMR,
  sealData,
  sourceNamed,
  spm,
  spmr,
} from "../../../src/wire/pgm.ts";

const NAME = "0102030405061234";
const SOURCE = sourceNamed(NAME, 0x1d4c);
const HERE = Uint8Array.of(10, 9, 0, 1);
const GROUP = Uint8Array.of(239, 192, 1, 1);

function hex(octets: Uint8Array): string {
  return Buffer.from(octets).toString("hex");
}

/** The sum over 16-bit words that a sound packet has, said plainly. */
function sum(octets: Uint8Array): number {
  let total = 0;
  for (let at = 0; at < octets.length; at += 2) total += ((octets[at] ?? 0) << 8) | (octets[at + 1] ?? 0);
  while (total > 0xffff) total = (total & 0xffff) + (total >> 16);
  return total;
}

test("a source path message, as it lies in the packet", () => {
  const octets = spm(SOURCE, { sequence: 7, trail: 1, lead: 0xffffffff, address: HERE, isLast: false });
  const plain = `12341d4c0000${hex(octets.subarray(6, 8))}01020304050600000000000700000001ffffffff000100000a090001`;
  assert.equal(hex(octets), plain);
  assert.equal(sum(octets), 0xffff);
  const packet = readPacket(octets);
  assert.deepEqual(
    [packet?.type, packet?.source, packet?.port, packet?.sequence, packet?.trail, packet?.lead, packet?.isLast],
    [SPM, NAME, 0x1d4c, 7, 1, 0xffffffff, false],
  );
  assert.deepEqual(packet?.address, HERE);
});

test("the last one has OPT_FIN", () => {
  const octets = spm(SOURCE, { sequence: 7, trail: 0, lead: 0, address: HERE, isLast: true });
  assert.equal(octets[5], 1);
  assert.equal(hex(octets.subarray(36)), "000400088e040000");
  assert.equal(readPacket(octets)?.isLast, true);
});

test("an address of IPv6", () => {
  const address = Uint8Array.from({ length: 16 }, (_, i) => i);
  const octets = spm(SOURCE, { sequence: 0, trail: 0, lead: 0, address, isLast: true });
  assert.deepEqual(readPacket(octets)?.address, address);
  assert.equal(readPacket(octets)?.isLast, true);
});

test("data goes out as ODATA, and again as RDATA with another trail", () => {
  const octets = blankData(SOURCE, 0xfffffffe, 3);
  octets.set([7, 8, 9], 24);
  const first = readPacket(sealData(octets, ODATA, 0xfffffff0));
  assert.deepEqual([first?.type, first?.sequence, first?.trail], [ODATA, 0xfffffffe, 0xfffffff0]);
  assert.deepEqual(first?.data, Uint8Array.of(7, 8, 9));
  const again = readPacket(sealData(octets, RDATA, 0xfffffff5));
  assert.deepEqual([again?.type, again?.trail], [RDATA, 0xfffffff5]);
});

test("a NAK goes the other way, with a list behind its first number", () => {
  const octets = nak(NAK, SOURCE, [5, 6, 9], HERE, GROUP);
  assert.equal(hex(octets.subarray(0, 4)), "1d4c1234");
  assert.equal(hex(octets.subarray(16)), "00000005000100000a09000100010000efc0010100040010820c00000000000600000009");
  assert.equal(octets[5], 3);
  const packet = readPacket(octets);
  assert.deepEqual([packet?.type, packet?.source, packet?.port, packet?.sequence], [NAK, NAME, 0x1d4c, 5]);
  assert.deepEqual([packet?.others, packet?.address, packet?.group], [[6, 9], HERE, GROUP]);
});

test("a confirmation goes the way of data, and one number needs no list", () => {
  const octets = nak(NCF, SOURCE, [5], HERE, GROUP);
  assert.equal(hex(octets.subarray(0, 6)), "12341d4c0a00");
  assert.equal(octets.length, 36);
  assert.deepEqual(readPacket(octets)?.others, []);
});

test("a request for an SPM is a header", () => {
  const octets = spmr(SOURCE);
  assert.equal(hex(octets.subarray(0, 6)), "1d4c12340c00");
  assert.deepEqual([octets.length, readPacket(octets)?.type, readPacket(octets)?.source], [16, SPMR, NAME]);
});

test("every sound packet is nothing when it is cut short, and most octets of it matter", () => {
  const data = blankData(SOURCE, 1, 5);
  const all = [
    spm(SOURCE, { sequence: 7, trail: 0, lead: 0, address: HERE, isLast: true }),
    nak(NAK, SOURCE, [5, 6, 9], HERE, GROUP),
    sealData(data, ODATA, 0),
  ];
  for (const octets of all) {
    for (let end = 0; end < octets.length; end += 1) assert.equal(readPacket(octets.subarray(0, end)), undefined);
    for (let at = 0; at < octets.length; at += 1) {
      const changed = Uint8Array.from(octets);
      changed[at] = (changed[at] as number) ^ 0x10;
      assert.equal(readPacket(changed), undefined, `octet ${at}`);
    }
  }
});

test("without a checksum, data is nothing; others are read", () => {
  const data = sealData(blankData(SOURCE, 1, 5), ODATA, 0);
  data.fill(0, 6, 8);
  assert.equal(readPacket(data), undefined);
  const other = nak(NCF, SOURCE, [5], HERE, GROUP);
  other.fill(0, 6, 8);
  assert.equal(readPacket(other)?.sequence, 5);
});

test("options are skipped by their lengths, and lengths that lie make the packet nothing", () => {
  const octets = nak(NAK, SOURCE, [5, 6], HERE, GROUP);
  octets.fill(0, 6, 8);
  const at = octets.indexOf(0x82);
  for (const size of [0, 1, 2, 9, 255]) {
    octets[at + 1] = size;
    assert.equal(readPacket(octets), undefined, `size ${size}`);
  }
  octets[at + 1] = 3;
  assert.deepEqual(readPacket(octets)?.others, []);
});

test("types that ZeroMQ has no use for, parity and other families of addresses are nothing", () => {
  for (const type of [1, 2, 3, 6, 7, 9, 0x0b, 0x0d, 0xff]) {
    const octets = spmr(SOURCE);
    octets[4] = type;
    octets.fill(0, 6, 8);
    assert.equal(readPacket(octets), undefined, `type ${type}`);
  }
  const parity = spmr(SOURCE);
  parity[5] = 0x80;
  parity.fill(0, 6, 8);
  assert.equal(readPacket(parity), undefined);
  const family = nak(NAK, SOURCE, [5], HERE, GROUP);
  family[21] = 3;
  family.fill(0, 6, 8);
  assert.equal(readPacket(family), undefined);
});

test("sequence numbers are a circle", () => {
  assert.equal(distance(0xffffffff, 0), 1);
  assert.equal(distance(0, 0xffffffff), -1);
  assert.equal(after(0xffffffff, 2), 1);
  assert.equal(after(0, -1), 0xffffffff);
});
