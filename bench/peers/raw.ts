// SPDX-License-Identifier: MIT
/**
 * The floor under every JavaScript implementation: `node:net` with ZMTP's framing (RFC 37 §framing) and nothing else: no
 * greeting, queue, high-water mark or promise. Sender: writes of 64 KiB; receiver: a view per message. Neighbour: tool.ts.
 */
import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Socket } from "node:net";
import { checkSize, LatencyClock, RateClock, released, reportReady, runRole, type ToolArguments } from "./tool.ts";

const SLAB = 65_536;
/** Bodies above this go out by reference behind their header instead of being copied into a slab, which costs as much here. */
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

/** Flags, a length of one or eight octets. */
function encodeHeader(length: number): Buffer {
  const header = Buffer.alloc(length > 255 ? 9 : 2);
  if (length > 255) {
    header[0] = 2;
    header.writeBigUInt64BE(BigInt(length), 1);
  } else {
    header[1] = length;
  }
  return header;
}

/** Sends one frame in one write. */
function writeFrame(socket: Socket, body: Buffer): void {
  const header = encodeHeader(body.length);
  if (body.length > COPY_LIMIT) {
    socket.cork();
    socket.write(header);
    socket.write(body);
    socket.uncork();
  } else {
    socket.write(Buffer.concat([header, body]));
  }
}

/** Cuts a byte stream into frames; hands out a view of the chunk, or a copy where a frame spans two or more chunks. */
class FrameReader {
  /** The beginning of a header. */
  #rest: Buffer | undefined;
  /** A body of which `#filled` octets are there. */
  #body: Buffer | undefined;
  #filled = 0;

  read(chunk: Buffer, use: (body: Buffer) => void): void {
    let bytes = chunk;
    let at = 0;
    if (this.#body !== undefined) {
      at = this.#fill(chunk, 0);
      if (this.#filled < this.#body.length) return;
      const body = this.#body;
      this.#body = undefined;
      use(body);
    } else if (this.#rest !== undefined) {
      bytes = Buffer.concat([this.#rest, chunk]);
      this.#rest = undefined;
    }
    for (;;) {
      const left = bytes.length - at;
      const header = left > 0 && ((bytes[at] as number) & 2) !== 0 ? 9 : 2;
      if (left < header) {
        if (left > 0) this.#rest = bytes.subarray(at);
        return;
      }
      const length =
        header === 2 ? (bytes[at + 1] as number) : bytes.readUInt32BE(at + 1) * 2 ** 32 + bytes.readUInt32BE(at + 5);
      at += header;
      if (left < header + length) {
        this.#body = Buffer.allocUnsafeSlow(length);
        this.#filled = 0;
        this.#fill(bytes, at);
        return;
      }
      use(bytes.subarray(at, at + length));
      at += length;
    }
  }

  #fill(bytes: Buffer, from: number): number {
    const copied = bytes.copy(this.#body as Buffer, this.#filled, from);
    this.#filled += copied;
    return from + copied;
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
  const header = encodeHeader(size);
  const frame = header.length + size;
  const clock = new RateClock(warmUp, count);
  for (let done = false; !done; ) {
    const messages = Math.min(clock.next, Math.max(1, Math.floor(SLAB / frame)));
    if (size > COPY_LIMIT) {
      socket.cork();
      for (let i = 0; i < messages; i += 1) {
        socket.write(header);
        socket.write(payload);
      }
      socket.uncork();
    } else {
      const slab = Buffer.allocUnsafeSlow(messages * frame);
      // Each message is encoded on its own, as a library must; copying one finished frame over and over would flatter.
      for (let at = 0; at < slab.length; at += frame) encodeInto(slab, at, payload);
      socket.write(slab);
    }
    done = clock.pass(messages);
    // What `write` returns is about Node's own mark; only what the system has not taken at once must be waited for.
    if (socket.writableLength > 0) await once(socket, "drain");
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
      writeFrame(socket, body);
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
        writeFrame(socket, payload);
      }
    });
  });
  clock.leave();
  writeFrame(socket, payload);
  await once(socket, "close");
}

runRole({ local_thr: localThr, remote_thr: remoteThr, local_lat: localLat, remote_lat: remoteLat });
