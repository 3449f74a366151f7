// SPDX-License-Identifier: MIT
/** Sentences about queues that are full, for several socket types; see `cases.ts`, which has those about other things. */
import assert from "node:assert/strict";
import { type Body, type Case, connectOptions, peerOptions, sendCode, successor } from "./cases.ts";
import { type Sut, turns, until } from "./implementation.ts";
import type { Lab } from "./laboratory.ts";
import type { Peer } from "./peers.ts";
import { WirePeer } from "./wire-peer.ts";

/** A message of which a few fill the buffers of a kernel; inproc has none. */
export function bulky(lab: Lab): string {
  return lab.transport === "inproc" ? "x" : "x".repeat(1_000_000);
}

/** What waits for a peer goes with it. */
export function queueGoesWithPeer({ type, peer, options = {}, prefix = [], identity, prepare }: Case): Body {
  return async (lab) => {
    const sut = await lab.bound(type, { sendHighWaterMark: 2, ...options });
    const former = await lab.peer(sut, peer, { ...peerOptions(identity), highWaterMark: 1 });
    await prepare?.(sut, former);
    former.pause();
    for (let sent = 0; sent < 40; sent += 1) {
      if (!(await sut.trySend(...prefix, bulky(lab)))) break;
    }
    await lab.leave(sut, former);
    // libzmq tells of the end before a ROUTER has freed the identity.
    if (type === "ROUTER") await until(async () => (await sendCode(sut, ...prefix, "?")) === "EHOSTUNREACH");
    const next =
      type === "PAIR" ? await successor(lab, sut, { type, peer }) : await lab.peer(sut, peer, peerOptions(identity));
    await prepare?.(sut, next);
    await sut.send(...prefix, "new");
    assert.deepEqual(await next.receive(), ["new"]);
  };
}

/** The send mark is how many messages wait for a peer. */
export function limitsOutgoing({ type, peer, options = {}, prefix = [], identity }: Case): Body {
  return async (lab) => {
    const sut = lab.open(type, { sendHighWaterMark: 3, ...options });
    const place = await lab.place();
    sut.api.connect(place.endpoint, ...connectOptions(identity));
    for (let i = 0; i < 3; i += 1) assert.equal(await sut.trySend(...prefix, `${i}`), true, `message ${i}`);
    assert.equal(await sut.trySend(...prefix, "too many"), false);
    const other = await place.accept(sut, peer, peerOptions(identity));
    for (let i = 0; i < 3; i += 1) assert.deepEqual(await other.receive(), [`${i}`]);
    await sut.send(...prefix, "room again");
    assert.deepEqual(await other.receive(), ["room again"]);
  };
}

/** The receive mark is how many messages of a peer wait: it is held back, and nothing is lost. */
export function limitsIncoming({ type, peer, options = {}, begin, prepare }: Case): Body {
  return async (lab) => {
    const sut = await lab.bound(type, { receiveHighWaterMark: 2, ...options });
    await begin?.(sut);
    const other = await lab.peer(sut, peer, { highWaterMark: 1 });
    await prepare?.(sut, other);
    const sent = await flood(lab, sut, other);
    for (let i = 0; i < sent; i += 1) assert.equal(Number((await sut.receive()).at(-1)?.slice(0, 4)), i);
    assert.equal(await sut.tryReceive(), undefined);
  };
}

/**
 * A peer sends until the socket takes no more; gives how many messages that were. Over inproc a publisher or a subscriber
 * never waits: it sends on, and what is too much is lost.
 */
export async function flood(lab: Lab, sut: Sut, peer: Peer): Promise<number> {
  if (!(peer instanceof WirePeer)) {
    // Both marks count: the peer's 1, the socket's 2.
    for (let i = 0; i < 3; i += 1) await peer.send(numbered(i));
    if (sut.type.endsWith("SUB")) for (let i = 3; i < 40; i += 1) await peer.send(numbered(i));
    else await assert.rejects(async () => peer.send("too many"));
    return 3;
  }
  for (let sent = 1; sent <= 60; sent += 1) {
    peer.send(numbered(sent - 1) + "x".repeat(1_000_000));
    for (let idle = 0; peer.unsent > 0 && idle < 50; idle += 1) {
      const before = peer.unsent;
      await turns(1);
      if (peer.unsent < before) idle = 0;
    }
    if (peer.unsent > 0) return sent;
  }
  return assert.fail(`60 MB were taken in over ${lab.transport}: there is no limit`);
}

function numbered(i: number): string {
  return `${i}`.padStart(4, "0");
}

/** One direction full, the other goes on. */
export function queuesAreIndependent({ type, peer, options = {}, prefix = [], identity, prepare }: Case): Body {
  return async (lab) => {
    const sut = await lab.bound(type, { sendHighWaterMark: 1, receiveHighWaterMark: 2, ...options });
    const other = await lab.peer(sut, peer, { ...peerOptions(identity), highWaterMark: 1 });
    await prepare?.(sut, other);
    other.pause();
    for (let sent = 0; sent < 40; sent += 1) {
      if (!(await sut.trySend(...prefix, bulky(lab)))) break;
    }
    for (const word of ["still", "heard"]) {
      await other.send(word);
      assert.equal((await sut.receive()).at(-1), word);
    }
    other.resume();
    await other.receive();
    await flood(lab, sut, other);
    await sut.send(...prefix, "still sent");
    for (let message = await other.receive(); message[0] !== "still sent"; message = await other.receive());
  };
}

/** A peer whose queue is full is passed over, and the others are not. */
export function passesOverFullPeers({ type, peer, options = {} }: Case): Body {
  return async (lab) => {
    const sut = lab.open(type, { sendHighWaterMark: 2, ...options });
    const silent = await lab.place();
    sut.api.connect(silent.endpoint);
    for (let i = 0; i < 2; i += 1) assert.equal(await sut.trySend(`kept ${i}`), true);
    assert.equal(await sut.trySend("no room"), false);
    const willing = await lab.connected(sut, peer);
    for (let i = 0; i < 6; i += 1) {
      await sut.send(`${i}`);
      assert.deepEqual(await willing.receive(), [`${i}`]);
    }
    const late = await silent.accept(sut, peer);
    for (let i = 0; i < 2; i += 1) assert.deepEqual(await late.receive(), [`kept ${i}`]);
  };
}

/** Sends marks until one has come through a queue that may be full; gives the first parts of what came before it. */
export async function readUntilMark(sut: Sut, peer: Peer): Promise<string[]> {
  const firsts: string[] = [];
  const done = new AbortController();
  const marking = (async () => {
    while (!done.signal.aborted) {
      assert.equal(await sut.trySend("mark"), true);
      await turns(1);
    }
  })();
  for (let [first = ""] = await peer.receive(); first !== "mark"; [first = ""] = await peer.receive())
    firsts.push(first);
  done.abort();
  await marking;
  return firsts;
}
