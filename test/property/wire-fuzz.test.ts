// SPDX-License-Identifier: MIT
/** Hostile octets: whatever a peer sends, `src/wire/` gives a value or throws ProtocolError, and never anything else. */
import assert from "node:assert/strict";
import { test } from "node:test";
import * as fc from "fast-check";
import { ByteQueue } from "../../src/base/bytes.ts";
import { ProtocolError } from "../../src/base/errors.ts";
import { parseCommand, parseError, parsePing, parseSubscription } from "../../src/wire/command.ts";
import { GreetingNegotiation } from "../../src/wire/greeting.ts";
import { encodeProperties, parseProperties } from "../../src/wire/metadata.ts";
import { runs } from "./runs.ts";

/** Runs a parser; anything but a value or a ProtocolError fails the test. */
function survives(parse: () => unknown): void {
  try {
    parse();
  } catch (error) {
    assert.ok(error instanceof ProtocolError, `not a ProtocolError: ${error}`);
  }
}

const octet = fc.oneof({ weight: 2, arbitrary: fc.nat(9) }, fc.nat(255));
const bytes = fc.array(octet, { maxLength: 300 }).map((octets) => Buffer.from(octets));

for (const [name, parse] of [
  ["commands", (data: Uint8Array) => parseSubscription(parseCommand(data))],
  ["the data of a PING", parsePing],
  ["the data of an ERROR", parseError],
  ["properties", (data: Uint8Array) => parseProperties(data)],
] as const) {
  test(`${name} of any octets`, () => {
    fc.assert(
      fc.property(bytes, (data) => survives(() => parse(data))),
      runs(2000),
    );
  });
}

test("properties with one octet changed or the end cut off", () => {
  const good = Buffer.from(
    encodeProperties([
      ["Socket-Type", Buffer.from("DEALER")],
      ["Identity", Buffer.alloc(0)],
      ["X-Long", Buffer.alloc(300)],
    ]),
  );
  fc.assert(
    fc.property(fc.nat(good.length - 1), fc.nat(255), fc.nat(good.length), (where, value, end) => {
      const data = Buffer.from(good);
      data[where] = value;
      survives(() => parseProperties(data));
      survives(() => parseProperties(data.subarray(0, end)));
    }),
    runs(1000),
  );
});

test("a greeting of any octets comes to an end, in any chunks, with the same outcome", () => {
  const start = fc.constantFrom("", "ff", "ff00000000000000017f", "ff00000000000000017f03");
  const run = (stream: Buffer, step: number): unknown => {
    const negotiation = new GreetingNegotiation({ mechanism: "NULL", socketTypeId: 5, routingIdLength: 0 });
    const input = new ByteQueue();
    const sent: Uint8Array[] = [];
    for (let at = 0; at < stream.length; at += step) {
      input.push(stream.subarray(at, at + step));
      for (let next = negotiation.next(input); next !== undefined; next = negotiation.next(input)) {
        if ("protocol" in next) return { outcome: next.protocol, sent: Buffer.concat(sent).toString("hex") };
        sent.push(next.send);
      }
    }
    return { outcome: undefined, sent: Buffer.concat(sent).toString("hex") };
  };
  fc.assert(
    fc.property(start, bytes, fc.integer({ min: 1, max: 70 }), (prefix, rest, step) => {
      const stream = Buffer.concat([Buffer.from(prefix, "hex"), rest]);
      assert.deepEqual(run(stream, step), run(stream, stream.length || 1));
    }),
    runs(1000),
  );
});
