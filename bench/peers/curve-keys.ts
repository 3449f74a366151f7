// SPDX-License-Identifier: MIT
/** The keys of the "curve" suite's peers, the same in each: anybody may know them. Neighbours: the peers whose names have "curve". */
export const serverKeys = {
  publicKey: "rq:rM>}U?@Lns47E1%kR.o@n%FcmmsL/@{H8]yf7",
  secretKey: "JTKVSB%%)wK0E.X)V>+}o?pNmC{O&4W4b!Ni{Lh6",
} as const;
export const clientKeys = {
  publicKey: "Yne@$w-vo<fVvi]a<NY6T1ed:M$fCG*[IaLV{hID",
  secretKey: "D:)Q[IlAW!ahhC2ac:9*A}h:p?([4%wOTJ%JR%cs",
} as const;

/** Options of the side that binds, and of the side that connects. */
export const server = { curveServer: true, curveSecretKey: serverKeys.secretKey } as const;
export const client = {
  curvePublicKey: clientKeys.publicKey,
  curveSecretKey: clientKeys.secretKey,
  curveServerKey: serverKeys.publicKey,
} as const;

/** Clients that shake hands at the same time: the first of `more`. */
export function clientsOf({ more }: { readonly more: readonly string[] }): number {
  const clients = Number(more[0]);
  if (!(clients >= 1)) throw new Error(`${more[0]} clients: the first argument behind the variant is their number`);
  return clients;
}
