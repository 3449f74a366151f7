// SPDX-License-Identifier: MIT
/**
 * RFC 37, sentence by sentence: greeting, choice of version, errors. The sentences are in `sentences/rfc37.ts`. Older
 * versions have more in `test/interop/versions.test.ts`.
 */
import assert from "node:assert/strict";
import { clause, type Lab, ON_THE_WIRE } from "./laboratory.ts";
import { encodeFrame, encodeProperties, greeting, octets } from "./wire-octets.ts";
import { type WirePeer } from "./wire-peer.ts";

const wire = { over: ON_THE_WIRE };

/** What a PUSH of another version says from its first octet to a message. */
const FROM_20 = "\xff\x00\x00\x00\x00\x00\x00\x00\x01\x7f\x01\x08\x00\x00\x00\x04from";
const FROM_10 = "\x01\x00\x05\x00from";

/** READY of a PUSH, then a message. */
function introduction(message: string): Buffer {
  const ready = Buffer.concat([octets("\x05READY"), encodeProperties({ "Socket-Type": "PUSH" })]);
  return Buffer.concat([encodeFrame(4, ready), encodeFrame(0, octets(message))]);
}

clause(
  "37/greeting/format",
  async (lab) => {
    const peer = await lab.wire(await lab.bound("PULL"));
    peer.write(greeting());
    const theirs = await peer.read(64);
    assert.equal(theirs[0], 0xff);
    assert.deepEqual([...theirs.subarray(9, 12)], [0x7f, 3, 1]);
    assert.equal(theirs.toString("latin1", 12, 32), "NULL".padEnd(20, "\0"));
    assert.deepEqual(theirs.subarray(32), Buffer.alloc(32));
  },
  wire,
);

clause(
  "37/greeting/partial-greeting",
  async (lab) => {
    const peer = await lab.wire(await lab.bound("PULL"));
    const signature = await peer.read(10); // without a word from this side
    assert.deepEqual([signature[0], signature[9]], [0xff, 0x7f]);
    peer.write(greeting().subarray(0, 10));
    assert.deepEqual([...(await peer.read(1))], [3]);
    peer.write(greeting().subarray(10, 11));
    assert.equal((await peer.read(53)).toString("latin1", 1, 5), "NULL");
  },
  wire,
);

clause(
  "37/greeting/read-partial",
  async (lab) => {
    const sut = await lab.bound("PULL");
    const old = await lab.wire(sut);
    old.write(octets(FROM_20.slice(0, 11)));
    assert.deepEqual([...(await old.read(12)).subarray(10)], [3, 7]); // version, and the number of PULL
    const recent = await lab.wire(sut);
    recent.write(greeting().subarray(0, 11));
    assert.deepEqual([...(await recent.read(64)).subarray(10, 12)], [3, 1]);
  },
  wire,
);

clause(
  "37/greeting/padding-ignored",
  async (lab) => {
    const sut = await lab.bound("PULL");
    for (const padding of ["\0\0\0\0\0\0\0\0", "\0\0\0\0\0\0\0\x01", "\xff\xff\xff\xff\xff\xff\xff\xff", "zeromq!\n"]) {
      const peer = await lab.wire(sut);
      const bytes = greeting();
      bytes.write(padding, 1, "latin1");
      await peer.introduce({ type: "PUSH", greeting: bytes });
      peer.send(padding);
      assert.deepEqual(await sut.receive(), [padding]);
    }
  },
  wire,
);

clause(
  "37/greeting/higher-versions",
  async (lab) => {
    const sut = await lab.bound("PULL");
    for (const [major, minor] of [
      [3, 1],
      [3, 2],
      [3, 255],
      [4, 0],
      [255, 255],
    ] as const) {
      const peer = await lab.wire(sut);
      await peer.introduce({ type: "PUSH", greeting: greeting({ major, minor }) });
      peer.send(`${major}.${minor}`);
      assert.deepEqual(await sut.receive(), [`${major}.${minor}`]);
    }
  },
  wire,
);

clause(
  "37/greeting/own-protocol",
  async (lab) => {
    const sut = await lab.bound("SUB");
    sut.api.subscribe(octets("t"));
    for (const major of [3, 4]) {
      const peer = await lab.wire(sut);
      peer.write(greeting({ major }));
      assert.deepEqual([...(await peer.read(64)).subarray(10, 12)], [3, 1]);
      assert.equal((await peer.command())[0], "READY");
      peer.sendCommand("READY", encodeProperties({ "Socket-Type": "PUB" }));
      await sut.next("handshake");
      sut.touch();
      assert.deepEqual(await peer.command(), ["SUBSCRIBE", "t"]);
    }
  },
  wire,
);

clause(
  "37/greeting/lower-versions",
  async (lab) => {
    const sut = await lab.bound("PULL");
    for (const bytes of [FROM_20, FROM_10]) {
      const peer = await lab.wire(sut);
      peer.write(octets(bytes));
      assert.deepEqual(await sut.receive(), ["from"]);
    }
    const peer = await lab.wire(sut);
    await peer.introduce({ type: "PUSH", minor: 0 });
    peer.send("from 3.0");
    assert.deepEqual(await sut.receive(), ["from 3.0"]);
  },
  wire,
);

/** A socket that wants PLAIN ends connections that begin so. */
async function refuses(lab: Lab, ...beginnings: Buffer[]): Promise<void> {
  const sut = await lab.bound("PULL", { plainServer: true });
  for (const beginning of beginnings) {
    const peer = await lab.wire(sut);
    peer.write(beginning);
    await peer.ended();
  }
  assert.equal(sut.seen("handshake"), 0);
}

clause("37/greeting/cannot-downgrade", (lab) => refuses(lab, octets(FROM_20), octets(FROM_10)), wire);
clause("37/greeting/old-peer-security", (lab) => refuses(lab, octets(FROM_20), octets(FROM_10)), wire);

clause(
  "37/greeting/downgrade-attack",
  async (lab) => {
    await refuses(
      lab,
      octets(FROM_20),
      octets(FROM_20.slice(0, 10) + "\x00" + FROM_20.slice(11)),
      octets(FROM_10),
      Buffer.concat([greeting(), introduction("from NULL")]),
      Buffer.concat([greeting({ mechanism: "" }), introduction("from nothing")]),
    );
  },
  wire,
);

clause(
  "37/greeting/as-server",
  async (lab) => {
    const sut = await lab.bound("PULL");
    for (const asServer of [0, 1]) {
      const peer = await lab.wire(sut);
      await peer.introduce({ type: "PUSH", greeting: greeting({ asServer }) });
      assert.equal(peer.theirGreeting[32], 0);
      peer.send("either");
      assert.deepEqual(await sut.receive(), ["either"]);
    }
  },
  wire,
);

clause(
  "37/greeting/full-mutual",
  async (lab) => {
    const peer = await lab.wire(await lab.bound("PULL"));
    peer.write(greeting());
    await peer.read(64);
    if (lab.implementation.name === "libzmq") return; // it may close before all of its greeting has left
    const connecting = lab.open("PUSH");
    const listener = await lab.listen();
    connecting.api.connect(listener.endpoint);
    const accepted = await listener.accept();
    accepted.write(greeting({ mechanism: "CURVE" }));
    await accepted.read(64); // even though the mechanism is another one
  },
  wire,
);

clause(
  "37/greeting/mechanism-mismatch",
  async (lab) => {
    const sut = await lab.bound("PULL");
    for (const mechanism of ["PLAIN", "CURVE", "NULLX", "null", "", "N".repeat(20)]) {
      const peer = await lab.wire(sut);
      peer.write(Buffer.concat([greeting({ mechanism }), introduction("unheard")]));
      await peer.ended();
      await sut.next("handshake:error");
    }
    assert.equal(await sut.tryReceive(), undefined);
  },
  wire,
);

clause(
  "37/greeting/pseudo-signature",
  async (lab) => {
    for (const routingId of ["i", "identity", "i".repeat(255)]) {
      const peer = await lab.wire(await lab.bound("DEALER", { routingId }));
      const signature = await peer.read(10);
      assert.equal(signature.readBigUInt64BE(1), BigInt(routingId.length + 1));
    }
  },
  wire,
);

// ── Errors ───────────────────────────────────────────────────────────────────────────────────────────────────────

clause(
  "37/errors/error-fatal",
  async (lab) => {
    const refused = await lab.listen();
    const sut = lab.open("PUSH");
    sut.api.connect(refused.endpoint);
    const peer = await refused.accept();
    peer.write(greeting());
    await peer.read(64);
    assert.equal((await peer.command())[0], "READY");
    peer.sendCommand("ERROR", "\x07go away");
    await peer.ended();
    // How often it would have come again meanwhile, a socket shows whose connection just breaks.
    const broken = await lab.listen();
    const other = lab.open("PUSH");
    other.api.connect(broken.endpoint);
    for (let i = 0; i < 6; i += 1) await (await broken.accept()).close();
    assert.equal(refused.connections, 1);
  },
  wire,
);

clause(
  "37/errors/close-temporary",
  async (lab) => {
    const listener = await lab.listen();
    const sut = lab.open("DEALER");
    sut.api.connect(listener.endpoint);
    const moments: ((peer: WirePeer) => unknown)[] = [
      () => {},
      (peer) => peer.write(greeting().subarray(0, 5)),
      async (peer) => {
        peer.write(greeting());
        await peer.read(64);
      },
      (peer) => peer.introduce({ type: "DEALER" }),
      async (peer) => {
        await peer.introduce({ type: "DEALER" });
        peer.write(Buffer.from([0, 9, 1]));
      },
    ];
    for (const moment of moments) {
      const peer = await listener.accept();
      await moment(peer);
      await peer.close();
    }
    const last = await listener.accept();
    await last.introduce({ type: "DEALER" });
    await sut.send("still there");
    assert.deepEqual(await last.receive(), ["still there"]);
  },
  wire,
);

clause(
  "37/errors/back-off",
  async (lab) => {
    const sut = lab.open("PUSH", { reconnectInterval: 2, reconnectMaxInterval: 16 });
    sut.api.connect(await lab.endpoint());
    const intervals: number[] = [];
    for (let i = 0; i < 6; i += 1) intervals.push((await sut.next("connect:retry")).interval ?? -1);
    assert.deepEqual(
      intervals,
      intervals.toSorted((a, b) => a - b),
    );
    assert.ok((intervals[0] ?? 0) < 8 && intervals.at(-1) === 16, intervals.join());
    const jittery = lab.open("PUSH", { reconnectInterval: 2 });
    jittery.api.connect(await lab.endpoint());
    for (let i = 0; i < 6; i += 1) {
      const { interval = -1 } = await jittery.next("connect:retry");
      assert.ok(interval >= 2 && interval <= 4, `${interval}`);
    }
  },
  wire,
);
