// SPDX-License-Identifier: MIT
/** RFC 29, sentence by sentence: SUB and XSUB. The sentences are in `sentences/rfc29.ts`, shared bodies in `cases.ts`. */
import assert from "node:assert/strict";
import * as cases from "./cases.ts";
import { type Sut, type TypeName, until } from "./implementation.ts";
import { clause, type Lab, ON_THE_WIRE } from "./laboratory.ts";
import * as limits from "./limits.ts";
import type { Peer } from "./peers.ts";

type Body = (lab: Lab) => Promise<void>;

/** A subscriber to everything, and publishers that know it. */
function subscriber(type: TypeName): cases.Case {
  return {
    type,
    peer: "PUB",
    begin: (sut) => sut.subscribe(""),
    prepare: async (_sut, peer) => assert.equal(await peer.subscription(), "\x01"),
  };
}

const sub = subscriber("SUB");
const xsub = subscriber("XSUB");

/** Binds a subscriber to everything. */
async function bound(lab: Lab, type: TypeName, options = {}): Promise<Sut> {
  const sut = await lab.bound(type, options);
  await sut.subscribe("");
  return sut;
}

/** A publisher that knows the subscription to everything. */
async function publisher(lab: Lab, sut: Sut, options = {}): Promise<Peer> {
  const peer = await lab.peer(sut, "PUB", options);
  assert.equal(await peer.subscription(), "\x01");
  return peer;
}

function queuesWhenAccepting(type: TypeName): Body {
  return async (lab) => {
    const sut = await bound(lab, type);
    const peer = await publisher(lab, sut);
    for (let i = 0; i < 5; i += 1) await peer.send(`${i}`);
    await peer.settled();
    assert.deepEqual(await sut.drain(), ["0", "1", "2", "3", "4"]);
  };
}

/** A full queue holds its publisher back over a network, and makes it drop within a process. */
function limitsFor(each: cases.Case): Body {
  return async (lab) => {
    const sut = await bound(lab, each.type, { receiveHighWaterMark: 2 });
    const peer = await publisher(lab, sut, { highWaterMark: 1 });
    const kept = await limits.flood(lab, sut, peer);
    for (let i = 0; i < kept; i += 1) assert.equal(Number((await sut.receive())[0]?.slice(0, 4)), i);
    await peer.settled();
    assert.equal(await sut.tryReceive(), undefined);
    await peer.send("room again");
    assert.deepEqual(await sut.receive(), ["room again"]);
  };
}

/** The queue of one publisher is full, that of another is not. */
function queueForEach(type: TypeName): Body {
  return async (lab) => {
    const sut = await bound(lab, type, { receiveHighWaterMark: 2 });
    const [full, other] = [await publisher(lab, sut, { highWaterMark: 1 }), await publisher(lab, sut)];
    await limits.flood(lab, sut, full);
    await other.send("room");
    for (let [first] = await sut.receive(); first !== "room"; [first] = await sut.receive());
  };
}

function delivers(type: TypeName): Body {
  return async (lab) => {
    const sut = await bound(lab, type);
    const peer = await publisher(lab, sut);
    const receiving = sut.receive();
    await peer.send("to one", "that waits");
    assert.deepEqual(await receiving, ["to one", "that waits"]);
  };
}

/** What is subscribed and cancelled is told to each publisher, also to one that comes later. */
function tellsPublishers(type: TypeName): Body {
  return async (lab) => {
    const sut = await lab.bound(type);
    const early = await lab.peer(sut, "PUB");
    for (const topic of ["a", "\x00\xff", "t".repeat(300)]) {
      await sut.subscribe(topic);
      assert.equal(await early.subscription(), `\x01${topic}`);
    }
    await sut.unsubscribe("\x00\xff");
    assert.equal(await early.subscription(), "\x00\x00\xff");
    const late = await lab.peer(sut, "PUB");
    const told = [await late.subscription(), await late.subscription()];
    assert.deepEqual(told.toSorted(), ["\x01a", `\x01${"t".repeat(300)}`]);
  };
}

// ── SUB ──────────────────────────────────────────────────────────────────────────────────────────────────────────

clause(
  "29/SUB/only-receive",
  async (lab) => {
    const sut = await bound(lab, "SUB");
    for (const peer of [await publisher(lab, sut), await publisher(lab, sut), await publisher(lab, sut)]) {
      await peer.send("from each");
      assert.deepEqual(await sut.receive(), ["from each"]);
    }
    for (const method of ["send", "trySend", "sendBatch"]) assert.equal(method in sut.api, false);
  },
  { notOnLibzmq: "zeromq.js leaves the methods of the other direction on every class" },
);

clause("29/SUB/queue", queueForEach("SUB"));
clause("29/SUB/queue-connecting", cases.hearsWhileConnecting(sub));
clause("29/SUB/queue-accepting", queuesWhenAccepting("SUB"));
clause("29/SUB/limits", limitsFor(sub));
clause("29/SUB/fair-queue", cases.takesTurnsReceiving(sub));
clause("29/SUB/verbatim", cases.receivesVerbatim(sub));

clause(
  "29/SUB/filter",
  async (lab) => {
    const sut = await lab.bound("SUB");
    const peer = await lab.peer(sut, "PUB");
    for (const topic of ["ab", "\x00\xff"]) {
      await sut.subscribe(topic);
      await peer.subscription();
    }
    // This publisher does not filter.
    for (const first of ["a", "ab", "xab", "abc", "", "\x00", "\x00\xff\x00"]) await peer.send(first, "ab");
    await peer.settled();
    assert.deepEqual(await sut.drain(), ["ab", "abc", "\x00\xff\x00"]);
  },
  { over: ON_THE_WIRE },
);

clause("29/SUB/deliver", delivers("SUB"));
clause("29/SUB/subscriptions", tellsPublishers("SUB"));

// ── XSUB ─────────────────────────────────────────────────────────────────────────────────────────────────────────

clause("29/XSUB/both-ways", async (lab) => {
  const sut = await bound(lab, "XSUB");
  const peers = [await publisher(lab, sut), await publisher(lab, sut)];
  for (const peer of peers) {
    await peer.send("from each");
    assert.deepEqual(await sut.receive(), ["from each"]);
  }
  await sut.send("upstream", "two parts");
  for (const peer of peers) assert.deepEqual(await peer.receive(), ["upstream", "two parts"]);
});

clause("29/XSUB/double-queue", async (lab) => {
  const sut = await bound(lab, "XSUB", { sendHighWaterMark: 1, receiveHighWaterMark: 2 });
  const peer = await publisher(lab, sut, { highWaterMark: 1 });
  peer.pause();
  for (let i = 0; i < 40; i += 1) assert.equal(await sut.trySend(limits.bulky(lab)), true);
  for (const word of ["still", "heard"]) {
    await peer.send(word);
    assert.deepEqual(await sut.receive(), [word]);
  }
  peer.resume();
  await peer.receive();
  await limits.flood(lab, sut, peer);
  await limits.readUntilMark(sut, peer);
});

clause("29/XSUB/queue-connecting", async (lab) => {
  await cases.queuesWhileConnecting({ type: "XSUB", peer: "PUB" })(lab);
  await cases.hearsWhileConnecting(xsub)(lab);
});

clause("29/XSUB/queue-accepting", async (lab) => {
  await queuesWhenAccepting("XSUB")(lab);
  const sut = await lab.bound("XSUB");
  assert.equal(await sut.trySend("nobody is there"), true);
  const peer = await lab.peer(sut, "PUB");
  assert.equal(await sut.trySend("somebody"), true);
  assert.deepEqual(await peer.receive(), ["somebody"]);
});

clause("29/XSUB/queue-destroyed", limits.queueGoesWithPeer({ type: "XSUB", peer: "PUB" }));

clause("29/XSUB/limits", async (lab) => {
  await limitsFor(xsub)(lab);
  await dropsUpstream(lab);
});

clause("29/XSUB/verbatim-incoming", cases.receivesVerbatim(xsub));
clause("29/XSUB/fair-queue", cases.takesTurnsReceiving(xsub));
clause("29/XSUB/deliver", delivers("XSUB"));

clause("29/XSUB/verbatim-outgoing", async (lab) => {
  const sut = await lab.bound("XSUB");
  const peer = await lab.peer(sut, "PUB");
  // Frames that begin with a 0 or a 1 are subscriptions, at the front or not.
  const parts = ["", "\xff\x00", "\x02", "x".repeat(256), "", "y".repeat(70_000)];
  for (const message of [parts, [""], ["z"]]) {
    assert.equal(await sut.trySend(...message), true);
    assert.deepEqual(await peer.receive(), message);
  }
});

clause("29/XSUB/to-all", async (lab) => {
  const sut = await lab.bound("XSUB");
  const peers = await lab.peers(sut, "PUB", ["A", "B", "C"]);
  for (let i = 0; i < 5; i += 1) assert.equal(await sut.trySend(`${i}`), true);
  for (const peer of peers) for (let i = 0; i < 5; i += 1) assert.deepEqual(await peer.receive(), [`${i}`]);
});

async function dropsUpstream(lab: Lab): Promise<void> {
  const sut = await lab.bound("XSUB", { sendHighWaterMark: 2 });
  const [stalled, lively] = [await lab.peer(sut, "PUB", { highWaterMark: 1 }), await lab.peer(sut, "PUB")];
  stalled.pause();
  for (let i = 0; i < 40; i += 1) {
    assert.equal(await sut.trySend(limits.bulky(lab)), true);
    assert.deepEqual(await lively.receive(), [limits.bulky(lab)]);
  }
  stalled.resume();
  const arrived = (await limits.readUntilMark(sut, stalled)).length;
  assert.ok(arrived >= 2 && arrived < 40, `${arrived} of 40 arrived`);
}

clause("29/XSUB/drop", dropsUpstream);

clause("29/XSUB/no-block", async (lab) => {
  const sut = await lab.bound("XSUB", { sendHighWaterMark: 1 });
  assert.equal(await sut.trySend("nobody is there"), true);
  const peer = await lab.peer(sut, "PUB", { highWaterMark: 1 });
  peer.pause();
  for (let i = 0; i < 40; i += 1) assert.equal(await sut.trySend(limits.bulky(lab)), true);
});

clause("29/XSUB/commands", async (lab) => {
  const sut = await lab.bound("XSUB");
  const peer = await lab.peer(sut, "PUB");
  await sut.send("\x01topic");
  assert.equal(await peer.subscription(), "\x01topic");
  await sut.send("\x00topic");
  assert.equal(await peer.subscription(), "\x00topic");
});

clause("29/XSUB/subscriptions", tellsPublishers("XSUB"));

clause("29/XSUB/closing-unsubscribes", async (lab) => {
  const publishing = await lab.bound("XPUB");
  const sut = lab.open("XSUB");
  await lab.link(sut, publishing);
  await sut.subscribe("a");
  await sut.subscribe("b");
  assert.deepEqual([await publishing.receive(), await publishing.receive()], [["\x01a"], ["\x01b"]]);
  sut.api.disconnect(publishing.api.lastEndpoint ?? "");
  const cancels: string[] = [];
  await until(async () => {
    sut.touch(); // libzmq's socket has a part in ending its connection
    cancels.push(...(await publishing.drain()));
    return cancels.length === 2;
  });
  assert.deepEqual(cancels.toSorted(), ["\x00a", "\x00b"]);
});
