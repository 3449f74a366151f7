// SPDX-License-Identifier: MIT
/**
 * The tls+tcp transport: ZMTP over TLS over TCP, an extension of this library. Everything about addresses and listening is `tcp.ts`'s;
 * this is the layer above it. `node:tls` is loaded with the first endpoint, at once, since a bind may have to be done when it returns.
 */
import type * as crypto from "node:crypto";
import { isIP, type Socket } from "node:net";
import type { PeerCertificate } from "node:tls";
import type { Clock } from "../base/clock.ts";
import { ZmqError } from "../base/errors.ts";
import type { Connection } from "../engine/connection.ts";
import { builtin } from "./builtin.ts";
import { NetConnection } from "./net-connection.ts";
import { type Lookup, type TcpLayer, TcpTransport } from "./tcp.ts";
import type { TcpAddress } from "./tcp-address.ts";
import { type Role, TlsContexts, type TlsModule } from "./tls-contexts.ts";
import { ClientShield, ServerShield } from "./tls-shield.ts";
import type { TlsOptions, Transport, TransportOptions } from "./transport.ts";

/** The transport for `tls+tcp://` endpoints. */
export function createTlsTransport(clock: Clock, lookup?: Lookup): Transport {
  return new TcpTransport(clock, lookup, new TlsLayer());
}

/** TLS above TCP. */
export class TlsLayer implements TcpLayer {
  readonly scheme: string;
  private readonly contexts: TlsContexts;
  private readonly read: (options: TlsOptions) => TlsOptions;

  /** `read`: where the options have other names. */
  constructor(scheme = "tls+tcp", read: (options: TlsOptions) => TlsOptions = (options) => options) {
    this.scheme = scheme;
    this.read = read;
    this.contexts = new TlsContexts(read);
  }

  prepare({ endpoint }: TcpAddress, options: TransportOptions, use: "bind" | "connect"): void {
    const details = { address: endpoint, syscall: use };
    const role: Role = use === "bind" ? "server" : "client";
    try {
      this.contexts.get(options, role);
    } catch (error) {
      if (!(error instanceof ZmqError)) throw error;
      throw new ZmqError(error.code as "EINVAL", `${use} ${endpoint}: ${error.message}`, {
        ...details,
        cause: error.cause,
      });
    }
  }

  accepted(raw: Socket, remote: string, options: TransportOptions, clock: Clock): Connection {
    const { tls, context } = this.contexts.get(options, "server");
    const socket = new tls.TLSSocket(raw, {
      isServer: true,
      secureContext: context,
      requestCert: options.tlsRequireClient === true,
      rejectUnauthorized: options.tlsRequireClient === true,
    });
    const shield = new ServerShield(raw, socket, remote, options.tlsRequireClient === true);
    return new NetConnection(socket, remote, clock, shield);
  }

  connected(raw: Socket, remote: string, options: TransportOptions, clock: Clock, address: TcpAddress): Connection {
    const { tls, context } = this.contexts.get(options, "client");
    const expected = nameOf(this.read(options).tlsServerName ?? address.name ?? address.host);
    const socket = tls.connect({
      socket: raw,
      secureContext: context,
      // An address is nothing that a server can be asked for by name (RFC 6066 §3), but it can stand in a certificate.
      servername: isIP(expected) === 0 ? expected : "",
      checkServerIdentity: (_, certificate) => whyNotFor(expected, certificate, tls),
      rejectUnauthorized: true,
    });
    return new NetConnection(socket, remote, clock, new ClientShield(raw, socket, remote));
  }
}

/** As it stands in certificates: without the zone of an address, and without the dot at the end of a name. */
function nameOf(host: string): string {
  return host.replace(/%.*$/, "").replace(/\.$/, "");
}

/** What speaks against a certificate of a server that must have this name, or address. */
function whyNotFor(expected: string, certificate: PeerCertificate, tls: TlsModule): Error | undefined {
  if (isIP(expected) === 0) return tls.checkServerIdentity(expected, certificate);
  // Not asked for addresses: Node.js 22.23 takes those of IPv6 for names there.
  const { X509Certificate } = builtin<typeof crypto>("node:crypto");
  if (new X509Certificate(certificate.raw).checkIP(expected) !== undefined) return undefined;
  const text = `${expected} is not among its names: ${certificate.subjectaltname ?? "it has none"}`;
  return Object.assign(new Error(text), { code: "ERR_TLS_CERT_ALTNAME_INVALID" });
}
