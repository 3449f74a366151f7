// SPDX-License-Identifier: MIT
/** The keys of the "curve" suite's peers, the same in each: anybody may know them. Neighbours: the peers whose names have "curve". */

const SERVER_PUBLIC = "rq:rM>}U?@Lns47E1%kR.o@n%FcmmsL/@{H8]yf7";
const SERVER_SECRET = "JTKVSB%%)wK0E.X)V>+}o?pNmC{O&4W4b!Ni{Lh6";
const CLIENT_PUBLIC = "Yne@$w-vo<fVvi]a<NY6T1ed:M$fCG*[IaLV{hID";
const CLIENT_SECRET = "D:)Q[IlAW!ahhC2ac:9*A}h:p?([4%wOTJ%JR%cs";

/** Options of the side that binds. */
export const server: { readonly curveServer: boolean; readonly curveSecretKey: string } = {
  curveServer: true,
  curveSecretKey: SERVER_SECRET,
};

/** Options of the side that connects. */
export const client: Readonly<Record<"curvePublicKey" | "curveSecretKey" | "curveServerKey", string>> = {
  curvePublicKey: CLIENT_PUBLIC,
  curveSecretKey: CLIENT_SECRET,
  curveServerKey: SERVER_PUBLIC,
};

/** Clients that shake hands at the same time: the first of `more`. */
export function clientsOf({ more }: { readonly more: readonly string[] }): number {
  const clients = Number(more[0]);
  if (!(clients >= 1)) throw new Error(`${more[0]} clients: the first argument behind the variant is their number`);
  return clients;
}
