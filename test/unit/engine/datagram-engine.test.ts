// SPDX-License-Identifier: MIT
/** Messages as datagrams and back, for each of the three types: what is dropped, and that it is said. */
import assert from "node:assert/strict";
import { test } from "node:test";
import type { ZmqError } from "../../../src/base/errors.ts";
import { type DatagramChannel, DatagramEngine } from "../../../src/engine/datagram-engine.ts";
import { EngineRig, type RigOptions } from "../../support/engine-rig.ts";
import { FakeConnection } from "../../support/fake-connection.ts";
import { octets } from "../../support/pattern-host.ts";
import { hex } from "../../support/zmtp-octets.ts";

class FakeChannel extends FakeConnection implements DatagramChannel {
  arrived: (datagram: Uint8Array, from: string) => void = () => {};
  failed: (error: ZmqError) => void = () => {};
  datagrams: { body: string; to: string | undefined }[] = [];
  isFull = false;

  send(datagram: Uint8Array, to?: string): boolean {
    this.datagrams.push({ body: Buffer.from(datagram).toString("hex"), to });
    return !this.isFull;
  }
}

function rigOf(type: string, options: Omit<RigOptions, "createEngine"> = {}) {
  const channel = new FakeChannel("");
  const drops: string[] = [];
  const rig = new EngineRig({
    type,
    connection: channel,
    ...options,
    createEngine: (connection, setup, host) => {
      Object.assign(host, { datagramDropped: (error: ZmqError) => drops.push(error.code) });
      return new DatagramEngine(connection as FakeChannel, setup, host);
    },
  });
  rig.engine.start();
  const sent = (): string[] =>
    channel.datagrams.splice(0).map(({ body, to }) => (to === undefined ? body : `${to} ${body}`));
  return { rig, channel, drops, sent };
}

test("there is no handshake: the peer is everybody, and wants everything", () => {
  const { rig, channel } = rigOf("RADIO");
  assert.deepEqual([rig.peer?.wantsEverything, rig.peer?.socketType, channel.isPaused], [true, undefined, false]);
});

test("RADIO's messages leave one a datagram, and what waited before them first", () => {
  const { rig, sent } = rigOf("RADIO");
  rig.send("TV", "Friends");
  rig.send("", "");
  assert.deepEqual(sent(), [`02${hex("TVFriends")}`, "00"]);
});

test("a datagram has 8192 octets at most: longer ones are dropped, and said to be", () => {
  const { rig, sent, drops } = rigOf("RADIO");
  rig.send("g", "x".repeat(8190));
  assert.equal(sent()[0]?.length, 16384);
  rig.send("g", "x".repeat(8191));
  rig.send("g", "next");
  assert.deepEqual([sent(), drops], [[`01${hex("gnext")}`], ["EMSGSIZE"]]);
});

test("a busy network holds messages back in the pipe, in order", () => {
  const { rig, channel, sent } = rigOf("RADIO");
  channel.isFull = true;
  rig.send("g", "1");
  rig.send("g", "2");
  rig.send("g", "3");
  assert.equal(sent().length, 1);
  channel.isFull = false;
  rig.engine.pipeReadable();
  assert.deepEqual(sent(), []);
  channel.handler.drained();
  assert.deepEqual(sent(), [`01${hex("g2")}`, `01${hex("g3")}`]);
});

test("DISH takes groups and bodies, sends nothing of what it joins, and drops what is neither", () => {
  const { rig, channel, drops, sent } = rigOf("DISH");
  rig.send("join", "x");
  channel.arrived(Buffer.from(`02${hex("TVFriends")}`, "hex"), "192.0.2.1:5");
  channel.arrived(Buffer.from("03ff", "hex"), "192.0.2.1:5");
  channel.arrived(new Uint8Array(0), "192.0.2.1:5");
  channel.arrived(new Uint8Array(8193), "192.0.2.1:5");
  assert.deepEqual(rig.receiveAll(), [["TV", "Friends"]]);
  assert.deepEqual([sent(), drops], [[], ["EPROTO", "EPROTO", "EMSGSIZE"]]);
});

test("what there is no room for is dropped, and what is longer than maxMessageSize", () => {
  const { rig, channel, drops } = rigOf("DISH", { inbound: 2, options: { maxMessageSize: 3 } });
  for (const text of ["a", "b", "c"]) channel.arrived(Buffer.from(`00${hex(text)}`, "hex"), "192.0.2.1:5");
  assert.deepEqual(rig.receiveAll(), [
    ["", "a"],
    ["", "b"],
  ]);
  channel.arrived(Buffer.from(`00${hex("long")}`, "hex"), "192.0.2.1:5");
  channel.arrived(Buffer.from(`04${hex("longyes")}`, "hex"), "192.0.2.1:5");
  assert.deepEqual(rig.receiveAll(), [["long", "yes"]]);
  assert.deepEqual(drops, ["ENOBUFS", "EMSGSIZE"]);
});

test("DGRAM has addresses in the place of groups, and takes libzmq's, which end with a zero", () => {
  const { rig, channel, drops, sent } = rigOf("DGRAM", { isRaw: true });
  channel.arrived(octets("hi"), "192.0.2.1:5");
  channel.arrived(octets(""), "[2001:db8::1]:7");
  assert.deepEqual(rig.receiveAll(), [
    ["192.0.2.1:5", "hi"],
    ["[2001:db8::1]:7", ""],
  ]);
  rig.send("192.0.2.1:5", "a");
  rig.send("192.0.2.1:5\0", "b");
  rig.send("192.0.2.1:5", "x".repeat(8193));
  assert.deepEqual([sent(), drops], [[`192.0.2.1:5 ${hex("a")}`, `192.0.2.1:5 ${hex("b")}`], ["EMSGSIZE"]]);
});

test("the application's buffers are its own again", () => {
  const { rig, channel } = rigOf("DGRAM", { isRaw: true });
  const kept: Uint8Array[] = [];
  channel.send = (datagram) => {
    kept.push(datagram);
    return true;
  };
  const body = octets("before");
  rig.write([octets("192.0.2.1:5"), body]);
  body.set(octets("after!"));
  assert.equal(String(Buffer.from(kept[0] as Uint8Array)), "before");
});

test("closing sends what waits, then ends; what comes meanwhile is nobody's", () => {
  const { rig, channel, sent } = rigOf("RADIO");
  channel.isFull = true;
  rig.send("g", "1");
  rig.send("g", "2");
  rig.near.close();
  assert.equal(channel.isEnded, false);
  channel.isFull = false;
  channel.handler.drained();
  assert.deepEqual([sent().length, channel.isEnded], [2, true]);
  channel.arrived(octets("late"), "192.0.2.1:5");
  channel.handler.connectionEnded(undefined);
  assert.deepEqual(rig.ended, { error: undefined, duringHandshake: false });
  rig.engine.stop();
  assert.equal(channel.isDestroyed, false);
});

test("a session that has gone meanwhile ends it all", () => {
  const channel = new FakeChannel("");
  const rig = new EngineRig({
    type: "DISH",
    connection: channel,
    createEngine: (connection, setup, host) => new DatagramEngine(connection as FakeChannel, setup, host),
  });
  rig.onHandshake = () => false;
  rig.engine.start();
  assert.equal(channel.isDestroyed, true);
});
