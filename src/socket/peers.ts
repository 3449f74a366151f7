// SPDX-License-Identifier: MIT
/**
 * The peers of one socket: where its messages come from, what was counted for each, and the sum of those that have gone.
 * Held by `socket.ts`, which tells it what becomes of pipes and sessions; nothing here runs per message unless asked for.
 */
import type { LimitName, PassedLimit } from "../base/errors.ts";
import type { Pattern } from "../pattern/pattern.ts";
import type { Message } from "../pipe/message.ts";
import { type Arrivals, mark, newOrigin, type Origin } from "../pipe/origin.ts";
import type { Pipe } from "../pipe/pipe.ts";
import { type Event, eventPeer, newEvent } from "../session/events.ts";
import type { Session } from "../session/session.ts";
import { addTraffic, type PeerStatistics, type SocketStatistics, type Traffic } from "./statistics.ts";

/** Of types that do not receive. */
const NO_ARRIVALS: Arrivals = { lastPipe: undefined };

/** Messages of a connection that was lost are still in its pipe: up to the one with this number. */
interface Former {
  readonly origin: Origin;
  readonly last: number;
}

/** What peers that have gone leave to the sums. */
interface Sums {
  sent: number;
  received: number;
  octetsSent: number;
  octetsReceived: number;
  full: number;
  conflated: number;
  lost: number;
}

/** Who is there, and what happened to their messages. */
export class Peers {
  private readonly pattern: Pattern;
  private readonly arrivals: Arrivals;
  private readonly pipes: ReadonlySet<Pipe>;
  private readonly sessions: ReadonlyMap<Session, Pipe | undefined>;
  /** By pipe, the connections before the one that stands, as long as their messages are unread. */
  private readonly formers = new Map<Pipe, Former[]>();
  /** Pipes that are closed at this end while the other still has to deliver what is in them. */
  private readonly leaving = new WeakSet<Pipe>();
  private readonly gone: Sums = {
    sent: 0,
    received: 0,
    octetsSent: 0,
    octetsReceived: 0,
    full: 0,
    conflated: 0,
    lost: 0,
  };
  private connections = 0;
  /** Counted by sessions. */
  reconnections = 0;
  handshakeFailures = 0;
  private readonly limits: Partial<Record<LimitName, number>> = {};
  private readonly datagrams: Record<string, number> = {};

  constructor(pattern: Pattern, pipes: ReadonlySet<Pipe>, sessions: ReadonlyMap<Session, Pipe | undefined>) {
    this.pattern = pattern;
    this.arrivals = pattern.arrivals ?? NO_ARRIVALS;
    this.pipes = pipes;
    this.sessions = sessions;
  }

  /** A peer was turned away. */
  limitPassed({ option }: PassedLimit): void {
    this.limits[option] = (this.limits[option] ?? 0) + 1;
  }

  /** A datagram was dropped, on its way out or in. */
  datagramDropped(code: string): void {
    this.datagrams[code] = (this.datagrams[code] ?? 0) + 1;
  }

  // ── Where messages come from ───────────────────────────────────────────────────────────────────────────────────

  /** Marks the message that the pattern gave last with where it came from. */
  mark(message: Message, pipe: Pipe | undefined = this.arrivals.lastPipe ?? this.arrivals.noticePipe): void {
    mark(message, pipe === undefined ? this.arrivals.gone : (pipe.origin ?? this.originOf(pipe)));
  }

  private originOf(pipe: Pipe): Origin {
    const formers = this.formers.get(pipe);
    if (formers !== undefined) {
      while (formers[0] !== undefined && pipe.received > formers[0].last) formers.shift();
      if (formers[0] !== undefined) return formers[0].origin;
      this.formers.delete(pipe);
    }
    pipe.origin = this.newOrigin(pipe);
    return pipe.origin;
  }

  private newOrigin(pipe: Pipe): Origin {
    return newOrigin(pipe.endpoint, pipe.peer, this.pattern.routingIdOf?.(pipe));
  }

  // ── What happens to them ───────────────────────────────────────────────────────────────────────────────────────

  /** A connection stands. */
  connected(pipe: Pipe): void {
    this.connections += 1;
    // What was known before the handshake is not all.
    pipe.origin = undefined;
  }

  /**
   * The connection was lost: what came through it is still its. Only where something is unread: a peer that comes and goes for
   * months, and is read or says nothing, leaves nothing behind.
   */
  disconnected(pipe: Pipe): void {
    const origin = pipe.origin ?? this.newOrigin(pipe);
    pipe.origin = undefined;
    const last = pipe.received + pipe.readable;
    const unread = (this.formers.get(pipe) ?? []).filter((former) => former.last > pipe.received);
    if (last > (unread.at(-1)?.last ?? pipe.received)) unread.push({ origin, last });
    if (unread.length > 0) this.formers.set(pipe, unread);
    else this.formers.delete(pipe);
  }

  /** A pipe goes, and the pattern will forget it: what it has of it still may be received. */
  leave(pipe: Pipe): void {
    pipe.origin ??= this.originOf(pipe);
  }

  /** This end of a pipe is closed. */
  released(pipe: Pipe): void {
    const { gone } = this;
    this.formers.delete(pipe);
    gone.sent += pipe.sent;
    gone.received += pipe.received;
    gone.full += pipe.dropped;
    gone.conflated += pipe.replaced;
    if (pipe.isClosing) gone.lost += pipe.lost;
    else this.leaving.add(pipe);
  }

  /** A session is over, and with it the other end of its pipe. */
  ended(session: Session): void {
    const pipe = this.sessions.get(session);
    if (pipe !== undefined && this.leaving.delete(pipe)) this.gone.lost += pipe.lost;
    this.gone.octetsSent += session.octetsSent;
    this.gone.octetsReceived += session.octetsReceived;
  }

  /** What tells that messages begin to be dropped, or how many were. */
  dropEvent(pipe: Pipe, count: number | undefined): Event {
    const { peer, endpoint: address } = pipe;
    const who = peer && eventPeer(peer.address, peer, this.pattern.routingIdOf?.(pipe));
    if (count === undefined) return newEvent("drop", { address }, { peer: who });
    return newEvent("drop:end", { address, count }, { peer: who });
  }

  // ── Snapshots ──────────────────────────────────────────────────────────────────────────────────────────────────

  list(): PeerStatistics[] {
    this.pattern.settle?.();
    const bySession = new Map<Pipe, Session>();
    for (const [session, pipe] of this.sessions) if (pipe !== undefined) bySession.set(pipe, session);
    return Array.from(this.pipes, (pipe) => this.show(pipe, bySession.get(pipe)));
  }

  statistics(): SocketStatistics {
    const peers = this.list();
    const { sent, received, octetsSent, octetsReceived, full, conflated, lost } = this.gone;
    const gone: Traffic = {
      ...{ sent, received, octetsSent, octetsReceived },
      outgoing: { messages: 0, octets: 0 },
      incoming: { messages: 0, octets: 0 },
      dropped: { full, unroutable: this.pattern.unroutable ?? 0, conflated, lost },
    };
    const { connections, reconnections, handshakeFailures } = this;
    const limitsPassed = { ...this.limits };
    const datagramsDropped = { ...this.datagrams };
    let handshakes = 0;
    for (const session of this.sessions.keys()) if (!session.isConnecting && !session.isConnected) handshakes += 1;
    return {
      ...addTraffic([gone, ...peers]),
      ...{ connections, reconnections, handshakes, handshakeFailures, limitsPassed, datagramsDropped, peers },
    };
  }

  private show(pipe: Pipe, session: Session | undefined): PeerStatistics {
    const { address, endpoint, routingId, socketType, metadata } = this.newOrigin(pipe);
    return {
      ...{ address, endpoint, routingId, socketType, metadata },
      isConnected: session?.isConnected ?? (pipe.peer !== undefined && !pipe.isClosing),
      sent: pipe.sent,
      received: pipe.received,
      octetsSent: session?.octetsSent ?? 0,
      octetsReceived: session?.octetsReceived ?? 0,
      outgoing: pipe.unread(),
      incoming: pipe.waiting(),
      dropped: { full: pipe.dropped, unroutable: 0, conflated: pipe.replaced, lost: pipe.lost },
      reconnections: session?.reconnections ?? 0,
      roundTripTime: session?.roundTripTime,
    };
  }
}
