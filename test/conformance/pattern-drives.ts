// SPDX-License-Identifier: MIT
/** How each socket type is driven through the suite in `pattern.ts`. */
import type { Dish } from "../../src/pattern/dish.ts";
import { encodeNumber, type Server } from "../../src/pattern/server.ts";
import type { PipeItem } from "../../src/pipe/message.ts";
import { type FarEnd, octets, type PatternHost, text } from "../support/pattern-host.ts";
import type { Drive } from "./pattern.ts";

/** The text of one frame of a message; undefined for subscriptions. */
function frameText(item: PipeItem, index: number): string | undefined {
  const frame = Array.isArray(item) ? item[index] : undefined;
  return frame === undefined ? undefined : text(frame);
}

const sendsPlainly = (peer: FarEnd, content: string): boolean => peer.send(content);
const receivesPlainly = (host: PatternHost): string | undefined => host.receive()?.[0];
const receivesBehindId = (host: PatternHost): string | undefined => host.receive()?.[1];
const hostSendsPlainly = (host: PatternHost, _name: string, content: string): boolean => host.send(content);
const hostSendsById = (host: PatternHost, name: string, content: string): boolean => host.send(name, content);
const plainAtPeer = (item: PipeItem): string | undefined => frameText(item, 0);

const secondAtPeer = (item: PipeItem): string | undefined => frameText(item, 1);

/** What SERVER and PEER call their peers; known here of those that they connect to. */
const numbers = new WeakMap<PatternHost, Map<string, number>>();

function learnNumber(peer: FarEnd): void {
  const known = numbers.get(peer.host) ?? new Map<string, number>();
  numbers.set(peer.host, known.set(peer.name, (peer.host.pattern as Server).lastConnected));
}

function addressOf(host: PatternHost, name: string): Uint8Array {
  return encodeNumber(numbers.get(host)?.get(name) ?? 0);
}

const numbered = {
  farOptions: () => ({ isLocal: true }),
  preparePeer: learnNumber,
  peerSends: sendsPlainly,
  hostReceives: receivesBehindId,
  hostSends: (host: PatternHost, name: string, content: string) =>
    host.pattern.send([addressOf(host, name), octets(content)]),
  addressOf,
  textAtPeer: plainAtPeer,
  parts: 2,
};

/** Every socket type, and how to drive it. */
export const DRIVES: readonly Drive[] = [
  {
    type: "PAIR",
    peerSends: sendsPlainly,
    hostReceives: receivesPlainly,
    hostSends: hostSendsPlainly,
    textAtPeer: plainAtPeer,
    peers: 1,
    isUnfair: "PAIR has one peer",
  },
  {
    type: "PUB",
    preparePeer: (peer) => peer.subscribe(""),
    hostSends: hostSendsPlainly,
    textAtPeer: plainAtPeer,
    dropsWhenFull: true,
  },
  {
    type: "SUB",
    prepareHost: (host) => host.pattern.subscribe?.(octets("")),
    preparePeer: (peer) => peer.receiveAll(),
    peerSends: sendsPlainly,
    hostReceives: receivesPlainly,
  },
  {
    type: "REQ",
    options: { relaxed: true },
    hostSends: hostSendsPlainly,
    textAtPeer: (item) => frameText(item, 1),
  },
  {
    type: "REP",
    peerSends: (peer, content) => peer.send("", content),
    hostReceives: (host) => {
      const request = host.receive()?.[0];
      if (request !== undefined) host.send("reply");
      return request;
    },
  },
  {
    type: "DEALER",
    peerSends: sendsPlainly,
    hostReceives: receivesPlainly,
    hostSends: hostSendsPlainly,
    textAtPeer: plainAtPeer,
  },
  {
    type: "ROUTER",
    peerSends: sendsPlainly,
    hostReceives: receivesBehindId,
    hostSends: hostSendsById,
    textAtPeer: plainAtPeer,
    dropsWhenFull: true,
  },
  { type: "PULL", peerSends: sendsPlainly, hostReceives: receivesPlainly },
  { type: "PUSH", hostSends: hostSendsPlainly, textAtPeer: plainAtPeer },
  {
    type: "XPUB",
    preparePeer: (peer) => {
      peer.subscribe("");
    },
    peerSends: sendsPlainly,
    hostReceives: (host) => {
      // Subscriptions have their own tests: here they are passed over.
      for (let message = host.receive(); message !== undefined; message = host.receive()) {
        if (message[0] !== "\x01" && message[0] !== "\x00") return message[0];
      }
      return undefined;
    },
    hostSends: hostSendsPlainly,
    textAtPeer: plainAtPeer,
    isUnfair: "XPUB gives what came in the order it came",
    dropsWhenFull: true,
  },
  {
    type: "XSUB",
    peerSends: sendsPlainly,
    hostReceives: receivesPlainly,
    hostSends: hostSendsPlainly,
    textAtPeer: plainAtPeer,
    dropsWhenFull: true,
  },
  {
    type: "STREAM",
    options: { notify: false },
    farOptions: (name) => ({ isLocal: true, connectRoutingId: name }),
    peerSends: sendsPlainly,
    hostReceives: receivesBehindId,
    hostSends: hostSendsById,
    textAtPeer: plainAtPeer,
  },
  { type: "SERVER", ...numbered },
  {
    type: "CLIENT",
    peerSends: sendsPlainly,
    hostReceives: receivesPlainly,
    hostSends: hostSendsPlainly,
    textAtPeer: plainAtPeer,
    parts: 1,
  },
  {
    type: "RADIO",
    preparePeer: (peer) => {
      peer.join("A");
    },
    hostSends: (host, _name, content) => host.send("A", content),
    textAtPeer: secondAtPeer,
    dropsWhenFull: true,
    parts: 2,
  },
  {
    type: "DISH",
    prepareHost: (host) => (host.pattern as Dish).join(octets("A")),
    preparePeer: (peer) => peer.receiveAll(),
    peerSends: (peer, content) => peer.send("A", content),
    hostReceives: receivesBehindId,
  },
  { type: "GATHER", peerSends: sendsPlainly, hostReceives: receivesPlainly },
  { type: "SCATTER", hostSends: hostSendsPlainly, textAtPeer: plainAtPeer, parts: 1 },
  {
    type: "DGRAM",
    peerSends: (peer, content) => peer.send("10.0.0.1:1", content),
    hostReceives: receivesBehindId,
    hostSends: (host, _name, content) => host.send("10.0.0.1:1", content),
    textAtPeer: secondAtPeer,
    peers: 1,
    isUnfair: "DGRAM has one pipe",
    parts: 2,
  },
  { type: "PEER", ...numbered },
  {
    type: "CHANNEL",
    peerSends: sendsPlainly,
    hostReceives: receivesPlainly,
    hostSends: hostSendsPlainly,
    textAtPeer: plainAtPeer,
    peers: 1,
    isUnfair: "CHANNEL has one peer",
    parts: 1,
  },
];
