// SPDX-License-Identifier: MIT
/**
 * The peers' commands (see `peer.ts`) over the API that npm `zeromq` and this library share. It serves the child
 * processes of both (`node-peer.ts`) and, without any process, the peer called `here` (`start-peer.ts`).
 */
import { withPlainParts } from "./addressed-socket.ts";
import { type Corpus, makeMessage, parseShapes, Summarizer, type Summary, summarize } from "./corpus.ts";
import { probe, type SocketType } from "./peer.ts";

/** The members of a socket that the commands use. */
interface ApiSocket {
  bind(endpoint: string): Promise<void>;
  unbind(endpoint: string): Promise<void>;
  connect(endpoint: string): void;
  disconnect(endpoint: string): void;
  subscribe(...topics: Uint8Array[]): void;
  unsubscribe(...topics: Uint8Array[]): void;
  join(...groups: Uint8Array[]): void;
  leave(...groups: Uint8Array[]): void;
  send(message: readonly Uint8Array[]): Promise<void>;
  receive(): Promise<Uint8Array[]>;
  close(): unknown;
  [Symbol.asyncIterator](): AsyncIterator<Uint8Array[]>;
  readonly lastEndpoint: string | null;
  readonly events: {
    on(type: string, listener: (event: { error?: { status?: number; code?: string } }) => void): void;
  };
}

/** A module with zeromq.js's classes. */
export type ApiModule = Readonly<Record<string, unknown>>;

const classNames: Readonly<Record<SocketType, string>> = {
  pair: "Pair",
  pub: "Publisher",
  sub: "Subscriber",
  req: "Request",
  rep: "Reply",
  dealer: "Dealer",
  router: "Router",
  pull: "Pull",
  push: "Push",
  xpub: "XPublisher",
  xsub: "XSubscriber",
  stream: "Stream",
  server: "Server",
  client: "Client",
  radio: "Radio",
  dish: "Dish",
  gather: "Gather",
  scatter: "Scatter",
  peer: "Peer",
  channel: "Channel",
};

const textOptions = new Set([
  "routingId",
  "plainUsername",
  "plainPassword",
  "zapDomain",
  "curvePublicKey",
  "curveSecretKey",
  "curveServerKey",
]);
const flagOptions = new Set([
  "probeRouter",
  "mandatory",
  "immediate",
  "ipv6",
  "plainServer",
  "zapEnforceDomain",
  "curveServer",
]);

/** How long to wait for a message, or for room for one, in milliseconds. */
const patience = 10000;

/** Events of one type that nobody has asked for yet. */
class EventLog {
  readonly #came: string[] = [];
  #wake: () => void = () => {};

  add(what: string): void {
    this.#came.push(what);
    this.#wake();
  }

  async next(): Promise<string> {
    const [what] = this.#came.length > 0 ? this.#came : await this.#arrival();
    this.#came.shift();
    return what ?? "";
  }

  #arrival(): Promise<readonly string[]> {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => reject(new Error("no such event in time")), patience);
      this.#wake = () => {
        clearTimeout(timer);
        resolve(this.#came);
      };
    });
  }
}

/** Runs commands over one module. */
export class Executor {
  readonly #module: ApiModule;
  readonly #got: (line: string) => void;
  readonly #sockets = new Map<string, ApiSocket>();
  readonly #events = new Map<string, Map<string, EventLog>>();
  #lastPeer: Uint8Array = new Uint8Array(0);
  #authenticator: ApiSocket | undefined;

  constructor(module: ApiModule, got: (line: string) => void) {
    this.#module = module;
    this.#got = got;
  }

  /** Runs one line; resolves with the words of its answer. */
  async run(line: string): Promise<string[]> {
    const [verb = "", ...words] = line.split(" ");
    if (verb === "digest") return formatSummary(summarize(parseCorpus(words)));
    if (verb === "zap") return this.#authenticate(words);
    if (verb === "socket") return this.#open(words);
    const [name = "", ...rest] = words;
    const socket = this.#sockets.get(name);
    if (socket === undefined) throw new Error(`no socket ${name}`);
    if (verb === "close") this.#sockets.delete(name);
    if (verb === "watch") return this.#watch(name, socket, rest);
    if (verb === "event") return this.#event(name, rest);
    return this.#onSocket(socket, verb, rest);
  }

  /** Closes whatever is open. */
  close(): void {
    for (const socket of this.#sockets.values()) socket.close();
    this.#sockets.clear();
    this.#authenticator?.close();
    this.#authenticator = undefined;
  }

  #open([name = "", type = "", ...options]: string[]): string[] {
    const given: Record<string, unknown> = { linger: 0, sendTimeout: patience };
    if (!["push", "pub", "radio", "scatter"].includes(type)) given.receiveTimeout = patience;
    if (["sub", "pull", "dish", "gather"].includes(type)) delete given.sendTimeout;
    for (const option of options) {
      const end = option.indexOf("=");
      const [key, value] = [option.slice(0, end), option.slice(end + 1)];
      given[key] = textOptions.has(key) ? value : flagOptions.has(key) ? value === "1" : Number(value);
    }
    this.#sockets.set(name, withPlainParts(type, this.#construct(classNames[type as SocketType], given)));
    return [];
  }

  #construct(className: string, options: Record<string, unknown>): ApiSocket {
    const Class = this.#module[className] as new (options: Record<string, unknown>) => ApiSocket;
    return new Class(options);
  }

  async #onSocket(socket: ApiSocket, verb: string, words: string[]): Promise<string[]> {
    const [first = ""] = words;
    switch (verb) {
      case "bind":
        await socket.bind(first);
        return [socket.lastEndpoint ?? ""];
      case "unbind":
        await socket.unbind(first);
        return [];
      case "connect":
      case "disconnect":
        socket[verb](first);
        return [];
      case "subscribe":
      case "unsubscribe":
      case "join":
      case "leave":
        socket[verb](parsePart(first));
        return [];
      case "close":
        await socket.close();
        return [];
      case "put":
        await socket.send(this.#parts(words));
        return [];
      case "take":
        return (await this.#receive(socket)).map(formatPart);
      case "send":
        return this.#send(socket, parseCorpus(words), words.slice(3));
      case "receive":
        return formatSummary(await this.#summary(socket, Number(first), Number(words[1])));
      case "bytes":
        return formatSummary(await this.#bytes(socket, Number(first)));
      case "exchange":
        return formatSummary(await this.#exchange(socket, parseCorpus(words), words.slice(3)));
      case "echo":
        for (let count = Number(first); count > 0; count--) await socket.send(await this.#receive(socket));
        return [];
      case "await":
        while (!isProbe(await socket.receive()));
        return [];
      case "number":
        return this.#sendNumbers(socket, Number(first), Number(words[1]), words.slice(2));
      case "numbers":
        return this.#receiveNumbers(socket, Number(first));
      default:
        throw new Error(`no command ${verb}`);
    }
  }

  /** Keeps how often each of these types of events came, and what their errors said. */
  #watch(name: string, socket: ApiSocket, types: readonly string[]): string[] {
    const events = new Map<string, EventLog>();
    this.#events.set(name, events);
    for (const type of types) {
      const log = new EventLog();
      events.set(type, log);
      socket.events.on(type, ({ error }) => log.add(`${error?.status ?? error?.code ?? "-"}`));
    }
    return [];
  }

  async #event(name: string, [type = ""]: string[]): Promise<string[]> {
    const log = this.#events.get(name)?.get(type);
    if (log === undefined) throw new Error(`${type} of ${name} is not watched`);
    return [await log.next()];
  }

  async #send(socket: ApiSocket, corpus: Corpus, header: string[]): Promise<string[]> {
    const parts = this.#parts(header);
    for (let number = 0; number < corpus.count; number++) {
      await socket.send([...parts, ...makeMessage(corpus, number)]);
    }
    return [];
  }

  async #exchange(socket: ApiSocket, corpus: Corpus, header: string[]): Promise<Summary> {
    const parts = this.#parts(header);
    const summarizer = new Summarizer();
    for (let number = 0; number < corpus.count; number++) {
      await socket.send([...parts, ...makeMessage(corpus, number)]);
      summarizer.add((await this.#receive(socket)).slice(parts.length));
    }
    return summarizer.finish();
  }

  /** Uses the iterator, as most programs do; `#receive` uses `receive()`. */
  async #summary(socket: ApiSocket, count: number, skip: number): Promise<Summary> {
    const summarizer = new Summarizer();
    let left = count;
    while (left > 0) {
      const iterator = socket[Symbol.asyncIterator]();
      const { value, done } = await iterator.next();
      if (done === true) throw new Error("the socket's iterator ended");
      if (isProbe(value)) continue;
      if (skip > 0) this.#lastPeer = value[0] ?? this.#lastPeer;
      summarizer.add(value.slice(skip));
      left--;
    }
    return summarizer.finish();
  }

  async #bytes(socket: ApiSocket, octets: number): Promise<Summary> {
    const summarizer = new Summarizer();
    while (summarizer.octets < octets) {
      const [peer, bytes] = await socket.receive();
      this.#lastPeer = peer ?? this.#lastPeer;
      summarizer.addBytes(bytes ?? new Uint8Array(0));
    }
    return summarizer.finish();
  }

  async #sendNumbers(socket: ApiSocket, from: number, count: number, header: string[]): Promise<string[]> {
    const parts = this.#parts(header);
    for (let value = from; value < from + count; value++) await socket.send([...parts, Buffer.from(`${value}`)]);
    return [];
  }

  async #receiveNumbers(socket: ApiSocket, count: number): Promise<string[]> {
    for (let left = count; left > 0; left--) {
      const message = await this.#receive(socket);
      this.#got(`got ${Buffer.from(message.at(-1) ?? []).toString()}`);
    }
    return [];
  }

  async #receive(socket: ApiSocket): Promise<Uint8Array[]> {
    for (;;) {
      const message = await socket.receive();
      if (isProbe(message)) continue;
      this.#lastPeer = message[0] ?? this.#lastPeer;
      return message;
    }
  }

  /** A ZAP handler (RFC 27) for PLAIN and CURVE, as a program writes it: a REP socket on the reserved endpoint. */
  async #authenticate([username = "", password = "", ...keys]: string[]): Promise<string[]> {
    const handler = this.#construct("Reply", { linger: 0 });
    this.#authenticator = handler;
    await handler.bind("inproc://zeromq.zap.01");
    void (async () => {
      for await (const request of { [Symbol.asyncIterator]: () => handler[Symbol.asyncIterator]() }) {
        const [version, id, , , , mechanism, user, secret] = request.map((part) => Buffer.from(part).toString());
        const key = Buffer.from(request[6] ?? []).toString("hex");
        const isUser = mechanism === "PLAIN" && user === username && secret === password;
        const good = isUser || (mechanism === "CURVE" && keys.includes(key));
        const who = mechanism === "CURVE" ? key : user;
        const answer = [version, id, good ? "200" : "400", good ? "OK" : "denied", good ? who : "", ""];
        await handler.send(answer.map((part) => Buffer.from(part ?? "")));
      }
    })();
    return [];
  }

  #parts(words: readonly string[]): Uint8Array[] {
    return words.map((word) => (word === "@" ? this.#lastPeer : parsePart(word)));
  }
}

function isProbe(message: readonly Uint8Array[]): boolean {
  const [only] = message;
  return message.length === 1 && only?.length === probe.length && Buffer.from(only).toString() === probe;
}

function parseCorpus([seed, count, shapes]: readonly string[]): Corpus {
  return { seed: Number(seed), count: Number(count), shapes: parseShapes(shapes ?? "0") };
}

function formatSummary(summary: Summary): string[] {
  return [`${summary.messages}`, `${summary.parts}`, `${summary.octets}`, summary.digest];
}

function parsePart(word: string): Buffer {
  return word === "-" ? Buffer.alloc(0) : Buffer.from(word, "hex");
}

function formatPart(part: Uint8Array): string {
  return Buffer.from(part).toString("hex") || "-";
}
