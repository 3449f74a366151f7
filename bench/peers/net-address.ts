// SPDX-License-Identifier: MIT
/** Endpoints as `node:net` wants them, for the programs that use no library: sink.ts, raw-many.ts. */
import type { NetConnectOpts } from "node:net";

/** Where to connect. */
export function addressOf(endpoint: string): NetConnectOpts {
  if (endpoint.startsWith("ipc://")) return { path: endpoint.slice(6) };
  const { hostname, port } = new URL(endpoint);
  return { host: hostname, port: Number(port), noDelay: true };
}
