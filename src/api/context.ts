// SPDX-License-Identifier: MIT
/** Contexts: sockets of one context share an inproc namespace, defaults and limits. Most programs use the global one. */
import { ZmqError } from "../base/errors.ts";
import type { Runtime } from "../socket/core-context.ts";
import {
  checkOption,
  defaultOptions,
  findOption,
  isKept,
  optionRows,
  type SocketOptionValues,
} from "../socket/options.ts";
import type { PipeTransport, Transport } from "../transport/transport.ts";
import type { SlabPool } from "../wire/frame.ts";
import { AbortSignals } from "./abort-signals.ts";
import { ContextSettings } from "./context-settings.ts";
import type { CloseOptions } from "./socket.ts";
import type { SocketClasses } from "./sockets.ts";

/** The options of a context that can be set. */
export type WritableSettings = {
  [K in Exclude<keyof ContextSettings, "maxSocketsLimit" | "msgTSize" | `threadAffinity${string}`>]?:
    | ContextSettings[K]
    | undefined;
};

/** Options of {@link Context}. */
export interface ContextOptions extends WritableSettings {
  /** Values of socket options that the context's sockets begin with; each socket takes those that its type has. */
  defaults?: Readonly<Record<string, unknown>> | undefined;
}

/** A socket, as its context sees it. */
export interface Member {
  /** Whether it has something unsent that may hold up the end of the program, after `waited` milliseconds of that. */
  hasUnsent(waited: number): boolean;
  /** Fails what waits, and whatever is called from now on, with `ETERM`. */
  terminate(): void;
  /** Closes; resolves when everything that it sent has left, or was given up. */
  close(linger: number | undefined): Promise<void>;
}

/** What one context's sockets share. `Classes` are the classes that `socket` makes, by the names of their types. */
export class Context<Classes extends SocketClasses = SocketClasses> extends ContextSettings {
  readonly #runtime: Runtime;
  readonly #classes: () => Classes;
  readonly #sockets = new Set<Member>();
  /** Closed, but perhaps not everything has left. */
  readonly #lingering = new Set<Member>();
  /** Held here, as the runtime holds it weakly: a context that nobody uses any more goes. */
  readonly #isAnyUnsent = (waited: number): boolean =>
    [...this.#sockets, ...this.#lingering].some((socket) => socket.hasUnsent(waited));
  readonly #transports: ReadonlyMap<string, Transport>;
  readonly #inproc: PipeTransport;
  readonly #slabs: SlabPool;
  /** Which calls of this context's sockets wait for which abort signal. @internal */
  readonly abortSignals: AbortSignals = new AbortSignals();
  #isClosed = false;
  readonly #defaults: Record<string, unknown> = {};
  #firstIoThreads: number | undefined = undefined;

  /** Made by the entry of each runtime, which knows what the runtime can do. @internal */
  constructor(runtime: Runtime, classes: () => Classes, options: ContextOptions = {}) {
    super();
    if (typeof options !== "object" || options === null) throw new TypeError("Options must be an object");
    this.#runtime = runtime;
    this.#classes = classes;
    this.#transports = new Map(runtime.createTransports().map((each) => [each.scheme, each]));
    this.#inproc = runtime.createInproc();
    this.#slabs = runtime.createSlabs();
    Object.preventExtensions(this);
    const { defaults, ...own } = options;
    Object.assign(this, own);
    for (const [name, value] of Object.entries(defaults ?? {}))
      this.#defaults[name] = checkDefault(name, value, runtime);
    runtime.beforeExit(this.#isAnyUnsent);
  }

  /**
   * A new socket of this context, by the name that its type has in other languages.
   * @throws ZmqError `EINVAL` for an unknown type, `EMFILE` when too many are open
   * @example
   * ```ts
   * const sender = context.socket("push", { sendHighWaterMark: 10 });
   * ```
   */
  socket<T extends keyof SocketClasses>(
    type: T,
    options: ConstructorParameters<SocketClasses[T]>[0] = {},
  ): InstanceType<Classes[T]> {
    const classes = this.#classes();
    const key = typeof type === "string" ? (type.toLowerCase() as T) : type;
    if (!Object.hasOwn(classes, key)) {
      throw new ZmqError(
        "EINVAL",
        `no socket type is called ${JSON.stringify(type)}; there are ${Object.keys(classes).join(", ")}`,
      );
    }
    const create = classes[key] as unknown as new (options: object) => InstanceType<Classes[T]>;
    return new create({ ...options, context: this });
  }

  /** True once `terminate` or `shutdown` was called. */
  get closed(): boolean {
    return this.#isClosed;
  }

  /**
   * Ends the context: calls that wait fail with `ETERM`, `for await` loops end, and all sockets are closed. The promise resolves
   * when everything that they sent has left, or the time that `linger` allows is up; that of sockets that were closed
   * before counts too. Whatever is called later, on a socket or to make one, fails with `ETERM`. Called again with a
   * `linger`, it gives what is still unsent that time from then on.
   * @example
   * ```ts
   * await context.terminate({ linger: 1000 });
   * ```
   */
  async terminate(options?: CloseOptions): Promise<void> {
    this.shutdown();
    const members = [...this.#sockets, ...this.#lingering];
    await Promise.all(members.map((socket) => socket.close(options?.linger)));
  }

  /**
   * Stops all use of the context at once: calls that wait, and all that are made later, fail with `ETERM`, and `for await`
   * loops end. The sockets stay as they are until they are closed, by their owners or by `terminate`.
   */
  shutdown(): void {
    this.#isClosed = true;
    for (const socket of [...this.#sockets]) socket.terminate();
  }

  /** Terminates at the end of an `await using` block. */
  [Symbol.asyncDispose](): Promise<void> {
    return this.terminate();
  }

  /** What a socket of this context is made with. @internal */
  enter(socket: Member, typeName: string, lingersByDefault: boolean): SocketResources {
    if (this.#isClosed) throw new ZmqError("ETERM", "Context was terminated: it makes no sockets any more");
    if (this.#sockets.size >= this.maxSockets) {
      const text = `Too many open file descriptors: ${this.maxSockets} sockets are open, as many as the context's maxSockets`;
      throw new ZmqError("EMFILE", text);
    }
    this.#sockets.add(socket);
    this.#firstIoThreads ??= this.ioThreads;
    const options = defaultOptions();
    if (!lingersByDefault || !this.blocky) options.linger = 0;
    options.ipv6 = this.ipv6;
    for (const [name, value] of Object.entries(this.#defaults)) {
      const row = findOption(name, typeName);
      if (row !== undefined && isKept(row)) Object.assign(options, { [name]: value });
    }
    return {
      runtime: this.#runtime,
      options,
      transports: this.#transports,
      inproc: this.#inproc,
      slabs: this.#slabs,
      ioThreads: this.#firstIoThreads,
    };
  }

  /** A socket is closed; everything that it sent has left, or was given up, when `gone` resolves. @internal */
  leave(socket: Member, gone?: Promise<void>): void {
    this.#sockets.delete(socket);
    if (gone === undefined) return;
    this.#lingering.add(socket);
    void gone.then(() => this.#lingering.delete(socket));
  }
}

/** What a context gives to a socket. */
export interface SocketResources {
  readonly runtime: Runtime;
  readonly options: SocketOptionValues;
  readonly transports: ReadonlyMap<string, Transport>;
  readonly inproc: PipeTransport;
  readonly slabs: SlabPool;
  readonly ioThreads: number;
}

function checkDefault(name: string, value: unknown, runtime: Runtime): unknown {
  const row = optionRows.find((each) => each.name === name && each.isReadOnly !== true);
  if (row === undefined)
    throw new ZmqError("EINVAL", `defaults: there is no socket option called ${JSON.stringify(name)}`);
  return checkOption(row, value, runtime.whyUnsupported);
}
