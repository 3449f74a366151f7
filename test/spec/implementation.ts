// SPDX-License-Identifier: MIT
/**
 * The two implementations that the sentences of the RFCs are held against: this one, and libzmq through npm `zeromq`. The
 * second proves that a test expects the right thing. Both have the same classes, so one wrapper serves; parts are text.
 */
import { setImmediate as turn } from "node:timers/promises";
import * as ours from "../../src/index.ts";
import { octets } from "./wire-octets.ts";
import { News } from "./wire-peer.ts";

/** Socket types by their names on the wire. */
export const classNames = {
  PAIR: "Pair",
  PUB: "Publisher",
  SUB: "Subscriber",
  REQ: "Request",
  REP: "Reply",
  DEALER: "Dealer",
  ROUTER: "Router",
  PULL: "Pull",
  PUSH: "Push",
  XPUB: "XPublisher",
  XSUB: "XSubscriber",
} as const;

/** Name of a socket type. */
export type TypeName = keyof typeof classNames;

/** All of them. */
export const typeNames: readonly TypeName[] = Object.keys(classNames) as TypeName[];

/** A type that each may talk to (RFC 37 §The Socket-Type Property). */
export const partnerOf: Readonly<Record<TypeName, TypeName>> = {
  REQ: "REP",
  REP: "REQ",
  DEALER: "ROUTER",
  ROUTER: "DEALER",
  PUB: "SUB",
  XPUB: "XSUB",
  SUB: "PUB",
  XSUB: "XPUB",
  PUSH: "PULL",
  PULL: "PUSH",
  PAIR: "PAIR",
};

/** An implementation of ZeroMQ with zeromq.js's classes. */
export interface Implementation {
  readonly name: "zeromq-ts" | "libzmq";
  readonly module: Readonly<Record<string, unknown>>;
}

const libzmq = (await import("zeromq").catch(() => undefined)) as Readonly<Record<string, unknown>> | undefined;

/** Both; `module` is undefined where npm `zeromq` has no addon for this machine. */
export const implementations: readonly (Omit<Implementation, "module"> & Partial<Implementation>)[] = [
  { name: "zeromq-ts", module: { ...ours } },
  libzmq === undefined ? { name: "libzmq" } : { name: "libzmq", module: libzmq },
];

/** Options of a socket, by zeromq.js's names. */
export type Options = Readonly<Record<string, unknown>>;

/** The members that tests use; which of them a socket has depends on its type and implementation. */
interface ApiSocket {
  bind(endpoint: string): Promise<void>;
  unbind(endpoint: string): Promise<void>;
  connect(endpoint: string, options?: { routingId: string }): void;
  disconnect(endpoint: string): void;
  close(): unknown;
  send(parts: readonly Uint8Array[]): Promise<void>;
  receive(): Promise<Uint8Array[]>;
  trySend?(parts: readonly Uint8Array[]): boolean;
  tryReceive?(): Uint8Array[] | undefined;
  subscribe(...topics: Uint8Array[]): void;
  unsubscribe(...topics: Uint8Array[]): void;
  sendTimeout: number;
  receiveTimeout: number;
  readonly readable: boolean;
  readonly writable: boolean;
  readonly lastEndpoint: string | null;
  readonly events: { on(type: string, listener: (event: SocketEvent) => void): void };
}

/** What is told of a connection. */
export interface SocketEvent {
  readonly type: string;
  readonly interval?: number;
  readonly error?: Error;
}

const EVENTS = ["connect", "connect:retry", "accept", "disconnect", "handshake", "close"];
const FAILURES = ["handshake:error:protocol", "handshake:error:auth", "handshake:error:other"];

/** A socket of either implementation. */
export class Sut {
  readonly type: TypeName;
  readonly api: ApiSocket;
  readonly #events = new Map<string, SocketEvent[]>();
  readonly #news = new News();

  constructor({ module }: Implementation, type: TypeName, options: Options) {
    this.type = type;
    const Class = module[classNames[type]] as new (options: Options) => ApiSocket;
    this.api = new Class({ linger: 0, ...options });
    for (const name of EVENTS) this.api.events.on(name, (event) => this.#log(name, event));
    for (const name of FAILURES) this.api.events.on(name, (event) => this.#log("handshake:error", event));
  }

  #log(name: string, event: SocketEvent): void {
    this.#events.set(name, [...(this.#events.get(name) ?? []), event]);
    this.#news.tell();
  }

  /** Waits for the next event of a type that nobody has waited for yet. */
  async next(name: string): Promise<SocketEvent> {
    for (;;) {
      const event = this.#events.get(name)?.shift();
      if (event !== undefined) return event;
      await this.#news.next();
    }
  }

  /** How many events of a type nobody has waited for. */
  seen(name: string): number {
    return this.#events.get(name)?.length ?? 0;
  }

  /** Makes the socket look at what its peers did: libzmq does so inside calls only. */
  touch(): void {
    void this.api.readable;
  }

  /** Sends; waits while it would block. With libzmq it tries again and again: a call that waits misses what `touch` has seen. */
  async send(...parts: string[]): Promise<void> {
    if (this.api.trySend !== undefined) await this.api.send(parts.map(octets));
    else await until(() => this.trySend(...parts));
  }

  /** Sends without waiting; false: it would block. */
  async trySend(...parts: string[]): Promise<boolean> {
    const { api } = this;
    this.touch();
    if (api.trySend !== undefined) return api.trySend(parts.map(octets));
    api.sendTimeout = 0;
    try {
      await api.send(parts.map(octets));
      return true;
    } catch (error) {
      if (codeOf(error) === "EAGAIN") return false;
      throw error;
    } finally {
      api.sendTimeout = -1;
    }
  }

  /** Receives; waits while there is nothing. */
  async receive(): Promise<string[]> {
    if (this.api.tryReceive !== undefined) return toTexts(await this.api.receive());
    let message: string[] | undefined;
    await until(async () => {
      message = await this.tryReceive();
      return message !== undefined;
    });
    return message ?? [];
  }

  /** Takes a message that is there. */
  async tryReceive(): Promise<string[] | undefined> {
    const { api } = this;
    this.touch();
    if (api.tryReceive !== undefined) {
      const message = api.tryReceive();
      return message === undefined ? undefined : toTexts(message);
    }
    api.receiveTimeout = 0;
    try {
      return toTexts(await api.receive());
    } catch (error) {
      if (codeOf(error) === "EAGAIN") return undefined;
      throw error;
    } finally {
      api.receiveTimeout = -1;
    }
  }

  /** Takes messages until there are no more, and gives the first part of each. */
  async drain(): Promise<string[]> {
    const firsts: string[] = [];
    for (let message = await this.tryReceive(); message !== undefined; message = await this.tryReceive()) {
      firsts.push(message[0] ?? "");
    }
    return firsts;
  }

  /** As a subscriber of either type. */
  async subscribe(topic: string): Promise<void> {
    if (this.type === "XSUB") await this.send(`\x01${topic}`);
    else this.api.subscribe(octets(topic));
  }

  async unsubscribe(topic: string): Promise<void> {
    if (this.type === "XSUB") await this.send(`\x00${topic}`);
    else this.api.unsubscribe(octets(topic));
  }
}

function toTexts(message: readonly Uint8Array[]): string[] {
  return message.map((part) => Buffer.from(part).toString("latin1"));
}

/** The code of an error. */
export function codeOf(error: unknown): unknown {
  return (error as { code?: unknown }).code;
}

/** Lets everything go on until a condition holds; for what neither an event nor a message tells. */
export async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await condition())) await turn();
}

/** Lets this process take in and give out for a while, with every socket in it. */
export async function turns(count = 20): Promise<void> {
  for (let i = 0; i < count; i += 1) await turn();
}
