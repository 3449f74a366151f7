// SPDX-License-Identifier: MIT
/** RFC 37, sentence by sentence: the NULL handshake, metadata. The sentences are in `sentences/rfc37.ts`. */
import assert from "node:assert/strict";
import { type Sut, type TypeName, turns, typeNames, until } from "./implementation.ts";
import { clause, type Lab, ON_THE_WIRE } from "./laboratory.ts";
import { encodeProperties, greeting, octets } from "./wire-octets.ts";
import { type WirePeer } from "./wire-peer.ts";

const wire = { over: ON_THE_WIRE };

/** A type that each may talk to (RFC 37 §The Socket-Type Property). */
const LEGAL: Readonly<Record<TypeName, readonly TypeName[]>> = {
  REQ: ["REP", "ROUTER"],
  REP: ["REQ", "DEALER"],
  DEALER: ["REP", "DEALER", "ROUTER"],
  ROUTER: ["REQ", "DEALER", "ROUTER"],
  PUB: ["SUB", "XSUB"],
  XPUB: ["SUB", "XSUB"],
  SUB: ["PUB", "XPUB"],
  XSUB: ["PUB", "XPUB"],
  PUSH: ["PULL"],
  PULL: ["PUSH"],
  PAIR: ["PAIR"],
};

// ── The NULL mechanism ───────────────────────────────────────────────────────────────────────────────────────────

/** A connection that a socket made, after both greetings. */
async function greeted(lab: Lab, sut: Sut): Promise<WirePeer> {
  const listener = await lab.listen();
  sut.api.connect(listener.endpoint);
  const peer = await listener.accept();
  peer.write(greeting());
  peer.theirGreeting = await peer.read(64);
  return peer;
}

clause(
  "37/null/as-server-zero",
  async (lab) => {
    assert.equal((await greeted(lab, lab.open("PUSH"))).theirGreeting[32], 0);
    const { peer } = await lab.talking("PULL", "PUSH");
    assert.equal(peer.theirGreeting[32], 0);
  },
  wire,
);

clause(
  "37/null/client-ready",
  async (lab) => {
    const sut = lab.open("PUSH");
    const peer = await greeted(lab, sut);
    assert.equal((await peer.command())[0], "READY");
    await turns();
    assert.deepEqual([sut.seen("handshake"), peer.waiting, peer.hasEnded], [0, 0, false]);
    peer.sendCommand("READY", encodeProperties({ "Socket-Type": "PULL" }));
    await sut.next("handshake");
  },
  wire,
);

clause(
  "37/null/server-ready",
  async (lab) => {
    const sut = await lab.bound("PULL");
    const peer = await lab.wire(sut);
    peer.write(greeting());
    peer.sendCommand("READY", encodeProperties({ "Socket-Type": "PUSH" }));
    await peer.read(64);
    assert.equal((await peer.command())[0], "READY");
    await sut.next("handshake");
    const broken = await lab.wire(sut);
    broken.write(greeting());
    broken.sendCommand("READY", "\x0bSocket-Type\0\0\0\xffPUSH");
    await broken.ended();
  },
  wire,
);

clause(
  "37/null/then-messages",
  async (lab) => {
    const sut = lab.open("PUSH");
    const listener = await lab.listen();
    sut.api.connect(listener.endpoint);
    await sut.send("waits for the handshake");
    const peer = await listener.accept();
    peer.write(greeting());
    await peer.read(64);
    assert.equal((await peer.command())[0], "READY");
    await turns();
    assert.equal(peer.waiting, 0);
    peer.sendCommand("READY", encodeProperties({ "Socket-Type": "PULL" }));
    assert.deepEqual(await peer.receive(), ["waits for the handshake"]);
  },
  wire,
);

/** Whether the handshake with a peer succeeds. */
async function isTaken(sut: Sut, peer: WirePeer): Promise<boolean> {
  await until(() => sut.seen("handshake") > 0 || peer.hasEnded);
  if (sut.seen("handshake") > 0) await sut.next("handshake");
  return !peer.hasEnded;
}

/** Whether a bound ROUTER takes a peer whose READY has this after the Socket-Type. */
async function takes(lab: Lab, properties: Buffer): Promise<boolean> {
  const sut = await lab.bound("ROUTER");
  const peer = await lab.wire(sut);
  peer.write(greeting());
  peer.sendCommand("READY", Buffer.concat([encodeProperties({ "Socket-Type": "DEALER" }), properties]));
  return isTaken(sut, peer);
}

clause(
  "37/null/name-length",
  async (lab) => {
    assert.equal(await takes(lab, encodeProperties({ n: "1" })), true);
    assert.equal(await takes(lab, encodeProperties({ ["n".repeat(255)]: "255" })), true);
    assert.equal(await takes(lab, octets("\0\0\0\0\0")), false);
  },
  { ...wire, notOnLibzmq: "it takes names without a letter" },
);

clause(
  "37/null/name-case",
  async (lab) => {
    const sut = await lab.bound("ROUTER");
    const peer = await lab.wire(sut);
    peer.write(greeting());
    peer.sendCommand("READY", encodeProperties({ "SOCKET-TYPE": "DEALER", identity: "named" }));
    peer.send("hello");
    assert.deepEqual(await sut.receive(), ["named", "hello"]);
    const wrong = await lab.wire(sut);
    wrong.write(greeting());
    wrong.sendCommand("READY", encodeProperties({ "socket-type": "PUSH" }));
    await wrong.ended();
  },
  { ...wire, notOnLibzmq: "it compares names with regard to case" },
);

clause(
  "37/null/value-length",
  async (lab) => {
    assert.equal(await takes(lab, encodeProperties({ Identity: "", "X-empty": "" })), true);
    assert.equal(await takes(lab, encodeProperties({ "X-long": "v".repeat(10_000) })), true);
    assert.equal(await takes(lab, octets("\x01n\x80\0\0\0v")), false);
  },
  wire,
);

clause(
  "37/null/value-size",
  async (lab) => {
    const peer = await greeted(lab, lab.open("DEALER", { routingId: "me" }));
    const expected = "\x05READY\x0bSocket-Type\0\0\0\x06DEALER\x08Identity\0\0\0\x02me";
    assert.equal((await peer.frame()).body.toString("latin1"), expected);
  },
  wire,
);

// ── Metadata ─────────────────────────────────────────────────────────────────────────────────────────────────────

clause(
  "37/metadata/exchange",
  async (lab) => {
    const sut = await lab.bound("ROUTER", { routingId: "mine" });
    const peer = await lab.wire(sut);
    await peer.introduce({ type: "DEALER", identity: "yours", properties: { "X-more": "ignored" } });
    assert.deepEqual(peer.theirProperties, { "Socket-Type": "ROUTER", Identity: "mine" });
    peer.send("hello");
    assert.deepEqual(await sut.receive(), ["yours", "hello"]);
  },
  wire,
);

clause(
  "37/metadata/socket-type",
  async (lab) => {
    for (const type of typeNames) {
      const peer = await lab.wire(await lab.bound(type));
      await peer.introduce({ type: LEGAL[type][0] as TypeName });
      assert.equal(peer.theirProperties["Socket-Type"], type);
    }
  },
  wire,
);

clause(
  "37/metadata/legal-peers",
  async (lab) => {
    for (const type of typeNames) {
      const sut = await lab.bound(type);
      for (const peerType of [...typeNames, "pull", "NONSENSE", ""]) {
        const peer = await lab.wire(sut);
        peer.write(greeting());
        peer.sendCommand("READY", encodeProperties({ "Socket-Type": peerType }));
        assert.equal(
          await isTaken(sut, peer),
          LEGAL[type].some((legal) => legal === peerType),
          `${type} and ${peerType}`,
        );
        await peer.close();
      }
    }
  },
  wire,
);

clause(
  "37/metadata/illegal-peer",
  async (lab) => {
    const peer = await lab.wire(await lab.bound("PULL"));
    peer.write(greeting());
    await peer.read(64);
    assert.equal((await peer.command())[0], "READY");
    peer.sendCommand("READY", encodeProperties({ "Socket-Type": "PULL" }));
    await peer.ended();
  },
  wire,
);

clause(
  "37/metadata/illegal-peer-error",
  async (lab) => {
    const peer = await lab.wire(await lab.bound("PULL"));
    peer.write(greeting());
    await peer.read(64);
    assert.equal((await peer.command())[0], "READY");
    peer.sendCommand("READY", encodeProperties({ "Socket-Type": "PULL" }));
    assert.equal((await peer.command())[0], "ERROR");
    await peer.ended();
  },
  { ...wire, notOnLibzmq: "it closes without a word" },
);

clause(
  "37/metadata/identity-ignored",
  async (lab) => {
    const sut = await lab.bound("REP");
    for (const each of ["first", "second"]) {
      const peer = await lab.wire(sut);
      await peer.introduce({ type: "REQ", identity: "the same" });
      peer.send("", each);
      assert.deepEqual(await sut.receive(), [each]);
      await sut.send(each);
      assert.deepEqual(await peer.receive(), ["", each]);
    }
    const pull = await lab.bound("PULL");
    const peer = await lab.wire(pull);
    await peer.introduce({ type: "PUSH", identity: "\0" });
    peer.send("no identity here");
    assert.deepEqual(await pull.receive(), ["no identity here"]);
  },
  { ...wire, notOnLibzmq: "its REP is a ROUTER inside, which does not take an identity twice" },
);

clause(
  "37/metadata/identity-grammar",
  async (lab) => {
    const sut = await lab.bound("ROUTER");
    for (const identity of ["i", "\x01\xff\0", "i".repeat(255)]) {
      const peer = await lab.wire(sut);
      await peer.introduce({ type: "DEALER", identity });
      peer.send("hello");
      assert.deepEqual(await sut.receive(), [identity, "hello"]);
    }
    const anonymous = await lab.wire(sut);
    await anonymous.introduce({ type: "DEALER", identity: "" });
    anonymous.send("hello");
    assert.match((await sut.receive())[0] ?? "", /^\0[^]{4}$/);
    const longest = "i".repeat(255);
    const named = await lab.wire(await lab.bound("DEALER", { routingId: longest }));
    await named.introduce({ type: "DEALER" });
    assert.equal(named.theirProperties.Identity, longest);
    if (lab.implementation.name === "libzmq") return; // a constructor that fails makes zeromq.js crash at the end
    assert.throws(() => lab.open("DEALER", { routingId: "i".repeat(256) }), { code: "EINVAL" });
  },
  wire,
);

clause(
  "37/metadata/identity-zero",
  async (lab) => {
    // Those that a ROUTER makes up begin with a zero octet, and nobody gets one of them by announcing it.
    const isOurs = lab.implementation.name === "zeromq-ts"; // libzmq's handover gives it away
    for (const handover of isOurs ? [false, true] : [false]) {
      const sut = await lab.bound("ROUTER", { handover });
      const anonymous = await lab.wire(sut);
      await anonymous.introduce({ type: "DEALER" });
      anonymous.send("hello");
      const [made = ""] = await sut.receive();
      assert.equal(made[0], "\0");
      const impostor = await lab.wire(sut);
      await impostor.introduce({ type: "DEALER", identity: made });
      await sut.next("handshake");
      await sut.next("handshake");
      await sut.send(made, "for the first");
      assert.deepEqual(await anonymous.receive(), ["for the first"]);
    }
  },
  wire,
);

clause(
  "37/metadata/resource-accepted",
  async (lab) => {
    const sut = await lab.bound("PULL");
    const peer = await lab.wire(sut);
    await peer.introduce({ type: "PUSH", properties: { Resource: "system/name-service/test" } });
    peer.send("to whatever is there");
    assert.deepEqual(await sut.receive(), ["to whatever is there"]);
  },
  wire,
);
