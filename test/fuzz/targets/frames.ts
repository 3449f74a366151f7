// SPDX-License-Identifier: MIT
/**
 * Decoders of frames: what they give is what their plain twins give, however the octets are cut, whether decoded as they come or
 * when they are read, and no more memory is taken than octets have come.
 */
import assert from "node:assert/strict";
import { ProtocolError } from "../../../src/base/errors.ts";
import { CommandFrame, type Decoder, type DecoderLimits } from "../../../src/wire/frame.ts";
import { FrameScanner } from "../../../src/wire/frame-scanner.ts";
import { ZmtpV1Decoder, ZmtpV1Encoder } from "../../../src/wire/zmtp-v1.ts";
import { ZmtpV2Decoder, ZmtpV2Encoder } from "../../../src/wire/zmtp-v2.ts";
import { ZwsDecoder, ZwsEncoder, ZwsState } from "../../../src/wire/zws.ts";
import type { Item, Reading } from "../../twins/frames.ts";
import { decodeV1, encodeV1 } from "../../twins/zmtp-v1.ts";
import { decodeV2, encodeV2 } from "../../twins/zmtp-v2.ts";
import { decodeZws, encodeZws } from "../../twins/zws.ts";
import { Choices, cut } from "../fuzzer/choices.ts";
import type { Random } from "../fuzzer/random.ts";
import type { Target } from "../fuzzer/target.ts";
import { concat, oldFrame, traffic } from "./streams.ts";
import { wsTraffic } from "./ws.ts";

const SIZES = [-1, 0, 1, 5, 100, 254, 255, 256, 65536];
const COUNTS = [1, 2, 3, 1_000_000];
const TOTALS = [-1, 10, 600];

type Limits = DecoderLimits & { readonly maxOctets: number };

/** The input: an octet for the limits, one for the cuts, the stream. */
function read(data: Uint8Array): { limits: Limits; seed: number; stream: Buffer } {
  const choices = new Choices(data);
  const which = choices.octet();
  const seed = choices.octet();
  const stream = Buffer.from(choices.rest());
  let taken = 0;
  const limits = {
    maxMessageSize: SIZES[which % SIZES.length] as number,
    maxFrames: COUNTS[(which >> 4) % COUNTS.length] as number,
    maxOctets: TOTALS[which % TOTALS.length] as number,
    allocate: (length: number): Uint8Array => {
      taken += length;
      assert.ok(taken <= stream.length, `${taken} octets taken for ${stream.length}`);
      return new Uint8Array(length);
    },
  };
  return { limits, seed, stream };
}

type Read = Item | { error: string };

/** All that a decoder gives now; true once it has failed. */
function drain(decoder: Decoder, items: Read[]): boolean {
  try {
    for (let item = decoder.next(); item !== undefined; item = decoder.next()) {
      items.push(item instanceof CommandFrame ? { command: item.body } : { message: item });
    }
    return false;
  } catch (error) {
    assert.ok(error instanceof ProtocolError, String(error));
    items.push({ error: error.code === "EMSGSIZE" ? "EMSGSIZE" : "EPROTO" });
    return true;
  }
}

function decode(decoder: Decoder, chunks: readonly Uint8Array[]): Read[] {
  const items: Read[] = [];
  for (const chunk of chunks) {
    decoder.push(chunk);
    if (drain(decoder, items)) return items;
  }
  // Heartbeats of WebSocket are told in ZMTP's words, which are longer.
  const given = items.flatMap((item) => ("message" in item ? item.message : []));
  const total = chunks.reduce((sum, chunk) => sum + chunk.length, 0);
  assert.ok(decoder.buffered + given.reduce((sum, part) => sum + part.length, 0) <= total, "octets from nowhere");
  return items;
}

/** As the engine does where messages can wait as octets: counted as they come, decoded when they are read. */
function decodeLate(
  decoder: ZmtpV2Decoder,
  limits: DecoderLimits,
  chunks: readonly Uint8Array[],
  laziness: number,
): Read[] {
  const scanner = new FrameScanner(limits);
  const items: Read[] = [];
  let announced = 0;
  const take = (count: number): void => {
    for (let i = 0; i < count; i += 1) items.push({ message: decoder.message() });
    announced -= count;
  };
  for (const [index, chunk] of chunks.entries()) {
    decoder.push(chunk);
    const found = scanner.scan(chunk);
    if (found < 0) {
      take(announced);
      if (drain(decoder, items)) return items;
    } else {
      announced += found;
      if ((index + laziness) % 3 === 0) take(announced >> 1);
    }
  }
  take(announced);
  // The octets of several frames are added up when they are decoded.
  drain(decoder, items);
  return items;
}

function same(got: readonly Read[], { items, error }: Reading): void {
  const wanted: Read[] = error === undefined ? items : [...items, { error }];
  assert.equal(show(got), show(wanted));
}

function show(items: readonly Read[]): string {
  const text = (bytes: Uint8Array): string =>
    Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString("latin1");
  return items
    .map((item) => {
      if ("error" in item) return `error ${item.error}`;
      return "command" in item ? `command ${text(item.command)}` : `message ${item.message.map(text).join("|")}`;
    })
    .join("\n");
}

function frames(random: Random): Uint8Array {
  return concat([random.octet(), random.oneIn(3) ? random.pick([0, 255]) : random.octet()], traffic(random));
}

function oldFrames(random: Random): Uint8Array {
  const all = Array.from({ length: random.below(12) }, () =>
    oldFrame(random.octets(random.length(700)), random.oneIn(3), random),
  );
  return concat([random.octet(), random.octet()], ...all);
}

/** Items to encode, from choices. */
function itemsFrom(choices: Choices, hasCommands: boolean): Item[] {
  const items: Item[] = [];
  while (!choices.isOver && items.length < 50) {
    const kind = choices.octet();
    const body = (): Uint8Array => {
      const size = choices.octet();
      return size > 250 ? new Uint8Array((size - 250) * 5000).fill(size) : choices.octets(size);
    };
    // An empty command has a meaning of its own, and is never sent.
    if (hasCommands && kind % 4 === 0) items.push({ command: concat([1], body()) });
    else items.push({ message: Array.from({ length: 1 + (kind % 5) }, body) });
  }
  return items;
}

const SLABS = {
  take: (least: number): Uint8Array => new Uint8Array(Math.max(least, 256)),
  give: (slab: Uint8Array): void => void slab.fill(0xee),
};

/** The mask of our messages. */
const MASK = 0x9c3a5e17;

function wsDecoder(limits: DecoderLimits, isServer: boolean): ZwsDecoder {
  return new ZwsDecoder(limits, new ZwsState(() => {}), isServer);
}

function encode(encoder: ZmtpV1Encoder | ZmtpV2Encoder | ZwsEncoder, items: readonly Item[], flushes: number): Buffer {
  const written: Buffer[] = [];
  for (const [index, item] of items.entries()) {
    if ("command" in item) encoder.frame(item.command, 4);
    else encoder.message(item.message);
    if ((index + 1) % (1 + (flushes % 7)) !== 0) continue;
    written.push(...encoder.take().map((chunk) => Buffer.from(chunk)));
    encoder.recycle();
  }
  written.push(...encoder.take().map((chunk) => Buffer.from(chunk)));
  encoder.recycle();
  return Buffer.concat(written);
}

/** The targets of `wire/`'s framing. */
export const frameTargets: readonly Target[] = [
  {
    name: "frames",
    about: "ZMTP 2.0 and 3.x frames: equal to the plain decoder, however they are cut",
    runs: 1500,
    generate: frames,
    fuzz: (data) => {
      const { limits, seed, stream } = read(data);
      const plain = decodeV2(stream, limits);
      same(decode(new ZmtpV2Decoder(limits), cut(stream, 0)), plain);
      if (seed !== 0) same(decode(new ZmtpV2Decoder({ ...read(data).limits }), cut(stream, seed)), plain);
    },
  },
  {
    name: "frames-late",
    about: "the same, counted when they come and decoded when they are read",
    runs: 1500,
    generate: frames,
    fuzz: (data) => {
      const { limits, seed, stream } = read(data);
      const chunks = cut(stream, seed);
      const eager = decode(new ZmtpV2Decoder(limits), chunks);
      const again = read(data).limits;
      assert.equal(show(decodeLate(new ZmtpV2Decoder(again), again, chunks, seed)), show(eager));
    },
  },
  {
    name: "frames-1.0",
    about: "ZMTP 1.0 frames: equal to the plain decoder, however they are cut",
    runs: 1000,
    generate: oldFrames,
    fuzz: (data) => {
      const { limits, seed, stream } = read(data);
      const plain = decodeV1(stream, limits);
      same(decode(new ZmtpV1Decoder(limits), cut(stream, 0)), plain);
      if (seed !== 0) same(decode(new ZmtpV1Decoder({ ...read(data).limits }), cut(stream, seed)), plain);
    },
  },
  {
    name: "frames-ws",
    about: "ZWS in WebSocket messages, on both sides: equal to the plain decoder, however they are cut",
    runs: 800,
    generate: (random) => {
      const bits = random.octet();
      return concat([bits, random.octet()], wsTraffic(random, (bits & 8) !== 0));
    },
    fuzz: (data) => {
      const { limits, seed, stream } = read(data);
      const isServer = ((data[0] ?? 0) & 8) !== 0;
      const plain = decodeZws(stream, limits, isServer);
      // What is masked is unmasked where it lies.
      same(decode(wsDecoder(limits, isServer), cut(Buffer.from(stream), 0)), plain);
      if (seed !== 0) same(decode(wsDecoder({ ...read(data).limits }, isServer), cut(stream, seed)), plain);
    },
  },
  {
    name: "frame-encoders",
    about: "what the encoders write is what the plain ones write, whenever it is flushed",
    runs: 300,
    generate: (random) => random.octets(random.below(400)),
    fuzz: (data) => {
      const choices = new Choices(data);
      const which = choices.below(4);
      const flushes = choices.octet();
      const items = itemsFrom(choices, which !== 0);
      const mask = which === 2 ? MASK : undefined;
      if (which === 0) assert.ok(encode(new ZmtpV1Encoder(SLABS), items, flushes).equals(encodeV1(items)));
      else if (which === 1) assert.ok(encode(new ZmtpV2Encoder(SLABS), items, flushes).equals(encodeV2(items)));
      else {
        const encoder = new ZwsEncoder(SLABS, new ZwsState(() => {}), mask === undefined ? undefined : () => mask);
        assert.ok(encode(encoder, items, flushes).equals(encodeZws(items, mask)));
      }
    },
  },
];
