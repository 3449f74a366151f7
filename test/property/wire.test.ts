// SPDX-License-Identifier: MIT
/** Laws of `src/wire/`: codecs undo each other and equal their plain twins, however a stream is cut into chunks. */
import assert from "node:assert/strict";
import { test } from "node:test";
import * as fc from "fast-check";
import { encodeCommand, parseCommand } from "../../src/wire/command.ts";
import { encodeProperties, parseProperties } from "../../src/wire/metadata.ts";
import { ZmtpV1Decoder, ZmtpV1Encoder } from "../../src/wire/zmtp-v1.ts";
import { ZmtpV2Decoder, ZmtpV2Encoder } from "../../src/wire/zmtp-v2.ts";
import { ZwsDecoder, ZwsEncoder, ZwsState } from "../../src/wire/zws.ts";
import type { Item } from "../twins/frames.ts";
import { decodeV1, encodeV1 } from "../twins/zmtp-v1.ts";
import { decodeV2, encodeV2 } from "../twins/zmtp-v2.ts";
import { decodeZws, encodeZws } from "../twins/zws.ts";
import { decode, type Framing, put, spell } from "../unit/wire/framing.ts";
import { CountingPool } from "../unit/wire/pool.ts";
import { runs } from "./runs.ts";

/** Four octets that differ. */
const MASK = 0x9c3a5e17;

const FRAMINGS: Framing[] = [
  {
    name: "zmtp-v1",
    createEncoder: (pool) => new ZmtpV1Encoder(pool),
    createDecoder: (limits) => new ZmtpV1Decoder(limits),
    encodePlainly: encodeV1,
    decodePlainly: decodeV1,
  },
  {
    name: "zmtp-v2",
    createEncoder: (pool) => new ZmtpV2Encoder(pool),
    createDecoder: (limits) => new ZmtpV2Decoder(limits),
    encodePlainly: encodeV2,
    decodePlainly: decodeV2,
  },
  {
    name: "zws of a server",
    createEncoder: (pool) => new ZwsEncoder(pool, new ZwsState(() => {}), undefined),
    createDecoder: (limits) => new ZwsDecoder(limits, new ZwsState(() => {}), false),
    encodePlainly: encodeZws,
    decodePlainly: (stream, limits) => decodeZws(stream, limits, false),
  },
  {
    name: "zws of a client",
    createEncoder: (pool) => new ZwsEncoder(pool, new ZwsState(() => {}), () => MASK),
    createDecoder: (limits) => new ZwsDecoder(limits, new ZwsState(() => {}), true),
    encodePlainly: (items) => encodeZws(items, MASK),
    decodePlainly: (stream, limits) => decodeZws(stream, limits, true),
  },
];

/** Around each size at which a codec changes its way. */
const EDGES = [0, 1, 31, 32, 64, 65, 253, 254, 255, 256, 4096, 16383, 16384, 65535, 65536];
const size = fc.oneof({ weight: 5, arbitrary: fc.nat(80) }, fc.nat(400), fc.constantFrom(...EDGES));
const part = fc
  .tuple(size, fc.nat(255))
  .map(([length, seed]) => Buffer.alloc(length, Buffer.of(seed, 1, 2, 3, 4, 5, 6)));
const message: fc.Arbitrary<Item> = fc.array(part, { minLength: 1, maxLength: 5 }).map((parts) => ({ message: parts }));
const command: fc.Arbitrary<Item> = part.map((body) => ({ command: body }));
/** Lengths of chunks; the last one is used for the rest of the stream. */
const cuts = fc.array(fc.oneof(fc.integer({ min: 1, max: 20 }), fc.integer({ min: 1, max: 30000 })), { minLength: 1 });
const limits = fc.record({
  maxMessageSize: fc.oneof({ weight: 3, arbitrary: fc.constant(-1) }, fc.nat(400)),
  maxFrames: fc.oneof(fc.constant(1024), fc.integer({ min: 1, max: 4 })),
});

/** The stream in chunks of these lengths, each with memory of its own, as from a network. */
function cut(stream: Buffer, lengths: readonly number[]): Buffer[] {
  const chunks: Buffer[] = [];
  for (let at = 0, i = 0; at < stream.length; i += 1) {
    const length = lengths[i] ?? stream.length - at;
    chunks.push(Buffer.from(new Uint8Array(stream.subarray(at, at + length)).buffer));
    at += length;
  }
  return chunks;
}

/** What happens after something was encoded. */
const action = fc.constantFrom("none", "take", "recycle");

for (const framing of FRAMINGS) {
  const item = framing.name === "zmtp-v1" ? message : fc.oneof({ weight: 4, arbitrary: message }, command);
  const items = fc.array(item, { maxLength: 40 });

  test(`${framing.name}: the encoder equals its twin, whenever octets are taken and slabs come back`, () => {
    fc.assert(
      fc.property(items, fc.array(action), (given, actions) => {
        const pool = new CountingPool(32768);
        const encoder = framing.createEncoder(pool);
        const sent: Buffer[] = [];
        given.forEach((each, i) => {
          const before = encoder.pending;
          put(encoder, each);
          assert.equal(encoder.pending, before + framing.encodePlainly([each]).length);
          if (actions[i] !== "none") for (const chunk of encoder.take()) sent.push(Buffer.from(chunk));
          if (actions[i] === "recycle") encoder.recycle();
        });
        for (const chunk of encoder.take()) sent.push(Buffer.from(chunk));
        encoder.recycle();
        assert.equal(pool.lent.size, 0);
        assert.ok(Buffer.concat(sent).equals(framing.encodePlainly(given)));
      }),
      runs(100),
    );
  });

  test(`${framing.name}: what was taken stays as it is until slabs come back, whatever is added`, () => {
    fc.assert(
      fc.property(items, fc.array(fc.tuple(action, fc.boolean(), fc.boolean())), (given, actions) => {
        const pool = new CountingPool(32768);
        const encoder = framing.createEncoder(pool);
        const added: Item[] = [];
        const inFlight: Uint8Array[] = [];
        let leaving: Item[] = [];
        const arrive = (): void => {
          assert.ok(Buffer.concat(inFlight).equals(framing.encodePlainly(leaving)));
          encoder.recycle();
          inFlight.length = 0;
          leaving = [];
        };
        given.forEach((each, i) => {
          const [what, isEncoded, isLast] = actions[i] ?? ["none", false, false];
          if (isEncoded) encoder.octets(framing.encodePlainly([each]), isLast);
          else put(encoder, each);
          added.push(each);
          if (what === "take") {
            inFlight.push(...encoder.take());
            leaving.push(...added.splice(0));
          } else if (what === "recycle") arrive();
        });
        arrive();
        inFlight.push(...encoder.take());
        leaving = added;
        arrive();
        assert.equal(pool.lent.size, 0);
      }),
      runs(100),
    );
  });

  test(`${framing.name}: the decoder equals its twin on what an encoder writes, in any chunks and limits`, () => {
    fc.assert(
      fc.property(items, cuts, limits, (given, lengths, bounds) => {
        const stream = framing.encodePlainly(given);
        const chunks = cut(stream, lengths);
        assert.deepEqual(spell(decode(framing, chunks, bounds)), spell(framing.decodePlainly(stream, bounds)));
      }),
      runs(100),
    );
  });

  test(`${framing.name}: the decoder equals its twin on any octets, and throws nothing but ProtocolError`, () => {
    // Small octets are flags and sizes more often than not.
    const octet = fc.oneof({ weight: 3, arbitrary: fc.nat(9) }, fc.nat(255));
    const pieces = fc.oneof(
      { weight: 20, arbitrary: octet.map((value) => [value]) },
      fc.tuple(fc.nat(1), fc.nat(11)).map(([high, low]) => [4, 0, 0, 0, 0, 0, 0, high, low]), // LONG forgotten
      fc.nat(300).map((low) => [2 + (low & 1), 0, 0, 0, 0, 0, 0, low >> 8, low & 255]),
    );
    const stream = fc.array(pieces, { maxLength: 400 }).map((list) => Buffer.from(list.flat()));
    fc.assert(
      fc.property(stream, cuts, limits, (given, lengths, bounds) => {
        const chunks = cut(given, lengths);
        assert.deepEqual(spell(decode(framing, chunks, bounds)), spell(framing.decodePlainly(given, bounds)));
      }),
      runs(1000),
    );
  });

  test(`${framing.name}: one octet changed in a good stream is read as the twin reads it`, () => {
    fc.assert(
      fc.property(items, cuts, fc.nat(), fc.nat(255), (given, lengths, where, value) => {
        const stream = framing.encodePlainly(given);
        if (stream.length > 0) stream[where % stream.length] = value;
        const bounds = { maxMessageSize: 100000, maxFrames: 8 };
        const chunks = cut(stream, lengths);
        assert.deepEqual(spell(decode(framing, chunks, bounds)), spell(framing.decodePlainly(stream, bounds)));
      }),
      runs(100),
    );
  });
}

test("commands, there and back", () => {
  const name = fc.string({ unit: "binary-ascii", minLength: 1, maxLength: 255 });
  fc.assert(
    fc.property(name, part, (given, data) => {
      const read = parseCommand(encodeCommand({ name: given, data }));
      assert.equal(read.name, given);
      assert.ok(Buffer.from(read.data).equals(data));
    }),
    runs(100),
  );
});

test("properties, there and back", () => {
  const names = fc.uniqueArray(fc.stringMatching(/^X-[A-Za-z0-9_.+-]{0,20}$/), {
    selector: (name) => name.toLowerCase(),
    maxLength: 20,
  });
  fc.assert(
    fc.property(names, part, (given, value) => {
      const entries = given.map((name, i): [string, Uint8Array] => [name, value.subarray(i)]);
      const read = parseProperties(encodeProperties(entries));
      assert.deepEqual(
        Array.from(read, ([name, bytes]) => [name, Buffer.from(bytes)]),
        entries,
      );
    }),
    runs(100),
  );
});
