// SPDX-License-Identifier: MIT
/** RFC 37, sentence by sentence: frames and commands. The sentences are in `sentences/rfc37.ts`. */
import assert from "node:assert/strict";
import { clause, ON_THE_WIRE } from "./laboratory.ts";
import { COMMAND, encodeFrame, encodeProperties, greeting, LONG, MORE, octets, parseCommand } from "./wire-octets.ts";

const wire = { over: ON_THE_WIRE };

clause(
  "37/frames/short-and-long",
  async (lab) => {
    const { sut, peer } = await lab.talking("DEALER", "DEALER");
    for (const size of [0, 1, 255]) {
      await sut.send("x".repeat(size));
      assert.deepEqual([...(await peer.read(2 + size)).subarray(0, 2)], [0, size]);
    }
    for (const size of [256, 65_536, 1_000_000]) {
      await sut.send("x".repeat(size));
      const frame = await peer.read(9 + size);
      assert.equal(frame[0], LONG);
      assert.equal(frame.readBigUInt64BE(1), BigInt(size));
    }
  },
  wire,
);

clause(
  "37/frames/reserved-bits",
  async (lab) => {
    const { sut, peer } = await lab.talking("XPUB", "SUB");
    peer.subscribe("");
    await sut.receive();
    await sut.send("", "x", "y".repeat(256));
    for (const flags of [MORE, MORE, LONG]) assert.equal((await peer.frame()).flags, flags);
    peer.sendCommand("PING", "\0\0");
    assert.equal((await peer.frame()).flags, COMMAND);
  },
  wire,
);

clause(
  "37/frames/command-not-more",
  async (lab) => {
    const { sut, peer } = await lab.talking("SUB", "PUB");
    for (const topic of ["", "x".repeat(300)]) {
      sut.api.subscribe(octets(topic));
      sut.api.unsubscribe(octets(topic));
      for (const name of ["SUBSCRIBE", "CANCEL"]) {
        const frame = await peer.frame();
        assert.equal(parseCommand(frame).name, name);
        assert.equal(frame.flags & MORE, 0);
      }
    }
  },
  wire,
);

clause(
  "37/frames/command-size",
  async (lab) => {
    const { sut, peer } = await lab.talking("SUB", "PUB");
    for (const size of [0, 245, 246, 1000]) {
      sut.api.subscribe(octets("t".repeat(size)));
      const { flags, body } = await peer.frame();
      assert.equal(body.length, 10 + size);
      assert.equal(flags, body.length > 255 ? COMMAND | LONG : COMMAND);
    }
  },
  wire,
);

clause(
  "37/frames/long-may-be-short",
  async (lab) => {
    const { sut, peer } = await lab.talking("PULL", "PUSH");
    for (const body of ["", "short", "x".repeat(255), "x".repeat(256)]) {
      peer.write(encodeFrame(LONG, octets(body)));
      assert.deepEqual(await sut.receive(), [body]);
    }
    peer.write(Buffer.from([LONG, 0x80, 0, 0, 0, 0, 0, 0, 0])); // 2^63
    await peer.ended();
  },
  wire,
);

clause(
  "37/frames/atomic",
  async (lab) => {
    const { sut, peer } = await lab.talking("PULL", "PUSH");
    peer.write(Buffer.concat([encodeFrame(0, octets("whole")), encodeFrame(MORE, octets("half"))]));
    assert.deepEqual(await sut.receive(), ["whole"]);
    await peer.close();
    await sut.next("disconnect");
    const next = await lab.wire(sut);
    await next.introduce({ type: "PUSH" });
    next.send("next", "and whole");
    assert.deepEqual(await sut.receive(), ["next", "and whole"]);
  },
  wire,
);

clause(
  "37/frames/clear-text",
  async (lab) => {
    const { sut, peer } = await lab.talking("PAIR", "PAIR");
    await sut.send("one", "two");
    assert.equal((await peer.read(10)).toString("latin1"), "\x01\x03one\x00\x03two");
  },
  wire,
);

clause(
  "37/frames/visible-commands",
  async (lab) => {
    const sut = await lab.bound("SUB", { heartbeatInterval: 20, heartbeatTimeout: 10_000 });
    const peer = await lab.wire(sut);
    peer.write(greeting());
    await peer.read(64);
    const names = new Set<string>();
    const hear = async () => names.add((await peer.command())[0]);
    await hear();
    peer.sendCommand("READY", encodeProperties({ "Socket-Type": "PUB" }));
    await sut.next("handshake");
    sut.touch();
    sut.api.subscribe(octets("t"));
    sut.api.unsubscribe(octets("t"));
    peer.sendCommand("PING", "\0\0");
    while (names.size < 5) await hear();
    assert.deepEqual([...names].toSorted(), ["CANCEL", "PING", "PONG", "READY", "SUBSCRIBE"]);
  },
  wire,
);
