// SPDX-License-Identifier: MIT
/**
 * One TLS connection on its way from a TCP connection to a peer that has shown who it is, for `net-connection.ts`. Says when it is open,
 * what is known of the peer then, and what the runtime's errors mean.
 */
import type { Socket } from "node:net";
import type { TLSSocket } from "node:tls";
import { encodeText } from "../base/bytes.ts";
import { ZmqError } from "../base/errors.ts";
import { TlsError } from "../base/tls-error.ts";
import type { Shield } from "./net-connection.ts";
import { explainTls, explainVerification } from "./tls-errors.ts";

/**
 * What `TLSSocket` has besides its documented members: the verdict on the peer's certificate, null where it is good. Deno's is the
 * error's code, and empty where it is good.
 */
interface WithVerdict {
  readonly ssl?: { verifyError?(): (Error & { code?: string }) | string | null };
}

/** What both sides have in common. */
abstract class TlsShield implements Shield {
  isOpening = true;
  whenOpen: () => void = () => {};
  held: readonly Uint8Array[] | undefined = undefined;
  readonly counter: Socket;
  protected readonly socket: TLSSocket;
  protected readonly remote: string;
  private known: ReadonlyMap<string, Uint8Array> | undefined = undefined;

  protected constructor(raw: Socket, socket: TLSSocket, remote: string) {
    this.counter = raw;
    this.socket = socket;
    this.remote = remote;
    // What goes wrong with it, the socket above it tells.
    raw.on("error", () => {});
  }

  get facts(): ReadonlyMap<string, Uint8Array> | undefined {
    return this.known;
  }

  explain(error: Error): ZmqError | undefined {
    if (error instanceof ZmqError) return error;
    return explainTls(error, this.remote, this.isOpening);
  }

  cutOff(): ZmqError {
    return new TlsError("CUT_OFF", this.remote);
  }

  protected open(): void {
    if (!this.isOpening || this.socket.destroyed) return;
    this.known = factsOf(this.socket);
    // Nobody needs it, and it costs the side that is asked for it more than the one that asks.
    this.socket.disableRenegotiation();
    this.isOpening = false;
    this.whenOpen();
  }
}

/** The side that was connected to. */
export class ServerShield extends TlsShield {
  constructor(raw: Socket, socket: TLSSocket, remote: string, requiresClient: boolean) {
    super(raw, socket, remote);
    // Not `secureConnect`, which only the other side tells.
    socket.once("secure", () => {
      const refusal = requiresClient ? this.refusal() : undefined;
      if (refusal === undefined) this.open();
      else socket.destroy(refusal);
    });
  }

  /** Why the client's certificate will not do. */
  private refusal(): TlsError | undefined {
    const { ssl } = this.socket as WithVerdict;
    if (ssl?.verifyError === undefined) {
      return new TlsError("UNSPECIFIED", this.remote, "this runtime cannot verify certificates of clients");
    }
    const verdict = ssl.verifyError();
    if (verdict !== null && verdict !== "") {
      const error = typeof verdict === "string" ? Object.assign(new Error(verdict), { code: verdict }) : verdict;
      return explainVerification(error, this.remote);
    }
    // A session that is taken up again has a verdict even where there never was a certificate.
    return this.socket.getPeerX509Certificate() === undefined ? new TlsError("NO_CERTIFICATE", this.remote) : undefined;
  }
}

/** The side that connects. The runtime has verified the server's certificate before it says that the connection is secure. */
export class ClientShield extends TlsShield {
  constructor(raw: Socket, socket: TLSSocket, remote: string) {
    super(raw, socket, remote);
    socket.once("secureConnect", () => {
      if (socket.authorized) this.open();
      else socket.destroy(new TlsError("CERTIFICATE_INVALID", remote));
    });
  }
}

/** What is known of the peer, for its metadata. Subject and issuer are written as RFC 4514 has it, first part first. */
function factsOf(socket: TLSSocket): ReadonlyMap<string, Uint8Array> {
  const facts = new Map<string, Uint8Array>();
  const add = (name: string, value: string | undefined | null): void => {
    if (value !== undefined && value !== null && value !== "") facts.set(`Tls-${name}`, encodeText(value));
  };
  add("Version", socket.getProtocol());
  add("Cipher", socket.getCipher()?.standardName);
  const certificate = socket.getPeerX509Certificate();
  if (certificate === undefined) return facts;
  add("Subject", certificate.subject?.replaceAll("\n", ","));
  add("Issuer", certificate.issuer?.replaceAll("\n", ","));
  add("Names", certificate.subjectAltName);
  add("Serial", certificate.serialNumber);
  add("Fingerprint", certificate.fingerprint256);
  return facts;
}
