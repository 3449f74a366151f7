// SPDX-License-Identifier: MIT
/**
 * A network for PGM's engines without sockets: publishers and subscribers of one group on a fake clock, with a test's own rule for
 * which packets are lost. Used by the tests of `engine/pgm-*.ts`.
 */
import { createPgmEngine, type PgmChannel } from "../../src/engine/pgm-engine.ts";
import type { Way } from "../../src/engine/pgm-receiver.ts";
import type { PgmIdentity } from "../../src/engine/pgm-sender.ts";
import type { PgmOptions } from "../../src/engine/pgm-settings.ts";
import { ODATA, type PgmPacket, readPacket } from "../../src/wire/pgm.ts";
import { EngineRig, type RigOptions } from "./engine-rig.ts";
import { FakeClock } from "./fake-clock.ts";
import { FakeConnection } from "./fake-connection.ts";

/** The group and the port of all. */
export const GROUP: Uint8Array = Uint8Array.of(239, 192, 1, 1);
export const PORT = 7500;

/** The options as a new socket has them, and a faster one's. */
export const SLOW: PgmOptions = { rate: 100, recoveryInterval: 10_000, multicastMaxTransportDataUnit: 1500 };
export const FAST: PgmOptions = { ...SLOW, rate: 1_000_000, recoveryInterval: 100 };

/** A source that is called by a number. */
export function identity(number: number): PgmIdentity {
  const identifier = Uint8Array.of(1, 2, 3, 4, 5, number);
  const name = `0102030405${number.toString(16).padStart(2, "0")}1234`;
  const address = Uint8Array.of(192, 0, 2, number);
  return { source: { identifier, sourcePort: 0x1234, port: PORT }, name, address, group: GROUP, headers: 28 };
}

/** The end of an engine in the network. */
export class FakeChannel extends FakeConnection implements PgmChannel {
  arrived: (packet: Uint8Array, way: Way) => void = () => {};
  readonly identity: PgmIdentity;
  readonly options: PgmOptions;
  private readonly network: FakeNetwork;

  constructor(network: FakeNetwork, number: number, options: PgmOptions) {
    super(`192.0.2.${number}:${PORT}`);
    this.network = network;
    this.identity = identity(number);
    this.options = options;
  }

  override write(packets: readonly Uint8Array[]): boolean {
    for (const packet of packets) this.network.carry(this, packet);
    return true;
  }

  toSource(packet: Uint8Array): void {
    this.network.carry(this, packet);
  }

  toNeighbours(): void {}
}

/** Carries what one end sends to all others. */
export class FakeNetwork {
  readonly clock: FakeClock = new FakeClock();
  /** Whether a packet does not arrive at the end with a number. */
  loses: (packet: PgmPacket, at: number) => boolean = () => false;
  /** All packets that were sent. */
  readonly seen: PgmPacket[] = [];
  private readonly ends: { channel: FakeChannel; number: number }[] = [];
  private count = 0;

  /** A socket of a type in the network, which has started. */
  join(type: string, options: PgmOptions = FAST, more: Partial<RigOptions> = {}): PgmRig {
    this.count += 1;
    const channel = new FakeChannel(this, this.count, options);
    this.ends.push({ channel, number: this.count });
    const rig = new PgmRig({ type, clock: this.clock, connection: channel, ...more });
    rig.engine.start();
    return rig;
  }

  carry(from: FakeChannel, octets: Uint8Array): void {
    const copy = Uint8Array.from(octets);
    const packet = readPacket(copy);
    if (packet === undefined) throw new Error("an unsound packet was sent");
    this.seen.push(packet);
    for (const { channel, number } of this.ends) {
      if (channel === from || this.loses(packet, number)) continue;
      this.clock.setTimer(1, () => {
        if (!channel.isDestroyed) channel.arrived(copy, { from: "192.0.2.1", group: GROUP });
      });
    }
  }

  /** Octets that are no packet of anybody's arrive everywhere. */
  inject(octets: Uint8Array): void {
    for (const { channel } of this.ends) channel.arrived(octets, { from: "192.0.2.66", group: GROUP });
  }

  /** How many packets of a type were sent. */
  sent(type: number = ODATA): number {
    return this.seen.filter((packet) => packet.type === type).length;
  }
}

/** One engine of PGM and its surroundings. */
export class PgmRig extends EngineRig {
  /** What was told to be lost. */
  readonly losses: { packets: number; source: string }[] = [];

  constructor(options: Omit<RigOptions, "createEngine">) {
    super({
      ...options,
      createEngine: (connection, setup, host) => createPgmEngine(connection as FakeChannel, setup, host),
    });
  }

  lost(packets: number, source: string): void {
    this.losses.push({ packets, source });
  }
}
