// SPDX-License-Identifier: MIT
/**
 * A peer that is nothing but a TCP or Unix connection: it speaks ZMTP 3 with a greeting, a frame reader and a frame writer
 * of its own, from `wire-octets.ts`. `implementation.ts` has what it talks to.
 */
import assert from "node:assert/strict";
import { once } from "node:events";
import { connect, createServer, type Server, type Socket } from "node:net";
import {
  COMMAND,
  encodeCommand,
  encodeFrame,
  encodeProperties,
  greeting,
  LONG,
  MORE,
  octets,
  parseCommand,
  parseProperties,
  type WireFrame,
} from "./wire-octets.ts";

/** What a peer says of itself. */
export interface Introduction {
  readonly type: string;
  readonly identity?: string;
  /** Second octet of the version; RFC 37 is 1, RFC 23 is 0. */
  readonly minor?: number;
  /** More properties of READY, or other ones in the place of the usual. */
  readonly properties?: Readonly<Record<string, string>>;
  /** Another greeting than the usual. */
  readonly greeting?: Buffer;
}

/** Where to connect for an endpoint. */
function target(endpoint: string): { host: string; port: number } | { path: string } {
  if (endpoint.startsWith("ipc://")) return { path: endpoint.slice("ipc://".length) };
  const { hostname, port } = new URL(endpoint.replace("tcp:", "http:"));
  return { host: hostname, port: Number(port) };
}

/** Something that several may wait for. */
export class News {
  #waiting: (() => void)[] = [];

  tell(): void {
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const resolve of waiting) resolve();
  }

  next(): Promise<void> {
    return new Promise((resolve) => {
      this.#waiting.push(resolve);
    });
  }
}

/** One end of a connection. */
export class WirePeer {
  readonly #socket: Socket;
  #chunks: Buffer[] = [];
  #length = 0;
  #hasEnded = false;
  readonly #news = new News();
  /** The other side's greeting and properties, once the handshake is done. */
  theirGreeting: Buffer = Buffer.alloc(0);
  theirProperties: Readonly<Record<string, string>> = {};

  constructor(socket: Socket) {
    this.#socket = socket;
    socket.setNoDelay(true);
    socket.on("data", (chunk: Buffer) => {
      this.#chunks.push(chunk);
      this.#length += chunk.length;
      this.#news.tell();
    });
    socket.on("error", () => {});
    for (const event of ["end", "close"]) {
      socket.once(event, () => {
        this.#hasEnded = true;
        this.#news.tell();
      });
    }
  }

  static async connect(endpoint: string): Promise<WirePeer> {
    const socket = connect(target(endpoint));
    await once(socket, "connect");
    return new WirePeer(socket);
  }

  // ── Octets ─────────────────────────────────────────────────────────────────────────────────────────────────────

  /** Octets that came and were not read. */
  get waiting(): number {
    return this.#length;
  }

  get hasEnded(): boolean {
    return this.#hasEnded;
  }

  write(bytes: Buffer): void {
    this.#socket.write(bytes);
  }

  /** Exactly so many octets. */
  async read(count: number): Promise<Buffer> {
    while (this.#length < count) {
      assert.ok(!this.#hasEnded, `the connection ended after ${this.#length} of ${count} octets`);
      await this.#news.next();
    }
    const all = this.#chunks.length === 1 ? (this.#chunks[0] as Buffer) : Buffer.concat(this.#chunks);
    this.#chunks = all.length > count ? [all.subarray(count)] : [];
    this.#length -= count;
    return all.subarray(0, count);
  }

  /** All octets up to the end of the connection. */
  async rest(): Promise<Buffer> {
    while (!this.#hasEnded) await this.#news.next();
    return this.read(this.#length);
  }

  /** Resolves when the other side has ended the connection. */
  async ended(): Promise<void> {
    while (!this.#hasEnded) await this.#news.next();
  }

  /** Leaves what comes in the kernel's buffers. */
  pause(): void {
    this.#socket.pause();
  }

  resume(): void {
    this.#socket.resume();
  }

  /** Octets that the kernel has not taken. */
  get unsent(): number {
    return this.#socket.writableLength;
  }

  close(): Promise<void> {
    this.#socket.destroy();
    return this.ended();
  }

  // ── Frames ─────────────────────────────────────────────────────────────────────────────────────────────────────

  async frame(): Promise<WireFrame> {
    const [flags, short] = (await this.read(2)) as unknown as [number, number];
    assert.equal(flags & ~(MORE | LONG | COMMAND), 0, "the reserved flags are zero");
    if ((flags & LONG) === 0) return { flags, body: await this.read(short) };
    const head = Buffer.concat([Buffer.from([short]), await this.read(7)]);
    return { flags, body: await this.read(Number(head.readBigUInt64BE())) };
  }

  /** The next command, by name and data in latin1. */
  async command(): Promise<[string, string]> {
    const { name, data } = parseCommand(await this.frame());
    return [name, data.toString("latin1")];
  }

  /** The next message: its parts. */
  async receive(): Promise<string[]> {
    const parts: string[] = [];
    for (;;) {
      const { flags, body } = await this.frame();
      assert.equal(flags & COMMAND, 0, "a message frame");
      parts.push(body.toString("latin1"));
      if ((flags & MORE) === 0) return parts;
    }
  }

  send(...parts: string[]): void {
    const frames = parts.map((part, i) => encodeFrame(i < parts.length - 1 ? MORE : 0, octets(part)));
    this.#socket.write(Buffer.concat(frames));
  }

  sendCommand(name: string, data: Buffer | string = ""): void {
    this.#socket.write(encodeCommand(name, data));
  }

  subscribe(topic: string): void {
    this.sendCommand("SUBSCRIBE", topic);
  }

  cancel(topic: string): void {
    this.sendCommand("CANCEL", topic);
  }

  /**
   * The next subscription that the other side sends, as a 1 or a 0 and the topic. A message is as good as a command: libzmq
   * passes on what an XSUB's application sends as it is.
   */
  async subscription(): Promise<string> {
    const frame = await this.frame();
    if ((frame.flags & COMMAND) === 0) return frame.body.toString("latin1");
    const { name, data } = parseCommand(frame);
    assert.match(name, /^(SUBSCRIBE|CANCEL)$/);
    return (name === "SUBSCRIBE" ? "\x01" : "\x00") + data.toString("latin1");
  }

  /**
   * Resolves when the other side has taken in all that was written. A PONG proves it, as a connection is read in order;
   * the second one that the first batch was also handed on. Only where no messages come meanwhile.
   */
  async settled(): Promise<void> {
    for (const context of ["1st", "2nd"]) {
      this.sendCommand("PING", `\0\0${context}`);
      assert.deepEqual(await this.command(), ["PONG", context]);
    }
  }

  /** Greeting and NULL handshake. */
  async introduce({ type, identity, minor = 1, properties = {}, ...given }: Introduction): Promise<this> {
    this.write(given.greeting ?? greeting({ minor }));
    this.theirGreeting = await this.read(64);
    const own = { "Socket-Type": type, ...(identity === undefined ? {} : { Identity: identity }), ...properties };
    this.sendCommand("READY", encodeProperties(own));
    const { name, data } = parseCommand(await this.frame());
    assert.equal(name, "READY");
    this.theirProperties = parseProperties(data);
    return this;
  }
}

/** A place that others connect to; nothing is said to them until they are accepted. */
export class WireListener {
  readonly endpoint: string;
  readonly #server: Server;
  readonly #waiting: Socket[] = [];
  readonly #all = new Set<Socket>();
  readonly #news = new News();
  /** Connections that came so far. */
  connections = 0;

  private constructor(server: Server, endpoint: string) {
    this.#server = server;
    this.endpoint = endpoint;
    server.on("connection", (socket) => {
      this.connections += 1;
      socket.on("error", () => {});
      this.#all.add(socket);
      this.#waiting.push(socket);
      this.#news.tell();
    });
  }

  /** Listens at an `ipc://` endpoint, or at any free port. */
  static async open(ipcEndpoint?: string): Promise<WireListener> {
    const server = createServer();
    if (ipcEndpoint === undefined) server.listen(0, "127.0.0.1");
    else server.listen(ipcEndpoint.slice("ipc://".length));
    await once(server, "listening");
    const address = server.address();
    const port = typeof address === "object" ? address?.port : undefined;
    return new WireListener(server, ipcEndpoint ?? `tcp://127.0.0.1:${port}`);
  }

  async accept(): Promise<WirePeer> {
    while (this.#waiting.length === 0) {
      await this.#news.next();
    }
    return new WirePeer(this.#waiting.shift() as Socket);
  }

  async close(): Promise<void> {
    for (const socket of this.#all) socket.destroy();
    this.#server.close();
    await once(this.#server, "close");
  }
}
