// SPDX-License-Identifier: MIT
/** A `node:dgram` socket as `engine/datagram-engine.ts` wants it. Made by `udp.ts`. Never keeps an idle program alive. */
import type { Socket } from "node:dgram";
import { errorCodeOf, ZmqError } from "../base/errors.ts";
import { splitHostPort } from "../base/ip-address.ts";
import type { ConnectionHandler } from "../engine/connection.ts";
import type { DatagramChannel } from "../engine/datagram-engine.ts";
import { formatHostPort, type HostPort } from "./tcp-address.ts";
import { familyOf } from "./udp-address.ts";

/** Deno looks at what it is given only after the call has returned, and of several datagrams first at the last. */
const SENDS_LATER: boolean = "Deno" in globalThis;
/** Datagrams that the runtime may hold, where it does not tell how many it holds. */
const MOST_UNTOLD = 64;

/** Listens until an engine does. */
const NOBODY: ConnectionHandler = { received() {}, drained() {}, connectionEnded() {} };

/** All who are at one udp endpoint. */
export class UdpConnection implements DatagramChannel {
  handler: ConnectionHandler = NOBODY;
  arrived: (datagram: Uint8Array, from: string) => void = () => {};
  failed: (error: ZmqError) => void = () => {};
  readonly remote: string;
  octetsSent = 0;
  octetsReceived = 0;
  private readonly socket: Socket;
  private readonly family: number;
  /** To whom datagrams go that name nobody. */
  private readonly target: HostPort | undefined;
  /** Handed to the runtime, and not heard of since. */
  private pending = 0;
  /** Where they are sent one after another: what is under way, and what waits for it. */
  private readonly later: (() => void)[] = [];
  private isPaused = true;
  private isWaiting = false;
  private isEnding = false;
  private isOver = false;

  constructor(socket: Socket, family: number, remote: string, target?: HostPort) {
    this.socket = socket;
    this.family = family;
    this.remote = remote;
    this.target = target;
    socket.on("message", (datagram, { address, port }) => {
      if (this.isPaused || this.isEnding) return;
      this.octetsReceived += datagram.length;
      this.arrived(datagram, formatHostPort(address, port));
    });
    // What a datagram came to, or one that could not be read: the next may do better.
    socket.on("error", (error) => this.lost(error));
    socket.once("close", () => this.handler.connectionEnded(undefined));
  }

  get local(): string {
    if (this.isOver) return "";
    const { address, port } = this.socket.address();
    return formatHostPort(address, port);
  }

  send(datagram: Uint8Array, to?: string): boolean {
    if (this.isEnding) return true;
    const target = to === undefined ? this.target : this.targetOf(to);
    if (target === undefined) {
      this.failed(
        new ZmqError("EINVAL", `${JSON.stringify(to)} is no address to send to; write ip:port, or [IPv6]:port`),
      );
      return true;
    }
    this.pending += 1;
    this.octetsSent += datagram.length;
    if (!SENDS_LATER) {
      this.hand(datagram, target);
    } else {
      const octets = new Uint8Array(datagram);
      this.later.push(() => this.hand(octets, target));
      if (this.later.length === 1) this.later[0]?.();
    }
    this.isWaiting = this.held > 0;
    return !this.isWaiting;
  }

  private hand(datagram: Uint8Array, { port, host }: HostPort): void {
    this.socket.send(datagram, port, host, (error) => this.left(error));
  }

  /** Each chunk as one. */
  write(chunks: readonly Uint8Array[]): boolean {
    for (const chunk of chunks) this.send(chunk);
    return !this.isWaiting;
  }

  pause(): void {
    this.isPaused = true;
  }

  resume(): void {
    this.isPaused = false;
  }

  end(): void {
    if (this.isEnding) return;
    this.isEnding = true;
    if (this.pending === 0) this.close();
  }

  destroy(): void {
    this.isEnding = true;
    this.close();
  }

  private close(): void {
    if (this.isOver) return;
    this.isOver = true;
    this.socket.close();
  }

  /** Datagrams that the system has not taken yet. Most are taken at once, and only told of later. */
  private get held(): number {
    const socket: { getSendQueueCount?(): number } = this.socket;
    return socket.getSendQueueCount?.() ?? Math.max(0, this.pending - MOST_UNTOLD);
  }

  private left(error: Error | null): void {
    this.pending -= 1;
    this.later.shift();
    this.later[0]?.();
    if (error !== null) this.lost(error);
    if (this.isOver) return;
    if (this.isEnding) {
      if (this.pending === 0) this.close();
    } else if (this.isWaiting && this.held === 0) {
      this.isWaiting = false;
      this.handler.drained();
    }
  }

  private lost(error: Error): void {
    this.failed(
      new ZmqError(errorCodeOf(error, "EHOSTUNREACH"), `a datagram was lost: ${error.message}`, { cause: error }),
    );
  }

  /** Names are not looked up for every datagram. */
  private targetOf(text: string): HostPort | undefined {
    const { host, port } = splitHostPort(text);
    if (port === undefined || port === 0 || port > 65535) return undefined;
    const family = familyOf(host);
    if (family === this.family) return { host, port };
    // Such a socket sends to IPv4 as well, under the addresses that IPv6 has for it.
    return family === 4 ? { host: `::ffff:${host}`, port } : undefined;
  }
}
