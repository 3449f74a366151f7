// SPDX-License-Identifier: MIT
/**
 * Stand-ins for what surrounds a pattern: `PatternHost` forwards what happens to its pipes, as a socket does; `FarEnd` is
 * a peer that holds the other end of one pipe. No network and no socket, so that each test sees one pattern alone.
 */
import { socketTypes } from "../../src/pattern/index.ts";
import type { Pattern, PatternOptions } from "../../src/pattern/pattern.ts";
import { createPipePair, type LocalPipe } from "../../src/pipe/local-pipe.ts";
import { type PipeItem, Subscription } from "../../src/pipe/message.ts";
import type { Peer, Pipe, PipeOwner } from "../../src/pipe/pipe.ts";
import { FakeClock } from "./fake-clock.ts";

/** Options as a new socket has them. */
export function patternOptions(changes: Partial<PatternOptions> = {}): PatternOptions {
  return {
    routingId: new Uint8Array(0),
    probeRouter: false,
    mandatory: false,
    handover: false,
    routerRaw: false,
    routerNotify: 0,
    correlate: false,
    relaxed: false,
    verbosity: null,
    noDrop: false,
    manual: false,
    manualLastValue: false,
    welcomeMessage: null,
    invertMatching: false,
    onlyFirstSubscribe: false,
    maxSubscriptions: 0,
    maxSubscriptionBytes: 0,
    verboseUnsubscribe: false,
    helloMessage: null,
    disconnectMessage: null,
    hiccupMessage: null,
    notify: true,
    conflate: false,
    whenFull: null,
    receiveHighWaterMark: 1000,
    ...changes,
  };
}

/** One octet for each character. */
export function octets(text: string): Uint8Array {
  return Uint8Array.from(text, (character) => character.charCodeAt(0));
}

/** One character for each octet. */
export function text(bytes: Uint8Array): string {
  let result = "";
  for (const byte of bytes) result += String.fromCharCode(byte);
  return result;
}

/** What a test looks at: a message as its frames' texts, a subscription as `+topic` or `-topic`, groups likewise. */
export function show(item: PipeItem | undefined): string[] | string | undefined {
  if (item === undefined) return undefined;
  if (item instanceof Subscription) {
    const isMore = item.kind === "subscribe" || item.kind === "join";
    return `${isMore ? "+" : "-"}${text(item.topic)}`;
  }
  if (!Array.isArray(item)) throw new Error("a run, where nobody said that it takes runs");
  return item.map(text);
}

/** What is known of a peer. */
export function peerNamed(routingId = "", changes: Partial<Peer> = {}): Peer {
  const known = { socketType: undefined, address: "127.0.0.1:1", metadata: new Map(), wantsEverything: false };
  return { routingId: octets(routingId), ...known, ...changes };
}

/** Holds a pattern, as a socket does. */
export class PatternHost implements PipeOwner {
  readonly pattern: Pattern;
  readonly options: PatternOptions;
  readonly clock: FakeClock = new FakeClock();
  /** Pipes that are attached, as far as a socket knows. */
  readonly pipes: Set<Pipe> = new Set();
  /** How often the pattern was told that something can be read or written. */
  activations = 0;

  constructor(type: string, changes: Partial<PatternOptions> = {}) {
    const row = socketTypes.get(type);
    if (row === undefined) throw new Error(`no socket type ${type}`);
    this.options = patternOptions(changes);
    this.pattern = row.create(this.options, this.clock);
  }

  /** Takes an end of a pipe. */
  attach(pipe: Pipe, isLocal: boolean): void {
    pipe.owner = this;
    this.pipes.add(pipe);
    this.pattern.attach(pipe, isLocal);
  }

  /** Ends a pipe as `disconnect` does: what is unread is dropped. */
  drop(pipe: Pipe): void {
    this.pipes.delete(pipe);
    this.pattern.detach(pipe);
    pipe.close();
  }

  send(...frames: string[]): boolean {
    return this.pattern.send(frames.map(octets));
  }

  receive(): string[] | undefined {
    return this.pattern.receive()?.map(text);
  }

  /** Everything that can be received now. */
  receiveAll(): string[][] {
    const all: string[][] = [];
    for (let message = this.receive(); message !== undefined; message = this.receive()) all.push(message);
    return all;
  }

  readActivated(pipe: Pipe): void {
    this.activations += 1;
    this.pattern.readActivated(pipe);
  }

  writeActivated(pipe: Pipe): void {
    this.activations += 1;
    this.pattern.writeActivated(pipe);
  }

  connected(pipe: Pipe): void {
    this.pattern.connected(pipe);
  }

  disconnected(pipe: Pipe): void {
    this.pattern.disconnected(pipe);
  }

  hiccuped(pipe: Pipe): void {
    this.pattern.hiccuped(pipe);
  }

  closing(pipe: Pipe): void {
    this.pattern.closing(pipe);
  }

  closed(pipe: Pipe): void {
    this.pipes.delete(pipe);
    this.pattern.detach(pipe);
    pipe.close();
  }
}

/** How a peer comes to a host. */
export interface FarOptions {
  routingId?: string;
  /** True: the host connects; its pipe is there before the peer is. */
  isLocal?: boolean;
  connectRoutingId?: string;
  /** What may wait for the host, and for the peer. */
  inbound?: number;
  outbound?: number;
  peer?: Partial<Peer>;
}

/** A peer: the other end of one of a host's pipes. */
export class FarEnd implements PipeOwner {
  readonly host: PatternHost;
  /** The routing id that it announces. */
  readonly name: string;
  /** The host's end. */
  readonly near: LocalPipe;
  private readonly far: LocalPipe;
  private readonly peer: Peer;
  /** What this end was told, in order. */
  readonly events: string[] = [];

  constructor(host: PatternHost, options: FarOptions = {}) {
    this.host = host;
    this.name = options.routingId ?? "";
    [this.near, this.far] = createPipePair({ inbound: options.inbound ?? 0, outbound: options.outbound ?? 0 });
    this.far.owner = this;
    this.peer = peerNamed(options.routingId, options.peer);
    if (options.connectRoutingId !== undefined) this.near.connectRoutingId = octets(options.connectRoutingId);
    const isLocal = options.isLocal ?? false;
    if (!isLocal) this.near.peer = this.peer;
    host.attach(this.near, isLocal);
    if (!isLocal) this.connect();
  }

  /** The handshake is done. */
  connect(peer: Peer = this.peer): void {
    this.far.connect(peer);
  }

  /** The connection is lost, and will come again. */
  disconnect(): void {
    this.far.disconnect();
  }

  /** The connection was replaced. */
  reconnect(): void {
    this.far.disconnect();
    this.far.hiccup();
    this.far.connect(this.peer);
  }

  /** Closes this end for good. */
  leave(): void {
    this.far.close();
  }

  send(...frames: string[]): boolean {
    return this.far.write(frames.map(octets));
  }

  subscribe(topic: string): boolean {
    return this.far.write(new Subscription("subscribe", octets(topic)));
  }

  cancel(topic: string): boolean {
    return this.far.write(new Subscription("cancel", octets(topic)));
  }

  join(group: string): boolean {
    return this.far.write(new Subscription("join", octets(group)));
  }

  leaveGroup(group: string): boolean {
    return this.far.write(new Subscription("leave", octets(group)));
  }

  /** The next item that the host sent. */
  read(): PipeItem | undefined {
    return this.far.read();
  }

  receive(): string[] | string | undefined {
    return show(this.far.read());
  }

  receiveAll(): (string[] | string)[] {
    const all: (string[] | string)[] = [];
    for (let item = this.receive(); item !== undefined; item = this.receive()) all.push(item);
    return all;
  }

  /** Items that this end has sent and nobody has read. */
  get unread(): number {
    return this.near.readable;
  }

  /** True once the host has closed its end. */
  get isLeft(): boolean {
    return this.events.includes("closing");
  }

  readActivated(): void {}

  writeActivated(): void {
    this.events.push("writeActivated");
  }

  connected(): void {}

  disconnected(): void {}

  hiccuped(): void {}

  closing(): void {
    this.events.push("closing");
  }

  closed(): void {
    this.events.push("closed");
  }
}

/** Two hosts that share one pipe, as inproc makes it when the connecter comes first. */
export function joinHosts(
  binder: PatternHost,
  connecter: PatternHost,
  limits: { inbound: number; outbound: number } = { inbound: 0, outbound: 0 },
): void {
  const [near, far] = createPipePair(limits);
  connecter.attach(far, true);
  binder.attach(near, false);
  far.connect(peerNamed("", { routingId: connecter.options.routingId, address: "" }));
  near.connect(peerNamed("", { routingId: binder.options.routingId, address: "" }));
}
