// SPDX-License-Identifier: MIT
/** Fresh endpoints for measurements: port 0 on the loopback address, or a socket file in a temporary folder. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** Calls `work` with an endpoint to bind, and removes what it left in the file system. */
export async function withEndpoint<T>(
  transport: "tcp" | "ipc" | "ws",
  work: (endpoint: string) => Promise<T>,
): Promise<T> {
  if (transport !== "ipc") return work(`${transport}://127.0.0.1:*`);
  const folder = mkdtempSync(join(tmpdir(), "zeromq-bench-"));
  try {
    return await work(`ipc://${join(folder, "socket")}`);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
