// SPDX-License-Identifier: MIT
/** The options of `tls+tcp://` and `wss://` endpoints, which every socket has: see docs/transports/tls+tcp.md and ws.md. */

/** PEM, as text or octets. */
type Pem = string | Uint8Array;

/** Certificates and keys of `tls+tcp://` endpoints, an extension of this library, and of `wss://`. */
export interface TlsSocketOptions {
  /** Private key of this side, as PEM. New connections use it at once, so that certificates can be renewed. Default null. */
  get tlsKey(): string | null;
  set tlsKey(value: Pem | null);
  /** Certificate of this side, as PEM, followed by those between it and its authority. New connections use it at once. Default null. */
  get tlsCertificate(): string | null;
  set tlsCertificate(value: Pem | readonly Pem[] | null);
  /** Opens `tlsKey` where that is encrypted. Default null. */
  get tlsPassphrase(): string | null;
  set tlsPassphrase(value: Pem | null);
  /** Certificates of the authorities that a peer's certificate must come from, as PEM; null: for connect those of the runtime, for bind nobody. New connections use it at once. Default null. */
  get tlsTrust(): string | null;
  set tlsTrust(value: Pem | readonly Pem[] | null);
  /** Name or address that must stand in the server's certificate; null: the host of the endpoint. Default null. */
  tlsServerName: string | null;
  /** Bind: only clients with a certificate from an authority of `tlsTrust` come in. Default false. */
  tlsRequireClient: boolean;
  /** The oldest version of TLS that is spoken. Default `"1.2"`. */
  tlsMinVersion: "1.2" | "1.3";
  /** Private key of a wss server, as PEM; null: `tlsKey`. Default null. */
  get wssKeyPem(): string | null;
  set wssKeyPem(value: Pem | null);
  /** Certificate of a wss server, as PEM; null: `tlsCertificate`. Default null. */
  get wssCertPem(): string | null;
  set wssCertPem(value: Pem | readonly Pem[] | null);
  /** Certificates of the authorities that a wss client trusts, as PEM; null: `tlsTrust`, or those of the runtime. Default null. */
  get wssTrustPem(): string | null;
  set wssTrustPem(value: Pem | readonly Pem[] | null);
  /** Name that a wss server's certificate must be good for; null: `tlsServerName`, or the host of the endpoint. Default null. */
  wssHostname: string | null;
  /** Trust the authorities of the runtime beside those of `wssTrustPem`. Default false. */
  wssTrustSystem: boolean;
}
