// SPDX-License-Identifier: MIT
/**
 * How each version of ZMTP opens a connection and frames messages, as octets: RFC 37 (3.1), 23 (3.0), 15 (2.0, with its
 * revision 0 in the frames of 1.0) and 13 (1.0). A script's side is always called *peer*, the side under test *tested*.
 */
import type { RawPeer } from "../support/peers/raw-peer.ts";
import { octets } from "../support/peers/raw-peer.ts";

/** One protocol version, from the side of a peer that speaks no newer one. */
export interface Version {
  readonly name: string;
  /** Opens the connection as a peer of one socket type towards a tested socket of another. */
  readonly open: (peer: RawPeer, types: SocketTypes) => Promise<void>;
  /** One frame of a message. */
  readonly frame: (body: Uint8Array, more: boolean) => Buffer;
  /** How a subscriber says what it wants. */
  readonly subscribe: (topic: string) => Buffer;
  readonly cancel: (topic: string) => Buffer;
}

/** Who talks to whom; routing ids are empty unless given. */
export interface SocketTypes {
  readonly peer: string;
  readonly tested: string;
  readonly peerId?: string;
  readonly testedId?: string;
}

/** The socket types' numbers in the greeting of ZMTP 2.0 (RFC 15). */
const numbers = ["PAIR", "PUB", "SUB", "REQ", "REP", "DEALER", "ROUTER", "PULL", "PUSH", "XPUB", "XSUB"];

function uint64(value: number): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64BE(BigInt(value));
  return bytes;
}

/** RFC 13: length (flags included), flags, body; lengths from 255 on in eight octets after 0xff. */
function frame1(body: Uint8Array, more: boolean): Buffer {
  const length = body.length + 1;
  const header = length < 255 ? Buffer.from([length]) : Buffer.concat([octets("ff"), uint64(length)]);
  return Buffer.concat([header, Buffer.from([more ? 1 : 0]), body]);
}

/** RFC 15, 23, 37: flags, length of the body in one octet or eight, body. */
function frame2(body: Uint8Array, more: boolean, command = false): Buffer {
  const long = body.length > 255;
  const flags = (more ? 1 : 0) | (long ? 2 : 0) | (command ? 4 : 0);
  return Buffer.concat([Buffer.from([flags]), long ? uint64(body.length) : Buffer.from([body.length]), body]);
}

/** The ten octets that are a signature to new peers, and the header of an identity frame to those of 1.0. */
function signature(routingId: string): Buffer {
  return Buffer.concat([octets("ff"), uint64(routingId.length + 1), octets("7f")]);
}

function property(name: string, value: string): Buffer {
  const length = Buffer.alloc(4);
  length.writeUInt32BE(value.length);
  return Buffer.concat([Buffer.from([name.length]), Buffer.from(name), length, Buffer.from(value)]);
}

/** READY as libzmq spells it: an identity (even an empty one) from the types whose peers may want it. */
export function ready(type: string, routingId: string): Buffer {
  const properties = [property("Socket-Type", type)];
  if (["REQ", "DEALER", "ROUTER"].includes(type)) properties.push(property("Identity", routingId));
  return frame2(Buffer.concat([octets("05 'READY'"), ...properties]), false, true);
}

/** The 54 octets after the signature. */
export function greetingTail(minor: number, mechanism = "NULL", asServer = 0): Buffer {
  const name = Buffer.alloc(20);
  name.write(mechanism);
  return Buffer.concat([Buffer.from([3, minor]), name, Buffer.from([asServer]), Buffer.alloc(31)]);
}

/** A 3.x greeting and READY, exchanged in the RFC's order. */
function open3(minor: number): Version["open"] {
  return async (peer, { peer: type, tested, peerId = "", testedId = "" }) => {
    await peer.write(signature(""));
    await peer.expect(signature(testedId), "the signature");
    await peer.write(greetingTail(minor));
    await peer.expect(greetingTail(1), "the greeting, always of the version it would like");
    await peer.write(ready(type, peerId));
    await peer.expect(ready(tested, testedId), "READY");
  };
}

/** The greeting of libzmq 3.2 and JeroMQ 0.3: twelve octets, then a frame with the routing id (RFC 15). */
function open2(revision: number, frame: Version["frame"]): Version["open"] {
  return async (peer, { peer: type, tested, peerId = "", testedId = "" }) => {
    await peer.write(signature(peerId));
    await peer.expect(Buffer.concat([signature(testedId), octets("03")]), "the signature and the highest revision");
    await peer.write(Buffer.from([revision, numbers.indexOf(type)]));
    await peer.expect(Buffer.from([numbers.indexOf(tested)]), "the socket type: the rest of a greeting of 2.0");
    await peer.write(frame(Buffer.from(peerId), false));
    await peer.expect(frame(Buffer.from(testedId), false), "the routing id");
  };
}

/** libzmq 2: no greeting, at once a frame with the routing id (RFC 13). */
async function open1(peer: RawPeer, { peerId = "", testedId = "" }: SocketTypes): Promise<void> {
  await peer.write(frame1(Buffer.from(peerId), false));
  await peer.expect(Buffer.concat([signature(testedId), Buffer.from(testedId)]), "the signature as an identity frame");
}

function subscriptionMessages(frame: Version["frame"]): Pick<Version, "subscribe" | "cancel"> {
  return {
    subscribe: (topic) => frame(Buffer.from(`\x01${topic}`), false),
    cancel: (topic) => frame(Buffer.from(`\x00${topic}`), false),
  };
}

/** All versions, newest first. */
export const versions: readonly Version[] = [
  {
    name: "ZMTP 3.1",
    open: open3(1),
    frame: frame2,
    subscribe: (topic) => frame2(octets(`09 'SUBSCRIBE' '${topic}'`), false, true),
    cancel: (topic) => frame2(octets(`06 'CANCEL' '${topic}'`), false, true),
  },
  { name: "ZMTP 3.0", open: open3(0), frame: frame2, ...subscriptionMessages(frame2) },
  { name: "ZMTP 2.0", open: open2(1, frame2), frame: frame2, ...subscriptionMessages(frame2) },
  { name: "ZMTP 2.0 revision 0", open: open2(0, frame1), frame: frame1, ...subscriptionMessages(frame1) },
  { name: "ZMTP 1.0", open: open1, frame: frame1, ...subscriptionMessages(frame1) },
];
