// SPDX-License-Identifier: MIT
/**
 * The floor under every JavaScript implementation with many clients: `node:net`, one write for a client's requests and
 * one for their replies, octets that nobody looks at. Roles as in ours-many.ts; neighbours: phases.ts, tool.ts.
 */
import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Socket } from "node:net";
import { addressOf } from "./net-address.ts";
import { askPhases, BACKLOG, PhaseClock, peersOf } from "./phases.ts";
import { released, reportReady, runRole, type ToolArguments } from "./tool.ts";

/** A message's octets on the wire. */
function frameOf({ size }: ToolArguments): number {
  return size + (size < 256 ? 2 : 9);
}

async function serve(options: ToolArguments): Promise<void> {
  const { endpoint, count, warmUp } = options;
  const peers = peersOf(options);
  let warmUpLeft = warmUp * peers * frameOf(options);
  let clock: PhaseClock | undefined;
  const sockets: Socket[] = [];
  const server = createServer({ noDelay: true }, (socket) => {
    sockets.push(socket);
    socket.on("error", () => {});
    socket.on("data", (octets) => {
      socket.write(octets);
      warmUpLeft -= octets.length;
      if (warmUpLeft <= 0) clock ??= new PhaseClock();
    });
  });
  const isLocal = endpoint.startsWith("ipc://");
  server.listen(isLocal ? { path: endpoint.slice(6) } : { host: "127.0.0.1", port: 0, backlog: BACKLOG });
  await once(server, "listening");
  reportReady(isLocal ? endpoint : `tcp://127.0.0.1:${(server.address() as AddressInfo).port}`);
  await released();
  clock?.report(count * peers);
  for (const socket of sockets) socket.destroy();
  server.close();
}

async function ask(options: ToolArguments): Promise<void> {
  const frame = frameOf(options);
  let left = 0;
  let answered: () => void = () => {};
  const sockets = Array.from({ length: peersOf(options) }, () => {
    const socket = connect(addressOf(options.endpoint));
    return socket.on("data", (octets) => {
      left -= octets.length;
      if (left === 0) answered();
    });
  });
  await askPhases(options, (window) => {
    left = sockets.length * window * frame;
    const requests = Buffer.alloc(window * frame, "x");
    for (const socket of sockets) socket.write(requests);
    return new Promise((resolve) => {
      answered = resolve;
    });
  });
  for (const socket of sockets) socket.destroy();
}

runRole({ serve, ask });
