// SPDX-License-Identifier: MIT
/**
 * What every pattern must do, whatever its socket type: lose and double nothing, keep each peer's order, hold back a
 * flood, bound its memory, and take peers that come and go at any moment. Run for each row of the table of socket types.
 */
import assert from "node:assert/strict";
import test from "node:test";
import { socketTypes } from "../../src/pattern/index.ts";
import type { PatternOptions } from "../../src/pattern/pattern.ts";
import type { PipeItem } from "../../src/pipe/message.ts";
import { FarEnd, type FarOptions, octets, PatternHost } from "../support/pattern-host.ts";

/** How to make one type send and receive plain texts. */
export interface Drive {
  readonly type: string;
  readonly options?: Partial<PatternOptions>;
  /** Makes the host ready to hear the peers it has; called before anything is sent. */
  prepareHost?(host: PatternHost): void;
  /** How a peer with this name comes to the host, where it matters. */
  farOptions?(name: string): FarOptions;
  /** What a peer does first. */
  preparePeer?(peer: FarEnd): void;
  /** The peer sends a text. Undefined: this type receives nothing, or only in answer. */
  peerSends?(peer: FarEnd, content: string): boolean;
  /** The next text that the host receives, after whatever it must do to be allowed to. */
  hostReceives?(host: PatternHost): string | undefined;
  /** The host sends a text to the peer with this name, or to whom it likes. Undefined: this type sends nothing, or only in answer. */
  hostSends?(host: PatternHost, peerName: string, content: string): boolean;
  /** What stands before a message to the peer with this name, where that is not the name. */
  addressOf?(host: PatternHost, peerName: string): Uint8Array;
  /** The text in what a peer gets; undefined for subscriptions. */
  textAtPeer?(item: PipeItem): string | undefined;
  /** At most this many peers at a time. */
  readonly peers?: number;
  /** Messages have that many parts, with those that say for whom they are; undefined: any number. */
  readonly parts?: number;
  /** Why there is no turn for each peer. */
  readonly isUnfair?: string;
  /** A full peer misses messages instead of holding the sender back. */
  readonly dropsWhenFull?: boolean;
}

/** A peer with its name as routing id, ready to talk. */
function join(drive: Drive, host: PatternHost, name: string, options: FarOptions = {}): FarEnd {
  const all = { routingId: name, ...drive.farOptions?.(name), ...options };
  const peer = new FarEnd(host, all);
  if (all.isLocal === true && options.isLocal !== true) peer.connect();
  drive.preparePeer?.(peer);
  return peer;
}

function open(drive: Drive): PatternHost {
  const host = new PatternHost(drive.type, drive.options);
  drive.prepareHost?.(host);
  return host;
}

/** The texts the host receives until it has no more. */
function receiveAll(drive: Drive, host: PatternHost): string[] {
  const all: string[] = [];
  for (let next = drive.hostReceives?.(host); next !== undefined; next = drive.hostReceives?.(host)) all.push(next);
  return all;
}

/** The texts that wait for a peer. */
function takeAll(drive: Drive, peer: FarEnd): string[] {
  const all: string[] = [];
  for (let item = peer.read(); item !== undefined; item = peer.read()) {
    const content = drive.textAtPeer?.(item);
    if (content !== undefined) all.push(content);
  }
  return all;
}

/** The peers that a type can have at the same time, up to three. */
function namesFor(drive: Drive): string[] {
  return ["A", "B", "C"].slice(0, drive.peers ?? 3);
}

/** True when an object can be reached from another one: whether a pattern still knows a pipe. */
export function reaches(from: object, target: object): boolean {
  const seen = new Set<unknown>();
  const waiting: unknown[] = [from];
  while (waiting.length > 0) {
    const value = waiting.pop();
    if (value === target) return true;
    if (typeof value !== "object" || value === null || seen.has(value) || ArrayBuffer.isView(value)) continue;
    seen.add(value);
    if (value instanceof Map) waiting.push(...value.keys(), ...value.values());
    else if (value instanceof Set) waiting.push(...value);
    else waiting.push(...Object.values(value));
  }
  return false;
}

/** Runs the suite for one type. */
export function patternConformance(drive: Drive): void {
  const { type, peerSends, hostReceives, hostSends } = drive;
  const row = socketTypes.get(type);
  assert.ok(row !== undefined);

  if (peerSends !== undefined && hostReceives !== undefined) {
    test(`${type}: what peers send arrives once, and in each peer's order`, () => {
      const host = open(drive);
      const peers = namesFor(drive).map((name) => join(drive, host, name));
      const received: string[] = [];
      for (let i = 0; i < 60; i += 1) {
        for (const [n, peer] of peers.entries()) if (i % (n + 1) === 0) assert.ok(peerSends(peer, `${n}.${i}`));
        if (i % 3 === 0) received.push(...[hostReceives(host)].filter((content) => content !== undefined));
      }
      received.push(...receiveAll(drive, host));
      for (const n of peers.keys()) {
        const expected = Array.from({ length: 60 }, (_, i) => i).filter((i) => i % (n + 1) === 0);
        const ofPeer = received.filter((content) => content.startsWith(`${n}.`));
        assert.deepEqual(
          ofPeer,
          expected.map((i) => `${n}.${i}`),
        );
      }
      assert.equal(host.pattern.canReceive(), false);
    });

    // Types with one peer, or that give what came in the order it came, have nothing to be fair about: `isUnfair` says why.
    if (drive.isUnfair === undefined) {
      test(`${type}: a peer that floods cannot starve another`, () => {
        const host = open(drive);
        const [flood, calm] = [join(drive, host, "A"), join(drive, host, "B")];
        for (let i = 0; i < 500; i += 1) peerSends(flood, `flood ${i}`);
        for (let i = 0; i < 5; i += 1) peerSends(calm, `calm ${i}`);
        const first = Array.from({ length: 11 }, () => hostReceives(host));
        assert.equal(first.filter((content) => content?.startsWith("calm")).length, 5);
      });
    }

    test(`${type}: a peer that sends while nothing is received is held back, and goes on afterwards`, () => {
      const host = new PatternHost(type, { ...drive.options, receiveHighWaterMark: 4 });
      drive.prepareHost?.(host);
      const peer = join(drive, host, "A", { inbound: 4 });
      let sent = 0;
      while (sent < 100 && peerSends(peer, `${sent}`)) sent += 1;
      // What waits in the pipe, and what the pattern itself holds for its application.
      assert.ok(sent >= 4 && sent <= 8, `${sent} were taken`);
      const received = receiveAll(drive, host);
      assert.deepEqual(
        received,
        Array.from({ length: sent }, (_, i) => `${i}`),
      );
      assert.ok(peerSends(peer, "more"));
      assert.deepEqual(receiveAll(drive, host), ["more"]);
    });

    test(`${type}: the last messages of a peer that has left are received, and then it is forgotten`, () => {
      const host = open(drive);
      const peer = join(drive, host, "A");
      for (let i = 0; i < 3; i += 1) assert.ok(peerSends(peer, `${i}`));
      peer.leave();
      assert.deepEqual(receiveAll(drive, host), ["0", "1", "2"]);
      assert.equal(host.pipes.size, 0);
      assert.equal(reaches(host.pattern, peer.near), false);
    });

    test(`${type}: a pipe that is dropped takes its unread messages with it`, () => {
      const host = open(drive);
      const peer = join(drive, host, "A");
      peerSends(peer, "kept");
      assert.equal(hostReceives(host), "kept");
      host.drop(peer.near);
      assert.equal(peerSends(peer, "lost"), false);
      assert.deepEqual(receiveAll(drive, host), []);
      assert.equal(reaches(host.pattern, peer.near), false);
    });

    test(`${type}: having something to receive is said exactly when there is something`, () => {
      const host = open(drive);
      assert.equal(host.pattern.canReceive(), false);
      const peer = join(drive, host, "A");
      receiveAll(drive, host);
      assert.equal(host.pattern.canReceive(), false);
      peerSends(peer, "x");
      assert.equal(host.pattern.canReceive(), true);
      assert.equal(host.pattern.canReceive(), true);
      assert.equal(hostReceives(host), "x");
      assert.equal(host.pattern.canReceive(), false);
      assert.equal(hostReceives(host), undefined);
    });

    test(`${type}: messages that came before the connection was told of are received`, () => {
      const host = open(drive);
      const peer = new FarEnd(host, { isLocal: true, routingId: "A" });
      peerSends(peer, "early");
      peer.connect();
      drive.preparePeer?.(peer);
      assert.deepEqual(receiveAll(drive, host), ["early"]);
    });
  }

  if (hostSends !== undefined) {
    test(`${type}: what is sent arrives once, in order`, () => {
      const host = open(drive);
      const names = namesFor(drive);
      const peers = names.map((name) => join(drive, host, name));
      for (let i = 0; i < 30; i += 1) assert.ok(hostSends(host, names[i % names.length] as string, `${i}`));
      const arrived = peers.map((peer) => takeAll(drive, peer).map(Number));
      for (const list of arrived)
        assert.deepEqual(
          list,
          [...list].sort((a, b) => a - b),
        );
      const all = arrived.flat().sort((a, b) => a - b);
      assert.deepEqual(
        [...new Set(all)],
        Array.from({ length: 30 }, (_, i) => i),
      );
      // Fan-out gives everybody everything; the others give each message to one.
      assert.equal(all.length, arrived[0]?.length === 30 ? 30 * peers.length : 30);
    });

    test(`${type}: a full peer holds back the sender or misses messages, and goes on when it has room`, () => {
      const host = open(drive);
      const peer = join(drive, host, "A", { outbound: 3 });
      let taken = 0;
      for (let i = 0; i < 10; i += 1) if (hostSends(host, "A", `${i}`)) taken += 1;
      assert.equal(taken, drive.dropsWhenFull === true ? 10 : 3);
      assert.equal(takeAll(drive, peer).length, 3);
      assert.ok(hostSends(host, "A", "more"));
      assert.deepEqual(takeAll(drive, peer), ["more"]);
    });

    test(`${type}: a message that was given to send is not changed`, () => {
      const host = open(drive);
      join(drive, host, "A");
      const frames = [drive.addressOf?.(host, "A") ?? octets("A"), octets("x"), octets("y")].slice(0, drive.parts);
      const message = [...frames];
      host.pattern.send(message);
      assert.equal(message.length, frames.length);
      for (const [i, frame] of frames.entries()) assert.equal(message[i], frame);
    });

    test(`${type}: nothing more goes to a peer that is leaving, even while its messages are unread`, () => {
      const host = open(drive);
      const peer = join(drive, host, "A");
      peerSends?.(peer, "unread");
      peer.leave();
      const outcome = codeOf(() => hostSends(host, "A", "x"));
      assert.ok(outcome === (drive.dropsWhenFull === true) || outcome === "EHOSTUNREACH", String(outcome));
    });

    test(`${type}: what is sent before the connection stands arrives with it`, () => {
      const host = open(drive);
      const peer = new FarEnd(host, { isLocal: true, routingId: "A", connectRoutingId: "A" });
      drive.preparePeer?.(peer);
      assert.ok(hostSends(host, "A", "early"));
      peer.connect();
      peer.disconnect();
      peer.connect();
      assert.deepEqual(takeAll(drive, peer), ["early"]);
    });
  }

  test(`${type}: peers that come and go leave nothing behind`, () => {
    const host = open(drive);
    let last: FarEnd | undefined;
    for (let i = 0; i < 200; i += 1) {
      const peer = join(drive, host, `peer ${i % 7}`, { isLocal: i % 2 === 0 });
      if (i % 2 === 0) peer.connect();
      if (i % 3 === 0) peerSends?.(peer, `${i}`);
      if (i % 5 === 0) codeOf(() => hostSends?.(host, `peer ${i % 7}`, `${i}`));
      if (i % 4 === 0) host.drop(peer.near);
      else peer.leave();
      if (i % 10 === 0) receiveAll(drive, host);
      last = peer;
    }
    receiveAll(drive, host);
    assert.equal([...host.pipes].filter((pipe) => reaches(host.pattern, pipe)).length, 0);
    assert.equal(last !== undefined && reaches(host.pattern, last.near), false);
    const next = join(drive, host, "next");
    if (peerSends !== undefined) {
      peerSends(next, "hello");
      assert.deepEqual(receiveAll(drive, host), ["hello"]);
    }
    if (hostSends !== undefined) {
      hostSends(host, "next", "hello");
      assert.deepEqual(takeAll(drive, next), ["hello"]);
    }
  });

  test(`${type}: what is told of a pipe that is not there any more is ignored`, () => {
    const host = open(drive);
    const stayer = join(drive, host, "A");
    const gone = join(drive, host, "B");
    host.drop(gone.near);
    for (const tell of [
      "connected",
      "disconnected",
      "closing",
      "readActivated",
      "writeActivated",
      "hiccuped",
      "detach",
    ] as const) {
      host.pattern[tell](gone.near);
    }
    if (peerSends !== undefined) {
      peerSends(stayer, "x");
      assert.deepEqual(receiveAll(drive, host), ["x"]);
    }
    if (hostSends !== undefined) {
      assert.ok(hostSends(host, "A", "x"));
      assert.deepEqual(takeAll(drive, stayer), ["x"]);
    }
  });

  test(`${type}: a direction that it does not have is refused with ENOTSUP`, () => {
    const { pattern } = open(drive);
    if (!row.canSend) assert.throws(() => pattern.send([octets("x")]), { code: "ENOTSUP" });
    if (!row.canReceive) assert.throws(() => pattern.receive(), { code: "ENOTSUP" });
    if (!row.canSend) assert.equal(pattern.canSend(), false);
    if (!row.canReceive) assert.equal(pattern.canReceive(), false);
  });
}

/** What a call returned, or the code of what it threw. */
function codeOf(call: () => unknown): unknown {
  try {
    return call();
  } catch (error) {
    const code = (error as { code?: unknown }).code;
    if (code === undefined) throw error;
    return code;
  }
}
