// SPDX-License-Identifier: MIT
/**
 * The options of `tls+tcp://`, which libzmq does not have, and libzmq's of `wss://`, which stand before them there: spread into
 * `option-rows.ts`. Read by `transport/tls.ts` and `transport/ws.ts`, key, certificate and trust for each connection anew.
 */
import { type Kind, type OptionRow, own, row } from "./option-row.ts";

const certificates: Kind = { kind: "pem", holds: "certificates", isList: true };
const key: Kind = { kind: "pem", holds: "private key" };
const name: Kind = { kind: "text", max: 255, mayBeEmpty: true };
const now = { immediate: true } as const;

/** One row for each. */
export const tlsOptionRows: readonly OptionRow[] = [
  own("tlsKey", key, null, now),
  own("tlsCertificate", certificates, null, now),
  own("tlsPassphrase", { kind: "secret" }, null, now),
  own("tlsTrust", certificates, null, now),
  own("tlsServerName", name, null),
  own("tlsRequireClient", { kind: "boolean" }, false),
  row("wssKeyPem", 103, "WSS_KEY_PEM", "draft 4.3.3", key, null, { ...now, isWriteOnly: true }),
  row("wssCertPem", 104, "WSS_CERT_PEM", "draft 4.3.3", certificates, null, { ...now, isWriteOnly: true }),
  row("wssTrustPem", 105, "WSS_TRUST_PEM", "draft 4.3.3", certificates, null, { ...now, isWriteOnly: true }),
  row("wssHostname", 106, "WSS_HOSTNAME", "draft 4.3.3", name, null, { isWriteOnly: true }),
  row("wssTrustSystem", 107, "WSS_TRUST_SYSTEM", "draft 4.3.3", { kind: "boolean" }, false, { isWriteOnly: true }),
  own("tlsMinVersion", { kind: "choice", of: ["1.2", "1.3"] }, "1.2"),
];
