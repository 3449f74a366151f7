// SPDX-License-Identifier: MIT
/**
 * The transports epgm and pgm but for their sockets, which `epgm.ts` and `pgm.ts` open: PGM's engine on a network of packets. A bind
 * and a connect are the same: nobody answers, so both are done when the sockets are open.
 */
import { errorCodeOf, ZmqError } from "../base/errors.ts";
import type { Connection, ConnectionHandler } from "../engine/connection.ts";
import type { Engine, EngineHost, EngineSetup } from "../engine/engine.ts";
import { createPgmEngine, type PgmChannel } from "../engine/pgm-engine.ts";
import type { Way } from "../engine/pgm-receiver.ts";
import type { PgmIdentity } from "../engine/pgm-sender.ts";
import { dataRoom, OFFSET, type PgmOptions } from "../engine/pgm-settings.ts";
import type { NetworkAddress } from "../wire/pgm.ts";
import { type PgmAddress, parsePgmAddress, toOctets, toText } from "./pgm-address.ts";
import type { Listener, ListenerHost, Transport, TransportOptions } from "./transport.ts";

/** The options of multicast, and their defaults. */
export interface MulticastOptions extends PgmOptions {
  multicastHops: number;
  multicastLoop: boolean;
  sendBufferSize: number;
  receiveBufferSize: number;
}

const DEFAULTS: MulticastOptions = {
  rate: 100,
  recoveryInterval: 10_000,
  multicastMaxTransportDataUnit: 1500,
  multicastHops: 1,
  multicastLoop: true,
  sendBufferSize: -1,
  receiveBufferSize: -1,
};

/** Packets that the network may hold before it is busy, and when it no longer is. */
const BUSY = 64;
const IDLE = 16;
/** What means that the network is gone, and not one packet. */
const GONE: ReadonlySet<string | undefined> = new Set(["ENETDOWN", "ENETUNREACH", "ENODEV", "EADDRNOTAVAIL", "EBADF"]);

/** What opens a network tells of it. */
export interface NetworkHost {
  arrived(packet: Uint8Array, way: Way): void;
  failed(error: unknown): void;
}

/** Sockets that carry packets. */
export interface Network {
  /** This machine's address in it. */
  readonly address: string;
  /** To the group; to one address; to the group, no further than this network. */
  send(packet: Uint8Array, done: (error?: Error | null) => void): void;
  sendTo(packet: Uint8Array, address: string): void;
  sendNear(packet: Uint8Array, group: string): void;
  close(): void;
}

/** How packets travel. */
export interface Carrier {
  readonly scheme: string;
  /** Octets in front of each packet: of IPv4 and IPv6. */
  readonly headers: readonly [number, number];
  open(address: PgmAddress, options: MulticastOptions, host: NetworkHost): Promise<Network>;
}

/** The connection of one endpoint. */
class Channel implements PgmChannel, NetworkHost {
  handler: ConnectionHandler = { received() {}, drained() {}, connectionEnded() {} };
  arrived: (packet: Uint8Array, way: Way) => void = () => {};
  readonly remote: string;
  readonly options: MulticastOptions;
  octetsSent = 0;
  octetsReceived = 0;
  private network: Network | undefined = undefined;
  private who: PgmIdentity | undefined = undefined;
  private readonly to: PgmAddress;
  private readonly carrier: Carrier;
  private waiting = 0;
  private isBusy = false;
  private isClosed = false;

  constructor(carrier: Carrier, address: PgmAddress, options: TransportOptions) {
    this.carrier = carrier;
    this.to = address;
    this.remote = `${address.target}:${address.port}`;
    this.options = multicastOf(options);
  }

  get identity(): PgmIdentity {
    return this.who as PgmIdentity;
  }

  get local(): string {
    return this.network === undefined ? "" : `${this.network.address}:${this.to.port}`;
  }

  async open(): Promise<this> {
    const { to, carrier } = this;
    // Whatever comes before the engine has been made is for nobody.
    this.network = await carrier.open(to, this.options, {
      arrived: (packet, way) => {
        this.octetsReceived += packet.length;
        if (!this.isClosed) this.arrived(packet, way);
      },
      failed: (error) => this.failed(error),
    });
    this.who = identityOf(to, this.network.address, carrier);
    return this;
  }

  write(packets: readonly Uint8Array[]): boolean {
    if (this.isClosed) return true;
    for (const packet of packets) {
      this.waiting += 1;
      this.octetsSent += packet.length;
      this.network?.send(packet, this.done);
    }
    this.isBusy ||= this.waiting >= BUSY;
    return !this.isBusy;
  }

  /** One packet that cannot be sent is one that is lost, and repaired; unless the network is gone. */
  private readonly done = (error?: Error | null): void => {
    this.waiting -= 1;
    if (error && GONE.has((error as { code?: string }).code)) this.failed(error);
    if (this.isBusy && this.waiting <= IDLE) {
      this.isBusy = false;
      if (!this.isClosed) this.handler.drained();
    }
    if (this.isClosed && this.waiting === 0) this.network?.close();
  };

  toSource(packet: Uint8Array, address: NetworkAddress | string): void {
    if (this.isClosed) return;
    this.octetsSent += packet.length;
    this.network?.sendTo(packet, typeof address === "string" ? address : toText(address));
  }

  toNeighbours(packet: Uint8Array, group: NetworkAddress): void {
    if (this.isClosed) return;
    this.octetsSent += packet.length;
    this.network?.sendNear(packet, toText(group));
  }

  pause(): void {}
  resume(): void {}

  end(): void {
    this.destroy();
  }

  destroy(): void {
    this.close(undefined);
  }

  failed(error: unknown): void {
    const text = `${this.to.endpoint}: ${error instanceof Error ? error.message : String(error)}`;
    this.close(new ZmqError(errorCodeOf(error), text, { address: this.to.endpoint, cause: error }));
  }

  private close(error: ZmqError | undefined): void {
    if (this.isClosed) return;
    this.isClosed = true;
    // What was sent last, the goodbye, leaves first.
    if (this.waiting === 0 || error !== undefined) this.network?.close();
    this.handler.connectionEnded(error);
  }
}

/** A new source, as libzmq makes them: with everything at random that can be. */
function identityOf(to: PgmAddress, address: string, { headers }: Carrier): PgmIdentity {
  const random = globalThis.crypto.getRandomValues(new Uint8Array(8));
  const identifier = random.subarray(0, 6);
  let sourcePort = ((random[6] as number) << 8) | (random[7] as number);
  if (sourcePort === to.port) sourcePort ^= 1;
  const name = [...identifier, sourcePort >> 8, sourcePort & 0xff].map((each) => each.toString(16).padStart(2, "0"));
  return {
    source: { identifier, sourcePort, port: to.port },
    name: name.join(""),
    address: toOctets(address),
    group: toOctets(to.target),
    headers: headers[to.isV6 ? 1 : 0],
  };
}

function multicastOf(options: TransportOptions & Partial<MulticastOptions>): MulticastOptions {
  return { ...DEFAULTS, ...options };
}

/** The transport for one way to carry packets. */
export class PgmTransport implements Transport {
  readonly scheme: string;
  readonly connectsAtOnce = true;
  readonly isConnectionless = true;
  private readonly carrier: Carrier;

  constructor(carrier: Carrier) {
    this.scheme = carrier.scheme;
    this.carrier = carrier;
  }

  parse(address: string, use: "bind" | "connect", socketType = "SUB"): PgmAddress {
    return parsePgmAddress(this.scheme, address, use, socketType);
  }

  prepare(address: PgmAddress, options: TransportOptions, use: "bind" | "connect"): void {
    const all = multicastOf(options);
    const headers = this.carrier.headers[address.isV6 ? 1 : 0];
    if (dataRoom(all, headers) > OFFSET && all.multicastMaxTransportDataUnit <= 65535) return;
    const text = `${use} ${address.endpoint}: multicastMaxTransportDataUnit is ${all.multicastMaxTransportDataUnit}, and leaves no room for data`;
    throw new ZmqError("EINVAL", text, { address: address.endpoint, syscall: use });
  }

  async listen(address: PgmAddress, options: TransportOptions, host: ListenerHost): Promise<Listener> {
    const channel = await this.open(address, options, "bind");
    host.accepted(channel);
    return {
      endpoint: address.endpoint,
      // What is left to send has its time; the session closes the connection.
      close: async () => {},
    };
  }

  async connect(address: PgmAddress, options: TransportOptions, signal: AbortSignal): Promise<Connection> {
    const channel = await this.open(address, options, "connect");
    if (signal.aborted) channel.destroy();
    return channel;
  }

  createEngine(connection: Connection, setup: EngineSetup, host: EngineHost): Engine {
    return createPgmEngine(connection as Channel, setup, host);
  }

  private async open(address: PgmAddress, options: TransportOptions, use: string): Promise<Channel> {
    try {
      return await new Channel(this.carrier, address, options).open();
    } catch (error) {
      if ((error as { name?: string }).name === "ZmqError") throw error;
      const text = `${use} ${address.endpoint}: ${error instanceof Error ? error.message : String(error)}`;
      throw new ZmqError(errorCodeOf(error), text, { address: address.endpoint, syscall: use, cause: error });
    }
  }
}
