// SPDX-License-Identifier: MIT
/**
 * The options of `tls+tcp://`, which libzmq does not have: spread into `option-rows.ts`. Their names follow those of libzmq's options
 * for wss (`wssKeyPem`, `wssCertPem`, `wssTrustPem`, `wssHostname`). Read by `transport/tls.ts`, key, certificate and trust for each
 * connection anew.
 */
import { type Kind, type OptionRow, own } from "./option-row.ts";

const certificates: Kind = { kind: "pem", holds: "certificates", isList: true };
const now = { immediate: true } as const;

/** One row for each. */
export const tlsOptionRows: readonly OptionRow[] = [
  own("tlsKey", { kind: "pem", holds: "private key" }, null, now),
  own("tlsCertificate", certificates, null, now),
  own("tlsPassphrase", { kind: "secret" }, null, now),
  own("tlsTrust", certificates, null, now),
  own("tlsServerName", { kind: "text", max: 255, mayBeEmpty: true }, null),
  own("tlsRequireClient", { kind: "boolean" }, false),
  own("tlsMinVersion", { kind: "choice", of: ["1.2", "1.3"] }, "1.2"),
];
