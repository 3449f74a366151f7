// SPDX-License-Identifier: MIT
/**
 * The contract of an engine: the protocol on one live connection, from greeting to last message. It moves messages
 * between the connection and one pipe, and tells its host (a session) how the handshake went and when all is over.
 */
import type { Clock } from "../base/clock.ts";
import type { ZmqError } from "../base/errors.ts";
import type { Message } from "../pipe/message.ts";
import type { Peer, Pipe } from "../pipe/pipe.ts";
import type { AuthenticationQuestion, AuthenticationReply, Mechanism } from "../security/mechanism.ts";
import type { SlabPool } from "../wire/frame.ts";

/** The options that engines look at. */
export interface EngineOptions {
  routingId: Uint8Array;
  /** Octets; −1 is no limit. */
  maxMessageSize: number;
  /** Parts of one message. */
  maxMessageParts: number;
  /** Octets of one message's parts together; −1 is no other limit than 4 GiB. */
  maxMessageBytes: number;
  /** Octets; 0 is no limit. */
  receiveHighWaterMarkBytes: number;
  /** Milliseconds; 0 is no limit. */
  handshakeInterval: number;
  /** Milliseconds; 0 sends no PING. */
  heartbeatInterval: number;
  /** Milliseconds; −1 is the interval. */
  heartbeatTimeout: number;
  /** Milliseconds, told to the peer in steps of 100. */
  heartbeatTimeToLive: number;
  onlyFirstSubscribe: boolean;
  /** Octets of the longest chunk that STREAM gives. */
  inBatchSize: number;
  /** Octets that are gathered before they are written. */
  outBatchSize: number;
}

/** What an engine may ask its session. */
export interface EngineHost {
  /** The handshake is done: gives the pipe to serve, or undefined when there is nobody to serve any more. */
  handshaken(peer: Peer): Pipe | undefined;
  /** The connection is over. Comes once. `duringHandshake`: before `handshaken`. */
  over(error: ZmqError | undefined, duringHandshake: boolean): void;
  /** The peer has passed a limit, and `over` comes later, with the same error. */
  passed?(error: ZmqError): void;
  /** Of what this source sent, so many packets will never come, and messages with them; the connection goes on. */
  lost?(packets: number, source: string): void;
  /** A datagram was dropped, on its way out or in, because; the connection goes on. */
  datagramDropped?(error: ZmqError): void;
}

/** What the engines of one endpoint are made from; the same for all of its connections. */
export interface EngineSetup {
  readonly options: EngineOptions;
  /** The socket's type: name in capitals and libzmq's number. */
  readonly socketType: { readonly name: string; readonly id: number };
  /** True where octets travel without ZMTP (STREAM). */
  readonly isRaw: boolean;
  /** Properties to announce besides the socket type, such as `Identity` or `X-…`. */
  readonly properties: Iterable<readonly [string, Uint8Array]>;
  /** A mechanism for one handshake. */
  createMechanism(): Mechanism;
  /**
   * Asks the authenticator (RFC 27); the reply comes later, undefined when there is no authenticator. What it returns takes the
   * question back: nobody waits for the answer any more.
   */
  authenticate(
    question: AuthenticationQuestion,
    reply: (reply: AuthenticationReply | undefined) => void,
    failed: (error: ZmqError) => void,
  ): () => void;
  /** True where the mechanism or the ZAP domain rules out peers that know no security (ZMTP 1.0 and 2.0). */
  readonly requiresSecurity: boolean;
  readonly clock: Clock;
  readonly slabs: SlabPool;
}

/** Moves messages between one connection and one pipe. */
export interface Engine {
  /** Starts to talk. */
  start(): void;
  /** The pipe has something to send; `isLast`: and no more will come soon, so that nothing need wait for it. */
  pipeReadable(isLast?: boolean): void;
  /** Sends a message that is not in the pipe. False: not now, put it there. Only while the pipe is empty. */
  accept?(message: Message): boolean;
  /** The pipe has room for what was received. */
  pipeWritable(): void;
  /** The pipe's other side has closed: sends what is left in it, after the handshake if need be, then closes in order. */
  finish(): void;
  /** Milliseconds between the last PING and its PONG; undefined: none yet. */
  readonly roundTripTime?: number | undefined;
  /** Closes the connection at once. */
  stop(): void;
}
