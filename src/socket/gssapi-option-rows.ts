// SPDX-License-Identifier: MIT
/** The options of GSSAPI, one row each. Spread into the table of `option-rows.ts`; `security/gssapi.ts` reads their values. */
import { type Kind, type OptionRow, row } from "./option-row.ts";

const boolean: Kind = { kind: "boolean" };
const text: Kind = { kind: "text", max: 255 };
const nameTypes: Kind = { kind: "choice", of: ["hostBased", "userName", "krb5Principal"] };

/** Honoured where the package `kerberos` is installed. */
export const gssapiOptionRows: readonly OptionRow[] = [
  row("gssapiServer", 62, "GSSAPI_SERVER", "4.1", boolean, false),
  row("gssapiPrincipal", 63, "GSSAPI_PRINCIPAL", "4.1", text, null),
  row("gssapiServicePrincipal", 64, "GSSAPI_SERVICE_PRINCIPAL", "4.1", text, null),
  row("gssapiPlainText", 65, "GSSAPI_PLAINTEXT", "4.1", boolean, false),
  row("gssapiPrincipalNameType", 90, "GSSAPI_PRINCIPAL_NAMETYPE", "4.3", nameTypes, "hostBased"),
  row("gssapiServicePrincipalNameType", 91, "GSSAPI_SERVICE_PRINCIPAL_NAMETYPE", "4.3", nameTypes, "hostBased"),
];
