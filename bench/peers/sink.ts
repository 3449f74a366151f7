// SPDX-License-Identifier: MIT
/**
 * One and the same receiver for every library's publisher: `node:net`, the least of ZMTP 3.0 (RFC 23: greeting, READY, a
 * subscription to everything) on each of N connections, and then it only counts octets. Neighbours: phases.ts, tool.ts.
 *
 *   sink <connect-to> <message-size> <count> <warm-up> <variant> <connections>     both counts for each connection
 */
import { connect, type NetConnectOpts } from "node:net";
import { PhaseClock, peersOf } from "./phases.ts";
import { report, runRole, type ToolArguments } from "./tool.ts";

const GREETING_LENGTH = 64;

/** Signature, version 3.0, mechanism NULL, no server; READY with `Socket-Type: SUB`. */
const HELLO: Buffer = Buffer.concat([
  Buffer.from("ff00000000000000017f0300", "hex"),
  Buffer.from("NULL".padEnd(20, "\0")),
  Buffer.alloc(32),
  Buffer.from("\x04\x19\x05READY\x0bSocket-Type\0\0\0\x03SUB", "latin1"),
]);
/** The message that subscribes to all. Not before the publisher's READY: libzmq takes it for a second handshake. */
const SUBSCRIPTION: Buffer = Buffer.from("000101", "hex");

function address(endpoint: string): NetConnectOpts {
  if (endpoint.startsWith("ipc://")) return { path: endpoint.slice(6) };
  const { hostname, port } = new URL(endpoint);
  return { host: hostname, port: Number(port), noDelay: true };
}

/** The publisher's greeting and READY, which may come in pieces. */
class Handshake {
  readonly #whenDone: () => void;
  #received = Buffer.alloc(0);
  #isDone = false;

  constructor(whenDone: () => void) {
    this.#whenDone = whenDone;
  }

  /** How many octets of `chunk` are messages. */
  strip(chunk: Buffer): number {
    if (this.#isDone) return chunk.length;
    this.#received = Buffer.concat([this.#received, chunk]);
    // The greeting, the command's flags, its length in one octet, its body.
    const length = this.#received[GREETING_LENGTH + 1];
    if (length === undefined || this.#received.length < GREETING_LENGTH + 2 + length) return 0;
    if (this.#received[GREETING_LENGTH] !== 4) throw new Error("no short command behind the greeting");
    this.#isDone = true;
    this.#whenDone();
    return this.#received.length - (GREETING_LENGTH + 2 + length);
  }
}

/** Counts what all connections get, one phase after the other. */
class Counter {
  readonly #frame: number;
  readonly #warmUp: number;
  readonly #all: number;
  #octets = 0;
  #first = 0;
  #clock: PhaseClock | undefined;
  readonly #done: () => void;

  constructor({ size, count, warmUp }: ToolArguments, connections: number, done: () => void) {
    this.#frame = size + (size < 256 ? 2 : 9);
    this.#warmUp = this.#frame * warmUp * connections;
    this.#all = this.#warmUp + this.#frame * count * connections;
    this.#done = done;
  }

  add(octets: number): void {
    if (octets === 0) return;
    const before = this.#octets;
    this.#octets += octets;
    if (before < this.#warmUp) {
      if (this.#octets > this.#warmUp) throw new Error(`${octets} octets run over the end of the warm-up`);
      if (this.#octets === this.#warmUp) report({ warm: this.#warmUp / this.#frame });
      return;
    }
    if (this.#clock === undefined) {
      this.#clock = new PhaseClock();
      this.#first = this.#octets;
    }
    if (this.#octets < this.#all) return;
    this.#clock.report((this.#octets - this.#first) / this.#frame);
    this.#done();
  }
}

function sink(options: ToolArguments): Promise<void> {
  const connections = peersOf(options);
  const buffer = Buffer.allocUnsafeSlow(65_536);
  return new Promise((resolve, reject) => {
    const sockets = Array.from({ length: connections }, () => {
      const handshake = new Handshake(() => socket.write(SUBSCRIPTION));
      const callback = (length: number): boolean => {
        counter.add(handshake.strip(buffer.subarray(0, length)));
        return true;
      };
      const socket = connect({ ...address(options.endpoint), onread: { buffer, callback } });
      socket.on("error", reject);
      socket.write(HELLO);
      return socket;
    });
    const counter = new Counter(options, connections, () => {
      for (const socket of sockets) socket.destroy();
      resolve();
    });
  });
}

runRole({ sink });
