// SPDX-License-Identifier: MIT
/** The options of CURVE, one row each. Spread into the table of `option-rows.ts`; `security/curve.ts` reads their values. */
import { type Kind, type OptionRow, row } from "./option-row.ts";

const key: Kind = { kind: "key" };

/** Keys have 32 octets, or 40 characters of Z85. */
export const curveOptionRows: readonly OptionRow[] = [
  row("curveServer", 47, "CURVE_SERVER", "4.0", { kind: "boolean" }, false),
  row("curvePublicKey", 48, "CURVE_PUBLICKEY", "4.0", key, null),
  row("curveSecretKey", 49, "CURVE_SECRETKEY", "4.0", { kind: "key", isSecret: true }, null),
  row("curveServerKey", 50, "CURVE_SERVERKEY", "4.0", key, null),
];
