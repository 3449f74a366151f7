// SPDX-License-Identifier: MIT
/**
 * ROUTER: sends to the peer whose routing id stands first in the message, and puts the sender's in front of what it
 * receives (RFC 28). A fair queue and a table of ids. Above it only the socket; the ids come with `Pipe.peer`.
 */
import { EMPTY, equalBytes, toHex } from "../base/bytes.ts";
import { ZmqError } from "../base/errors.ts";
import { type Message, prepend } from "../pipe/message.ts";
import type { Arrivals } from "../pipe/origin.ts";
import type { Pipe } from "../pipe/pipe.ts";
import { FairQueue } from "./fair-queue.ts";
import { Greeter } from "./greeter.ts";
import { mayRefuse, overflow, type WhenFull } from "./overflow.ts";
import type { Pattern, PatternOptions } from "./pattern.ts";
import { RoutingIds } from "./routing-ids.ts";
import { type SocketType, socketType } from "./socket-type.ts";

/** Bits of `routerNotify`. */
const NOTIFY_CONNECT = 1;
const NOTIFY_DISCONNECT = 2;

interface Member {
  readonly pipe: Pipe;
  readonly isLocal: boolean;
  /** Undefined before the first handshake, for a peer whose id another one has, and where `number` is not spelt yet. */
  id: Uint8Array | undefined;
  /** Of an id that was made up. */
  number: number | undefined;
  /** Somebody else has the id: what it sends is dropped. */
  isRefused: boolean;
  isConnected: boolean;
  isClosing: boolean;
}

/** The addressing side of request and reply. */
export class Router implements Pattern {
  unroutable = 0;
  private readonly options: PatternOptions;
  private readonly incoming = new FairQueue();
  readonly arrivals: Arrivals = this.incoming;
  private readonly greeter: Greeter;
  private readonly members = new Map<Pipe, Member>();
  /** Those that can be written to. */
  private readonly reachable = new RoutingIds<Member>();
  /** Those that announced an id which another one has, with that id. */
  private readonly refused = new Map<Member, Uint8Array>();

  constructor(options: PatternOptions) {
    this.options = options;
    this.greeter = new Greeter(options, true);
  }

  attach(pipe: Pipe, isLocal: boolean): void {
    const member: Member = {
      pipe,
      isLocal,
      id: undefined,
      number: undefined,
      isRefused: false,
      isConnected: false,
      isClosing: false,
    };
    this.members.set(pipe, member);
    if (!this.options.routerRaw) this.greeter.attached(pipe);
    if (pipe.connectRoutingId !== undefined) this.identify(member, pipe.connectRoutingId);
    else if (this.options.routerRaw) this.identify(member, undefined);
  }

  connected(pipe: Pipe): void {
    const member = this.members.get(pipe);
    if (member === undefined) return;
    const isFirst = !hasId(member);
    if (!this.options.routerRaw) this.greeter.connected(pipe);
    if (isFirst) {
      const announced = pipe.peer?.routingId;
      this.identify(member, announced?.length === 0 ? undefined : announced);
    }
    member.isConnected = true;
    // What waits in a pipe at its first connection was sent on that connection: the notice goes before it.
    this.notify(member, NOTIFY_CONNECT, isFirst ? 0 : pipe.readable);
  }

  disconnected(pipe: Pipe): void {
    const member = this.members.get(pipe);
    if (member !== undefined) this.connectionLost(member);
  }

  closing(pipe: Pipe): void {
    const member = this.members.get(pipe);
    if (member === undefined) return;
    member.isClosing = true;
    this.connectionLost(member);
    // From now on the id is free: a peer that comes back is not refused because its last messages are unread.
    if (hasId(member)) this.release(member);
    else drain(pipe);
    this.admitRefused(member);
  }

  detach(pipe: Pipe): void {
    const member = this.members.get(pipe);
    if (member === undefined) return;
    this.forget(member, !member.isClosing);
    this.admitRefused(member);
  }

  readActivated(pipe: Pipe): void {
    if (this.members.get(pipe)?.isRefused === true) drain(pipe);
    else this.incoming.activate(pipe);
  }

  writeActivated(): void {}

  hiccuped(): void {}

  send(message: Message): boolean {
    // An id and nothing else: libzmq takes it and sends nothing.
    if (message.length < 2) return true;
    const member = this.reachable.get(message[0] as Uint8Array);
    if (member === undefined) {
      if (this.options.mandatory) throw unreachable("send", message[0] as Uint8Array);
      this.unroutable += 1;
      return true;
    }
    if (this.options.routerRaw && (message[1] as Uint8Array).length === 0) {
      this.expel(member);
      return true;
    }
    const { pipe } = member;
    const body = message.slice(1);
    if (pipe.write(body)) return true;
    if (!pipe.isClosing) return overflow(pipe, body, this.rule);
    if (this.options.mandatory) throw unreachable("send", message[0] as Uint8Array);
    pipe.drop(1);
    return true;
  }

  receive(): Message | undefined {
    const message = this.incoming.read();
    const pipe = this.incoming.lastPipe;
    // Notices are put in with their id.
    if (message === undefined || pipe === undefined) return message;
    const member = this.members.get(pipe) as Member;
    const first = message[0] as Uint8Array;
    // Spelt before any message came, for an event or a notice, it is none of the runtime's type.
    if (member.id?.constructor === Uint8Array && member.number !== undefined && first.constructor !== Uint8Array)
      member.id = undefined;
    return prepend(this.idOf(member, first), message);
  }

  canSend(): boolean {
    return !mayRefuse(this.rule) || this.reachable.some((member) => member.pipe.checkWrite());
  }

  canReceive(): boolean {
    return this.incoming.canRead();
  }

  peerState(routingId: Uint8Array): { readable: boolean; writable: boolean } {
    const member = this.reachable.get(routingId);
    if (member === undefined) throw unreachable("peerState", routingId);
    return { readable: member.pipe.readable > 0, writable: member.pipe.checkWrite() };
  }

  disconnectPeer(routingId: Uint8Array): void {
    const member = this.reachable.get(routingId);
    if (member === undefined) throw unreachable("disconnectPeer", routingId);
    this.expel(member);
    this.admitRefused(member);
  }

  routingIdOf(pipe: Pipe): Uint8Array | undefined {
    const member = this.members.get(pipe);
    return member === undefined || !hasId(member) ? undefined : this.idOf(member, EMPTY);
  }

  private get rule(): WhenFull {
    return this.options.whenFull ?? (this.options.mandatory ? "wait" : "dropNewest");
  }

  /** Gives an id to a member, unless somebody else has it; without one, one is made up. */
  private identify(member: Member, id: Uint8Array | undefined): void {
    const holder = id === undefined ? undefined : this.reachable.get(id);
    if (holder !== undefined) {
      // Ids that begin with 0 are made up here (RFC 37 §The Identity Property): announcing one does not take it over.
      if (!this.options.handover || id?.[0] === 0) {
        member.isRefused = true;
        this.refused.set(member, id as Uint8Array);
        drain(member.pipe);
        return;
      }
      this.replace(holder);
    }
    member.isRefused = false;
    this.refused.delete(member);
    member.id = id;
    if (id === undefined) member.number = this.reachable.addNumber(member);
    else this.reachable.add(id, member);
    this.incoming.attach(member.pipe);
  }

  /** The id of a member that has one. Made up, it is spelt when it is first needed, in the type that `sample` has. */
  private idOf(member: Member, sample: Uint8Array): Uint8Array {
    member.id ??= this.reachable.spell(member.number as number, sample);
    return member.id;
  }

  /** From now on the id is free. */
  private release(member: Member): void {
    if (member.number !== undefined) this.reachable.deleteNumber(member.number, member);
    else if (member.id !== undefined) this.reachable.delete(member.id, member);
  }

  private connectionLost(member: Member): void {
    if (!member.isConnected) return;
    member.isConnected = false;
    this.notify(member, NOTIFY_DISCONNECT, member.pipe.readable);
    const farewell = this.options.disconnectMessage;
    if (farewell === null || farewell.length === 0 || !hasId(member) || member.isLocal) return;
    this.incoming.insert(member.pipe, [this.idOf(member, farewell), farewell]);
  }

  private notify(member: Member, bit: number, ahead: number): void {
    if ((this.options.routerNotify & bit) === 0 || !hasId(member) || this.options.routerRaw) return;
    this.incoming.insert(member.pipe, [this.idOf(member, EMPTY), EMPTY], ahead);
  }

  /** A peer is gone: its id goes to the first of those to whom it was refused. */
  private admitRefused({ id }: Member): void {
    if (id === undefined || this.refused.size === 0 || this.reachable.get(id) !== undefined) return;
    for (const [member, wanted] of this.refused) {
      if (member.isClosing || !equalBytes(wanted, id)) continue;
      this.identify(member, wanted);
      if (member.isConnected) this.notify(member, NOTIFY_CONNECT, 0);
      return;
    }
  }

  /** A newcomer takes the id over; what was received from its last holder is still read. */
  private replace(holder: Member): void {
    const { pipe } = holder;
    const id = this.idOf(holder, EMPTY);
    this.forget(holder, false);
    for (let item = pipe.read(); item !== undefined; item = pipe.read()) {
      if (Array.isArray(item)) this.incoming.insert(pipe, prepend(id, item));
    }
    pipe.close();
  }

  private expel(member: Member): void {
    this.forget(member, true);
    member.pipe.close();
  }

  private forget(member: Member, discard: boolean): void {
    this.members.delete(member.pipe);
    this.refused.delete(member);
    this.release(member);
    this.incoming.detach(member.pipe, discard);
    this.greeter.detached(member.pipe);
  }
}

/** False before the first handshake, and for a peer whose id another one has. */
function hasId(member: Member): boolean {
  return member.id !== undefined || member.number !== undefined;
}

/** Reads all and drops it, so that a peer nobody listens to cannot stop its connection. */
function drain(pipe: Pipe): void {
  while (pipe.read() !== undefined);
}

function unreachable(verb: string, id: Uint8Array): ZmqError {
  return new ZmqError(
    "EHOSTUNREACH",
    `${verb}: no peer has the routing id 0x${toHex(id)}: it is not connected, or not yet`,
  );
}

/** The row of ROUTER. */
export const ROUTER: SocketType = /* @__PURE__ */ socketType({
  name: "ROUTER",
  id: 6,
  peers: ["REQ", "DEALER", "ROUTER"],
  create: (options) => new Router(options),
  announcesRoutingId: true,
});
