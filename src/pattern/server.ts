// SPDX-License-Identifier: MIT
/**
 * SERVER: knows each peer by a number of 32 bits that it makes up, sends to the peer whose number stands before the message
 * (four octets), and puts the sender's before what it receives (RFC 41). The numbers never leave the process. PEER is the
 * same among equals, see `peer.ts`.
 */
import { allocateLike, EMPTY, readUint32, writeUint32 } from "../base/bytes.ts";
import { ZmqError } from "../base/errors.ts";
import { type Message, prepend } from "../pipe/message.ts";
import type { Arrivals } from "../pipe/origin.ts";
import type { Pipe } from "../pipe/pipe.ts";
import { FairQueue } from "./fair-queue.ts";
import { Greeter } from "./greeter.ts";
import { overflow } from "./overflow.ts";
import type { Pattern, PatternOptions } from "./pattern.ts";
import { randomUint32 } from "./routing-ids.ts";
import { Sieve } from "./sieve.ts";
import { requireSinglePart } from "./single-part.ts";
import { type SocketType, socketType } from "./socket-type.ts";

/** Octets of a number. */
const LENGTH = 4;

interface Member {
  readonly pipe: Pipe;
  readonly isLocal: boolean;
  readonly number: number;
  /** The number as octets, once they were needed. */
  id: Uint8Array;
  isConnected: boolean;
  isClosing: boolean;
}

/** The side that answers. */
export class Server implements Pattern {
  private readonly options: PatternOptions;
  private readonly typeName: string;
  private readonly incoming = new FairQueue();
  readonly arrivals: Arrivals = this.incoming;
  private readonly sieve = new Sieve(() => this.take(), hasNumberAndPart);
  private readonly greeter: Greeter;
  private readonly members = new Map<Pipe, Member>();
  /** Those that can be written to. */
  private readonly reachable = new Map<number, Member>();
  private nextNumber = randomUint32();
  private lastLocal = 0;

  constructor(options: PatternOptions, typeName = "SERVER") {
    this.options = options;
    this.typeName = typeName;
    this.greeter = new Greeter(options, false);
  }

  attach(pipe: Pipe, isLocal: boolean): void {
    const number = this.freeNumber();
    const member = { pipe, isLocal, number, id: EMPTY, isConnected: false, isClosing: false };
    this.members.set(pipe, member);
    this.reachable.set(number, member);
    if (isLocal) this.lastLocal = number;
    this.greeter.attached(pipe);
    this.incoming.attach(pipe);
  }

  connected(pipe: Pipe): void {
    const member = this.members.get(pipe);
    if (member === undefined) return;
    member.isConnected = true;
    this.greeter.connected(pipe);
  }

  disconnected(pipe: Pipe): void {
    const member = this.members.get(pipe);
    if (member?.isConnected !== true) return;
    member.isConnected = false;
    this.insert(member, member.isLocal ? this.options.hiccupMessage : this.options.disconnectMessage);
  }

  closing(pipe: Pipe): void {
    const member = this.members.get(pipe);
    if (member === undefined) return;
    member.isClosing = true;
    this.reachable.delete(member.number);
    if (member.isConnected && !member.isLocal) this.insert(member, this.options.disconnectMessage);
    member.isConnected = false;
  }

  detach(pipe: Pipe): void {
    const member = this.members.get(pipe);
    if (member !== undefined) this.forget(member, !member.isClosing);
  }

  readActivated(pipe: Pipe): void {
    this.incoming.activate(pipe);
  }

  writeActivated(): void {}

  hiccuped(): void {}

  send(message: Message): boolean {
    requireSinglePart(message, this.typeName, 1);
    const number = numberIn(message[0] as Uint8Array);
    const member = this.reachable.get(number);
    if (member === undefined) throw unreachable("send", number);
    const body = [message[1] as Uint8Array];
    if (member.pipe.write(body)) return true;
    if (member.pipe.isClosing) throw unreachable("send", number);
    return overflow(member.pipe, body, this.options.whenFull ?? "wait");
  }

  receive(): Message | undefined {
    return this.sieve.read();
  }

  /** Always, as libzmq's: whether a message can be sent depends on whom it is for. */
  canSend(): boolean {
    return true;
  }

  canReceive(): boolean {
    return this.sieve.canRead();
  }

  /** The number of the peer that was connected to last; 0: none yet. */
  get lastConnected(): number {
    return this.lastLocal;
  }

  /** The number as it stands before a message; for each peer spelt once. `dresser` puts octets into the type that parts have. */
  addressOf(number: number, dresser: { asPart(octets: Uint8Array): Uint8Array }): Uint8Array {
    const member = this.reachable.get(number);
    if (member === undefined) return dresser.asPart(encodeNumber(number));
    if (member.id.length === 0) member.id = dresser.asPart(encodeNumber(number));
    return member.id;
  }

  /**
   * Ends the connection to a peer.
   * @throws ZmqError `EHOSTUNREACH` when no peer has the number
   */
  disconnectPeer(number: number): void {
    const member = this.reachable.get(number);
    if (member === undefined) throw unreachable("disconnectPeer", number);
    this.forget(member, true);
    member.pipe.close();
  }

  private take(): Message | undefined {
    const message = this.incoming.read();
    const pipe = this.incoming.lastPipe;
    // Notices are put in with their number.
    if (message === undefined || pipe === undefined) return message;
    return prepend(idOf(this.members.get(pipe) as Member, message[0] as Uint8Array), message);
  }

  private insert(member: Member, notice: Uint8Array | null): void {
    if (notice !== null && notice.length > 0) this.incoming.insert(member.pipe, [idOf(member, notice), notice]);
  }

  private freeNumber(): number {
    for (;;) {
      const number = this.nextNumber;
      this.nextNumber = (number + 1) >>> 0;
      if (number !== 0 && !this.reachable.has(number)) return number;
    }
  }

  private forget(member: Member, discard: boolean): void {
    this.members.delete(member.pipe);
    this.reachable.delete(member.number);
    this.incoming.detach(member.pipe, discard);
    this.greeter.detached(member.pipe);
  }
}

/** A routing id as it stands before a message, in the type that `sample` has. */
export function encodeNumber(number: number, sample: Uint8Array = EMPTY): Uint8Array {
  const octets = allocateLike(sample, LENGTH);
  writeUint32(octets, 0, number);
  return octets;
}

/** The routing id that stands before a message; 0, which nobody has, where there is none. */
export function numberIn(id: Uint8Array): number {
  return id.length === LENGTH ? readUint32(id, 0) : 0;
}

function idOf(member: Member, sample: Uint8Array): Uint8Array {
  if (member.id.length === 0) member.id = encodeNumber(member.number, sample);
  return member.id;
}

function hasNumberAndPart(message: Message): boolean {
  return message.length === 2;
}

function unreachable(verb: string, number: number): ZmqError {
  return new ZmqError(
    "EHOSTUNREACH",
    `${verb}: no peer has the routing id ${number}: it is not connected any more, or never was`,
  );
}

/** The row of SERVER. */
export const SERVER: SocketType = /* @__PURE__ */ socketType({
  name: "SERVER",
  id: 12,
  peers: ["CLIENT"],
  create: (options) => new Server(options),
  details: "routingId",
});
