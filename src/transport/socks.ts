// SPDX-License-Identifier: MIT
/**
 * The client of SOCKS5 (RFC 1928, with names and passwords as in RFC 1929): asks a proxy, on a connection to it, for one to somebody else.
 * Names are the proxy's to look up. Used by `tcp.ts`, below whatever layer comes above TCP.
 */
import type { Socket } from "node:net";
import { concatBytes, encodeText } from "../base/bytes.ts";
import { errorCodeOf, ZmqError } from "../base/errors.ts";
import { addressOctets } from "../base/ip-address.ts";
import { type HostPort, parseTcpAddress, type TcpAddress } from "./tcp-address.ts";
import type { TransportOptions } from "./transport.ts";

const VERSION = 5;
const NO_PASSWORD = 0;
const PASSWORD = 2;
const IPV4 = 1;
const NAME = 3;
const IPV6 = 4;

/** What is needed of a socket. */
export type ProxySocket = Pick<Socket, "on" | "off" | "write" | "pause" | "unshift">;

/** What a proxy says of a connection that it did not make (RFC 1928 §6). */
const REFUSALS = [
  "general failure",
  "not allowed by its rules",
  "network unreachable",
  "host unreachable",
  "connection refused",
  "time is up",
  "command not supported",
  "kind of address not supported",
];

/** The proxy that the options name; undefined: none. @throws ZmqError `EINVAL` */
export function proxyOf({ socksProxy }: TransportOptions): TcpAddress | undefined {
  return socksProxy === undefined || socksProxy === null ? undefined : parseTcpAddress(socksProxy, "connect", "socks");
}

/** Has the proxy connect to an address; the socket is paused then, at the first octet of the peer's. Rejects with a ZmqError. */
export async function askProxy(
  socket: ProxySocket,
  { host, port }: HostPort,
  { socksUsername, socksPassword }: TransportOptions,
  endpoint: string,
  signal: AbortSignal,
): Promise<void> {
  const failed = (text: string): ZmqError =>
    new ZmqError("ECONNREFUSED", `connect ${endpoint}: the SOCKS proxy ${text}`, { address: endpoint });
  const reader = new Reader(socket, failed, signal);
  try {
    const hasName = socksUsername !== undefined && socksUsername !== null && socksUsername !== "";
    const method = hasName ? PASSWORD : NO_PASSWORD;
    socket.write(Uint8Array.of(VERSION, 1, method));
    const [version, chosen] = await reader.take(2);
    if (version !== VERSION) throw failed("speaks something else than SOCKS5");
    if (chosen !== method && chosen !== NO_PASSWORD) {
      throw failed(hasName ? "takes no user name" : "wants a user name; set socksUsername and socksPassword");
    }
    if (chosen === PASSWORD) {
      const [name, password] = [encodeText(socksUsername as string), encodeText(socksPassword ?? "")];
      const lengthOf = (text: Uint8Array): Uint8Array => Uint8Array.of(text.length);
      socket.write(concatBytes([Uint8Array.of(1), lengthOf(name), name, lengthOf(password), password]));
      const [, status] = await reader.take(2);
      if (status !== 0) throw failed("refused socksUsername and socksPassword");
    }
    socket.write(concatBytes([Uint8Array.of(VERSION, 1, 0), addressFor(host), Uint8Array.of(port >> 8, port & 255)]));
    const [again, reply, , kind] = await reader.take(4);
    if (again !== VERSION) throw failed("speaks something else than SOCKS5");
    if (reply !== 0) throw failed(`did not connect: ${REFUSALS[(reply as number) - 1] ?? `error ${reply}`}`);
    // Where the proxy connects from: of no use here.
    if (kind === NAME) await reader.take(((await reader.take(1))[0] as number) + 2);
    else if (kind === IPV4 || kind === IPV6) await reader.take(kind === IPV4 ? 6 : 18);
    else throw failed("speaks something else than SOCKS5");
    // Nobody would hear of it any more.
    reader.check();
  } finally {
    reader.end();
  }
}

function addressFor(host: string): Uint8Array {
  const octets = addressOctets(host);
  if (octets !== undefined) return Uint8Array.of(octets.length === 4 ? IPV4 : IPV6, ...octets);
  const name = encodeText(host);
  if (name.length > 255) throw new ZmqError("EINVAL", `the name ${host} is too long for a SOCKS proxy`);
  return concatBytes([Uint8Array.of(NAME, name.length), name]);
}

/** Octets from a socket, so many at a time; what comes after them stays there. */
class Reader {
  private readonly socket: ProxySocket;
  private held: Uint8Array = new Uint8Array(0);
  private failure: Error | undefined = undefined;
  private wake: () => void = () => {};
  private readonly arrived = (chunk: Uint8Array): void => {
    this.held = concatBytes([this.held, chunk]);
    this.wake();
  };
  private readonly broken: (error: Error) => void;
  private readonly closed: () => void;
  private readonly aborted: () => void;
  private readonly signal: AbortSignal;

  constructor(socket: ProxySocket, failed: (text: string) => ZmqError, signal: AbortSignal) {
    this.socket = socket;
    this.signal = signal;
    this.broken = (error) => {
      this.failure ??=
        error instanceof ZmqError ? error : new ZmqError(errorCodeOf(error, "ECONNRESET"), error.message);
      this.wake();
    };
    this.closed = () => this.broken(failed("closed the connection"));
    this.aborted = () => this.broken(new ZmqError("ECANCELED", "given up"));
    socket.on("data", this.arrived).on("error", this.broken).on("end", this.closed).on("close", this.closed);
    signal.addEventListener("abort", this.aborted, { once: true });
    if (signal.aborted) this.aborted();
  }

  async take(length: number): Promise<Uint8Array> {
    while (this.held.length < length) {
      this.check();
      await new Promise<void>((resolve) => {
        this.wake = resolve;
      });
    }
    const taken = this.held.subarray(0, length);
    this.held = this.held.subarray(length);
    return taken;
  }

  /** @throws what has become of the socket */
  check(): void {
    if (this.failure !== undefined) throw this.failure;
  }

  /** Leaves the socket paused, with what was not taken in it. */
  end(): void {
    const { socket } = this;
    socket.pause();
    socket.off("data", this.arrived).off("error", this.broken).off("end", this.closed).off("close", this.closed);
    this.signal.removeEventListener("abort", this.aborted);
    if (this.held.length > 0 && this.failure === undefined) socket.unshift(this.held);
  }
}
