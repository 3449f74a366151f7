// SPDX-License-Identifier: MIT
/**
 * Everything around one engine: a fake clock, a fake connection, a session's part and the upper end of the pipe, so that
 * a test sees octets on one side and messages on the other. Used by the tests of `engine/` and `session/`.
 */
import type { ZmqError } from "../../src/base/errors.ts";
import type { Engine, EngineHost, EngineOptions, EngineSetup } from "../../src/engine/engine.ts";
import { socketTypes } from "../../src/pattern/index.ts";
import { createPipePair, type LocalPipe } from "../../src/pipe/local-pipe.ts";
import type { PipeItem } from "../../src/pipe/message.ts";
import type { Peer, Pipe, PipeOwner } from "../../src/pipe/pipe.ts";
import type { AuthenticationReply, Mechanism } from "../../src/security/mechanism.ts";
import { NullMechanism } from "../../src/security/null.ts";
import type { SlabPool } from "../../src/wire/frame.ts";
import { FakeClock } from "./fake-clock.ts";
import { FakeConnection } from "./fake-connection.ts";
import { octets, show } from "./pattern-host.ts";

/** Options as a new socket has them. */
export function engineOptions(changes: Partial<EngineOptions> = {}): EngineOptions {
  return {
    routingId: new Uint8Array(0),
    maxMessageSize: -1,
    handshakeInterval: 30000,
    heartbeatInterval: 0,
    heartbeatTimeout: -1,
    heartbeatTimeToLive: 0,
    maxMessageParts: 1_000_000,
    maxMessageBytes: -1,
    receiveHighWaterMarkBytes: 0,
    onlyFirstSubscribe: false,
    inBatchSize: 8192,
    outBatchSize: 8192,
    ...changes,
  };
}

/** Slabs that are poisoned when they come back: whoever still looks at one sees it. */
export class PoisonedSlabs implements SlabPool {
  private readonly idle: Uint8Array[] = [];

  take(): Uint8Array {
    return this.idle.pop() ?? new Uint8Array(65536);
  }

  give(slab: Uint8Array): void {
    slab.fill(0xee);
    this.idle.push(slab);
  }
}

/** How a rig differs from a NULL PAIR. */
export interface RigOptions {
  type?: string;
  options?: Partial<EngineOptions>;
  mechanism?: () => Mechanism;
  requiresSecurity?: boolean;
  properties?: Iterable<readonly [string, Uint8Array]>;
  clock?: FakeClock;
  connection?: FakeConnection;
  /** What may wait for the engine, and for the application. */
  outbound?: number;
  inbound?: number;
  isRaw?: boolean;
  createEngine: (connection: FakeConnection, setup: EngineSetup, host: EngineHost) => Engine;
}

/** One engine and its surroundings. */
export class EngineRig implements EngineHost, PipeOwner {
  readonly clock: FakeClock;
  readonly connection: FakeConnection;
  readonly engine: Engine;
  /** The application's end. */
  readonly near: LocalPipe;
  private readonly far: LocalPipe;
  peer: Peer | undefined = undefined;
  /** How the connection ended; undefined: it has not. */
  ended: { error: ZmqError | undefined; duringHandshake: boolean } | undefined = undefined;
  /** Called instead of accepting the peer. */
  onHandshake: (peer: Peer) => boolean = () => true;
  /** A question to the authenticator that has no answer yet. */
  question:
    | {
        mechanism: string;
        address: string;
        credentials: readonly Uint8Array[];
        reply: (reply: AuthenticationReply | undefined) => void;
        failed: (error: ZmqError) => void;
      }
    | undefined = undefined;
  /** The question was taken back. */
  hasTakenBack = false;
  writable = 0;

  constructor(rig: RigOptions) {
    this.clock = rig.clock ?? new FakeClock();
    this.connection = rig.connection ?? new FakeConnection();
    const type = socketTypes.get(rig.type ?? "PAIR");
    if (type === undefined) throw new Error(`no socket type ${rig.type}`);
    [this.near, this.far] = createPipePair({ inbound: rig.inbound ?? 0, outbound: rig.outbound ?? 0 });
    this.near.owner = this;
    const setup: EngineSetup = {
      options: engineOptions(rig.options),
      socketType: type,
      isRaw: rig.isRaw ?? false,
      properties: rig.properties ?? [],
      createMechanism: rig.mechanism ?? (() => new NullMechanism()),
      authenticate: ({ mechanism, address, credentials }, reply, failed) => {
        this.question = { mechanism, address, credentials, reply, failed };
        return () => {
          this.hasTakenBack = true;
        };
      },
      requiresSecurity: rig.requiresSecurity ?? false,
      clock: this.clock,
      slabs: new PoisonedSlabs(),
    };
    this.engine = rig.createEngine(this.connection, setup, this);
    this.far.owner = {
      take: (message) => this.engine.accept?.(message) === true,
      readActivated: () => this.engine.pipeReadable(),
      flush: () => this.engine.pipeReadable(true),
      writeActivated: () => this.engine.pipeWritable(),
      connected: () => {},
      disconnected: () => {},
      hiccuped: () => {},
      closing: () => this.engine.finish(),
      closed: () => {},
    };
  }

  get isOver(): boolean {
    return this.ended !== undefined;
  }

  // ── As the session ─────────────────────────────────────────────────────────────────────────────────────────────

  handshaken(peer: Peer): Pipe | undefined {
    this.peer = peer;
    return this.onHandshake(peer) ? this.far : undefined;
  }

  /** Limits that the engine told of before the end. */
  readonly limits: unknown[] = [];

  passed({ limit }: ZmqError): void {
    this.limits.push(limit);
  }

  over(error: ZmqError | undefined, duringHandshake: boolean): void {
    if (this.ended !== undefined) throw new Error("over came twice");
    this.ended = { error, duringHandshake };
  }

  // ── As the application ─────────────────────────────────────────────────────────────────────────────────────────

  send(...frames: string[]): boolean {
    return this.near.write(frames.map(octets));
  }

  write(item: PipeItem): boolean {
    return this.near.write(item);
  }

  receive(): string[] | string | undefined {
    return show(this.near.read());
  }

  receiveAll(): (string[] | string)[] {
    const all: (string[] | string)[] = [];
    for (let item = this.receive(); item !== undefined; item = this.receive()) all.push(item);
    return all;
  }

  /** The octets that the engine has written by the end of this turn. */
  sent(): string {
    this.clock.endTurn();
    return this.connection.takeSent().toString("hex");
  }

  /** Octets arrive: hex with spaces. */
  arrive(...hex: string[]): void {
    for (const each of hex) this.connection.receive(Buffer.from(each.replaceAll(" ", ""), "hex"));
  }

  readActivated(): void {}

  writeActivated(): void {
    this.writable += 1;
  }

  connected(): void {}
  disconnected(): void {}
  hiccuped(): void {}
  closing(): void {}
  closed(): void {}
}
