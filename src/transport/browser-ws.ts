// SPDX-License-Identifier: MIT
/**
 * The ws and wss transports of browsers (ZWS 2.0, RFC 45), over the `WebSocket` that pages and workers have. They connect; nothing in a
 * browser can listen. Used by `runtime/browser.ts`; the transport of all other runtimes is `ws.ts`.
 */
import type { Clock, Timer } from "../base/clock.ts";
import { ProtocolError, ZmqError } from "../base/errors.ts";
import type { Connection, ConnectionHandler } from "../engine/connection.ts";
import type { Engine, EngineHost, EngineSetup } from "../engine/engine.ts";
import { PageEngine } from "../engine/page-engine.ts";
import type { Address, Listener, Transport, TransportOptions } from "./transport.ts";

/** The sub-protocol without a mechanism. */
const BARE = "ZWS2.0";
/** Octets that a browser may hold before messages wait in the socket, where they count. */
const HIGH = 1048576;
const LOW = HIGH / 4;
/** The first look at what a browser still holds, and the longest time between two, in milliseconds. */
const SOON = 1;
const LATE = 16;
/** A close in order (RFC 6455 §7.4.1), and two codes that browsers give where there was no other. */
const NORMAL = 1000;
const GOING = 1001;
const NO_CODE = 1005;
const LOST = 1006;

/** What is used of a browser's WebSocket. */
interface NativeSocket {
  binaryType: string;
  readonly bufferedAmount: number;
  readonly protocol: string;
  onopen: (() => void) | null;
  onerror: (() => void) | null;
  onmessage: ((event: { readonly data: unknown }) => void) | null;
  onclose: ((event: { readonly code: number; readonly reason: string }) => void) | null;
  send(data: Uint8Array): void;
  close(code?: number): void;
}

declare const WebSocket: new (url: string, protocols: string[]) => NativeSocket;

/** Besides what transports look at: the mechanism, which must be named before there is an engine. */
interface PageOptions extends TransportOptions {
  readonly mechanism?: string | null;
}

interface PageAddress extends Address {
  /** As the browser takes it. */
  readonly url: string;
}

/** One scheme of the two. */
export class BrowserWsTransport implements Transport {
  readonly scheme: string;
  private readonly clock: Clock;
  /** Addresses of servers without mechanisms. */
  private readonly bare = new WeakSet<Address>();

  constructor(scheme: "ws" | "wss", clock: Clock) {
    this.scheme = scheme;
    this.clock = clock;
  }

  parse(address: string, use: "bind" | "connect"): PageAddress {
    const endpoint = `${this.scheme}://${address}`;
    const where = { address: endpoint, syscall: use };
    if (use === "bind") {
      throw new ZmqError(
        "ENOTSUP",
        `bind ${endpoint}: a browser cannot listen; bind on a server, and connect here`,
        where,
      );
    }
    let url: URL | undefined;
    try {
      url = new URL(endpoint);
    } catch {}
    if (url === undefined || url.hash !== "" || url.username !== "" || url.hostname === "") {
      throw new ZmqError("EINVAL", `connect ${endpoint}: write ${this.scheme}://host:port/path`, where);
    }
    return { endpoint, url: url.href };
  }

  listen({ endpoint }: Address): Promise<Listener> {
    return Promise.reject(new ZmqError("ENOTSUP", endpoint));
  }

  connect(address: PageAddress, { mechanism = null }: PageOptions, signal: AbortSignal): Promise<Connection> {
    return new Promise((resolve, reject) => {
      // RFC 45 has a slash before the mechanism, which browsers allow in no sub-protocol.
      const full = `${BARE}-${(mechanism ?? "NULL").toUpperCase()}`;
      const offered = mechanism !== null ? [full] : this.bare.has(address) ? [BARE] : [full, BARE];
      // Throws where a page may not connect at all, as a secure one to ws.
      const socket = new WebSocket(address.url, offered);
      const give = (): void => socket.close();
      signal.addEventListener("abort", give);
      const connection = new PageConnection(socket, address, this.clock, (error) =>
        reject(error ?? new ZmqError("ECONNREFUSED", `${address.endpoint}: the server closed the connection`)),
      );
      socket.onopen = (): void => {
        signal.removeEventListener("abort", give);
        if (offered.includes(socket.protocol)) {
          resolve(connection);
        } else {
          connection.destroy();
          reject(new ProtocolError("WS_UNSPECIFIED", `${address.endpoint} agreed on none of ${offered.join(", ")}`));
        }
      };
    });
  }

  createEngine(connection: Connection, setup: EngineSetup, host: EngineHost): Engine {
    const { protocol, address } = connection as PageConnection;
    return new PageEngine(connection, setup, host, {
      isBare: protocol === BARE,
      foundBare: () => void this.bare.add(address),
    });
  }
}

/** A WebSocket as the engine wants it: each chunk is one message. */
class PageConnection implements Connection {
  handler: ConnectionHandler;
  octetsSent = 0;
  octetsReceived = 0;
  readonly address: PageAddress;
  private readonly socket: NativeSocket;
  private readonly clock: Clock;
  private timer: Timer | undefined = undefined;
  /** The other side said something that no peer may. */
  private error: ZmqError | undefined = undefined;

  constructor(socket: NativeSocket, address: PageAddress, clock: Clock, failed: ConnectionHandler["connectionEnded"]) {
    this.socket = socket;
    this.address = address;
    this.clock = clock;
    this.handler = { received() {}, drained() {}, connectionEnded: failed };
    socket.binaryType = "arraybuffer";
    socket.onmessage = ({ data }): void => {
      if (data instanceof ArrayBuffer) {
        this.octetsReceived += data.byteLength;
        this.handler.received(new Uint8Array(data));
      } else {
        this.error = new ProtocolError("WS_UNSPECIFIED", "a text message; ZWS has binary ones only");
        socket.close();
      }
    };
    socket.onclose = ({ code, reason }): void => {
      this.over(this.error ?? this.explain(code, reason));
    };
  }

  get protocol(): string {
    return this.socket.protocol;
  }

  get remote(): string {
    return this.address.url.replace(/^wss?:\/\/|\/.*/g, "");
  }

  write(chunks: readonly Uint8Array[]): boolean {
    const { socket } = this;
    for (const chunk of chunks) {
      socket.send(chunk);
      this.octetsSent += chunk.length;
    }
    if (socket.bufferedAmount < HIGH) return true;
    if (this.timer === undefined) this.watch(SOON);
    return false;
  }

  /** Browsers do not tell when they have sent something. */
  private watch(delay: number): void {
    this.timer = this.clock.setTimer(delay, () => {
      this.timer = undefined;
      if (this.socket.bufferedAmount > LOW) this.watch(Math.min(2 * delay, LATE));
      else this.handler.drained();
    });
  }

  /** A browser reads on, whatever is said to it. */
  pause(): void {}
  resume(): void {}

  /** Closed once everything has left, as a close has a time limit in browsers; and then over, as not all peers answer a close. */
  end(): void {
    this.timer?.cancel();
    const look = (delay: number): void => {
      if (this.socket.bufferedAmount === 0) {
        this.socket.close(NORMAL);
        this.over(undefined);
      } else this.timer = this.clock.setTimer(delay, () => look(LATE));
    };
    this.socket.onmessage = null;
    look(SOON);
  }

  private over(error: ZmqError | undefined): void {
    this.timer?.cancel();
    this.socket.onclose = null;
    this.handler.connectionEnded(error);
  }

  destroy(): void {
    this.socket.onmessage = null;
    this.socket.close(NORMAL);
  }

  /** Browsers keep to themselves why a connection failed: pages must not explore networks. */
  private explain(code: number, reason: string): ZmqError | undefined {
    if (code === NORMAL || code === GOING || code === NO_CODE) return undefined;
    const { endpoint } = this.address;
    const why = code === LOST ? "the connection failed, or was lost" : `closed with code ${code} ${reason}`;
    return new ZmqError(code === LOST ? "ECONNREFUSED" : "ECONNRESET", `${endpoint}: ${why}`, { address: endpoint });
  }
}
