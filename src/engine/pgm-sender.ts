// SPDX-License-Identifier: MIT
/**
 * One PGM source (RFC 3208 §5): numbers packets, keeps them for repairs, says by SPMs what it has, confirms NAKs and answers them, all
 * within a rate. Below `pgm-engine.ts`, above `wire/pgm.ts`; it knows neither sockets nor messages.
 */
import { equalBytes } from "../base/bytes.ts";
import type { Clock, Timer } from "../base/clock.ts";
import {
  after,
  NAK,
  NCF,
  type NetworkAddress,
  nak,
  ODATA,
  type PgmPacket,
  type PgmSource,
  RDATA,
  SPMR,
  sealData,
  spm,
} from "../wire/pgm.ts";
import { AMBIENT_SPM, HEARTBEAT_SPMS, type PgmOptions, SPMS_AT_ONCE, windowSize } from "./pgm-settings.ts";

/** At low rates a second's worth may go at once, up to this; at high rates so many milliseconds'. */
const BURST = 65536;
const BURST_TIME = 4;
/** Repairs that may wait; whoever needs more asks again. */
const MOST_REPAIRS = 65536;

/** What a source needs of whoever holds it. */
export interface PgmSenderHost {
  /** True while the network takes nothing more. */
  readonly isBusy: boolean;
  /** To the group. */
  send(packet: Uint8Array): void;
  /** `maySend` had said no, and would say yes. */
  ready(): void;
}

/** Who a source is. */
export interface PgmIdentity {
  readonly source: PgmSource;
  /** The source as packets name it. */
  readonly name: string;
  /** Where NAKs shall go, and the group. */
  readonly address: NetworkAddress;
  readonly group: NetworkAddress;
  /** Octets of the headers in front of each packet. */
  readonly headers: number;
}

/** A source of packets. */
export class PgmSender {
  /** The number of the next packet. */
  sequence = 0;
  private readonly identity: PgmIdentity;
  private readonly clock: Clock;
  private readonly host: PgmSenderHost;
  private readonly size: number;
  private readonly sent = new Map<number, Uint8Array>();
  private readonly repairs = new Set<number>();
  private trail = 0;
  private spmSequence = 0;
  /** Octets a millisecond; what may go now, and at most. */
  private readonly rate: number;
  private readonly burst: number;
  private tokens: number;
  private refilled: number;
  private wake: Timer | undefined = undefined;
  private isWanted = false;
  private ambient: Timer | undefined = undefined;
  private heartbeat: Timer | undefined = undefined;
  private beat = 0;
  /** When the last data left. */
  private lastData = 0;

  constructor(identity: PgmIdentity, options: PgmOptions, clock: Clock, host: PgmSenderHost) {
    this.identity = identity;
    this.clock = clock;
    this.host = host;
    this.size = windowSize(options);
    this.rate = options.rate / 8;
    this.burst = Math.max(this.rate * BURST_TIME, Math.min(this.rate * 1000, BURST));
    this.tokens = this.burst;
    this.refilled = clock.now();
  }

  /** Says that it is there. */
  start(): void {
    for (let i = 0; i < SPMS_AT_ONCE; i += 1) this.sendSpm(false);
    this.arm();
  }

  /** Says goodbye. */
  finish(): void {
    this.stop();
    for (let i = 0; i < SPMS_AT_ONCE; i += 1) this.sendSpm(true);
  }

  stop(): void {
    this.wake?.cancel();
    this.ambient?.cancel();
    this.heartbeat?.cancel();
    this.repairs.clear();
    this.sent.clear();
  }

  /** Whether a packet may go now, repairs going first. False: `ready` comes. */
  maySend(): boolean {
    this.repair();
    const may = this.repairs.size === 0 && this.hasTokens();
    this.isWanted = !may;
    if (!may) this.await();
    return may;
  }

  /** Sends a packet that `blankData` has made with this source and {@link sequence}. */
  send(packet: Uint8Array): void {
    const { sequence } = this;
    this.sent.set(sequence, packet);
    this.sequence = after(sequence, 1);
    if (this.sent.size > this.size) {
      this.sent.delete(this.trail);
      this.repairs.delete(this.trail);
      this.trail = after(this.trail, 1);
    }
    this.give(sealData(packet, ODATA, this.trail));
    this.lastData = this.clock.now();
    if (this.beat > 0 || this.heartbeat === undefined) {
      this.heartbeat?.cancel();
      this.beat = 0;
      this.nextBeat(HEARTBEAT_SPMS[0] as number);
    }
  }

  /** The network takes packets again. */
  drained(): void {
    this.repair();
    if (this.repairs.size > 0) this.await();
    this.offer();
  }

  /** A receiver asks for repairs, or whether this source is there. */
  received(packet: PgmPacket): void {
    const { name, source, address, group } = this.identity;
    if (packet.source !== name || packet.port !== source.port) return;
    if (packet.type === SPMR) this.sendSpm(false);
    if (packet.type !== NAK || packet.address === undefined || packet.group === undefined) return;
    if (!equalBytes(packet.address, address) || !equalBytes(packet.group, group)) return;
    const known = [packet.sequence, ...packet.others].filter((each) => this.sent.has(each));
    // What is no longer there, the trail says.
    if (known.length <= packet.others.length) this.sendSpm(false);
    if (known.length === 0) return;
    this.host.send(nak(NCF, source, known, address, group));
    for (const each of known) if (this.repairs.size < MOST_REPAIRS) this.repairs.add(each);
    this.repair();
    if (this.repairs.size > 0) this.await();
  }

  private repair(): void {
    for (const sequence of this.repairs) {
      if (!this.hasTokens()) return;
      this.repairs.delete(sequence);
      const packet = this.sent.get(sequence);
      if (packet !== undefined) this.give(sealData(packet, RDATA, this.trail));
    }
  }

  private give(packet: Uint8Array): void {
    this.tokens -= packet.length + this.identity.headers;
    this.host.send(packet);
  }

  /** A packet may go while there is anything left, and the next one waits the longer. */
  private hasTokens(): boolean {
    if (this.host.isBusy) return false;
    const now = this.clock.now();
    this.tokens = Math.min(this.burst, this.tokens + (now - this.refilled) * this.rate);
    this.refilled = now;
    return this.tokens > 0;
  }

  /** Calls back when the rate allows more; that the network does, `drained` tells. */
  private await(): void {
    if (this.wake !== undefined || this.host.isBusy) return;
    const delay = Math.max(0, -this.tokens) / this.rate + 0.5;
    this.wake = this.clock.setTimer(delay, () => {
      this.wake = undefined;
      this.repair();
      if (this.repairs.size > 0) this.await();
      this.offer();
    });
  }

  private offer(): void {
    if (!this.isWanted) return;
    this.isWanted = false;
    this.host.ready();
  }

  private sendSpm(isLast: boolean): void {
    const { source, address } = this.identity;
    const lead = after(this.sequence, -1);
    this.host.send(spm(source, { sequence: this.spmSequence, trail: this.trail, lead, address, isLast }));
    this.spmSequence = after(this.spmSequence, 1);
  }

  private arm(): void {
    this.ambient = this.clock.setTimer(AMBIENT_SPM, () => {
      this.sendSpm(false);
      this.arm();
    });
  }

  /** So long after the last data, for the first; the others follow. */
  private nextBeat(delay: number): void {
    this.heartbeat = this.clock.setTimer(delay, () => {
      const early = this.beat === 0 ? this.lastData + (HEARTBEAT_SPMS[0] as number) - this.clock.now() : 0;
      if (early > 0) {
        this.nextBeat(early);
        return;
      }
      this.sendSpm(false);
      this.beat += 1;
      const next = HEARTBEAT_SPMS[this.beat];
      if (next === undefined) this.heartbeat = undefined;
      else this.nextBeat(next);
    });
  }
}
