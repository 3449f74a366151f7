// SPDX-License-Identifier: MIT
/**
 * The other side of a connection to a socket under test: over tcp and ipc a bare connection (`wire-peer.ts`), over inproc,
 * which has no wire, a socket of the same implementation. `laboratory.ts` makes them.
 */
import assert from "node:assert/strict";
import { type Implementation, Sut, type TypeName, turns } from "./implementation.ts";

/** The other side of a connection to a socket under test. */
export interface Peer {
  send(...parts: string[]): unknown;
  receive(): Promise<string[]>;
  subscribe(topic: string): unknown;
  cancel(topic: string): unknown;
  /** The next subscription that comes to a publisher, as a 1 or a 0 and the topic. */
  subscription(): Promise<string>;
  /** Resolves when the socket has taken in all that was sent; only while no messages come. */
  settled(): Promise<void>;
  /** Takes nothing in any more. */
  pause(): void;
  resume(): void;
  close(): Promise<void>;
}

/** What a peer is like. */
export interface PeerOptions {
  readonly identity?: string;
  /** How many messages an inproc peer holds. */
  readonly highWaterMark?: number;
}

function canSend(type: TypeName): boolean {
  return type !== "SUB" && type !== "PULL";
}

function canReceive(type: TypeName): boolean {
  return type !== "PUB" && type !== "PUSH";
}

/** Nobody checks types within a process: these give and take what those would have on the wire. */
const RAW: Partial<Record<TypeName, TypeName>> = {
  REQ: "DEALER",
  REP: "DEALER",
  ROUTER: "DEALER",
  PUB: "XPUB",
  SUB: "XSUB",
};

/** A peer over inproc: a socket of the same implementation. */
export class SocketPeer implements Peer {
  readonly socket: Sut;
  readonly #sut: Sut;
  readonly #endpoint: string | undefined;

  /** `endpoint`: where the socket under test is bound, when it is this side that connects. */
  static open(
    implementation: Implementation,
    sut: Sut,
    role: TypeName,
    options: PeerOptions,
    endpoint: string | undefined,
  ): SocketPeer {
    const { identity, highWaterMark } = options;
    const type = RAW[role] ?? role;
    const socket = new Sut(implementation, type, {
      ...(identity !== undefined && type === "DEALER" ? { routingId: identity } : {}),
      ...(highWaterMark === undefined || !canSend(type) ? {} : { sendHighWaterMark: highWaterMark }),
      ...(highWaterMark === undefined || !canReceive(type) ? {} : { receiveHighWaterMark: highWaterMark }),
    });
    return new SocketPeer(socket, sut, endpoint);
  }

  private constructor(socket: Sut, sut: Sut, endpoint: string | undefined) {
    this.socket = socket;
    this.#sut = sut;
    this.#endpoint = endpoint;
  }

  async send(...parts: string[]): Promise<void> {
    assert.ok(await this.socket.trySend(...parts), "the peer can send");
  }

  receive(): Promise<string[]> {
    return this.socket.receive();
  }

  async subscribe(topic: string): Promise<void> {
    await this.socket.subscribe(topic);
  }

  async cancel(topic: string): Promise<void> {
    await this.socket.unsubscribe(topic);
  }

  async subscription(): Promise<string> {
    return (await this.socket.receive())[0] ?? "";
  }

  /** What is sent is there at once. */
  async settled(): Promise<void> {}

  /** There is nothing between the two sockets that could take something in. */
  pause(): void {}
  resume(): void {}

  async close(): Promise<void> {
    // libzmq closes sockets in a thread of its own, but ends pipes at once.
    if (this.#endpoint !== undefined) this.socket.api.disconnect(this.#endpoint);
    else await this.socket.api.unbind(this.socket.api.lastEndpoint ?? "");
    this.socket.api.close();
    await turns(1);
    this.#sut.touch();
  }
}
