// SPDX-License-Identifier: MIT
/** What WebSocket says for itself within ZWS: pings, pongs, the close, masks of bodies that others write, and what is refused. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { COMMAND, CommandFrame, HeartbeatFrame } from "../../../src/wire/frame.ts";
import { ZwsDecoder, ZwsEncoder, ZwsState } from "../../../src/wire/zws.ts";
import { encodeZws } from "../../twins/zws.ts";
import { CountingPool } from "./pool.ts";

const LIMITS = { maxMessageSize: 1000, maxFrames: 4 };
const MASK = 0x01020304;

function decoder(isServer = false, closing: () => void = () => {}): { state: ZwsState; decoder: ZwsDecoder } {
  const state = new ZwsState(closing);
  return { state, decoder: new ZwsDecoder(LIMITS, state, isServer) };
}

test("a ping is answered with what it carried, whole; heartbeats of ours carry nothing", () => {
  const { state, decoder: reading } = decoder();
  const payload = Buffer.from("a payload of more octets than ZMTP's 16");
  reading.push(Buffer.concat([Buffer.of(0x89, payload.length), payload]));
  const item = reading.next();
  assert.ok(item instanceof HeartbeatFrame);
  assert.equal(String(Buffer.from(item.body)), "\x04PING\0\0");
  const encoder = new ZwsEncoder(new CountingPool(), state, undefined);
  encoder.frame(Buffer.from("\x04PONG"), COMMAND);
  encoder.frame(Buffer.from("\x04PING\0\0"), COMMAND);
  const sent = Buffer.concat(encoder.take());
  assert.deepEqual(sent, Buffer.concat([Buffer.of(0x8a, payload.length), payload, Buffer.of(0x89, 0)]));
});

test("a pong counts as one, and other commands are no heartbeats", () => {
  const { decoder: reading } = decoder();
  reading.push(Buffer.concat([Buffer.of(0x8a, 0), encodeZws([{ command: Buffer.from("\x04JOIN\0\0") }])]));
  assert.ok(reading.next() instanceof HeartbeatFrame);
  const item = reading.next();
  assert.ok(item instanceof CommandFrame && !(item instanceof HeartbeatFrame));
});

test("a page's ping is a command, and so is its pong, until WebSocket pings again", () => {
  const state = new ZwsState(() => {});
  const reading = new ZwsDecoder({ maxMessageSize: -1, maxFrames: 9 }, state, false);
  const encoder = new ZwsEncoder(new CountingPool(98304), state, undefined);
  reading.push(encodeZws([{ command: Buffer.from("\x04PING\0\0") }, { command: Buffer.from("\x04PONG") }]));
  assert.ok(reading.next() instanceof HeartbeatFrame);
  assert.ok(reading.next() instanceof HeartbeatFrame);
  encoder.frame(Buffer.from("\x04PONG"), COMMAND);
  reading.push(Buffer.of(0x89, 0));
  assert.ok(reading.next() instanceof HeartbeatFrame);
  encoder.frame(Buffer.from("\x04PONG"), COMMAND);
  const sent = Buffer.concat(encoder.take());
  assert.deepEqual(sent, Buffer.concat([encodeZws([{ command: Buffer.from("\x04PONG") }]), Buffer.of(0x8a, 0)]));
});

test("after a close nothing counts", () => {
  let closed = 0;
  const { decoder: reading } = decoder(false, () => {
    closed += 1;
  });
  reading.push(Buffer.concat([Buffer.of(0x88, 2, 3, 232), encodeZws([{ message: [Buffer.from("late")] }])]));
  assert.equal(reading.next(), undefined);
  assert.equal(reading.next(), undefined);
  assert.equal(closed, 1);
});

test("a body that a caller writes is masked once it is written, wherever it lies", () => {
  for (const length of [1, 100, 5000, 70000]) {
    const encoder = new ZwsEncoder(new CountingPool(98304), new ZwsState(() => {}), () => MASK);
    const body = Buffer.alloc(length, "body");
    for (const flags of [0, COMMAND]) {
      const at = encoder.blank(length, flags);
      encoder.room.set(body, at);
    }
    const whole = encodeZws([{ message: [body] }, { command: body }], MASK);
    assert.ok(Buffer.concat(encoder.take()).equals(whole), `${length}`);
  }
});

test("what ZWS does not have is refused", () => {
  const bad: [string, number[]][] = [
    ["text", [0x81, 1, 0]],
    ["a message within another one", [0x02, 1, 0, 0x82, 1, 0]],
    ["a piece of no message", [0x80, 1, 0]],
    ["no flags in any piece", [0x02, 0, 0x80, 0]],
    ["a reserved bit", [0xc2, 1, 0]],
    ["no flags", [0x82, 0]],
    ["a mask from a server", [0x82, 0x81, 1, 2, 3, 4, 0]],
    ["a ping in pieces", [0x09, 0]],
    ["a long ping", [0x89, 126, 0, 200]],
    ["an unknown opcode", [0x83, 1, 0]],
  ];
  for (const [what, octets] of bad) {
    const { decoder: reading } = decoder();
    reading.push(Buffer.from(octets));
    assert.throws(() => reading.next(), { code: "ERR_WS_UNSPECIFIED" }, what);
  }
  const { decoder: server } = decoder(true);
  server.push(Buffer.of(0x82, 1, 0));
  assert.throws(() => server.next(), /must mask/);
});

test("a message that is too large is refused when its flags have come, before its body", () => {
  const { decoder: reading } = decoder();
  reading.push(Buffer.of(0x82, 127, 0, 0, 0, 0, 0x40, 0, 0, 0));
  assert.equal(reading.next(), undefined);
  reading.push(Buffer.of(0));
  assert.throws(() => reading.next(), { code: "EMSGSIZE" });
});

test("a message in pieces is one message, whatever comes between them", () => {
  for (const isServer of [false, true]) {
    const { decoder: reading } = decoder(isServer);
    const piece = (first: number, ...octets: number[]): Buffer =>
      isServer
        ? Buffer.from([first, 0x80 | octets.length, 1, 2, 3, 4, ...octets.map((octet, i) => octet ^ (1 + (i % 4)))])
        : Buffer.from([first, octets.length, ...octets]);
    const stream = [
      piece(0x02),
      ...[piece(0, 1), piece(0, 65, 66, 67), piece(0x89), piece(0), piece(0x80, 68)],
      ...[piece(0x02, 0, 69, 70, 71, 72, 73), piece(0x80)],
    ];
    for (const octet of Buffer.concat(stream)) reading.push(Buffer.of(octet));
    assert.ok(reading.next() instanceof HeartbeatFrame);
    assert.deepEqual((reading.next() as Uint8Array[]).map(String), ["ABCD", "EFGHI"]);
    assert.equal(reading.next(), undefined);
    assert.equal(reading.buffered, 0);
  }
});

test("a command in pieces is a command", () => {
  const { decoder: reading } = decoder();
  reading.push(Buffer.of(0x02, 2, 2, 1, 0x80, 1, 65));
  const item = reading.next();
  assert.ok(item instanceof CommandFrame);
  assert.deepEqual([...item.body], [1, 65]);
});

test("pieces together are as large as a message may be, and the next one is refused before it comes", () => {
  const { decoder: reading } = decoder();
  reading.push(Buffer.concat([Buffer.of(0x02, 126, 3, 232, 0), Buffer.alloc(999), Buffer.of(0x00, 1, 0)]));
  assert.equal(reading.next(), undefined);
  assert.equal(reading.buffered, 1001);
  reading.push(Buffer.of(0x00, 1));
  assert.throws(() => reading.next(), { code: "EMSGSIZE" });
});

test("many small pieces take no more memory than their message", () => {
  const reading = new ZwsDecoder({ maxMessageSize: -1, maxFrames: 4 }, new ZwsState(() => {}), false);
  reading.push(Buffer.of(0x02, 1, 0));
  for (let i = 0; i < 5000; i += 1) {
    reading.push(Buffer.of(0x00, 1, i));
    assert.equal(reading.next(), undefined);
  }
  reading.push(Buffer.of(0x80, 0));
  const [body] = reading.next() as Uint8Array[];
  assert.equal(body?.length, 5000);
  assert.ok((body?.buffer.byteLength ?? 0) <= 10_002);
  assert.ok(body?.every((octet, i) => octet === i % 256));
});
