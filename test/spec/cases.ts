// SPDX-License-Identifier: MIT
/**
 * Sentences that several socket types share: queues, limits, turns. Each function gives the body of a `clause` (see
 * `laboratory.ts`) for one type. Where RFC 28 to 31 say the same of two types, the same is tried on both.
 */
import assert from "node:assert/strict";
import { type Options, type Sut, type TypeName, turns, until } from "./implementation.ts";
import { type Lab } from "./laboratory.ts";
import type { Peer } from "./peers.ts";

/** A socket type, a type that may talk to it, and what is special about the first. */
export interface Case {
  readonly type: TypeName;
  readonly peer: TypeName;
  readonly options?: Options;
  /** Frames that its messages begin with: a ROUTER's say to whom. */
  readonly prefix?: readonly string[];
  /** Identity of its peer. */
  readonly identity?: string;
  /** What the socket does before it has peers. */
  begin?(sut: Sut): Promise<void>;
  /** What is between the socket and a new peer before messages flow: subscriptions. */
  prepare?(sut: Sut, peer: Peer): Promise<void>;
}

/** What a `clause` does. */
export type Body = (lab: Lab) => Promise<void>;

/** Empty, binary, short, long: nothing that a codec might touch is left out. */
export const PARTS: readonly string[] = [
  "",
  "\x00",
  "\x01topic",
  "\xff\xfe",
  "x".repeat(255),
  "",
  "y".repeat(256),
  "\n",
];

/** What is sent comes to the peer as it is. */
export function sendsVerbatim({ type, peer, options = {}, prepare }: Case, first: string[] = []): Body {
  return async (lab) => {
    const sut = lab.open(type, options);
    const other = await lab.connected(sut, peer);
    await prepare?.(sut, other);
    for (const parts of [[...first, ...PARTS], ["z".repeat(70_000)], [""]]) {
      assert.ok(await sut.trySend(...parts));
      assert.deepEqual(await other.receive(), parts);
    }
  };
}

/** What a peer sends comes to the application as it is. */
export function receivesVerbatim({ type, peer, options = {}, begin, prepare }: Case): Body {
  return async (lab) => {
    const sut = await lab.bound(type, options);
    await begin?.(sut);
    const other = await lab.peer(sut, peer);
    await prepare?.(sut, other);
    for (const parts of [PARTS, ["z".repeat(70_000)], [""]]) {
      await other.send(...parts);
      assert.deepEqual(await sut.receive(), parts);
    }
  };
}

/** Messages wait for a connection that does not stand yet, or no longer. */
export function queuesWhileConnecting({ type, peer, options = {}, prefix = [], identity }: Case): Body {
  return async (lab) => {
    const sut = lab.open(type, options);
    const place = await lab.place();
    sut.api.connect(place.endpoint, ...connectOptions(identity));
    assert.ok(await sut.trySend(...prefix, "before"));
    const first = await place.accept(sut, peer, peerOptions(identity));
    assert.deepEqual(await first.receive(), ["before"]);
    if (lab.transport === "inproc") return; // a connection within a process does not break
    await lab.leave(sut, first);
    assert.ok(await sut.trySend(...prefix, "between"));
    const second = await place.accept(sut, peer, peerOptions(identity));
    assert.deepEqual(await second.receive(), ["between"]);
  };
}

/** What a peer sends comes over the connection that stands at the time, and the next one. */
export function hearsWhileConnecting({ type, peer, options = {}, begin, prepare }: Case): Body {
  return async (lab) => {
    const sut = lab.open(type, options);
    await begin?.(sut);
    const place = await lab.place();
    sut.api.connect(place.endpoint);
    assert.equal(await sut.tryReceive(), undefined);
    const first = await place.accept(sut, peer);
    await prepare?.(sut, first);
    await first.send("first");
    await first.settled();
    if (lab.transport !== "inproc") {
      await lab.leave(sut, first);
      const second = await place.accept(sut, peer);
      await prepare?.(sut, second);
      await second.send("second");
      await second.settled();
    }
    // What came over the former connection was kept.
    const firsts = await sut.drain();
    assert.deepEqual(firsts, lab.transport === "inproc" ? ["first"] : ["first", "second"]);
  };
}

/** There is a queue from the moment on that a peer comes. */
export function queuesWhenAccepting({ type, peer, options = {}, prefix = [], identity }: Case): Body {
  return async (lab) => {
    const sut = await lab.bound(type, options);
    assert.equal(await sendCode(sut, ...prefix, "nobody is there"), type === "ROUTER" ? "EHOSTUNREACH" : false);
    const other = await lab.peer(sut, peer, peerOptions(identity));
    assert.ok(await sut.trySend(...prefix, "somebody"));
    assert.deepEqual(await other.receive(), ["somebody"]);
  };
}

/** A peer in the place of one that has gone. libzmq's PAIR has to notice that first, by trying to receive. */
export async function successor(lab: Lab, sut: Sut, { type, peer }: Case): Promise<Peer> {
  for (;;) {
    await sut.tryReceive();
    if (lab.transport === "inproc") {
      const next = await lab.peer(sut, peer);
      if (sut.api.writable) return next;
      await turns(1);
      continue;
    }
    const next = await lab.wire(sut);
    const isIntroduced = await next.introduce({ type }).then(
      () => true,
      () => false,
    );
    await until(() => next.hasEnded || sut.api.writable);
    if (isIntroduced && !next.hasEnded) return next;
  }
}

/** Each peer gets a message in its turn. */
export function takesTurnsSending({ type, peer, options = {} }: Case): Body {
  return async (lab) => {
    const sut = await lab.bound(type, options);
    const peers = await lab.peers(sut, peer, ["A", "B", "C"]);
    for (let i = 0; i < 9; i += 1) assert.ok(await sut.trySend(`${i}`));
    const received: number[][] = [];
    for (const each of peers) {
      received.push([]);
      for (let i = 0; i < 3; i += 1) received.at(-1)?.push(Number((await each.receive())[0]));
    }
    for (const [first = 0, ...rest] of received) assert.deepEqual(rest, [first + 3, first + 6]);
    assert.deepEqual(received.flat().toSorted(), [0, 1, 2, 3, 4, 5, 6, 7, 8]);
  };
}

/** From each peer a message in its turn, however many one has sent. */
export function takesTurnsReceiving({ type, peer, options = {}, begin, prepare }: Case, ...before: string[]): Body {
  return async (lab) => {
    const sut = await lab.bound(type, options);
    await begin?.(sut);
    const peers = await lab.peers(sut, peer, ["A", "B", "C"]);
    for (const each of peers) await prepare?.(sut, each);
    for (const [n, each] of peers.entries()) {
      for (let i = 0; i < (n === 0 ? 40 : 4); i += 1) await each.send(...before, `${n}`);
      await each.settled();
    }
    sut.touch();
    for (let round = 0; round < 4; round += 1) {
      const senders: (string | undefined)[] = [];
      for (let i = 0; i < 3; i += 1) {
        senders.push((await sut.receive()).at(-1));
        if (type === "REP") await sut.send("reply"); // it must, to receive again
      }
      assert.deepEqual(senders.toSorted(), ["0", "1", "2"], `round ${round}`);
    }
  };
}

/** Without a peer a send waits; it is done when a peer comes. */
export function sendWaitsForPeer({ type, peer, options = {} }: Case, ...before: string[]): Body {
  return async (lab) => {
    const sut = await lab.bound(type, options);
    assert.equal(await sut.trySend("refused"), false);
    let isSent = false;
    const sending = sut.send("waits").then(() => {
      isSent = true;
    });
    await turns();
    assert.equal(isSent, false);
    const other = await lab.peer(sut, peer, { identity: "P" });
    await sending;
    assert.deepEqual(await other.receive(), [...before, "waits"]);
  };
}

/** Without a peer nothing is taken: neither a first message, nor after the last peer has gone. */
export function refusesWithoutPeer({ type, peer, options = {} }: Case): Body {
  return async (lab) => {
    const sut = await lab.bound(type, options);
    assert.equal(await sut.trySend("refused"), false);
    const former = await lab.peer(sut, peer);
    assert.equal(await sut.trySend("taken"), true);
    assert.deepEqual(await former.receive(), ["taken"]);
    await lab.leave(sut, former);
    while (await sut.trySend("for the former peer, whose end libzmq may not have noticed")) await turns(1);
    const next = type === "PAIR" ? await successor(lab, sut, { type, peer }) : await lab.peer(sut, peer);
    assert.equal(await sut.trySend("taken again"), true);
    assert.deepEqual(await next.receive(), ["taken again"]);
  };
}

/** What cannot be queued is kept by its sender, in order. */
export function keepsWhatDoesNotFit({ type, peer, options = {} }: Case): Body {
  return async (lab) => {
    const sut = lab.open(type, { sendHighWaterMark: 1, ...options });
    const place = await lab.place();
    sut.api.connect(place.endpoint);
    await sut.send("0");
    const all = (async () => {
      for (let i = 1; i < 20; i += 1) await sut.send(`${i}`);
    })();
    await turns();
    const other = await place.accept(sut, peer);
    for (let i = 0; i < 20; i += 1) assert.deepEqual(await other.receive(), [`${i}`]);
    await all;
  };
}

/** True, false (would block), or the code of the error. */
export async function sendCode(sut: Sut, ...parts: string[]): Promise<unknown> {
  try {
    return await sut.trySend(...parts);
  } catch (error) {
    return (error as { code?: unknown }).code;
  }
}

/** How to connect to a peer that is to have this identity. */
export function connectOptions(identity: string | undefined): [] | [{ routingId: string }] {
  return identity === undefined ? [] : [{ routingId: identity }];
}

/** What a peer with this identity is like. */
export function peerOptions(identity: string | undefined): { identity?: string } {
  return identity === undefined ? {} : { identity };
}
