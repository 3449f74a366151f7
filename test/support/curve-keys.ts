// SPDX-License-Identifier: MIT
/** Pairs of CURVE keys for tests, in Z85: the two of libzmq's zmq_curve(7), and one of somebody whom nobody knows. */
import { decodeZ85 } from "../../src/base/z85.ts";

/** The pair of a server. */
export const SERVER = {
  publicKey: "rq:rM>}U?@Lns47E1%kR.o@n%FcmmsL/@{H8]yf7",
  secretKey: "JTKVSB%%)wK0E.X)V>+}o?pNmC{O&4W4b!Ni{Lh6",
} as const;

/** The pair of a client that may come in. */
export const CLIENT = {
  publicKey: "Yne@$w-vo<fVvi]a<NY6T1ed:M$fCG*[IaLV{hID",
  secretKey: "D:)Q[IlAW!ahhC2ac:9*A}h:p?([4%wOTJ%JR%cs",
} as const;

/** The pair of a client that may not. */
export const STRANGER = {
  publicKey: "OZ^vBC=wYsL>0KF>0nl-JMg7NQf+]4qcFJOC}rMv",
  secretKey: "nn#(${2mu^6^98V7xzJWnbZ:sr*=CxXjwkZ/dLG+",
} as const;

/** Options of a client with this pair that knows the server. */
export function curveClient({ publicKey, secretKey }: { publicKey: string; secretKey: string }): {
  curvePublicKey: string;
  curveSecretKey: string;
  curveServerKey: string;
} {
  return { curvePublicKey: publicKey, curveSecretKey: secretKey, curveServerKey: SERVER.publicKey };
}

/** Options of the server. */
export const CURVE_SERVER: { readonly curveServer: true; readonly curveSecretKey: string } = {
  curveServer: true,
  curveSecretKey: SERVER.secretKey,
};

/** The 32 octets of a key. */
export function keyOctets(key: string): Buffer {
  return Buffer.from(decodeZ85(key));
}
