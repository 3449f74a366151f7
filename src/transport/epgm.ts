// SPDX-License-Identifier: MIT
/**
 * The epgm transport: PGM in UDP (RFC 3208, as OpenPGM encapsulates it). A publisher has one socket, at the endpoint's port, where NAKs
 * come; a subscriber has one for each group, and one to ask with. `pgm-channel.ts` has the rest.
 */
import type * as dgram from "node:dgram";
import { findPlace, type PgmAddress, type Place, toOctets } from "./pgm-address.ts";
import { type Carrier, type MulticastOptions, type Network, type NetworkHost, PgmTransport } from "./pgm-channel.ts";
import type { Transport } from "./transport.ts";

/** What is asked of the system for packets that wait to be read: bursts are long, and a turn of the event loop takes its time. */
export const BUFFER: number = 2 ** 21;

/** Names are not resolved: all are addresses. */
function lookup(
  host: string,
  _options: unknown,
  callback: (error: null, address: string, family: number) => void,
): void {
  callback(null, host, host.includes(":") ? 6 : 4);
}

const UDP: Carrier = {
  scheme: "epgm",
  // IP's 20 or 40, UDP's 8.
  headers: [28, 48],
  async open(address, options, host) {
    const network = new UdpNetwork(await import("node:dgram"), address, options, host);
    try {
      await network.open();
    } catch (error) {
      network.close();
      throw error;
    }
    return network;
  },
};

/** The transport for `epgm://` endpoints. */
export function createEpgmTransport(): Transport {
  return new PgmTransport(UDP);
}

/** The sockets of one endpoint. */
class UdpNetwork implements Network {
  address = "";
  private readonly api: typeof dgram;
  private readonly to: PgmAddress;
  private readonly options: MulticastOptions;
  private readonly host: NetworkHost;
  private readonly sockets: dgram.Socket[] = [];
  private scope: string | undefined = undefined;
  /** What sends. */
  private main: dgram.Socket | undefined = undefined;
  private isClosed = false;

  constructor(api: typeof dgram, to: PgmAddress, options: MulticastOptions, host: NetworkHost) {
    this.api = api;
    this.to = to;
    this.options = options;
    this.host = host;
  }

  async open(): Promise<void> {
    const { to, options } = this;
    const place = findPlace(to) ?? (await usualPlace(this.api, to));
    this.address = place.address;
    this.scope = place.scope;
    const main = await this.bind(to.sends ? to.port : 0, this.scoped(place.address));
    this.main = main;
    main.setMulticastInterface(this.interfaceOf(place));
    // Questions go no further than the next router.
    main.setMulticastTTL(to.sends ? Math.min(options.multicastHops, 255) : 1);
    main.setMulticastLoopback(options.multicastLoop);
    if (to.sends) this.listen(main, to.target);
    else for (const group of to.groups) await this.join(group, place);
  }

  private async join(group: string, place: Place): Promise<void> {
    // Bound to the group, a socket gets what is sent to it, and nobody else's; Windows cannot.
    const isWindows = globalThis.process.platform === "win32";
    const socket = await this.bind(this.to.port, isWindows ? undefined : this.scoped(group));
    socket.addMembership(group, this.interfaceOf(place));
    const { receiveBufferSize } = this.options;
    socket.setRecvBufferSize(receiveBufferSize > 0 ? receiveBufferSize : BUFFER);
    this.listen(socket, group);
  }

  private listen(socket: dgram.Socket, group: string): void {
    const to = toOctets(group);
    socket.on("message", (packet, { address }) => this.host.arrived(packet, { from: address, group: to }));
  }

  private bind(port: number, address: string | undefined): Promise<dgram.Socket> {
    const { to, options, host } = this;
    const isShared = port > 0;
    const settings = {
      type: to.isV6 ? ("udp6" as const) : ("udp4" as const),
      lookup: lookup as unknown as NonNullable<dgram.SocketOptions["lookup"]>,
      reuseAddr: isShared,
      // Without it, OpenPGM's sockets cannot share the port; Node has it from 22.12 on.
      ...(isShared && globalThis.process.platform === "linux" ? { reusePort: true } : {}),
      ...(options.sendBufferSize > 0 ? { sendBufferSize: options.sendBufferSize } : {}),
    };
    return new Promise((resolve, reject) => {
      const socket = this.api.createSocket(settings);
      this.sockets.push(socket);
      socket.once("error", reject);
      socket.bind({ port, ...(address === undefined ? {} : { address }) }, () => {
        socket.off("error", reject);
        socket.on("error", (error) => host.failed(error));
        resolve(socket);
      });
    });
  }

  /** IPv6 has interfaces by name, IPv4 by address. */
  private interfaceOf({ address, scope }: Place): string {
    if (!this.to.isV6) return address;
    return scope === undefined ? "::" : `::%${scope}`;
  }

  private scoped(address: string): string {
    return this.scope !== undefined && /^(fe80|ff)/i.test(address) ? `${address}%${this.scope}` : address;
  }

  send(packet: Uint8Array, done: (error?: Error | null) => void): void {
    const { to } = this;
    this.main?.send(packet, 0, packet.length, to.port, this.scoped(to.target), done);
  }

  sendTo(packet: Uint8Array, address: string): void {
    this.main?.send(packet, 0, packet.length, this.to.port, this.scoped(address.split("%")[0] as string), ignore);
  }

  sendNear(packet: Uint8Array, group: string): void {
    this.main?.send(packet, 0, packet.length, this.to.port, this.scoped(group), ignore);
  }

  close(): void {
    if (this.isClosed) return;
    this.isClosed = true;
    for (const socket of this.sockets) socket.close();
  }
}

/** A question that does not arrive is asked again. */
function ignore(): void {}

/** The address that the system would send to the group from. */
export async function usualPlace(api: typeof dgram, { isV6, port, target }: PgmAddress): Promise<Place> {
  const socket = api.createSocket(isV6 ? "udp6" : "udp4");
  try {
    await new Promise<void>((resolve, reject) => {
      socket.once("error", reject);
      socket.connect(port, target, resolve);
    });
    const [address = "", scope] = socket.address().address.split("%");
    return { address, scope };
  } finally {
    socket.close();
  }
}
