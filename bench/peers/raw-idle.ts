// SPDX-License-Identifier: MIT
/**
 * The floor under every connection in Node: a `node:net` socket that somebody keeps and listens to, and nothing else.
 * In the roles of ours-idle.ts. Neighbours: gauge.ts, crowd.ts.
 */
import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Socket } from "node:net";
import { weighOnDemand } from "./gauge.ts";
import { BACKLOG } from "./phases.ts";
import { reportReady, runRole, type ToolArguments } from "./tool.ts";

/** Whoever holds connections must be able to find them. */
const kept = new Set<Socket>();
let octets = 0;

function keep(socket: Socket): void {
  kept.add(socket);
  socket.on("data", (chunk: Buffer) => {
    octets += chunk.length;
  });
  socket.on("error", () => {});
  socket.on("close", () => kept.delete(socket));
}

async function idleAccept(): Promise<void> {
  const server = createServer({ noDelay: true }, keep);
  server.listen({ host: "127.0.0.1", port: 0, backlog: BACKLOG });
  await once(server, "listening");
  reportReady(`tcp://127.0.0.1:${(server.address() as AddressInfo).port}`);
  await weighOnDemand();
  server.close();
  for (const socket of kept) socket.destroy();
}

async function idleConnect({ endpoint, count, warmUp }: ToolArguments): Promise<void> {
  const { hostname, port } = new URL(endpoint);
  const join = (connections: number) => {
    for (let i = 0; i < connections; i += 1) keep(connect({ host: hostname, port: Number(port), noDelay: true }));
  };
  join(warmUp);
  await weighOnDemand(() => join(count));
  for (const socket of kept) socket.destroy();
}

runRole({ idle_accept: idleAccept, idle_connect: idleConnect });
