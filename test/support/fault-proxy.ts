// SPDX-License-Identifier: MIT
/**
 * A TCP proxy that does to connections what networks do: it cuts, resets, closes, silences and stalls them, at a position
 * of the stream or now, and carries octets in pieces of any size. Stands between real sockets, this library's or others'.
 * Its counterpart without a network, for every position, is `test/faults/virtual-network.ts`.
 */
import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Server, type Socket } from "node:net";

/** `up`: from who connected to who was connected to. */
export type Direction = "up" | "down";

/** `vanish`: nothing is carried any more, nobody is told, and the connections stay. */
export type Break = "reset" | "close" | "vanish";

/** What happens to one connection. */
export interface ProxyPlan {
  /** After so many octets in one direction. */
  readonly fault?: { readonly direction: Direction; readonly at: number; readonly how: Break };
  /** Octets that are carried at once. */
  readonly pieces?: () => number;
  /** What is carried instead of the octets that stand at a place in the stream. */
  readonly alter?: (octets: Buffer, direction: Direction, offset: number) => Buffer;
}

/** One connection through the proxy. */
export class ProxyLink {
  /** Octets that were carried. */
  readonly carried: Record<Direction, number> = { up: 0, down: 0 };
  /** Resolves when its fault has happened, or both sides are closed. */
  readonly over: Promise<void>;
  private readonly near: Socket;
  private readonly far: Socket;
  private readonly plan: ProxyPlan;
  private isBroken = false;
  private hasEnded: () => void = () => {};
  private readonly stalled = new Set<Direction>();
  /** Where a chunk is being carried. */
  private readonly busy = new Set<Direction>();

  constructor(near: Socket, far: Socket, plan: ProxyPlan) {
    this.near = near;
    this.far = far;
    this.plan = plan;
    this.over = new Promise((resolve) => {
      this.hasEnded = resolve;
    });
    for (const [direction, from, to] of this.ways) {
      from.setNoDelay(true);
      from.on("error", () => {});
      from.once("close", (hadError) => this.ended(to, hadError));
      from.on("data", (chunk: Buffer) => void this.carry(direction, chunk, from, to));
      this.isDue(direction);
    }
  }

  private get ways(): readonly (readonly [Direction, Socket, Socket])[] {
    return [
      ["up", this.near, this.far],
      ["down", this.far, this.near],
    ];
  }

  /** Breaks it now. */
  break(how: Break): void {
    if (this.isBroken) return;
    this.isBroken = true;
    for (const [, socket] of this.ways) {
      if (how === "reset") socket.resetAndDestroy();
      else if (how === "close") socket.destroySoon();
      else socket.pause();
    }
    this.hasEnded();
  }

  /** Reads nothing in a direction until {@link resume}: what is written there fills the system's buffers. */
  stall(direction: Direction): void {
    this.stalled.add(direction);
    this.sourceOf(direction).pause();
  }

  resume(direction: Direction): void {
    this.stalled.delete(direction);
    if (!this.isBroken && !this.busy.has(direction)) this.sourceOf(direction).resume();
  }

  /** Lets go of the sockets. */
  destroy(): void {
    this.isBroken = true;
    this.near.destroy();
    this.far.destroy();
    this.hasEnded();
  }

  private sourceOf(direction: Direction): Socket {
    return direction === "up" ? this.near : this.far;
  }

  /** One side has gone: so does the other, in the same manner. */
  private ended(other: Socket, hadError: boolean): void {
    if (!this.isBroken) {
      if (hadError) other.resetAndDestroy();
      else other.destroySoon();
    }
    this.hasEnded();
  }

  private async carry(direction: Direction, chunk: Buffer, from: Socket, to: Socket): Promise<void> {
    from.pause();
    this.busy.add(direction);
    const goesOn = await this.carryChunk(direction, chunk, to);
    this.busy.delete(direction);
    if (goesOn && !this.stalled.has(direction)) from.resume();
  }

  /** False: it is broken. */
  private async carryChunk(direction: Direction, chunk: Buffer, to: Socket): Promise<boolean> {
    const { fault, pieces, alter } = this.plan;
    for (let at = 0; at < chunk.length; ) {
      if (this.isBroken || to.destroyed) return false;
      const offset = this.carried[direction];
      const most = fault?.direction === direction ? fault.at - offset : chunk.length;
      const size = Math.min(most, pieces?.() ?? chunk.length, chunk.length - at);
      const octets = chunk.subarray(at, at + size);
      const hasRoom = to.write(alter?.(Buffer.from(octets), direction, offset) ?? octets);
      this.carried[direction] += size;
      at += size;
      if (this.isDue(direction)) return false;
      if (!hasRoom) await Promise.race([once(to, "drain"), once(to, "close")]).catch(() => {});
      // A piece of its own for the system, and for who reads it.
      else if (pieces !== undefined) await new Promise(setImmediate);
    }
    return true;
  }

  private isDue(direction: Direction): boolean {
    const { fault } = this.plan;
    if (fault === undefined || fault.direction !== direction || this.carried[direction] < fault.at) return false;
    this.break(fault.how);
    return true;
  }
}

/** Listens, and carries what comes to an endpoint. */
export class FaultProxy {
  /** All connections so far, in order. */
  readonly links: ProxyLink[] = [];
  /** Plans for the next connections, in order; without one they are sound. */
  readonly plans: ProxyPlan[] = [];
  /** When each connection came, in milliseconds. */
  readonly times: number[] = [];
  /** Closes, or resets, each connection at once while it is set. */
  turnsAway: "close" | "reset" | undefined = undefined;
  private readonly server: Server;
  private readonly target: number;
  private readonly sockets = new Set<Socket>();
  private waiting: (() => void)[] = [];

  private constructor(server: Server, target: string) {
    this.server = server;
    this.target = Number(new URL(target.replace("tcp:", "http:")).port);
    server.on("connection", (near) => this.accepted(near));
  }

  /** To an endpoint of the loopback, `tcp://127.0.0.1:port`. */
  static async open(target: string, port = 0): Promise<FaultProxy> {
    const server = createServer({ allowHalfOpen: false });
    server.listen(port, "127.0.0.1");
    await once(server, "listening");
    return new FaultProxy(server, target);
  }

  /** Where to connect to instead. */
  get endpoint(): string {
    return `tcp://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  /** Resolves when so many connections have come. */
  async connections(count: number): Promise<void> {
    while (this.times.length < count) await new Promise<void>((resolve) => void this.waiting.push(resolve));
  }

  /** The latest connection. */
  get link(): ProxyLink {
    return this.links.at(-1) as ProxyLink;
  }

  private accepted(near: Socket): void {
    this.times.push(performance.now());
    near.on("error", () => {});
    this.keep(near);
    if (this.turnsAway === "reset") near.resetAndDestroy();
    else if (this.turnsAway === "close") near.end();
    else {
      const far = connect(this.target, "127.0.0.1");
      this.keep(far);
      far.once("error", () => near.destroy());
      this.links.push(new ProxyLink(near, far, this.plans.shift() ?? {}));
    }
    const { waiting } = this;
    this.waiting = [];
    for (const resolve of waiting) resolve();
  }

  private keep(socket: Socket): void {
    this.sockets.add(socket);
    socket.once("close", () => this.sockets.delete(socket));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.server.close();
    for (const link of this.links) link.destroy();
    for (const socket of this.sockets) socket.destroy();
    if (this.server.listening) await once(this.server, "close");
  }
}
