// SPDX-License-Identifier: MIT
/** A TCP relay that keeps every octet that passes through it: what somebody on the way sees of a connection. */
import { once } from "node:events";
import { connect, createServer, type Server, type Socket } from "node:net";

/** Between clients that connect to {@link endpoint}, and one server. */
export class RecordingRelay {
  private readonly server: Server;
  private readonly sockets = new Set<Socket>();
  private readonly chunks: { toServer: Buffer[]; toClient: Buffer[] } = { toServer: [], toClient: [] };

  private constructor(server: Server) {
    this.server = server;
  }

  /** Opens one before a server's endpoint. */
  static async before(endpoint: string): Promise<RecordingRelay> {
    const { hostname, port } = new URL(endpoint.replace("tcp:", "http:"));
    const server = createServer();
    const relay = new RecordingRelay(server);
    server.on("connection", (near) => relay.pass(near, connect(Number(port), hostname)));
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    return relay;
  }

  get endpoint(): string {
    return `tcp://127.0.0.1:${(this.server.address() as { port: number }).port}`;
  }

  /** What clients have said so far. */
  get toServer(): Buffer {
    return Buffer.concat(this.chunks.toServer);
  }

  /** What the server has said so far. */
  get toClient(): Buffer {
    return Buffer.concat(this.chunks.toClient);
  }

  private pass(near: Socket, far: Socket): void {
    for (const [from, to, kept] of [
      [near, far, this.chunks.toServer],
      [far, near, this.chunks.toClient],
    ] as const) {
      this.sockets.add(from);
      from.setNoDelay(true);
      from.on("data", (chunk: Buffer) => {
        kept.push(chunk);
        to.write(chunk);
      });
      from.on("error", () => {});
      from.on("close", () => {
        this.sockets.delete(from);
        to.destroy();
      });
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const socket of this.sockets) socket.destroy();
    this.server.close();
    await once(this.server, "close");
  }
}
