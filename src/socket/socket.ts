// SPDX-License-Identifier: MIT
/**
 * The core of every socket: options, endpoints, and the life of its pipes. It stands between the pattern, which decides
 * where messages go, and the sessions, which carry them; everything here is synchronous but bind, unbind and close. The
 * typed classes with promises are in `api/`.
 */
import type { Clock } from "../base/clock.ts";
import { ZmqError } from "../base/errors.ts";
import type { EngineSetup } from "../engine/engine.ts";
import type { Pattern } from "../pattern/pattern.ts";
import { isLegalPeer, type SocketType } from "../pattern/socket-type.ts";
import { FrameGuard } from "../pipe/frame-guard.ts";
import type { Message } from "../pipe/message.ts";
import type { Peer, Pipe, PipeOwner } from "../pipe/pipe.ts";
import type { MechanismChoice } from "../security/mechanism.ts";
import type { Event } from "../session/events.ts";
import type { Session, SessionProfile } from "../session/session.ts";
import type { PipeSide, PipeTransport, Transport } from "../transport/transport.ts";
import type { SlabPool } from "../wire/frame.ts";
import { Admission } from "./admission.ts";
import { type EndpointHost, Endpoints } from "./endpoints.ts";
import { EngineSetups, requireConsistent } from "./engine-setups.ts";
import { isAlike, type SocketOptionValues } from "./options.ts";
import { Peers } from "./peers.ts";
import { Queues } from "./queues.ts";

/** What a socket core is made from. */
export interface SocketSetup {
  readonly type: SocketType;
  readonly options: SocketOptionValues;
  readonly clock: Clock;
  readonly transports: ReadonlyMap<string, Transport>;
  readonly inproc: PipeTransport | undefined;
  readonly mechanisms: readonly MechanismChoice[];
  readonly slabs: SlabPool;
  /** The context's `ioThreads` when it made its first socket. */
  readonly ioThreads: number;
  /** Something happened that may let a waiting send or receive go on. */
  activity(): void;
  /** True while somebody wants to hear of events. */
  isObserved(): boolean;
  emit(event: Event): void;
}

/** One socket, without its promises. */
export class SocketCore implements PipeOwner, EndpointHost {
  readonly type: SocketType;
  readonly options: SocketOptionValues;
  readonly guard: FrameGuard = new FrameGuard();
  readonly endpoints: Endpoints;
  readonly peers: Peers;
  readonly admission: Admission;
  /** True once `close` was called. */
  isClosed = false;
  /** True once the context was shut down. */
  isTerminated = false;
  /** One of the two: nothing may be called any more but `close`. */
  isOver = false;

  /** The routing id for the next connection, set by libzmq's `ZMQ_CONNECT_ROUTING_ID`. */
  nextRoutingId: Uint8Array | undefined = undefined;

  private readonly setup: SocketSetup;
  private readonly pattern: Pattern;
  private readonly queues: Queues;
  private readonly engineSetups: EngineSetups;
  private readonly pipes = new Set<Pipe>();
  private readonly sessions = new Map<Session, Pipe | undefined>();
  /** Counts what pipes report, to notice that something changed while the pattern was looking for a message. */
  private reports = 0;
  /** True while the pattern is at work: what pipes report meanwhile is passed on afterwards, never from inside. */
  private isBusy = false;
  private wasActive = false;
  private whenClosed: { promise: Promise<void>; resolve: () => void } | undefined = undefined;
  private hasFreedAddresses = false;
  private closeLinger: number | undefined = undefined;
  private latestOptions: SocketOptionValues | undefined = undefined;

  constructor(setup: SocketSetup) {
    this.setup = setup;
    this.type = setup.type;
    this.options = setup.options;
    this.pattern = setup.type.create(setup.options, setup.clock);
    this.queues = new Queues(this);
    this.engineSetups = new EngineSetups(setup);
    this.admission = new Admission(setup.options);
    this.endpoints = new Endpoints(this);
    this.peers = new Peers(this.pattern, this.pipes, this.sessions);
  }

  // ── Messages ───────────────────────────────────────────────────────────────────────────────────────────────────

  /** Sends now, or says false. `isForeign`: small parts must be copied if they have to wait. */
  trySend(message: Message, isForeign: boolean): boolean {
    this.guard.isForeign = isForeign;
    this.isBusy = true;
    try {
      if (this.queues.hasKeys) {
        this.queues.prepare(message);
        // The application's function, which has just been called, may have closed the socket.
        this.requireOpen("send");
      }
      return this.pattern.send(message);
    } finally {
      this.guard.release();
      this.rest();
    }
  }

  /** Takes a message that is there, or gives undefined. */
  tryReceive(): Message | undefined {
    this.isBusy = true;
    try {
      for (;;) {
        const before = this.reports;
        const message = this.pattern.receive();
        // Reading can bring out that a peer has gone, and that can put a notice into the pattern.
        if (message === undefined && this.reports !== before) continue;
        if (message !== undefined && this.options.messageDetails) this.peers.mark(message);
        return message;
      }
    } finally {
      this.rest();
    }
  }

  /** Takes all messages that are there, up to a limit. */
  tryReceiveAll(batch: Message[], limit: number): void {
    const { messageDetails } = this.options;
    this.isBusy = true;
    try {
      while (batch.length < limit) {
        const before = this.reports;
        const message = this.pattern.receive();
        if (message !== undefined) {
          if (messageDetails) this.peers.mark(message);
          batch.push(message);
        } else if (this.reports === before) return;
      }
    } finally {
      this.rest();
    }
  }

  private rest(): void {
    this.isBusy = false;
    if (!this.wasActive) return;
    this.wasActive = false;
    this.setup.activity();
  }

  /** `ZMQ_POLLOUT`. */
  canSend(): boolean {
    return !this.isOver && this.pattern.canSend();
  }

  /** `ZMQ_POLLIN`. */
  canReceive(): boolean {
    if (this.isOver) return false;
    // To answer, a pattern may have to read, and to read can bring out that a peer has gone.
    const wasBusy = this.isBusy;
    this.isBusy = true;
    try {
      return this.pattern.canReceive();
    } finally {
      this.isBusy = wasBusy;
      if (!wasBusy) this.rest();
    }
  }

  /** SUB, and XPUB in manual mode. */
  changeSubscription(verb: "subscribe" | "unsubscribe", topic: Uint8Array): void {
    this.isBusy = true;
    try {
      this.pattern[verb]?.(topic);
    } finally {
      this.rest();
    }
  }

  /** Has the pattern do what only its type can; `undefined` where it cannot. */
  perform<T>(work: (pattern: Pattern) => T): T {
    this.isBusy = true;
    try {
      return work(this.pattern);
    } finally {
      this.rest();
    }
  }

  /** @throws ZmqError `EBADF` once the socket is closed, `ETERM` once its context was shut down */
  requireOpen(verb: string, address?: string): void {
    if (!this.isOver) return;
    if (this.isTerminated) throw new ZmqError("ETERM", `Context was terminated: ${verb} comes too late`, { address });
    throw new ZmqError("EBADF", `Socket is closed: ${verb} needs an open one`, { address });
  }

  /** The context is shut down: the socket does nothing for its application any more, and waits to be closed. */
  terminate(): void {
    this.isTerminated = true;
    this.isOver = true;
  }

  // ── Endpoints ──────────────────────────────────────────────────────────────────────────────────────────────────

  /** The values of now, for one endpoint: later changes of most options concern later endpoints. Shared while none changes. */
  private snapshot(server?: unknown): SocketOptionValues {
    requireConsistent(this.type, this.options);
    if (server !== undefined) return { ...this.options, live: this.options, server };
    const latest = this.latestOptions;
    if (latest !== undefined && isAlike(latest, this.options)) return latest;
    this.latestOptions = { ...this.options, live: this.options };
    return this.latestOptions;
  }

  bind(endpoint: string, server?: unknown): Promise<void> {
    return this.endpoints.bind(endpoint, this.snapshot(server));
  }

  bindSync(endpoint: string, server?: unknown): void {
    this.endpoints.bindSync(endpoint, this.snapshot(server));
  }

  connect(endpoint: string, connectRoutingId: Uint8Array | undefined, resolveInterval?: number): void {
    const id = connectRoutingId ?? this.nextRoutingId;
    this.nextRoutingId = undefined;
    this.endpoints.connect(endpoint, this.snapshot(), id, resolveInterval);
  }

  /** PUB, SUB, XPUB, XSUB: number of distinct prefixes that are subscribed to; 0 elsewhere. */
  topicsCount(): number {
    return this.pattern.topicsCount?.() ?? 0;
  }

  /** Sets new high-water marks on the pipes that are there (`ZMQ_SNDHWM` and `ZMQ_RCVHWM` take effect at once). */
  applyHighWaterMarks(): void {
    const { receiveHighWaterMark, sendHighWaterMark } = this.options;
    for (const pipe of this.pipes) pipe.setHighWaterMarks(receiveHighWaterMark, sendHighWaterMark);
  }

  /** True while messages wait that no connection has taken yet, and `linger` lets them; `waited`: for how long already. */
  hasUnsent(waited: number): boolean {
    // Closed but not gone: somebody may be waiting for the close, and the sessions look after their time themselves.
    if (this.isClosed) return true;
    const linger = this.linger();
    if (linger === 0 || (linger > 0 && waited >= linger)) return false;
    for (const session of this.sessions.keys()) if (session.hasUnsent) return true;
    return false;
  }

  /** Closes; resolves when everything that was sent has left, or its time was up. */
  close(linger: number | undefined): Promise<void> {
    if (this.whenClosed !== undefined) {
      if (linger !== undefined) this.lingerFor(linger);
      return this.whenClosed.promise;
    }
    this.isClosed = true;
    this.isOver = true;
    this.closeLinger = linger;
    const { promise, resolve } = withResolver();
    this.whenClosed = { promise, resolve };
    const endpointsClosed = this.endpoints.close();
    for (const session of [...this.sessions.keys()]) this.dropSession(session);
    for (const pipe of [...this.pipes]) this.dropPipe(pipe);
    void endpointsClosed.then(() => {
      this.hasFreedAddresses = true;
      this.maybeClosed();
    });
    return promise;
  }

  /** Called again, `close` gives what is still unsent another time than it had. */
  private lingerFor(linger: number): void {
    this.closeLinger = linger;
    for (const session of [...this.sessions.keys()]) session.terminate();
  }

  private maybeClosed(): void {
    if (this.hasFreedAddresses && this.sessions.size === 0) this.whenClosed?.resolve();
  }

  // ── As the owner of the upper ends of pipes ────────────────────────────────────────────────────────────────────

  readActivated(pipe: Pipe): void {
    this.pattern.readActivated(pipe);
    this.report();
  }

  writeActivated(pipe: Pipe): void {
    this.pattern.writeActivated(pipe);
    this.report();
  }

  connected(pipe: Pipe): void {
    this.peers.connected(pipe);
    this.pattern.connected(pipe);
    this.report();
  }

  disconnected(pipe: Pipe): void {
    this.peers.disconnected(pipe);
    this.pattern.disconnected(pipe);
    this.report();
  }

  hiccuped(pipe: Pipe): void {
    this.pattern.hiccuped(pipe);
    this.report();
  }

  closing(pipe: Pipe): void {
    this.pattern.closing(pipe);
    this.report();
  }

  closed(pipe: Pipe): void {
    if (this.options.messageDetails) this.peers.leave(pipe);
    this.pattern.detach(pipe);
    pipe.close();
    this.report();
  }

  dropping(pipe: Pipe): void {
    if (this.isObserved) this.emit(this.peers.dropEvent(pipe, undefined));
  }

  dropped(pipe: Pipe, count: number): void {
    if (this.isObserved) this.emit(this.peers.dropEvent(pipe, count));
  }

  /** A partner within the process finds this socket too slow. */
  cutOff(pipe: Pipe): void {
    this.setup.clock.defer(() => this.dropPipe(pipe));
  }

  released(pipe: Pipe): void {
    this.peers.released(pipe);
    this.admission.released(pipe);
    this.pipes.delete(pipe);
    this.endpoints.forgetPipe(pipe);
  }

  private report(): void {
    this.reports += 1;
    if (this.isBusy) this.wasActive = true;
    else this.setup.activity();
  }

  private attach(pipe: Pipe, isLocal: boolean): void {
    pipe.owner = this;
    this.pipes.add(pipe);
    this.pattern.attach(pipe, isLocal);
    if (pipe.isClosing) this.pattern.closing(pipe);
    if (pipe.readable > 0) this.pattern.readActivated(pipe);
    this.report();
  }

  dropPipe(pipe: Pipe): void {
    if (!this.pipes.has(pipe)) return;
    if (this.options.messageDetails) this.peers.leave(pipe);
    pipe.close();
    this.pattern.detach(pipe);
    // That the peer has gone can be news for the application: an XPUB's unsubscriptions, a ROUTER's notices.
    if (!this.isClosed) this.report();
  }

  // ── As the host of sessions ────────────────────────────────────────────────────────────────────────────────────

  get clock(): Clock {
    return this.setup.clock;
  }

  get typeName(): string {
    return this.type.name;
  }

  get isSingleConnect(): boolean {
    return this.type.isSingleConnect;
  }

  get schemes(): readonly string[] | undefined {
    return this.type.schemes;
  }

  get transports(): ReadonlyMap<string, Transport> {
    return this.setup.transports;
  }

  get ioThreads(): number {
    return this.setup.ioThreads;
  }

  get inproc(): PipeTransport | undefined {
    return this.setup.inproc;
  }

  get repeatsState(): boolean {
    return this.type.isSubscriber;
  }

  linger(): number {
    return this.closeLinger ?? this.options.linger;
  }

  isLegalPeer(socketType: string): boolean {
    return isLegalPeer(this.type, socketType);
  }

  get isObserved(): boolean {
    return this.setup.isObserved();
  }

  emit(event: Event): void {
    this.setup.emit(event);
  }

  peerOf(session: Session): { peer: Peer | undefined; routingId: Uint8Array | undefined } | undefined {
    const pipe = this.sessions.get(session);
    return pipe && { peer: pipe.peer, routingId: this.pattern.routingIdOf?.(pipe) };
  }

  added(session: Session): void {
    this.sessions.set(session, undefined);
  }

  openPipe(session: Session, peer: Peer | undefined): Pipe | undefined {
    if (this.isClosed) return undefined;
    const [near, far] = this.queues.pair(session.profile, this.options);
    near.guard = this.guard;
    near.endpoint = session.endpoint;
    near.connectRoutingId = session.profile.connectRoutingId;
    near.peer = peer;
    far.owner = session;
    this.sessions.set(session, near);
    this.attach(near, session.isConnecting);
    if (peer !== undefined) this.connected(near);
    return far;
  }

  dropSession(session: Session): void {
    const pipe = this.sessions.get(session);
    if (pipe !== undefined) this.dropPipe(pipe);
    session.terminate();
  }

  dropSessions(profile: SessionProfile): void {
    for (const session of [...this.sessions.keys()]) if (session.profile === profile) this.dropSession(session);
  }

  ended(session: Session): void {
    this.peers.ended(session);
    const pipe = this.sessions.get(session);
    this.admission.ended(session, pipe !== undefined && this.pipes.has(pipe) ? pipe : undefined);
    this.sessions.delete(session);
    this.endpoints.forget(session);
    this.maybeClosed();
  }

  engineSetup(options: SocketOptionValues, isConnecting: boolean): EngineSetup {
    return this.engineSetups.for(options, isConnecting);
  }

  pipeSide(endpoint: string, connectRoutingId: Uint8Array | undefined): PipeSide {
    const metadata = new Map(this.options.metadata);
    return {
      ...this.queues.side(endpoint, this.options),
      guard: this.guard,
      peer: {
        routingId: this.options.routingId,
        socketType: this.type.name,
        address: "",
        metadata,
        wantsEverything: false,
      },
      attach: (pipe, isLocal) => {
        if (this.isClosed) {
          pipe.close();
          return;
        }
        pipe.endpoint = endpoint;
        pipe.connectRoutingId = connectRoutingId;
        this.attach(pipe, isLocal);
      },
    };
  }
}

function withResolver(): { promise: Promise<void>; resolve: () => void } {
  let resolve: () => void = () => {};
  const promise = new Promise<void>((done) => {
    resolve = done;
  });
  return { promise, resolve };
}
