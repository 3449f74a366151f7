// SPDX-License-Identifier: MIT
/**
 * Where a sentence of an RFC is tried: sockets of one implementation over one transport, and peers for them. Over tcp and
 * ipc a peer is a bare connection (`wire-peer.ts`); over inproc, which has no wire, a socket. `clause` makes the tests.
 */
import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import test from "node:test";
import { type Implementation, implementations, type Options, Sut, type TypeName, turns } from "./implementation.ts";
import { type Peer, type PeerOptions, SocketPeer } from "./peers.ts";
import { titleOf } from "./sentences/index.ts";
import { WireListener, WirePeer } from "./wire-peer.ts";

/** A way between two sockets. */
export type Transport = "tcp" | "ipc" | "inproc";

const TRANSPORTS: readonly Transport[] = process.platform === "win32" ? ["tcp", "inproc"] : ["tcp", "ipc", "inproc"];

/** Milliseconds after which a test that waits is given up. */
const PATIENCE = 15_000;

/** A place for a socket to connect to. */
export interface Place {
  readonly endpoint: string;
  /** Answers whoever comes: before that no connection is complete. */
  accept(sut: Sut, type: TypeName, options?: PeerOptions): Promise<Peer>;
}

let count = 0;

/** The sockets of one test. */
export class Lab {
  readonly implementation: Implementation;
  readonly transport: Transport;
  readonly #closers: (() => unknown)[] = [];
  #folder: string | undefined;

  constructor(implementation: Implementation, transport: Transport) {
    this.implementation = implementation;
    this.transport = transport;
  }

  /** A socket under test. */
  open(type: TypeName, options: Options = {}): Sut {
    const sut = new Sut(this.implementation, type, { ...(this.transport === "inproc" ? {} : QUICK), ...options });
    this.#closers.push(() => sut.api.close());
    return sut;
  }

  /** Binds an authenticator (RFC 27) that lets in whom `isGood` says; gives the options of sockets that are to ask it. */
  async authenticator(isGood: (request: readonly string[]) => boolean): Promise<Options> {
    const Context = this.implementation.module.Context as new () => object;
    const options = { context: new Context() };
    const handler = this.open("REP", options);
    await handler.api.bind("inproc://zeromq.zap.01");
    void answer(handler, isGood);
    return options;
  }

  /** A socket under test that is bound. */
  async bound(type: TypeName, options: Options = {}): Promise<Sut> {
    const sut = this.open(type, options);
    await this.bind(sut);
    return sut;
  }

  /** An endpoint that nobody has bound. */
  async endpoint(): Promise<string> {
    count += 1;
    if (this.transport === "inproc") return `inproc://spec-${count}`;
    if (this.transport === "ipc") {
      this.#folder ??= mkdtempSync(join(tmpdir(), "zs-"));
      return `ipc://${join(this.#folder, `${count}`)}`;
    }
    const listener = await WireListener.open();
    await listener.close();
    return listener.endpoint;
  }

  /** Binds to a fresh endpoint, which is returned. */
  async bind(sut: Sut): Promise<string> {
    await sut.api.bind(this.transport === "tcp" ? "tcp://127.0.0.1:*" : await this.endpoint());
    return sut.api.lastEndpoint ?? "";
  }

  /** Waits until connections between two sockets under test stand. */
  async linked(...suts: Sut[]): Promise<void> {
    if (this.transport === "inproc") for (const sut of suts) sut.touch();
    else for (const sut of suts) await sut.next("handshake");
  }

  /** Connects one socket under test to another that is bound. */
  async link(from: Sut, to: Sut): Promise<void> {
    from.api.connect(to.api.lastEndpoint ?? "");
    await this.linked(from, to);
  }

  /** A peer that connects to a socket under test, which is bound. */
  async peer(sut: Sut, type: TypeName, options: PeerOptions = {}): Promise<Peer> {
    const endpoint = sut.api.lastEndpoint ?? "";
    if (this.transport === "inproc") {
      const peer = this.#inprocPeer(sut, type, options, endpoint);
      peer.socket.api.connect(endpoint);
      await this.linked(sut, peer.socket);
      return peer;
    }
    const peer = await WirePeer.connect(endpoint);
    this.#closers.push(() => peer.close());
    await peer.introduce({ type, ...options });
    await sut.next("handshake");
    sut.touch(); // libzmq attaches the connection, and says its subscriptions, only now
    return peer;
  }

  /** As `peer`, several in a row. */
  async peers(sut: Sut, type: TypeName, identities: readonly string[]): Promise<Peer[]> {
    const peers: Peer[] = [];
    for (const identity of identities) peers.push(await this.peer(sut, type, { identity }));
    return peers;
  }

  /** A place that exists, but answers nobody before it accepts. */
  async place(): Promise<Place> {
    if (this.transport === "inproc") {
      const endpoint = await this.endpoint();
      return {
        endpoint,
        accept: async (sut, type, options = {}) => {
          const peer = this.#inprocPeer(sut, type, options, undefined);
          await peer.socket.api.bind(endpoint);
          await this.linked(sut, peer.socket);
          return peer;
        },
      };
    }
    const listener = await this.listen();
    return {
      endpoint: listener.endpoint,
      accept: async (sut, type, options = {}) => {
        const peer = await listener.accept();
        this.#closers.push(() => peer.close());
        await peer.introduce({ type, ...options });
        await sut.next("handshake");
        sut.touch(); // libzmq attaches the connection, and says its subscriptions, only now
        return peer;
      },
    };
  }

  /** Connects a socket under test to a peer. */
  async connected(sut: Sut, type: TypeName, options: PeerOptions = {}): Promise<Peer> {
    const place = await this.place();
    sut.api.connect(place.endpoint);
    return place.accept(sut, type, options);
  }

  /** A socket under test that is bound, and a bare connection to it whose handshake is done; tcp and ipc only. */
  async talking(type: TypeName, peerType: TypeName, options: Options = {}): Promise<{ sut: Sut; peer: WirePeer }> {
    const sut = await this.bound(type, options);
    const peer = await this.peer(sut, peerType);
    assert.ok(peer instanceof WirePeer);
    return { sut, peer };
  }

  /** A listener on the wire; tcp and ipc only. */
  async listen(endpoint?: string): Promise<WireListener> {
    const listener = await WireListener.open(
      this.transport === "ipc" ? (endpoint ?? (await this.endpoint())) : undefined,
    );
    this.#closers.push(() => listener.close());
    return listener;
  }

  /** A connection to a socket under test that has said nothing yet; tcp and ipc only. */
  async wire(sut: Sut): Promise<WirePeer> {
    const peer = await WirePeer.connect(sut.api.lastEndpoint ?? "");
    this.#closers.push(() => peer.close());
    return peer;
  }

  /** Closes a peer; resolves when the socket under test knows it. */
  async leave(sut: Sut, peer: Peer): Promise<void> {
    await peer.close();
    if (this.transport === "inproc") sut.touch();
    else await sut.next("disconnect");
  }

  /**
   * Sends large messages until a send would block and goes on doing so; gives how many were sent. The kernel's buffers take
   * some of them: what is known is only that there is an end.
   */
  async fill(sut: Sut, ...prefix: string[]): Promise<number> {
    const body = "x".repeat(this.transport === "inproc" ? 1 : 1_000_000);
    let sent = 0;
    for (let refusals = 0; refusals < 20; ) {
      if (await sut.trySend(...prefix, body)) {
        sent += 1;
        refusals = 0;
        assert.ok(sent < 100, "a queue without an end");
      } else refusals += 1;
      await turns(1);
    }
    return sent;
  }

  #inprocPeer(sut: Sut, role: TypeName, options: PeerOptions, endpoint: string | undefined): SocketPeer {
    const peer = SocketPeer.open(this.implementation, sut, role, options, endpoint);
    this.#closers.push(() => peer.socket.api.close());
    return peer;
  }

  /** Closes all. */
  async close(): Promise<void> {
    for (const close of this.#closers.toReversed()) await close();
    if (this.#folder !== undefined) rmSync(this.#folder, { recursive: true, force: true });
  }
}

const QUICK = { reconnectInterval: 5 };

/** Answers requests of RFC 27 until the socket is closed. */
async function answer(handler: Sut, isGood: (request: readonly string[]) => boolean): Promise<void> {
  try {
    for (;;) {
      const request = await handler.receive();
      const [version = "", id = ""] = request;
      await handler.send(version, id, ...(isGood(request) ? ["200", "OK"] : ["400", "refused"]), "", "");
    }
  } catch {
    // The test is over.
  }
}

/** Where a sentence holds. */
export interface Scope {
  /** Default: all transports. */
  readonly over?: readonly Transport[];
  /** Why the same observation cannot be made on libzmq. */
  readonly notOnLibzmq?: string;
}

/** Sentences about octets. */
export const ON_THE_WIRE: readonly Transport[] = ["tcp", "ipc"];

/** Makes the tests of a sentence: one for each implementation and transport. */
export function clause(id: string, body: (lab: Lab) => Promise<void>, scope: Scope = {}): void {
  for (const { name, module } of implementations) {
    if (name === "libzmq" && scope.notOnLibzmq !== undefined) continue;
    for (const transport of TRANSPORTS) {
      if (scope.over?.includes(transport) === false) continue;
      const title = `${titleOf(id)} (${transport}, ${name})`;
      const skip = module === undefined && "npm zeromq has no addon for this machine";
      test(title, { skip }, () => run(new Lab({ name, module: module ?? {} }, transport), body));
    }
  }
}

/** Runs a test to its end, or until it is given up; either way all is closed. */
async function run(lab: Lab, body: (lab: Lab) => Promise<void>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const givenUp = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`waited for ${PATIENCE / 1000} s`)), PATIENCE);
  });
  try {
    await Promise.race([body(lab), givenUp]);
  } finally {
    await lab.close();
    clearTimeout(timer);
  }
}
