// SPDX-License-Identifier: MIT
/** Plain connections for tests of what lies below ZMTP: both ends of one, and folders for sockets in the file system. */

import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { connect, createServer, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** Both ends of a TCP connection over the loopback; closed when the test is over. */
export async function withTcpPair(test: (a: Socket, b: Socket) => Promise<void>): Promise<void> {
  const server = createServer({ pauseOnConnect: true });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as { port: number };
  const accepted = once(server, "connection") as Promise<[Socket]>;
  const a = connect(port, "127.0.0.1");
  await once(a, "connect");
  const [b] = await accepted;
  const hold = setInterval(() => {}, 1 << 30);
  try {
    await test(a, b);
  } finally {
    clearInterval(hold);
    a.destroy();
    b.destroy();
    server.close();
  }
}

/** A folder of the test's own. */
export async function withFolder(test: (folder: string) => Promise<void>): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "zt-"));
  try {
    await test(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Whether this machine has IPv6 on its loopback. */
export async function hasIpv6(): Promise<boolean> {
  const server = createServer();
  return new Promise((resolve) => {
    server.once("error", () => resolve(false));
    server.listen(0, "::1", () => server.close(() => resolve(true)));
  });
}

/** A port of the loopback that nobody listens at, for programs that cannot choose one. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as { port: number };
  server.close();
  await once(server, "close");
  return port;
}
