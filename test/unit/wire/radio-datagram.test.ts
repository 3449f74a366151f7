// SPDX-License-Identifier: MIT
/** RADIO's messages as datagrams (RFC 48 §UDP): what is read is what was written, and nothing is read past the end. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { datagramLength, decodeDatagram, encodeDatagram } from "../../../src/wire/radio-datagram.ts";
import { octets } from "../../support/pattern-host.ts";
import { hex } from "../../support/zmtp-octets.ts";

const hexOf = (bytes: Uint8Array): string => Buffer.from(bytes).toString("hex");

test("a datagram is the group's length in one octet, the group, and the body", () => {
  assert.equal(hexOf(encodeDatagram(octets("TV"), octets("Friends"))), `02${hex("TVFriends")}`);
  assert.equal(hexOf(encodeDatagram(octets(""), octets("x"))), `00${hex("x")}`);
  assert.equal(hexOf(encodeDatagram(octets("g"), octets(""))), `01${hex("g")}`);
  assert.equal(datagramLength(octets("TV"), octets("Friends")), 10);
});

test("groups of every length come back with their bodies", () => {
  for (let length = 0; length <= 255; length += 1) {
    const [group, body] = [octets("g".repeat(length)), octets("body")];
    const read = decodeDatagram(encodeDatagram(group, body));
    assert.deepEqual(read?.map(hexOf), [hexOf(group), hexOf(body)]);
  }
});

test("a group that is longer than its datagram is nothing", () => {
  assert.equal(decodeDatagram(new Uint8Array(0)), undefined);
  assert.equal(decodeDatagram(Buffer.from("01", "hex")), undefined);
  assert.equal(decodeDatagram(Buffer.from("ff", "hex")), undefined);
  assert.equal(decodeDatagram(Buffer.from("036162", "hex")), undefined);
  assert.deepEqual(decodeDatagram(Buffer.from("026162", "hex"))?.map(hexOf), ["6162", ""]);
  assert.deepEqual(decodeDatagram(Buffer.from("00", "hex"))?.map(hexOf), ["", ""]);
});
