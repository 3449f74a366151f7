// SPDX-License-Identifier: MIT
/**
 * STREAM: talks to plain TCP peers that know no ZeroMQ. Each message is an id and a piece of the octet stream; an empty
 * piece closes the connection, and tells of one that came or went (libzmq zmq_socket, "Native pattern").
 */
import { EMPTY, toHex } from "../base/bytes.ts";
import { ZmqError } from "../base/errors.ts";
import { type Message, prepend } from "../pipe/message.ts";
import type { Arrivals } from "../pipe/origin.ts";
import type { Pipe } from "../pipe/pipe.ts";
import { FairQueue } from "./fair-queue.ts";
import { overflow } from "./overflow.ts";
import type { Pattern, PatternOptions } from "./pattern.ts";
import { RoutingIds } from "./routing-ids.ts";
import { type SocketType, socketType } from "./socket-type.ts";

interface Member {
  readonly pipe: Pipe;
  readonly id: Uint8Array;
  isConnected: boolean;
  isClosing: boolean;
}

/** The socket type for raw connections. */
export class Stream implements Pattern {
  private readonly options: PatternOptions;
  private readonly incoming = new FairQueue();
  readonly arrivals: Arrivals = this.incoming;
  private readonly members = new Map<Pipe, Member>();
  /** Those that can be written to. */
  private readonly reachable = new RoutingIds<Member>();

  constructor(options: PatternOptions) {
    this.options = options;
  }

  attach(pipe: Pipe): void {
    const id = this.idFor(pipe);
    const member: Member = { pipe, id, isConnected: false, isClosing: false };
    this.members.set(pipe, member);
    this.reachable.add(id, member);
    this.incoming.attach(pipe);
  }

  connected(pipe: Pipe): void {
    const member = this.members.get(pipe);
    if (member === undefined || member.isConnected) return;
    member.isConnected = true;
    this.notify(member);
  }

  disconnected(pipe: Pipe): void {
    const member = this.members.get(pipe);
    if (member !== undefined) this.connectionLost(member);
  }

  closing(pipe: Pipe): void {
    const member = this.members.get(pipe);
    if (member === undefined) return;
    member.isClosing = true;
    this.reachable.delete(member.id, member);
    this.connectionLost(member);
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
    // An id and nothing else: libzmq takes it and sends nothing.
    if (message.length < 2) return true;
    const id = message[0] as Uint8Array;
    const member = this.reachable.get(id);
    if (member === undefined) {
      throw new ZmqError("EHOSTUNREACH", `send: no connection has the id 0x${toHex(id)}: it is closed, or never was`);
    }
    if (message.length === 2 && (message[1] as Uint8Array).length === 0) {
      this.forget(member, true);
      member.pipe.close();
      return true;
    }
    const { pipe } = member;
    const body = message.slice(1);
    return pipe.write(body) || overflow(pipe, body, this.options.whenFull ?? "wait");
  }

  receive(): Message | undefined {
    const message = this.incoming.read();
    const pipe = this.incoming.lastPipe;
    // Notices are put in with their id.
    if (message === undefined || pipe === undefined) return message;
    return prepend(this.members.get(pipe)?.id as Uint8Array, message);
  }

  canSend(): boolean {
    return true;
  }

  canReceive(): boolean {
    return this.incoming.canRead();
  }

  routingIdOf(pipe: Pipe): Uint8Array | undefined {
    return this.members.get(pipe)?.id;
  }

  private idFor(pipe: Pipe): Uint8Array {
    const chosen = pipe.connectRoutingId;
    if (chosen !== undefined && this.reachable.get(chosen) === undefined) return chosen;
    const id = this.reachable.generate();
    // As libzmq: the option tells the id that was made last.
    this.options.routingId = id;
    return id;
  }

  private connectionLost(member: Member): void {
    if (!member.isConnected) return;
    member.isConnected = false;
    this.notify(member);
  }

  private notify(member: Member): void {
    if (this.options.notify) this.incoming.insert(member.pipe, [member.id, EMPTY]);
  }

  private forget(member: Member, discard: boolean): void {
    this.members.delete(member.pipe);
    this.reachable.delete(member.id, member);
    this.incoming.detach(member.pipe, discard);
  }
}

/** The row of STREAM. */
export const STREAM: SocketType = /* @__PURE__ */ socketType({
  // Octets without frames have no place in WebSocket's messages.
  schemes: ["tcp", "tls+tcp", "ipc", "inproc"],
  name: "STREAM",
  id: 11,
  peers: [],
  create: (options) => new Stream(options),
  isRaw: true,
});
