// SPDX-License-Identifier: MIT
/**
 * A peer that does its handshake and then behaves badly, the same one for every library: it reads nothing more, or sends as
 * fast as the connection takes it. Ends when the benchmark ends its standard input. Neighbours: hello.ts, ../stalled.ts.
 *
 *   stranger_silent <connect-to> <message-size> 1 1 PULL|SUB|DEALER
 *   stranger_talks <connect-to> <message-size> 1 1 PUSH
 */
import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { hello, subscribeToAll, Welcome } from "./hello.ts";
import { report, runRole, type ToolArguments } from "./tool.ts";

/** The routing id under which a ROUTER finds it. */
const NAME = "stranger";
const SLAB = 65_536;

async function meet({ endpoint, variant }: ToolArguments): Promise<Socket> {
  const { hostname, port } = new URL(endpoint);
  const socket = connect({ host: hostname, port: Number(port), noDelay: true });
  // Its other side may end first.
  socket.on("error", () => {});
  await once(socket, "connect");
  socket.write(hello(variant, variant === "DEALER" ? NAME : ""));
  const welcome = new Welcome();
  await new Promise<void>((resolve, reject) => {
    socket.on("data", (chunk: Buffer) => {
      if (welcome.take(chunk)) resolve();
    });
    socket.once("close", () => reject(new Error("the other side closed instead of its handshake")));
  });
  if (variant === "SUB") socket.write(subscribeToAll());
  return socket;
}

async function strangerSilent(options: ToolArguments): Promise<void> {
  const socket = await meet(options);
  socket.pause();
  report({ met: 1 });
  process.stdin.resume();
  await once(process.stdin, "end");
  socket.destroy();
}

async function strangerTalks(options: ToolArguments): Promise<void> {
  const socket = await meet(options);
  const header = Buffer.from(options.size < 256 ? [0, options.size] : [2, 0, 0, 0, 0, 0, 0, 0, 0]);
  if (options.size >= 256) header.writeUInt32BE(options.size, 5);
  const frame = Buffer.concat([header, Buffer.alloc(options.size, "x")]);
  const slab = Buffer.alloc(frame.length * Math.max(1, Math.floor(SLAB / frame.length)), frame);
  const talk = () => {
    for (; !socket.destroyed && socket.write(slab); );
  };
  socket.on("drain", talk);
  report({ met: 1 });
  process.stdin.resume();
  process.stdin.once("data", talk);
  await once(process.stdin, "end");
  socket.destroy();
}

runRole({ stranger_silent: strangerSilent, stranger_talks: strangerTalks });
