// SPDX-License-Identifier: MIT
/**
 * ZeroMQ peers for tests: the same small program over libzmq in C and in Python, over npm `zeromq`, over JeroMQ and over
 * this library, all driven alike. A peer's commands run one after another; each method sends one and awaits its answer.
 *
 * The line protocol: words separated by spaces, binary as hex with `-` for empty, shapes as in `corpus.ts`. An answer is
 * `ok …` or `error …`; lines `got …` may come before it. Peers end when their standard input closes.
 */
import type { Corpus, Summary } from "./corpus.ts";
import { formatShapes } from "./corpus.ts";

/** Who can be started. `here` is this library in the test's own process. */
export type PeerKind = "c" | "python" | "zeromq.js" | "jeromq" | "zeromq-ts" | "here";

/** The socket types, spelled as libzmq's constants; those from server on only the peers in JavaScript have. */
export type SocketType =
  | "pair"
  | "pub"
  | "sub"
  | "req"
  | "rep"
  | "dealer"
  | "router"
  | "pull"
  | "push"
  | "xpub"
  | "xsub"
  | "stream"
  | "server"
  | "client"
  | "radio"
  | "dish"
  | "gather"
  | "scatter"
  | "peer"
  | "channel";

/** The options that all peers understand, by zeromq.js's names. */
export interface PeerSocketOptions {
  routingId?: string;
  sendHighWaterMark?: number;
  receiveHighWaterMark?: number;
  linger?: number;
  probeRouter?: boolean;
  mandatory?: boolean;
  immediate?: boolean;
  ipv6?: boolean;
  reconnectInterval?: number;
  /** libzmq's and ours. */
  socksProxy?: string;
  maxMessageSize?: number;
  heartbeatInterval?: number;
  heartbeatTimeout?: number;
  heartbeatTimeToLive?: number;
  plainServer?: boolean;
  plainUsername?: string;
  plainPassword?: string;
  zapDomain?: string;
  zapEnforceDomain?: boolean;
  handshakeInterval?: number;
  /** CURVE: keys in Z85. */
  curveServer?: boolean;
  curvePublicKey?: string;
  curveSecretKey?: string;
  curveServerKey?: string;
  /** GSSAPI: the C peer's only. */
  gssapiServer?: boolean;
  gssapiPrincipal?: string;
  gssapiServicePrincipal?: string;
  gssapiPlainText?: boolean;
}

/** A part that stands for the first part of the message received last: a ROUTER's or STREAM's peer. */
export const lastPeer: unique symbol = Symbol("last peer");

/** A part of a literal message. */
export type Part = string | Uint8Array | typeof lastPeer;

/** A message of this one part tells that a subscription stands; receivers never count it. */
export const probe = "?probe";

/** Runs one line of the protocol; resolves with the words after `ok`. */
export type Run = (line: string, got?: (words: string[]) => void) => Promise<string[]>;

/** A running peer. */
export class Peer {
  readonly kind: PeerKind;
  /** The process to kill in tests of restarts; undefined for `here`. */
  readonly pid: number | undefined;
  readonly #run: Run;
  readonly #kill: () => Promise<void>;
  readonly #end: () => Promise<void>;
  #sockets = 0;

  constructor(kind: PeerKind, pid: number | undefined, run: Run, kill: () => Promise<void>, end: () => Promise<void>) {
    this.kind = kind;
    this.pid = pid;
    this.#run = run;
    this.#kill = kill;
    this.#end = end;
  }

  /** Opens a socket. Unless told otherwise it has no linger, and gives up sending and receiving after 10 seconds. */
  async socket(type: SocketType, options: PeerSocketOptions = {}): Promise<PeerSocket> {
    const name = `s${this.#sockets++}`;
    const words = Object.entries(options).map(([key, value]) => `${key}=${formatOption(value)}`);
    await this.#run(["socket", name, type, ...words].join(" "));
    return new PeerSocket(name, type, this.#run);
  }

  /**
   * Answers the authentication requests of this process's context: this user with this password comes in, whoever has one of
   * these public keys (32 octets), and nobody else. The user id is the name, or a spelling of the key.
   */
  async authenticate(username: string, password: string, ...keys: Uint8Array[]): Promise<void> {
    await this.#run(["zap", username, password, ...keys.map(formatPart)].join(" "));
  }

  /** A command to pyzmq's own authenticator; only the peer in Python has it. Its words: see `peer.py`. */
  authenticator(...words: string[]): Promise<string[]> {
    return this.#run(["auth", ...words].join(" "));
  }

  /** Generates a corpus and summarizes it, without any socket. */
  async digest(corpus: Corpus): Promise<Summary> {
    return toSummary(await this.#run(`digest ${formatCorpus(corpus)}`));
  }

  /** Ends the process as a crash would. */
  kill(): Promise<void> {
    return this.#kill();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#end();
  }
}

/** A socket of a peer. */
export class PeerSocket {
  readonly type: SocketType;
  readonly #name: string;
  readonly #run: Run;

  constructor(name: string, type: SocketType, run: Run) {
    this.#name = name;
    this.type = type;
    this.#run = run;
  }

  /** Resolves with the endpoint as it is really bound. */
  async bind(endpoint: string): Promise<string> {
    return (await this.#command("bind", endpoint))[0] ?? "";
  }

  async unbind(endpoint: string): Promise<void> {
    await this.#command("unbind", endpoint);
  }

  async connect(endpoint: string): Promise<void> {
    await this.#command("connect", endpoint);
  }

  async disconnect(endpoint: string): Promise<void> {
    await this.#command("disconnect", endpoint);
  }

  async subscribe(topic: Part): Promise<void> {
    await this.#command("subscribe", formatPart(topic));
  }

  async unsubscribe(topic: Part): Promise<void> {
    await this.#command("unsubscribe", formatPart(topic));
  }

  async join(group: Part): Promise<void> {
    await this.#command("join", formatPart(group));
  }

  async leave(group: Part): Promise<void> {
    await this.#command("leave", formatPart(group));
  }

  /** Sends one literal message. */
  async put(...parts: Part[]): Promise<void> {
    await this.#command("put", ...parts.map(formatPart));
  }

  /** Receives one message. */
  async take(): Promise<Buffer[]> {
    return (await this.#command("take")).map(parsePart);
  }

  /** Receives one message of a pyzmq socket with what it says of its sender: `[value, …parts]`; undefined: no such property. */
  async takeWith(property: string): Promise<[string | undefined, ...Buffer[]]> {
    const [value = "-", ...parts] = await this.#command("property", property);
    return [value === "-" ? undefined : parsePart(value).toString(), ...parts.map(parsePart)];
  }

  /** Sends a corpus, the header's parts before each message. */
  async send(corpus: Corpus, ...header: Part[]): Promise<void> {
    await this.#command("send", formatCorpus(corpus), ...header.map(formatPart));
  }

  /** Receives messages and summarizes them without their first `skip` parts. */
  async receive(count: number, skip = 0): Promise<Summary> {
    return toSummary(await this.#command("receive", `${count}`, `${skip}`));
  }

  /** Receives from a STREAM until that many octets came. */
  async receiveBytes(octets: number): Promise<Summary> {
    return toSummary(await this.#command("bytes", `${octets}`));
  }

  /** Sends each message of a corpus and awaits a message for it; summarizes the answers without the header's parts. */
  async exchange(corpus: Corpus, ...header: Part[]): Promise<Summary> {
    return toSummary(await this.#command("exchange", formatCorpus(corpus), ...header.map(formatPart)));
  }

  /** Sends back that many messages as they came. */
  async echo(count: number): Promise<void> {
    await this.#command("echo", `${count}`);
  }

  /** Resolves when a {@link probe} has come; what came before it is dropped. */
  async awaitProbe(): Promise<void> {
    await this.#command("await");
  }

  /** Sends the numbers `from` … `from + count − 1` as decimal text. */
  async sendNumbers(from: number, count: number, ...header: Part[]): Promise<void> {
    await this.#command("number", `${from}`, `${count}`, ...header.map(formatPart));
  }

  /** Receives that many numbers (the last part of each message), telling each as it comes. */
  async receiveNumbers(count: number, got: (value: number) => void): Promise<void> {
    await this.#run(`numbers ${this.#name} ${count}`, (words) => got(Number(words[0])));
  }

  /** Listens for events of these types, by zeromq.js's names; only the peers in JavaScript can. */
  async watch(...types: string[]): Promise<void> {
    await this.#command("watch", ...types);
  }

  /** Resolves when an event of a watched type has come, with its error's status or code, or `-`. */
  async event(type: string): Promise<string> {
    return (await this.#command("event", type))[0] ?? "";
  }

  async close(): Promise<void> {
    await this.#command("close");
  }

  /** Closes it, unless its process has ended: that, and any other trouble, was told before. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.close().catch(() => {});
  }

  #command(verb: string, ...words: string[]): Promise<string[]> {
    return this.#run([verb, this.#name, ...words].join(" "));
  }
}

function formatCorpus(corpus: Corpus): string {
  return `${corpus.seed} ${corpus.count} ${formatShapes(corpus.shapes)}`;
}

function formatOption(value: string | number | boolean): string {
  return typeof value === "boolean" ? `${Number(value)}` : `${value}`;
}

function formatPart(part: Part): string {
  if (part === lastPeer) return "@";
  return (typeof part === "string" ? Buffer.from(part) : Buffer.from(part)).toString("hex") || "-";
}

function parsePart(word: string): Buffer {
  return word === "-" ? Buffer.alloc(0) : Buffer.from(word, "hex");
}

function toSummary(words: readonly string[]): Summary {
  const [messages, parts, octets, digest] = words;
  return { messages: Number(messages), parts: Number(parts), octets: Number(octets), digest: digest ?? "" };
}
