// SPDX-License-Identifier: MIT
/**
 * A session: one peer's life on our side. It holds the lower end of a pipe and puts an engine on each connection to the
 * peer: one connection that was accepted, or, with a connecter, one after another for ever. The messages in the pipe
 * outlive a lost connection; on closing, what is unsent gets the time that `linger` allows.
 */
import { EMPTY } from "../base/bytes.ts";
import type { Clock, Timer } from "../base/clock.ts";
import { AuthenticationError, type PassedLimit, ProtocolError, ZmqError } from "../base/errors.ts";
import type { Connection } from "../engine/connection.ts";
import type { Engine, EngineHost, EngineSetup } from "../engine/engine.ts";
import type { ConflateByKey } from "../pipe/keyed.ts";
import type { Message } from "../pipe/message.ts";
import type { Peer, Pipe, PipeOwner } from "../pipe/pipe.ts";
import type { Address, Transport } from "../transport/transport.ts";
import { Connecter, type ConnecterHost, type ConnecterOptions } from "./connecter.ts";
import { type Event, type EventDetails, type EventPeer, type EventType, eventPeer, newEvent } from "./events.ts";
import {
  type ConnectStopReason,
  type ReconnectOptions,
  whyAfterAttempt,
  whyAfterConnection,
} from "./reconnect-policy.ts";

/** What breaks the armour of a connection that has been let in: told as libzmq tells it, as if of its handshake. */
const ARMOUR_BREACHES: ReadonlySet<string> = new Set([
  "ZMTP_CRYPTOGRAPHIC",
  "ZMTP_INVALID_SEQUENCE",
  "ZMTP_MALFORMED_COMMAND_MESSAGE",
  "ZMTP_UNEXPECTED_COMMAND",
]);

/** The options that sessions look at. */
export interface SessionOptions extends ConnecterOptions, ReconnectOptions {
  /** Queue messages only for completed connections. */
  immediate: boolean;
  /** Octets that may wait; 0 is no limit. */
  sendHighWaterMarkBytes: number;
  receiveHighWaterMarkBytes: number;
}

/** What a session needs from its socket. */
export interface SessionHost {
  readonly clock: Clock;
  /** A new pipe for this session, attached to the pattern; gives the session's end. Undefined: the socket is closed. */
  openPipe(session: Session, peer: Peer | undefined): Pipe | undefined;
  /** Whether a peer of this type may talk to this socket (RFC 28 to 31). */
  isLegalPeer(socketType: string): boolean;
  /** Milliseconds that unsent messages have on closing; −1: for ever. */
  linger(): number;
  /** True for subscribers, which say their subscriptions again to each new peer. */
  readonly repeatsState: boolean;
  /** True while somebody wants to hear of events; none is made for nobody. */
  readonly isObserved: boolean;
  emit(event: Event): void;
  /** Who is at the other side of a session, and the routing id under which the application knows it, where it has one. */
  peerOf?(session: Session): { peer: Peer | undefined; routingId: Uint8Array | undefined } | undefined;
  /** Where sessions count what concerns the whole socket. */
  readonly peers?:
    | {
        reconnections: number;
        handshakeFailures: number;
        limitPassed(limit: PassedLimit): void;
        datagramDropped(code: string): void;
      }
    | undefined;
  /** The session is over; nothing more comes from it. */
  ended(session: Session): void;
}

/** What sessions are made from: an endpoint, with the options it was bound or connected with. Shared by all of its sessions. */
export interface SessionProfile {
  /** The endpoint, as the application wrote it or as it was bound. */
  readonly endpoint: string;
  readonly transport: Transport;
  readonly options: SessionOptions;
  /** Keep only the newest message. */
  readonly conflates: boolean | ConflateByKey;
  /** The routing id that the application gave to this connection. */
  readonly connectRoutingId: Uint8Array | undefined;
  /** What its engines are made from. */
  readonly engineSetup: EngineSetup;
  /** Where connections were accepted: those that have not finished their handshakes, the oldest first. */
  readonly handshakes?: Set<Session> | undefined;
  /** Called when its peer could not be reached, or was lost. */
  readonly unreached?: (() => void) | undefined;
}

/** What was seen of a connection. */
interface Sight {
  readonly local: string;
  readonly remote: string;
  peer: Peer | undefined;
}

/** One peer's life, across its connections. */
export class Session implements PipeOwner, EngineHost, ConnecterHost {
  readonly profile: SessionProfile;
  private readonly host: SessionHost;
  private connecter: Connecter | undefined = undefined;
  private pipe: Pipe | undefined = undefined;
  private engine: Engine | undefined = undefined;
  private connection: Connection | undefined = undefined;
  /** Octets of the connections before this one. */
  private formerSent = 0;
  private formerReceived = 0;
  /** How often the connection was lost and set up again. */
  reconnections = 0;
  /** What an accepted connection takes of those that its socket has. */
  place: string | undefined = undefined;
  private lingerTimer: Timer | undefined = undefined;
  private isHandshaken = false;
  private hasBeenConnected = false;
  /** What events tell of the connection. */
  private sight: Sight | undefined = undefined;
  /** The last limit that events told of. */
  private told: ZmqError | undefined = undefined;
  /** Attempts that failed since the last handshake. */
  private failures = 0;
  private isEnding = false;
  private isCuttingOff = false;
  private isOver = false;

  constructor(host: SessionHost, profile: SessionProfile) {
    this.host = host;
    this.profile = profile;
  }

  /** The endpoint, as the application wrote it or as it was bound. */
  get endpoint(): string {
    return this.profile.endpoint;
  }

  /** True on the active side. */
  get isConnecting(): boolean {
    return this.connecter !== undefined;
  }

  /** True while messages flow. */
  get isConnected(): boolean {
    return this.isHandshaken;
  }

  /** Octets handed to the network, over all connections; 0 where a transport does not count them. */
  get octetsSent(): number {
    return this.formerSent + (this.connection?.octetsSent ?? 0);
  }

  /** Octets that came from the network. */
  get octetsReceived(): number {
    return this.formerReceived + (this.connection?.octetsReceived ?? 0);
  }

  /** Milliseconds between a PING and its PONG; undefined: not known. */
  get roundTripTime(): number | undefined {
    return this.engine?.roundTripTime;
  }

  /** True while messages wait that no connection has taken. */
  get hasUnsent(): boolean {
    return (this.pipe?.readable ?? 0) > 0;
  }

  /** Serves a connection that a listener has accepted. */
  accept(connection: Connection): void {
    this.look(connection);
    this.tell("accept", {});
    this.run(connection);
  }

  /** Connects, and stays connected. */
  connect(address: Address): void {
    const { host } = this;
    const { transport, options } = this.profile;
    this.connecter = new Connecter(transport, address, options, host.clock, this);
    if (transport.isConnectionless === true) this.pipe = host.openPipe(this, everybody(this.endpoint));
    else if (!options.immediate) this.pipe = host.openPipe(this, undefined);
    this.connecter.start();
  }

  /**
   * Ends a session that has no pipe; one that has a pipe ends when that is closed above. A session that lingers already
   * gets the time that `linger` allows now, counted from now.
   */
  terminate(): void {
    if (this.pipe === undefined) this.end();
    else if (this.isEnding) this.giveTime();
  }

  private giveTime(): void {
    this.lingerTimer?.cancel();
    const linger = this.host.linger();
    if (linger === 0) this.end();
    else if (linger > 0) this.lingerTimer = this.host.clock.setTimer(linger, () => this.end());
  }

  // ── As the owner of the pipe's lower end ───────────────────────────────────────────────────────────────────────

  take(message: Message): boolean {
    return this.engine?.accept?.(message) === true;
  }

  readActivated(): void {
    this.engine?.pipeReadable();
  }

  flush(): void {
    this.engine?.pipeReadable(true);
  }

  writeActivated(): void {
    this.engine?.pipeWritable();
  }

  /** The socket has closed its end: what is left in the pipe has `linger` to leave. */
  closing(pipe: Pipe): void {
    if (this.isOver) return;
    this.isEnding = true;
    const canSend =
      this.isHandshaken || (pipe.readable > 0 && (this.engine !== undefined || this.connecter !== undefined));
    if (canSend) this.giveTime();
    else this.end();
    this.engine?.finish();
  }

  /** Later, and not from inside a send to many. */
  cutOff(_pipe: Pipe, why?: ZmqError): void {
    if (this.isCuttingOff || this.engine === undefined) return;
    this.isCuttingOff = true;
    this.host.clock.defer(() => {
      this.isCuttingOff = false;
      if (!this.isOver && this.engine !== undefined) this.endConnection(this.engine, why ?? this.tooSlow());
    });
  }

  /** Ends a connection that stands, or its handshake. */
  turnAway(why: ZmqError): void {
    if (!this.isOver && this.engine !== undefined) this.endConnection(this.engine, why);
  }

  private tooSlow(): ZmqError {
    const text = `${this.endpoint}: the peer is too slow, sendHighWaterMark is reached and whenFull is "disconnect"`;
    return new ZmqError("ECONNABORTED", text, { address: this.endpoint });
  }

  private endConnection(engine: Engine, why: ZmqError): void {
    const wasHandshaken = this.isHandshaken;
    // What is sent from inside `discard` stays in the pipe.
    this.engine = undefined;
    engine.stop();
    this.pipe?.discard();
    this.over(why, !wasHandshaken);
  }

  closed(): void {}
  connected(): void {}
  disconnected(): void {}
  hiccuped(): void {}

  // ── As the host of the connecter ───────────────────────────────────────────────────────────────────────────────

  attempting(): void {
    if (this.profile.transport.connectsAtOnce !== true) this.tell("connect:delay", {});
  }

  reached(connection: Connection): void {
    this.look(connection);
    this.tell("connect", {});
    this.run(connection);
  }

  attemptFailed(error: ZmqError): void {
    this.tell("close", { error });
    this.failures += 1;
    const reason = whyAfterAttempt(error, this.failures, this.profile.options);
    this.profile.unreached?.();
    this.retryUnless(reason, error);
  }

  retrying(interval: number): void {
    this.tell("connect:retry", { interval });
  }

  // ── As the host of the engine ──────────────────────────────────────────────────────────────────────────────────

  handshaken(peer: Peer): Pipe | undefined {
    if (peer.socketType !== undefined && !this.host.isLegalPeer(peer.socketType)) {
      throw new ProtocolError(
        "ZMTP_INVALID_METADATA",
        `the peer at ${peer.address} is a ${JSON.stringify(peer.socketType.slice(0, 20))}, which this socket type cannot talk to`,
      );
    }
    this.isHandshaken = true;
    this.profile.handshakes?.delete(this);
    this.failures = 0;
    this.connecter?.settled();
    if (this.pipe === undefined) {
      this.pipe = this.host.openPipe(this, peer);
    } else {
      if (this.hasBeenConnected && this.host.repeatsState) this.pipe.hiccup();
      this.pipe.connect(peer);
    }
    if (this.hasBeenConnected) this.countReconnection();
    this.hasBeenConnected = true;
    // Now the pattern knows the peer, and by which id.
    if (this.sight !== undefined) this.sight.peer = peer;
    this.tell("handshake", {});
    return this.isOver ? undefined : this.pipe;
  }

  over(error: ZmqError | undefined, duringHandshake: boolean): void {
    this.engine = undefined;
    this.profile.handshakes?.delete(this);
    if (error !== undefined) this.passed(error);
    if (this.isHandshaken && this.sight === undefined) this.recall();
    this.isHandshaken = false;
    this.countOctets();
    if (duringHandshake) {
      if (this.host.peers !== undefined) this.host.peers.handshakeFailures += 1;
      this.tellHandshakeError(error);
    } else if (error instanceof ProtocolError && ARMOUR_BREACHES.has(error.protocolError)) {
      this.tellHandshakeError(error);
    }
    // As libzmq has it, a connection that this side closes is nothing to be told of.
    if (error !== undefined || !this.isFinished) this.tellDisconnect(error);
    this.sight = undefined;
    if (this.isOver) return;
    if (duringHandshake) this.failures += 1;
    const reason = whyAfterConnection(error, duringHandshake, this.failures, this.profile.options);
    if (this.connecter === undefined || reason !== undefined) {
      this.stopped(reason, error);
      return;
    }
    this.profile.unreached?.();
    if (this.isOver) return;
    if (this.isEnding) {
      // Only messages that are still in the pipe are a reason to connect once more.
      if ((this.pipe?.readable ?? 0) === 0 || !this.connecter.retry()) this.end();
      return;
    }
    if (this.profile.options.immediate) {
      this.pipe?.close();
      this.pipe = undefined;
    } else {
      this.pipe?.disconnect();
    }
    // The application may have closed the socket from inside one of these calls.
    if (!this.isEnding) this.retryUnless(undefined, error);
  }

  passed(error: ZmqError): void {
    if (error.limit === undefined || error === this.told) return;
    this.told = error;
    this.host.peers?.limitPassed(error.limit);
    this.tell("limit", { error } as Omit<EventDetails["limit"], "address">);
  }

  lost(packets: number, source: string): void {
    this.tell("loss", { packets, source }, `${packets} packets of ${source} are lost, and messages with them`);
  }

  datagramDropped(error: ZmqError): void {
    this.host.peers?.datagramDropped(error.code);
    this.tell("datagram:drop", { error });
  }

  private retryUnless(reason: ConnectStopReason | undefined, error: ZmqError | undefined): void {
    if (this.isOver) return;
    if (reason !== undefined || this.connecter?.retry() !== true) this.stopped(reason ?? "interval", error);
  }

  /** The endpoint is given up. */
  private stopped(reason: ConnectStopReason | undefined, error: ZmqError | undefined): void {
    if (this.isOver) return;
    if (reason !== undefined && this.isConnecting && !this.isEnding) {
      const details = { stop: reason, attempts: this.failures, ...(error === undefined ? {} : { error }) };
      this.tell("connect:stop", details, `given up: ${reason}${error === undefined ? "" : `, ${error.message}`}`);
    }
    this.end();
  }

  // ── Life ───────────────────────────────────────────────────────────────────────────────────────────────────────

  private run(connection: Connection): void {
    // The application may have closed the socket when it heard of the connection.
    if (this.isOver) {
      connection.destroy();
      return;
    }
    const { transport, engineSetup } = this.profile;
    this.connection = connection;
    this.engine = transport.createEngine(connection, engineSetup, this);
    this.engine.start();
    // Closed while no connection stood: this one is for what is left in the pipe.
    if (this.isEnding) this.engine?.finish();
  }

  private countReconnection(): void {
    this.reconnections += 1;
    if (this.host.peers !== undefined) this.host.peers.reconnections += 1;
  }

  /** The connection is over: keeps what is known of it, and lets it go. */
  private countOctets(): void {
    this.formerSent = this.octetsSent;
    this.formerReceived = this.octetsReceived;
    this.connection = undefined;
  }

  /** Nothing is left to do for a socket that was closed. */
  private get isFinished(): boolean {
    return this.isEnding && !this.hasUnsent;
  }

  // ── Events ─────────────────────────────────────────────────────────────────────────────────────────────────────

  /** Notes where a connection goes: once it is over, it does not know any more. */
  private look(connection: Connection): void {
    this.sight = this.host.isObserved
      ? { local: connection.local ?? "", remote: connection.remote, peer: undefined }
      : undefined;
  }

  private tell<T extends EventType>(type: T, details: Omit<EventDetails[T], "address">, reason?: string): void {
    const { host, endpoint, sight } = this;
    if (!host.isObserved) return;
    const place = (address: string): string => `${endpoint.slice(0, endpoint.indexOf("://") + 3)}${address}`;
    const [near, far] = [sight === undefined ? "" : place(sight.local), sight === undefined ? "" : place(sight.remote)];
    const [local, remote] = this.isConnecting ? [near, endpoint] : [near === "" ? endpoint : near, far];
    const peer = this.peerSeen(sight);
    const seen = { ...details, address: endpoint } as unknown as EventDetails[T];
    host.emit(newEvent(type, seen, { local, remote, peer, ...(reason === undefined ? {} : { reason }) }));
  }

  private peerSeen(sight: Sight | undefined): EventPeer | undefined {
    if (sight === undefined) return undefined;
    return eventPeer(sight.remote, sight.peer, this.host.peerOf?.(this)?.routingId);
  }

  /** Nobody looked when the connection came, but somebody does now. */
  private recall(): void {
    const peer = this.host.isObserved ? this.host.peerOf?.(this)?.peer : undefined;
    if (peer !== undefined) this.sight = { local: "", remote: peer.address, peer };
  }

  private tellDisconnect(error: ZmqError | undefined): void {
    this.tell("disconnect", error === undefined ? {} : { error }, error?.message ?? "the peer closed the connection");
  }

  private tellHandshakeError(error: ZmqError | undefined): void {
    if (error instanceof ProtocolError && error.code !== "EMSGSIZE") {
      this.tell("handshake:error:protocol", { error } as Omit<EventDetails["handshake:error:protocol"], "address">);
    } else if (error instanceof AuthenticationError) {
      this.tell("handshake:error:auth", { error });
    } else {
      const text = `${this.endpoint}: the connection ended before the handshake was done`;
      this.tell("handshake:error:other", { error: error ?? new ZmqError("EPIPE", text) });
    }
  }

  private end(): void {
    if (this.isOver) return;
    this.isOver = true;
    this.profile.handshakes?.delete(this);
    this.lingerTimer?.cancel();
    this.connecter?.stop();
    this.engine?.stop();
    this.engine = undefined;
    this.countOctets();
    this.pipe?.close();
    this.host.ended(this);
  }
}

/** Who is behind an endpoint that nobody connects to: whoever listens, and filters for themselves. */
function everybody(address: string): Peer {
  return { routingId: EMPTY, socketType: undefined, address, metadata: new Map(), wantsEverything: true };
}
