// SPDX-License-Identifier: MIT
/**
 * Many light peers in one process, for measuring what they cost the other side: `node:net` and a handshake on each, then
 * silence. The first `warm-up` of them come at once, `count` more when told to. Variant: "bare" omits the handshake.
 *
 *   crowd_connects <connect-to> 0 <count> <warm-up> [bare]
 *   crowd_accepts <bind-to> 0 <count> <warm-up> [bare]
 */
import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Socket } from "node:net";
import { hello, Welcome } from "./hello.ts";
import { BACKLOG } from "./phases.ts";
import { report, reportReady, runRole, type ToolArguments } from "./tool.ts";

/** Connections that are under way at a time, fewer than what a library lets wait to be accepted. */
const AT_ONCE = 50;

const sockets: Socket[] = [];

/** Resolves when the other side knows this peer. */
function greet(socket: Socket, socketType: string): Promise<void> {
  const welcome = new Welcome();
  return new Promise((resolve, reject) => {
    socket.on("data", (chunk: Buffer) => {
      if (welcome.take(chunk)) resolve();
    });
    socket.once("error", reject);
    socket.write(hello(socketType));
  });
}

async function join(endpoint: string, variant: string): Promise<void> {
  const { hostname, port } = new URL(endpoint);
  const socket = connect({ host: hostname, port: Number(port), noDelay: true });
  sockets.push(socket);
  await once(socket, "connect");
  if (variant !== "bare") await greet(socket, "DEALER");
}

async function joinAll(endpoint: string, variant: string, count: number): Promise<void> {
  let left = count;
  const lane = async () => {
    for (; left > 0; ) {
      left -= 1;
      await join(endpoint, variant);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, lane));
}

/** Both parts end when the benchmark has what it wants, and ends this process's standard input. */
async function crowdConnects({ endpoint, count, warmUp, variant }: ToolArguments): Promise<void> {
  await joinAll(endpoint, variant, warmUp);
  report({ connected: sockets.length });
  process.stdin.once(
    "data",
    () => void joinAll(endpoint, variant, count).then(() => report({ connected: sockets.length })),
  );
  await leave();
}

async function crowdAccepts({ count, warmUp, variant }: ToolArguments): Promise<void> {
  let greeted = 0;
  const server = createServer({ noDelay: true }, (socket) => {
    sockets.push(socket);
    void (variant === "bare" ? Promise.resolve() : greet(socket, "PUSH")).then(() => {
      greeted += 1;
      if (greeted === warmUp || greeted === warmUp + count) report({ connected: greeted });
    });
  });
  server.listen({ host: "127.0.0.1", port: 0, backlog: BACKLOG });
  await once(server, "listening");
  reportReady(`tcp://127.0.0.1:${(server.address() as AddressInfo).port}`);
  process.stdin.resume();
  await leave();
  server.close();
}

async function leave(): Promise<void> {
  await once(process.stdin, "end");
  for (const socket of sockets) socket.destroy();
}

runRole({ crowd_connects: crowdConnects, crowd_accepts: crowdAccepts });
