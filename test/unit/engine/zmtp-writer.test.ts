// SPDX-License-Identifier: MIT
/** How subscriptions, commands and heartbeats are spelt for peers of each version, with and without armour. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { SystemClock } from "../../../src/base/clock.ts";
import { ArmouredChannel } from "../../../src/engine/armoured-channel.ts";
import type { Connection } from "../../../src/engine/connection.ts";
import type { Dialect } from "../../../src/engine/dialect.ts";
import { Outbox } from "../../../src/engine/outbox.ts";
import { streamDialect } from "../../../src/engine/stream-dialect.ts";
import { ZmtpWriter } from "../../../src/engine/zmtp-writer.ts";
import { Subscription } from "../../../src/pipe/message.ts";
import type { Armour } from "../../../src/security/mechanism.ts";
import { CommandFrame } from "../../../src/wire/frame.ts";
import { ZmtpV2Decoder, ZmtpV2Encoder } from "../../../src/wire/zmtp-v2.ts";
import { CountingPool } from "../wire/pool.ts";

type Version = Parameters<ZmtpWriter["learn"]>[0];

/** Armour that anybody can see through: the flags, then the body. */
const glass: Armour = {
  flags: 0,
  seal: (body, flags, encoder) => encoder.frame(Uint8Array.of(flags, ...body), 0),
  open: (frame) => frame,
};

/** What a writer writes, as text: commands with `!` before them. */
function written(
  version: Version,
  isArmoured: boolean,
  write: (writer: ZmtpWriter) => void,
  dialect = streamDialect,
): string[] {
  const encoder = new ZmtpV2Encoder(new CountingPool());
  const writer = new ZmtpWriter(new Outbox({} as Connection, new SystemClock(), encoder), dialect);
  const limits = { maxMessageSize: -1, maxFrames: 10 };
  writer.learn(version, isArmoured ? new ArmouredChannel(glass, limits) : undefined);
  write(writer);
  const decoder = new ZmtpV2Decoder(limits);
  for (const chunk of encoder.take()) decoder.push(Buffer.from(chunk));
  const items: string[] = [];
  for (let item = decoder.next(); item !== undefined; item = decoder.next()) {
    if (item instanceof CommandFrame) items.push(`!${Buffer.from(item.body).toString("latin1")}`);
    else items.push(item.map((part) => Buffer.from(part).toString("latin1")).join("|"));
  }
  return items;
}

const subscribe = (writer: ZmtpWriter): void => writer.subscription(new Subscription("subscribe", Buffer.from("a")));
const join = (writer: ZmtpWriter): void => writer.subscription(new Subscription("join", Buffer.from("a")));

test("subscriptions are commands from 3.1 on, and messages before; groups are commands, and nothing before 3.0", () => {
  assert.deepEqual(written("3.1", false, subscribe), ["!\x09SUBSCRIBEa"]);
  for (const version of ["3.0", "2.0", "1.0"] as const) assert.deepEqual(written(version, false, subscribe), ["\x01a"]);
  for (const version of ["3.1", "3.0"] as const) assert.deepEqual(written(version, false, join), ["!\x04JOINa"]);
  assert.deepEqual(written("2.0", false, join), []);
});

test("with armour all of it is inside, a command as one", () => {
  assert.deepEqual(written("3.1", true, subscribe), ["\x04\x09SUBSCRIBEa"]);
  assert.deepEqual(written("3.0", true, subscribe), ["\0\x01a"]);
  assert.deepEqual(
    written("3.1", true, (writer) => writer.message([Buffer.from("a"), Buffer.from("b")])),
    ["\x01a", "\0b"],
  );
});

test("heartbeats are commands like others, but where the carrier has its own", () => {
  const ping = (writer: ZmtpWriter): void => writer.heartbeat(Buffer.from("\x04PING"));
  assert.deepEqual(written("3.1", false, ping), ["!\x04PING"]);
  assert.deepEqual(written("3.1", true, ping), ["\x04\x04PING"]);
  const own: Dialect = { ...streamDialect, hasOwnHeartbeat: true };
  assert.deepEqual(written("3.1", true, ping, own), ["!\x04PING"]);
});
