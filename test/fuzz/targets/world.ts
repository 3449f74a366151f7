// SPDX-License-Identifier: MIT
/** Sockets of the public API in a world of its own: a clock that stands still, a network within the process, and an end of it all. */
import assert from "node:assert/strict";
import { Context } from "../../../src/api/context.ts";
import type { Readable } from "../../../src/api/readable.ts";
import type { Socket } from "../../../src/api/socket.ts";
import * as sockets from "../../../src/api/sockets.ts";
import { nodeRuntime } from "../../../src/runtime/node.ts";
import { FakeClock } from "../../support/fake-clock.ts";
import { type MemoryConnection, Network } from "./network.ts";

const CLASSES: sockets.SocketClasses = {
  pair: sockets.Pair,
  pub: sockets.Publisher,
  sub: sockets.Subscriber,
  req: sockets.Request,
  rep: sockets.Reply,
  dealer: sockets.Dealer,
  router: sockets.Router,
  pull: sockets.Pull,
  push: sockets.Push,
  xpub: sockets.XPublisher,
  xsub: sockets.XSubscriber,
  stream: sockets.Stream,
  server: sockets.Server,
  client: sockets.Client,
  radio: sockets.Radio,
  dish: sockets.Dish,
  gather: sockets.Gather,
  scatter: sockets.Scatter,
  dgram: sockets.Datagram,
  peer: sockets.Peer,
  channel: sockets.Channel,
  xreq: sockets.Dealer,
  xrep: sockets.Router,
  upstream: sockets.Pull,
  downstream: sockets.Push,
};

/** The name of a socket type. */
export type TypeName = keyof sockets.SocketClasses;

/** Any socket, with all that some have. */
export type AnySocket = Socket &
  Readable & {
    subscribe(...topics: string[]): void;
    join(group: string): void;
    trySend(message: unknown, options?: object): boolean;
    connectPeer(address: string): Promise<number>;
  };

/** Slabs that are overwritten when they come back: whoever still looks at one sees it. */
function poisonedSlabs(): { take(least: number): Uint8Array; give(slab: Uint8Array): void } {
  const idle: Uint8Array[] = [];
  return {
    take: (least) => (least <= 4096 ? (idle.pop() ?? new Uint8Array(4096)) : new Uint8Array(least)),
    give: (slab) => {
      slab.fill(0xee);
      if (slab.length === 4096) idle.push(slab);
    },
  };
}

/** A context on a runtime that differs from Node's, and that warns nobody. */
export function contextOf(changes: Partial<typeof nodeRuntime>, reconnectInterval: number): Context {
  const runtime = { ...nodeRuntime, warn: () => {}, ...changes };
  return new Context(runtime, () => CLASSES, { defaults: { linger: 0, reconnectInterval } });
}

/** One context, and all that is around it. */
export class World {
  readonly clock: FakeClock = new FakeClock();
  readonly network: Network = new Network();
  readonly context: Context;
  readonly opened: Socket[] = [];
  /** Ends of connections that no socket holds. */
  readonly strangers: MemoryConnection[] = [];

  constructor() {
    const runtime = {
      clock: this.clock,
      keepAlive: { hold: () => {}, release: () => {} },
      createTransports: () => this.network.transports(),
      createSlabs: poisonedSlabs,
      beforeExit: () => {},
    };
    this.context = contextOf(runtime, 100);
  }

  open(type: TypeName, options: object = {}): AnySocket {
    const socket = this.context.socket(type, options) as unknown as AnySocket;
    this.opened.push(socket);
    return socket;
  }

  /** A peer that only sends octets, in these chunks; it reads whatever comes. */
  async hostile(connection: MemoryConnection, chunks: readonly Uint8Array[], sent: () => void): Promise<void> {
    this.strangers.push(connection);
    connection.resume();
    for (const chunk of chunks) {
      if (connection.isTold) return;
      if (!connection.write([chunk])) await this.settle();
      await this.settle();
      sent();
    }
  }

  /** Lets everything happen that time need not pass for. */
  async settle(): Promise<void> {
    assert.ok(await this.pass(20_000), "it never comes to rest");
  }

  /** The same for so many turns at most. False: it has not come to rest. */
  async pass(turns: number): Promise<boolean> {
    for (let quiet = 0, steps = 0; quiet < 4; steps += 1) {
      if (steps === turns) return false;
      this.clock.endTurn();
      quiet = this.network.move() ? 0 : quiet + 1;
      // Each wait in the library takes up to three microtasks.
      if (this.network.thrown !== undefined) throw this.network.thrown;
      for (let i = 0; i < 4; i += 1) await Promise.resolve();
    }
    return true;
  }

  /** Closes everything; fails when anything is left. */
  async end(): Promise<void> {
    let isOver = false;
    void this.context.terminate({ linger: 0 }).then(() => {
      isOver = true;
    });
    for (const connection of this.strangers) connection.destroy();
    await this.settle();
    assert.ok(isOver, "the context does not end");
    assert.equal(this.network.open, 0, "a connection is left open");
    assert.equal(this.network.listeners.size, 0, "an address is left bound");
    assert.equal(this.clock.running, 0, "a timer is left running");
    for (const socket of this.opened) {
      assert.ok(socket.closed && !socket.readable && !socket.writable);
      assert.deepEqual(socket.peers(), []);
    }
  }
}
