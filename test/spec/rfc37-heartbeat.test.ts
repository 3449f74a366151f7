// SPDX-License-Identifier: MIT
/** RFC 37, sentence by sentence: heartbeats. The sentences are in `sentences/rfc37.ts`. */
import assert from "node:assert/strict";
import { partnerOf, typeNames } from "./implementation.ts";
import { clause, ON_THE_WIRE } from "./laboratory.ts";
import type { Peer } from "./peers.ts";

const wire = { over: ON_THE_WIRE };

clause(
  "37/heartbeat/pong",
  async (lab) => {
    for (const type of typeNames) {
      const { peer } = await lab.talking(type, partnerOf[type]);
      for (const context of ["", "c", "\x00\xff", "sixteen octets !"]) {
        peer.sendCommand("PING", `\0\0${context}`);
        assert.deepEqual(await peer.command(), ["PONG", context], type);
      }
    }
  },
  wire,
);

clause(
  "37/heartbeat/context-limit",
  async (lab) => {
    const { peer } = await lab.talking("PULL", "PUSH");
    for (const length of [17, 55]) {
      peer.sendCommand("PING", `\0\0${"c".repeat(length)}`);
      assert.deepEqual(await peer.command(), ["PONG", "c".repeat(16)]);
    }
  },
  wire,
);

clause(
  "37/heartbeat/ping",
  async (lab) => {
    const { peer } = await lab.talking("PULL", "PUSH", { heartbeatInterval: 10, heartbeatTimeToLive: 1500 });
    for (let i = 0; i < 3; i += 1) {
      const [name, data] = await peer.command();
      assert.equal(name, "PING");
      assert.equal(data.slice(0, 2), "\x00\x0f", "15 tenths of a second");
      assert.ok(data.length <= 18);
      peer.sendCommand("PONG", data.slice(2));
    }
  },
  wire,
);

clause(
  "37/heartbeat/any-traffic",
  async (lab) => {
    const { sut, peer } = await lab.talking("PULL", "PUSH", { heartbeatInterval: 40, heartbeatTimeout: 60 });
    for (let i = 0; i < 6; i += 1) {
      assert.equal((await peer.command())[0], "PING");
      peer.send(`${i} is no PONG`);
      assert.deepEqual(await sut.receive(), [`${i} is no PONG`]);
    }
    assert.equal(sut.seen("disconnect"), 0);
  },
  wire,
);

clause(
  "37/heartbeat/silence",
  async (lab) => {
    const { sut, peer } = await lab.talking("PULL", "PUSH", { heartbeatInterval: 20, heartbeatTimeout: 30 });
    assert.equal((await peer.command())[0], "PING");
    await peer.ended();
    await sut.next("disconnect");
  },
  wire,
);

clause(
  "37/heartbeat/time-to-live",
  async (lab) => {
    const { sut, peer } = await lab.talking("PULL", "PUSH");
    const started = performance.now();
    peer.sendCommand("PING", "\x00\x01");
    assert.deepEqual(await peer.command(), ["PONG", ""]);
    await peer.ended();
    await sut.next("disconnect");
    assert.ok(performance.now() - started >= 99, "not before a tenth of a second");
  },
  wire,
);

clause(
  "37/heartbeat/reconnect",
  async (lab) => {
    const listener = await lab.listen();
    const sut = lab.open("DEALER", { heartbeatInterval: 20, heartbeatTimeout: 30 });
    sut.api.connect(listener.endpoint);
    const silent = await listener.accept();
    await silent.introduce({ type: "DEALER" });
    await silent.ended();
    const next: Peer = await (await listener.accept()).introduce({ type: "DEALER" });
    await sut.next("handshake");
    next.send("back again");
    assert.deepEqual(await sut.receive(), ["back again"]);
  },
  wire,
);
