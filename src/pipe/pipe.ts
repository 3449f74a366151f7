// SPDX-License-Identifier: MIT
/**
 * The contract of a pipe: two bounded queues of whole messages between a pattern (above) and one peer (below: a session
 * and its engine, or for inproc another pattern). Each side holds one end; both ends look alike. This is the waist of the
 * library: patterns know nothing below it, engines nothing above it. See `local-pipe.ts` for the ends that share a thread.
 */
import type { ZmqError } from "../base/errors.ts";
import type { TurnQueue } from "../base/turn-queue.ts";
import type { Message, PipeItem, Subscription } from "./message.ts";
import type { Origin } from "./origin.ts";
import type { Framing, Run } from "./run.ts";

/** What is known about the other side once the handshake is done. */
export interface Peer {
  /** The routing id it announced; empty when it announced none. */
  readonly routingId: Uint8Array;
  /** Its socket type in capitals, such as `"ROUTER"`; undefined where the protocol does not say. */
  readonly socketType: string | undefined;
  /** Its network address, such as `127.0.0.1:5000`; empty for inproc. */
  readonly address: string;
  /** Further properties of the handshake and of the authenticator, by name. */
  readonly metadata: ReadonlyMap<string, Uint8Array>;
  /** True for peers older than ZMTP 2.0, which filter for themselves: a publisher sends them everything (RFC 13). */
  readonly wantsEverything: boolean;
}

/**
 * Where messages come from that have been announced to a pipe and are made only when they are read. It must have each
 * of them, whole, and never fail; it gives them in order, one a call, and may outlive whoever announced them.
 */
export interface MessageSource {
  /** Octets that it holds, frames' headers included. */
  readonly buffered: number;
  /** Makes the next message. */
  message(): Message;
}

/** What waits in a queue. */
export interface Backlog {
  /** Number of messages. */
  readonly messages: number;
  /** Octets of their parts; for messages that are still octets, and those of publishers, frames' headers included. */
  readonly octets: number;
}

/** Who holds one end of a pipe. The pipe calls back at once, from inside the other side's call. */
export interface PipeOwner {
  /**
   * Offers a message at once, where `read` had found nothing: true takes it, and it never waits in the pipe. A short cut
   * for owners that pass messages on (sessions); without it, or on false, the message is put into the pipe.
   */
  take?(message: Message): boolean;
  /** There is something to read again, after a `read` had found nothing. */
  readActivated(pipe: Pipe): void;
  /** As `readActivated`, and what is read should be passed on at once, as no more will come soon. */
  flush?(pipe: Pipe): void;
  /** There is room again, after a `write` or `checkWrite` had found none. */
  writeActivated(pipe: Pipe): void;
  /** Messages begin to be dropped, as there is no room for them: see `drop`. */
  dropping?(pipe: Pipe): void;
  /** There is room again, or the end has come; so many were dropped since `dropping`. */
  dropped?(pipe: Pipe, count: number): void;
  /** A connection stands: `pipe.peer` is known. Comes again after each reconnection. */
  connected(pipe: Pipe): void;
  /** The connection was lost; the pipe stays and will be connected again. */
  disconnected(pipe: Pipe): void;
  /** The connection was replaced by a new one: what was sent as state (subscriptions) must be sent again. */
  hiccuped(pipe: Pipe): void;
  /** The other side has closed: nothing written will arrive any more, but what it wrote before may still be read. */
  closing(pipe: Pipe): void;
  /** The other side has closed and everything is read. The last call. */
  closed(pipe: Pipe): void;
  /** The other side finds this one too slow, or says why else: the connection shall end, soon, and what waits be dropped. */
  cutOff?(pipe: Pipe, why?: ZmqError): void;
  /** This end was closed, by its owner or on the owner's behalf: it is nobody's any more. */
  released?(pipe: Pipe): void;
}

/** One end of a pipe. */
export interface Pipe {
  /** Set by whoever holds this end. */
  owner: PipeOwner;
  /** Who is at the other side; undefined before the first handshake. */
  peer: Peer | undefined;
  /** The routing id that the application gave to this connection (`connect(address, { routingId })`). */
  connectRoutingId: Uint8Array | undefined;
  /** The endpoint this pipe was made for, as the application wrote it. */
  endpoint: string;
  /** What messages from this pipe are marked with, once its owner has made it. */
  origin: Origin | undefined;
  /** True when the other side has called `close`. */
  readonly isClosing: boolean;

  /** Slots for the queues of `pattern/`: this pipe's place in a fair queue, a load balancer and a distributor; −1: in none. */
  fairQueueIndex: number;
  loadBalancerIndex: number;
  distributorIndex: number;

  /** Takes the next item; undefined when there is none, and then `readActivated` tells when there is. */
  read(): PipeItem | undefined;
  /** True when `read` would give something. When false, `readActivated` tells when there is. */
  checkRead(): boolean;
  /** Hands over an item. False: no room (or closed), nothing was taken, and `writeActivated` tells when there is room. */
  write(item: PipeItem): boolean;
  /** True when `write` would take an item. When false, `writeActivated` tells when it would. */
  checkWrite(): boolean;
  /**
   * Takes back a message that was written at this end. False: the other side has read it already, or it cannot be taken
   * back. Takes as long as there are messages before it.
   */
  retract(message: Message): boolean;
  /** True when a message would be taken even without room: it takes the place of one with the same key. */
  replaces(message: Message): boolean;
  /** Drops, and counts, the message that has waited longest of those written at this end. False: none waits. */
  dropOldest(): boolean;
  /** Has the other side end its connection, as it is too slow, or for another reason: what waits there is dropped then. */
  cutOff(why?: ZmqError): void;
  /** Drops what waits to be read at this end. */
  discard(): void;
  /** Hands over a subscription outside the high-water mark: it is state, and none is ever dropped. */
  writeSubscription(subscription: Subscription): void;
  /** Tells the writer that this end takes runs in a framing; undefined: none, only messages. Engines do, for publishers. */
  takeRuns(framing: Framing | undefined): void;
  /** The framing in which the other side takes runs; undefined: it takes none. */
  readonly framing: Framing | undefined;
  /**
   * Hands over a run that has just begun, without waking the reader. Returns how many messages it may get, now and while
   * it is open; 0: no room, nothing was taken, and `writeActivated` tells when there is room. When the reader has to be
   * woken, that becomes a task for the end of the turn.
   */
  writeRun(run: Run, tasks: TurnQueue): number;
  /** Wakes the reader for the runs that it was not told of. */
  wakeReader(): void;
  /** How many messages `announce` would take; 0: none (or closed), and `writeActivated` tells when it would take some. */
  checkRoom(): number;
  /** False where every message must be written: it may take the place of the one before it, or go to another thread. */
  readonly canAnnounce: boolean;
  /**
   * Hands over so many messages, at most `checkRoom`, that have arrived but are still octets: the reader gets each from
   * `source` when it reads it. They wait, count and are acknowledged as if each had been written, and stay to be read
   * when this end is closed. Whatever is written afterwards, or announced from another source, comes behind them: for
   * that, those still unread are made first (`settle`).
   */
  announce(count: number, source: MessageSource): void;
  /** Makes all messages that were announced and are unread, so that the source is free for other uses. */
  settle(): void;
  /** Number of items waiting to be read at this end. */
  readonly readable: number;

  /** Messages that were written at this end so far, and messages that were read at it. */
  readonly sent: number;
  readonly received: number;
  /** Of those written, how many were never read: a newer one took their place, or the other side closed. */
  readonly replaced: number;
  readonly lost: number;
  /** Messages for which there was no room, and that whoever holds this end dropped. */
  readonly dropped: number;
  /** Counts messages that are dropped because `write` did not take them; 0: some will be counted later. */
  drop(count: number): void;
  /** What waits to be read at this end, and at the other. Goes through all of it. */
  waiting(): Backlog;
  unread(): Backlog;

  /** Tells the other side that a connection stands (called by a session, or by inproc). */
  connect(peer: Peer): void;
  /** Tells the other side that the connection was lost. */
  disconnect(): void;
  /** Tells the other side to send its state again, after dropping what this end has not read yet. */
  hiccup(): void;
  /**
   * Sets this side's limits for what may wait in each direction, in messages; 0 is no limit. Where both sides set limits
   * (inproc), they add up, and 0 on either side is no limit.
   */
  setHighWaterMarks(inbound: number, outbound: number): void;
  /**
   * The same in octets of messages' parts, beside the marks: a message is taken while fewer wait. To be set before anything is
   * written; subscriptions do not count.
   */
  setOctetLimits(inbound: number, outbound: number): void;
  /** Ends this side: reads no more, writes no more. What was written stays readable at the other side. */
  close(): void;
}

export type { Message, PipeItem };
