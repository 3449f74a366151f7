// SPDX-License-Identifier: MIT
/**
 * The receiving side of PGM: tells sources apart, knows where each is, asks them, and forgets those that are gone. Below
 * `pgm-engine.ts`; each source's packets are in a `pgm-window.ts`.
 */
import type { Clock, Timer } from "../base/clock.ts";
import {
  distance,
  NAK,
  NCF,
  type NetworkAddress,
  nak,
  ODATA,
  type PgmPacket,
  type PgmSource,
  RDATA,
  SPM,
  sourceNamed,
  spmr,
} from "../wire/pgm.ts";
import { FAREWELL_EXPIRY, PEER_EXPIRY, SPMR_DELAY } from "./pgm-settings.ts";
import { PgmWindow, type PgmWindowHost } from "./pgm-window.ts";

/** Sources that are known at once, at most: anybody may make them up. */
const MOST_SOURCES = 1024;

/** What a receiver needs of whoever holds it. */
export interface PgmReceiverHost {
  /** The data of the next packet of a source, in order. False: no more for now, until `resume`. */
  deliver(source: string, data: Uint8Array): boolean;
  /** So many packets of a source will never come. */
  lost(source: string, packets: number): void;
  /** A source is gone. */
  forgotten(source: string): void;
  /** To a source's address. */
  toSource(packet: Uint8Array, address: NetworkAddress | string): void;
  /** To everybody in the group on the same network. */
  toNeighbours(packet: Uint8Array, group: NetworkAddress): void;
}

/** One source, as it is seen from here. */
class Source implements PgmWindowHost {
  readonly name: string;
  readonly header: PgmSource;
  readonly window: PgmWindow;
  private readonly host: PgmReceiverHost;
  /** Where its packets come from and to which group they go; where NAKs go, which its SPM says. */
  from: string;
  group: NetworkAddress;
  address: NetworkAddress | undefined = undefined;
  spmSequence = 0;
  heard: number;
  expiry = PEER_EXPIRY;
  question: Timer | undefined = undefined;

  constructor(packet: PgmPacket, way: Way, size: number, clock: Clock, host: PgmReceiverHost) {
    this.name = packet.source;
    this.header = sourceNamed(packet.source, packet.port);
    this.host = host;
    this.from = way.from;
    this.group = way.group;
    this.heard = clock.now();
    this.window = new PgmWindow(size, clock, this);
  }

  deliver(data: Uint8Array): boolean {
    return this.host.deliver(this.name, data);
  }

  lost(packets: number): void {
    this.host.lost(this.name, packets);
  }

  ask(missing: readonly number[]): boolean {
    if (this.address === undefined) return false;
    this.host.toSource(nak(NAK, this.header, missing, this.address, this.group), this.address);
    return true;
  }

  stop(): void {
    this.question?.cancel();
    this.window.stop();
  }
}

/** How a packet came. */
export interface Way {
  readonly from: string;
  readonly group: NetworkAddress;
}

/** All sources of an endpoint. */
export class PgmReceiver {
  private readonly port: number;
  private readonly size: number;
  private readonly clock: Clock;
  private readonly host: PgmReceiverHost;
  /** Those that were heard last stand last. */
  private readonly sources = new Map<string, Source>();
  private expiry: Timer | undefined = undefined;

  /** `size`: packets of each source. */
  constructor(port: number, size: number, clock: Clock, host: PgmReceiverHost) {
    this.port = port;
    this.size = size;
    this.clock = clock;
    this.host = host;
  }

  received(packet: PgmPacket, way: Way): void {
    const { type } = packet;
    if (packet.port !== this.port || !(type === SPM || type === ODATA || type === RDATA || type === NCF)) return;
    const source = this.sources.get(packet.source) ?? (type === NCF ? undefined : this.meet(packet, way));
    if (source === undefined) return;
    source.heard = this.clock.now();
    if (type === SPM) {
      this.greet(source, packet, way);
    } else if (type === NCF) {
      source.window.confirmed(packet.sequence);
      for (const each of packet.others) source.window.confirmed(each);
    } else {
      source.window.data(packet.sequence, packet.trail, packet.data);
    }
  }

  /** There is room for what sources have sent. */
  resume(): void {
    for (const source of this.sources.values()) source.window.resume();
  }

  stop(): void {
    this.expiry?.cancel();
    for (const source of this.sources.values()) source.stop();
    this.sources.clear();
  }

  private meet(packet: PgmPacket, way: Way): Source {
    if (this.sources.size >= MOST_SOURCES) this.forgetOldest();
    const { clock, host } = this;
    const source = new Source(packet, way, this.size, clock, host);
    this.sources.set(source.name, source);
    if (packet.type !== SPM) {
      source.question = clock.setTimer(SPMR_DELAY, () => {
        const question = spmr(source.header);
        host.toNeighbours(question, source.group);
        host.toSource(question, source.from);
      });
    }
    this.expiry ??= this.look();
    return source;
  }

  private greet(source: Source, packet: PgmPacket, { from, group }: Way): void {
    const isFirst = source.address === undefined;
    if (!isFirst && distance(source.spmSequence, packet.sequence) <= 0) return;
    source.question?.cancel();
    source.spmSequence = packet.sequence;
    source.from = from;
    source.group = group;
    source.address = packet.address;
    source.expiry = packet.isLast ? FAREWELL_EXPIRY : PEER_EXPIRY;
    source.window.advertised(packet.trail, packet.lead);
    if (isFirst) source.window.reachable();
  }

  private look(): Timer {
    return this.clock.setTimer(FAREWELL_EXPIRY, () => {
      const now = this.clock.now();
      for (const source of this.sources.values()) if (now - source.heard >= source.expiry) this.forget(source);
      this.expiry = this.sources.size > 0 ? this.look() : undefined;
    });
  }

  private forgetOldest(): void {
    let oldest: Source | undefined;
    for (const source of this.sources.values())
      if (oldest === undefined || source.heard < oldest.heard) oldest = source;
    if (oldest !== undefined) this.forget(oldest);
  }

  private forget(source: Source): void {
    source.stop();
    this.sources.delete(source.name);
    this.host.forgotten(source.name);
  }
}
