// SPDX-License-Identifier: MIT
/** RFC 29, sentence by sentence: PUB and XPUB. The sentences are in `sentences/rfc29.ts`, shared bodies in `cases.ts`. */
import assert from "node:assert/strict";
import * as cases from "./cases.ts";
import type { Sut, TypeName } from "./implementation.ts";
import { clause, type Lab } from "./laboratory.ts";
import * as limits from "./limits.ts";
import type { Peer, PeerOptions } from "./peers.ts";

type Body = (lab: Lab) => Promise<void>;

/** A peer subscribes; resolves when that is in effect. An XPUB's application is told of it, too. */
async function subscribe(sut: Sut, peer: Peer, topic: string): Promise<void> {
  await peer.subscribe(topic);
  await peer.settled();
  if (sut.type === "XPUB") assert.deepEqual(await sut.receive(), [`\x01${topic}`]);
}

/** A subscriber to some topics that connects to a publisher. */
async function subscriber(lab: Lab, sut: Sut, topics: string[], options: PeerOptions = {}): Promise<Peer> {
  const peer = await lab.peer(sut, "SUB", options);
  for (const topic of topics) await subscribe(sut, peer, topic);
  return peer;
}

function publisher(type: TypeName): cases.Case {
  return { type, peer: "SUB", prepare: (sut, peer) => subscribe(sut, peer, "") };
}

/** A subscriber that takes nothing: what is too much for its queue is dropped, and nobody waits. */
async function overflow(lab: Lab, type: TypeName): Promise<{ sut: Sut; stalled: Peer; lively: Peer }> {
  const sut = await lab.bound(type, { sendHighWaterMark: 2 });
  const stalled = await lab.peer(sut, "SUB", { highWaterMark: 1 });
  await subscribe(sut, stalled, "");
  const lively = await lab.peer(sut, "SUB");
  await lively.subscribe("lively");
  await lively.settled();
  if (type === "XPUB") assert.deepEqual(await sut.receive(), ["\x01lively"]);
  stalled.pause();
  for (let i = 0; i < 40; i += 1) assert.equal(await sut.trySend(limits.bulky(lab)), true);
  return { sut, stalled, lively };
}

function drops(type: TypeName): Body {
  return async (lab) => {
    const { sut, stalled } = await overflow(lab, type);
    stalled.resume();
    const arrived = await limits.readUntilMark(sut, stalled);
    assert.ok(arrived.length >= 2 && arrived.length < 40, `${arrived.length} of 40 arrived`);
    if (lab.transport === "inproc") assert.equal(arrived.length, 3, "the marks of both sides: 2 and 1");
  };
}

function neverBlocks(type: TypeName): Body {
  return async (lab) => {
    const lonely = await lab.bound(type);
    assert.equal(await lonely.trySend("nobody is there"), true);
    const { sut, lively } = await overflow(lab, type);
    assert.equal(await sut.trySend("lively goes on"), true);
    assert.deepEqual(await lively.receive(), ["lively goes on"]);
  };
}

/** A queue exists before the connection does: with inverted matching a message needs no subscription to be put into it. */
function queuesWhileConnecting(type: TypeName): Body {
  return async (lab) => {
    const inverted: cases.Case = { type, peer: "SUB", options: { invertMatching: true } };
    await cases.queuesWhileConnecting(inverted)(lab);
    const sut = lab.open(type);
    const place = await lab.place();
    sut.api.connect(place.endpoint);
    const former = await place.accept(sut, "SUB");
    await subscribe(sut, former, "a");
    if (lab.transport === "inproc") return; // a connection within a process does not break
    await lab.leave(sut, former);
    await sut.send("a message to a subscriber that is away");
    const next = await place.accept(sut, "SUB");
    assert.deepEqual(await next.receive(), ["a message to a subscriber that is away"]);
  };
}

function queuesWhenAccepting(type: TypeName): Body {
  return async (lab) => {
    const sut = await lab.bound(type);
    await sut.send("too early");
    const peer = await subscriber(lab, sut, [""]);
    await sut.send("in time");
    assert.deepEqual(await peer.receive(), ["in time"]);
  };
}

/** The start of the first frame, octet by octet, and nothing else. */
function matches(type: TypeName): Body {
  return async (lab) => {
    const sut = await lab.bound(type);
    const peer = await subscriber(lab, sut, ["ab", "\x00\xff", "\xc3"]);
    const wanted = [["ab"], ["abc", "x"], ["\x00\xff\x00"], ["\xc3\x28"], ["ab", "ab"]];
    const unwanted = [[""], ["a"], ["Ab"], ["xab"], ["x", "ab"], ["", "ab"], ["\x00"], ["\xff\x00"], ["\xc2\xc3"]];
    for (const [i, message] of wanted.entries()) {
      for (const other of unwanted) await sut.send(...other, `${i}`);
      await sut.send(...message);
      assert.deepEqual(await peer.receive(), message);
    }
  };
}

/** What one subscriber does concerns no other. */
function hearsSubscriptions(type: TypeName): Body {
  return async (lab) => {
    const sut = await lab.bound(type);
    const [one, other] = [await subscriber(lab, sut, ["a", "both"]), await subscriber(lab, sut, ["b"])];
    await other.subscribe("both");
    await other.settled();
    for (const topic of ["a", "b", "c", "both"]) await sut.send(topic);
    assert.deepEqual([await one.receive(), await one.receive()], [["a"], ["both"]]);
    assert.deepEqual([await other.receive(), await other.receive()], [["b"], ["both"]]);
    await one.cancel("a");
    await one.settled();
    for (const topic of ["a", "b", "both"]) await sut.send(topic);
    assert.deepEqual(await one.receive(), ["both"]);
    assert.deepEqual([await other.receive(), await other.receive()], [["b"], ["both"]]);
  };
}

// ── PUB ──────────────────────────────────────────────────────────────────────────────────────────────────────────

clause(
  "29/PUB/only-send",
  async (lab) => {
    const sut = await lab.bound("PUB");
    const peers = [
      await subscriber(lab, sut, [""]),
      await subscriber(lab, sut, ["t"]),
      await subscriber(lab, sut, ["to"]),
    ];
    await sut.send("to all");
    for (const peer of peers) assert.deepEqual(await peer.receive(), ["to all"]);
    for (const method of ["receive", "tryReceive", "receiveBatch"]) assert.equal(method in sut.api, false);
  },
  { notOnLibzmq: "zeromq.js leaves the methods of the other direction on every class" },
);

clause("29/PUB/queue", async (lab) => {
  const { sut, stalled, lively } = await overflow(lab, "PUB");
  for (let i = 0; i < 20; i += 1) {
    await sut.send("lively", `${i}`);
    assert.deepEqual(await lively.receive(), ["lively", `${i}`]);
  }
  stalled.resume();
  assert.deepEqual(await stalled.receive(), [limits.bulky(lab)]);
});

clause("29/PUB/queue-connecting", queuesWhileConnecting("PUB"));
clause("29/PUB/queue-accepting", queuesWhenAccepting("PUB"));
clause("29/PUB/queue-destroyed", limits.queueGoesWithPeer(publisher("PUB")));
clause("29/PUB/limits", drops("PUB"));

clause("29/PUB/upstream", async (lab) => {
  const sut = await lab.bound("PUB");
  const peer = await subscriber(lab, sut, [""]);
  for (const parts of [["message"], ["", "x"], ["two", "parts"]]) await peer.send(...parts);
  await peer.settled();
  assert.equal(sut.api.readable, false);
  await sut.send("goes on");
  assert.deepEqual(await peer.receive(), ["goes on"]);
});

clause("29/PUB/verbatim", cases.sendsVerbatim(publisher("PUB")));
clause("29/PUB/matching", matches("PUB"));
clause("29/PUB/drop", drops("PUB"));
clause("29/PUB/no-block", neverBlocks("PUB"));
clause("29/PUB/subscriptions", hearsSubscriptions("PUB"));

clause("29/PUB/hidden", async (lab) => {
  const sut = await lab.bound("PUB");
  const peer = await subscriber(lab, sut, ["a", "b"]);
  await peer.cancel("b");
  await peer.settled();
  assert.equal(sut.api.readable, false);
  await sut.send("a");
  assert.deepEqual(await peer.receive(), ["a"]);
  assert.equal(sut.api.readable, false);
});

// ── XPUB ─────────────────────────────────────────────────────────────────────────────────────────────────────────

clause("29/XPUB/both-ways", async (lab) => {
  const sut = await lab.bound("XPUB");
  const peers = [
    await subscriber(lab, sut, [""]),
    await subscriber(lab, sut, ["t"]),
    await subscriber(lab, sut, ["to"]),
  ];
  await sut.send("to all");
  for (const peer of peers) {
    assert.deepEqual(await peer.receive(), ["to all"]);
    await peer.send("from each", "two parts");
    assert.deepEqual(await sut.receive(), ["from each", "two parts"]);
  }
});

clause("29/XPUB/double-queue", async (lab) => {
  const { sut, stalled } = await overflow(lab, "XPUB");
  for (const word of ["still", "heard"]) {
    await stalled.send(word);
    assert.deepEqual(await sut.receive(), [word]);
  }
});

clause("29/XPUB/queue-connecting", queuesWhileConnecting("XPUB"));
clause("29/XPUB/queue-accepting", queuesWhenAccepting("XPUB"));

clause("29/XPUB/queue-destroyed", async (lab) => {
  const sut = await lab.bound("XPUB", { sendHighWaterMark: 2 });
  const former = await subscriber(lab, sut, [""], { highWaterMark: 1 });
  former.pause();
  for (let i = 0; i < 40; i += 1) await sut.send(limits.bulky(lab));
  await lab.leave(sut, former);
  assert.deepEqual(await sut.receive(), ["\x00"]);
  const next = await subscriber(lab, sut, [""]);
  await sut.send("new");
  assert.deepEqual(await next.receive(), ["new"]);
});

clause("29/XPUB/limits", async (lab) => {
  await drops("XPUB")(lab);
  const sut = await lab.bound("XPUB", { receiveHighWaterMark: 2 });
  const peer = await lab.peer(sut, "XSUB", { highWaterMark: 1 });
  if (lab.transport === "inproc") {
    for (let i = 0; i < 40; i += 1) await peer.send(`${i}`);
    const arrived = await sut.drain();
    assert.ok(arrived.length >= 3 && arrived.length < 10, `${arrived.length} of 40 arrived`);
  } else {
    const sent = await limits.flood(lab, sut, peer);
    for (let i = 0; i < sent; i += 1) assert.equal(Number((await sut.receive())[0]?.slice(0, 4)), i);
  }
});

clause("29/XPUB/verbatim", cases.sendsVerbatim(publisher("XPUB")));
clause("29/XPUB/matching", matches("XPUB"));
clause("29/XPUB/drop", drops("XPUB"));
clause("29/XPUB/no-block", neverBlocks("XPUB"));

clause("29/XPUB/deliver", async (lab) => {
  const sut = await lab.bound("XPUB");
  const [one, other] = [await lab.peer(sut, "XSUB"), await lab.peer(sut, "XSUB")];
  const receiving = sut.receive();
  await one.send("message", "", "more");
  assert.deepEqual(await receiving, ["message", "", "more"]);
  await other.send("");
  assert.deepEqual(await sut.receive(), [""]);
});

clause("29/XPUB/subscriptions", async (lab) => {
  const sut = await lab.bound("XPUB");
  const peer = await subscriber(lab, sut, ["a"]);
  await sut.send("a message");
  assert.deepEqual(await peer.receive(), ["a message"]);
  await peer.cancel("a");
  assert.deepEqual(await sut.receive(), ["\x00a"]);
  await subscribe(sut, peer, "b");
  await sut.send("a message that nobody wants");
  await sut.send("b message");
  assert.deepEqual(await peer.receive(), ["b message"]);
});

clause("29/XPUB/shown", async (lab) => {
  const sut = await lab.bound("XPUB");
  const peer = await lab.peer(sut, "SUB");
  for (const topic of ["", "\x00\xff", "t".repeat(300)]) {
    await peer.subscribe(topic);
    assert.deepEqual(await sut.receive(), [`\x01${topic}`]);
    await peer.cancel(topic);
    assert.deepEqual(await sut.receive(), [`\x00${topic}`]);
  }
});

clause("29/XPUB/normalize", async (lab) => {
  const sut = await lab.bound("XPUB");
  const [one, other] = [await subscriber(lab, sut, ["a"]), await lab.peer(sut, "SUB")];
  await other.subscribe("a");
  await other.settled();
  assert.equal(await sut.tryReceive(), undefined);
  await one.cancel("a");
  await one.settled();
  assert.equal(await sut.tryReceive(), undefined);
  await other.cancel("a");
  assert.deepEqual(await sut.receive(), ["\x00a"]);
  const verbose = await lab.bound("XPUB", { verbosity: "allSubs" });
  await subscriber(lab, verbose, ["a"]);
  await subscriber(lab, verbose, ["a"]); // is told again
});

clause("29/XPUB/peer-gone", async (lab) => {
  const sut = await lab.bound("XPUB");
  const peer = await subscriber(lab, sut, ["a", "b"]);
  await subscriber(lab, sut, ["c"]);
  await lab.leave(sut, peer);
  const cancels = [await sut.receive(), await sut.receive()];
  assert.deepEqual(cancels.toSorted(), [["\x00a"], ["\x00b"]]);
  assert.equal(await sut.tryReceive(), undefined);
});
