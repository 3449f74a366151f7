// SPDX-License-Identifier: MIT
/**
 * A peer that is nothing but a TCP connection with a script: it writes given octets, whole or one at a time, and expects
 * given octets. For protocol versions that no living implementation speaks, and for peers that break the protocol.
 */
import assert from "node:assert/strict";
import { once } from "node:events";
import { connect, createServer, type Server, type Socket } from "node:net";

/** Octets as a script writes them: hex with spaces, or octets. */
export type Octets = string | Uint8Array;

/** Hex with spaces to octets; `'text'` stands for its ASCII octets. */
export function octets(script: Octets): Buffer {
  if (typeof script !== "string") return Buffer.from(script);
  const words = script.match(/'[^']*'|[^\s']+/g) ?? [];
  return Buffer.concat(
    words.map((word) => Buffer.from(word.replaceAll("'", ""), word.startsWith("'") ? "ascii" : "hex")),
  );
}

/** One TCP connection under a script. */
export class RawPeer {
  readonly #socket: Socket;
  readonly #trickle: boolean;
  #received: Buffer[] = [];
  #length = 0;
  #ended = false;
  #wake: () => void = () => {};

  private constructor(socket: Socket, trickle: boolean) {
    this.#socket = socket;
    this.#trickle = trickle;
    socket.setNoDelay(true);
    socket.on("data", (chunk: Buffer) => {
      this.#received.push(chunk);
      this.#length += chunk.length;
      this.#wake();
    });
    socket.on("error", () => {});
    socket.once("close", () => {
      this.#ended = true;
      this.#wake();
    });
    // Not `allowHalfOpen`: when the other side ends, this side does too.
  }

  /** Connects to `tcp://host:port`. */
  static async connect(endpoint: string, trickle = false): Promise<RawPeer> {
    const { hostname, port } = new URL(endpoint.replace("tcp:", "http:"));
    const socket = connect(Number(port), hostname);
    await once(socket, "connect");
    return new RawPeer(socket, trickle);
  }

  /** Wraps an accepted connection. */
  static accepted(socket: Socket, trickle = false): RawPeer {
    return new RawPeer(socket, trickle);
  }

  /** Writes octets; in a trickle, each in a segment of its own. */
  async write(script: Octets): Promise<void> {
    const bytes = octets(script);
    if (!this.#trickle) {
      this.#socket.write(bytes);
      return;
    }
    for (let index = 0; index < bytes.length; index++) {
      this.#socket.write(bytes.subarray(index, index + 1));
      await new Promise(setImmediate); // lets the kernel send it, and the other side read it
    }
  }

  /** Takes exactly that many octets. */
  async read(count: number): Promise<Buffer> {
    while (this.#length < count) {
      if (this.#ended) throw new Error(`the connection ended after ${this.#length} of ${count} octets`);
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
    const all = Buffer.concat(this.#received);
    this.#received = [all.subarray(count)];
    this.#length -= count;
    return all.subarray(0, count);
  }

  /** Takes as many octets as the script has, and compares. */
  async expect(script: Octets, what: string): Promise<void> {
    const expected = octets(script);
    assert.equal((await this.read(expected.length)).toString("hex"), expected.toString("hex"), what);
  }

  /** Resolves when the other side has closed or reset the connection. What it sent before is dropped. */
  async closed(): Promise<void> {
    while (!this.#ended) {
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
  }

  /** Says that nothing more will come. */
  end(): void {
    this.#socket.end();
  }

  /** Breaks the connection off. */
  reset(): void {
    this.#socket.resetAndDestroy();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#socket.destroy();
    await this.closed();
  }
}

/** A TCP port of the test's own. */
export class RawListener {
  readonly #server: Server;
  readonly #waiting: Socket[] = [];
  #wake: () => void = () => {};

  private constructor(server: Server) {
    this.#server = server;
    server.on("connection", (socket) => {
      this.#waiting.push(socket);
      this.#wake();
    });
  }

  /** @param port 0 lets the system choose */
  static async open(port = 0): Promise<RawListener> {
    const server = createServer();
    server.listen(port, "127.0.0.1");
    await once(server, "listening");
    return new RawListener(server);
  }

  get endpoint(): string {
    const address = this.#server.address();
    assert.ok(address !== null && typeof address === "object");
    return `tcp://127.0.0.1:${address.port}`;
  }

  async accept(trickle = false): Promise<RawPeer> {
    while (this.#waiting.length === 0) {
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
    return RawPeer.accepted(this.#waiting.shift() as Socket, trickle);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const socket of this.#waiting) socket.destroy();
    this.#server.close();
    await once(this.#server, "close");
  }
}

/**
 * An endpoint for a server that comes and goes. Not of the ports that the system gives to outgoing connections: while the
 * server is away, a client that keeps trying would sooner or later be given the very port it connects to, and meet itself.
 */
export async function lastingEndpoint(): Promise<string> {
  for (;;) {
    try {
      await using listener = await RawListener.open(10_000 + Math.floor(Math.random() * 20_000));
      return listener.endpoint;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "EADDRINUSE") throw error;
    }
  }
}
