// SPDX-License-Identifier: MIT
/**
 * The floor under every JavaScript implementation: `node:net` with ZMTP's framing (RFC 37 §framing) and nothing else: no
 * greeting, queue, high-water mark or promise. Sender: 64 KiB slabs; receiver: a view per message. Neighbour: tool.ts.
 */
import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Socket } from "node:net";
import { checkSize, LatencyClock, RateClock, released, reportReady, runRole, type ToolArguments } from "./tool.ts";

const SLAB = 65_536;
/** Bodies above this go out by reference behind their header instead of being copied into a slab. */
const COPY_LIMIT = 8_192;

async function accept(endpoint: string): Promise<Socket> {
  const server = createServer({ noDelay: true });
  const ipc = endpoint.startsWith("ipc://");
  server.listen(ipc ? { path: endpoint.slice(6) } : { host: "127.0.0.1", port: 0 });
  await once(server, "listening");
  reportReady(ipc ? endpoint : `tcp://127.0.0.1:${(server.address() as AddressInfo).port}`);
  const [socket] = (await once(server, "connection")) as [Socket];
  server.close();
  return socket;
}

async function dial(endpoint: string): Promise<Socket> {
  const socket = endpoint.startsWith("ipc://")
    ? connect({ path: endpoint.slice(6) })
    : connect({ host: "127.0.0.1", port: Number(endpoint.slice(endpoint.lastIndexOf(":") + 1)), noDelay: true });
  await once(socket, "connect");
  return socket;
}

/** One frame: flags, a length of one or eight octets, the body. */
function encodeFrame(body: Buffer): Buffer {
  const long = body.length > 255;
  const frame = Buffer.alloc((long ? 9 : 2) + body.length);
  frame[0] = long ? 2 : 0;
  if (long) frame.writeBigUInt64BE(BigInt(body.length), 1);
  else frame[1] = body.length;
  body.copy(frame, long ? 9 : 2);
  return frame;
}

/** Cuts a byte stream into frames; hands out a view of the chunk, or a copy where a frame spans two chunks. */
class FrameReader {
  #rest: Buffer | undefined;

  read(chunk: Buffer, use: (body: Buffer) => void): void {
    let bytes = this.#rest === undefined ? chunk : Buffer.concat([this.#rest, chunk]);
    let at = 0;
    for (;;) {
      const left = bytes.length - at;
      if (left < 2) break;
      let header = 2;
      let length = bytes[at + 1] as number;
      if (((bytes[at] as number) & 2) !== 0) {
        if (left < 9) break;
        header = 9;
        length = bytes.readUInt32BE(at + 1) * 2 ** 32 + bytes.readUInt32BE(at + 5);
      }
      if (left < header + length) break;
      use(bytes.subarray(at + header, at + header + length));
      at += header + length;
    }
    bytes = at === 0 ? bytes : bytes.subarray(at);
    this.#rest = bytes.length === 0 ? undefined : bytes;
  }
}

async function localThr({ endpoint, size, count, warmUp }: ToolArguments): Promise<void> {
  const socket = await accept(endpoint);
  const reader = new FrameReader();
  const clock = new RateClock(warmUp, count);
  let messages = 0;
  const use = (body: Buffer) => {
    checkSize(body.length, size);
    messages += 1;
  };
  let done = false;
  socket.on("data", (chunk: Buffer) => {
    messages = 0;
    reader.read(chunk, use);
    if (!done && messages > 0 && clock.pass(messages)) {
      done = true;
      clock.report();
      socket.destroy();
    }
  });
  await once(socket, "close");
}

async function remoteThr({ endpoint, size, count, warmUp }: ToolArguments): Promise<void> {
  const socket = await dial(endpoint);
  const payload = Buffer.alloc(size, "x");
  const frame = encodeFrame(payload);
  const header = frame.subarray(0, frame.length - size);
  const clock = new RateClock(warmUp, count);
  for (let done = false; !done; ) {
    let open: boolean;
    if (size > COPY_LIMIT) {
      socket.cork();
      socket.write(header);
      open = socket.write(payload);
      socket.uncork();
      done = clock.pass(1);
    } else {
      const messages = Math.min(clock.next, Math.floor(SLAB / frame.length));
      const slab = Buffer.allocUnsafeSlow(messages * frame.length);
      // Each message is encoded on its own, as a library must; copying one finished frame over and over would flatter.
      for (let at = 0; at < slab.length; at += frame.length) encodeInto(slab, at, payload);
      open = socket.write(slab);
      done = clock.pass(messages);
    }
    if (!open) await once(socket, "drain");
  }
  await released();
  clock.report();
  socket.destroy();
}

function encodeInto(slab: Buffer, start: number, body: Buffer): void {
  let at = start;
  const length = body.length;
  if (length > 255) {
    slab[at] = 2;
    slab.writeUInt32BE(0, at + 1);
    slab.writeUInt32BE(length, at + 5);
    at += 9;
  } else {
    slab[at] = 0;
    slab[at + 1] = length;
    at += 2;
  }
  // A loop beats the call into the engine's copy for short bodies.
  if (length <= 32) for (let i = 0; i < length; i += 1) slab[at + i] = body[i] as number;
  else slab.set(body, at);
}

async function localLat({ endpoint, size }: ToolArguments): Promise<void> {
  const socket = await accept(endpoint);
  const reader = new FrameReader();
  socket.on("data", (chunk: Buffer) => {
    reader.read(chunk, (body) => {
      checkSize(body.length, size);
      socket.write(encodeFrame(body));
    });
  });
  await once(socket, "end");
  socket.end();
}

async function remoteLat({ endpoint, size, count, warmUp }: ToolArguments): Promise<void> {
  const socket = await dial(endpoint);
  const reader = new FrameReader();
  const payload = Buffer.alloc(size, "x");
  const clock = new LatencyClock(warmUp, count);
  socket.on("data", (chunk: Buffer) => {
    reader.read(chunk, (body) => {
      checkSize(body.length, size);
      if (clock.back()) {
        clock.report();
        socket.end();
      } else {
        clock.leave();
        socket.write(encodeFrame(payload));
      }
    });
  });
  clock.leave();
  socket.write(encodeFrame(payload));
  await once(socket, "close");
}

runRole({ local_thr: localThr, remote_thr: remoteThr, local_lat: localLat, remote_lat: remoteLat });
