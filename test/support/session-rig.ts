// SPDX-License-Identifier: MIT
/**
 * Everything around one session: a fake clock, a transport whose attempts a test decides, engines that do as they are
 * told, and the socket's part. Used by the tests of `session/`.
 */
import { ZmqError } from "../../src/base/errors.ts";
import type { Connection } from "../../src/engine/connection.ts";
import type { Engine, EngineHost, EngineSetup } from "../../src/engine/engine.ts";
import { createPipePair, type LocalPipe } from "../../src/pipe/local-pipe.ts";
import type { Peer, Pipe, PipeOwner } from "../../src/pipe/pipe.ts";
import type { Event } from "../../src/session/events.ts";
import { Session, type SessionHost, type SessionOptions } from "../../src/session/session.ts";
import type { Address, Listener, Transport, TransportOptions } from "../../src/transport/transport.ts";
import { FakeClock } from "./fake-clock.ts";
import { FakeConnection } from "./fake-connection.ts";
import { octets, peerNamed, show } from "./pattern-host.ts";

/** One attempt to connect, which the test decides. */
export interface Attempt {
  readonly address: Address;
  readonly signal: AbortSignal;
  succeed(): Promise<FakeConnection>;
  fail(error?: ZmqError): Promise<void>;
}

/** A transport that reaches whom the test says. */
export class FakeTransport implements Transport {
  readonly scheme = "fake";
  readonly attempts: Attempt[] = [];
  readonly engines: FakeEngine[] = [];

  parse(address: string): Address {
    return { endpoint: `fake://${address}` };
  }

  listen(): Promise<Listener> {
    return Promise.reject(new ZmqError("EADDRNOTAVAIL"));
  }

  connect(address: Address, _options: TransportOptions, signal: AbortSignal): Promise<Connection> {
    return new Promise((resolve, reject) => {
      this.attempts.push({
        address,
        signal,
        async succeed() {
          const connection = new FakeConnection();
          resolve(connection);
          await ticks();
          return connection;
        },
        async fail(error = new ZmqError("ECONNREFUSED", "refused")) {
          reject(error);
          await ticks();
        },
      });
    });
  }

  createEngine(connection: Connection, _setup: EngineSetup, host: EngineHost): Engine {
    const engine = new FakeEngine(connection as FakeConnection, host);
    this.engines.push(engine);
    return engine;
  }

  get lastAttempt(): Attempt {
    return this.attempts.at(-1) as Attempt;
  }

  get lastEngine(): FakeEngine {
    return this.engines.at(-1) as FakeEngine;
  }
}

/** An engine that speaks no protocol. */
export class FakeEngine implements Engine {
  readonly connection: FakeConnection;
  readonly host: EngineHost;
  readonly calls: string[] = [];
  pipe: Pipe | undefined = undefined;

  constructor(connection: FakeConnection, host: EngineHost) {
    this.connection = connection;
    this.host = host;
  }

  start(): void {
    this.calls.push("start");
  }

  pipeReadable(): void {
    this.calls.push("pipeReadable");
  }

  pipeWritable(): void {
    this.calls.push("pipeWritable");
  }

  finish(): void {
    this.calls.push("finish");
  }

  stop(): void {
    this.calls.push("stop");
  }

  /** The handshake is done. */
  handshake(peer: Peer = peerNamed("peer")): Pipe | undefined {
    this.pipe = this.host.handshaken(peer);
    return this.pipe;
  }

  /** What the session's pipe holds for the peer. */
  take(): string[] | string | undefined {
    return show(this.pipe?.read());
  }

  /** The connection is over. */
  lose(error?: ZmqError, duringHandshake = false): void {
    this.host.over(error, duringHandshake);
  }
}

/** Lets promises that have been settled take effect. */
export async function ticks(): Promise<void> {
  for (let i = 0; i < 10; i += 1) await Promise.resolve();
}

/** One session and its surroundings. */
export class SessionRig implements SessionHost, PipeOwner {
  readonly clock: FakeClock = new FakeClock();
  readonly transport: FakeTransport = new FakeTransport();
  readonly session: Session;
  readonly events: Event[] = [];
  /** What the upper end of the pipe was told. */
  readonly told: string[] = [];
  repeatsState = false;
  isObserved = true;
  lingerTime = -1;
  illegal = "";
  near: LocalPipe | undefined = undefined;
  isEnded = false;
  private readonly options: SessionOptions;

  constructor(options: Partial<SessionOptions> = {}) {
    this.options = {
      reconnectInterval: 100,
      reconnectMaxInterval: 0,
      connectTimeout: 0,
      backlog: 100,
      ipv6: false,
      tcpKeepalive: -1,
      tcpKeepaliveIdle: -1,
      tcpKeepaliveInterval: -1,
      tcpKeepaliveCount: -1,
      typeOfService: 0,
      tcpAcceptFilter: [],
      useFd: -1,
      immediate: false,
      reconnectStop: 0,
      reconnectAttempts: 0,
      reconnectJitter: null,
      sendHighWaterMarkBytes: 0,
      receiveHighWaterMarkBytes: 0,
      ...options,
    };
    this.session = new Session(this, {
      endpoint: "fake://peer",
      transport: this.transport,
      options: this.options,
      conflates: false,
      connectRoutingId: undefined,
      engineSetup: {} as EngineSetup,
    });
  }

  /** A session that connects. */
  connect(): this {
    this.session.connect(this.transport.parse("peer"));
    return this;
  }

  /** A session that serves an accepted connection. */
  accept(): this {
    this.session.accept(new FakeConnection());
    return this;
  }

  /** Lets the attempt under way succeed, and the handshake with it. */
  async marry(): Promise<FakeEngine> {
    await this.transport.lastAttempt.succeed();
    this.transport.lastEngine.handshake();
    return this.transport.lastEngine;
  }

  openPipe(_session: Session, peer: Peer | undefined): Pipe {
    const [near, far] = createPipePair({ inbound: 0, outbound: 0 });
    near.owner = this;
    near.peer = peer;
    far.owner = this.session;
    this.near = near;
    near.checkRead();
    this.told.push("attached");
    return far;
  }

  isLegalPeer(socketType: string): boolean {
    return socketType !== this.illegal;
  }

  linger(): number {
    return this.lingerTime;
  }

  emit(event: Event): void {
    this.events.push(event);
  }

  ended(): void {
    if (this.isEnded) throw new Error("ended came twice");
    this.isEnded = true;
  }

  send(...frames: string[]): boolean {
    return this.near?.write(frames.map(octets)) ?? false;
  }

  /** The types of the events since the last call. */
  takeEvents(): string[] {
    return this.events.splice(0).map((event) => event.type);
  }

  takeTold(): string[] {
    return this.told.splice(0);
  }

  readActivated(): void {
    this.told.push("readable");
  }

  writeActivated(): void {
    this.told.push("writable");
  }

  connected(): void {
    this.told.push("connected");
  }

  disconnected(): void {
    this.told.push("disconnected");
  }

  hiccuped(): void {
    this.told.push("hiccuped");
  }

  closing(): void {
    this.told.push("closing");
  }

  closed(): void {
    this.told.push("closed");
  }
}
