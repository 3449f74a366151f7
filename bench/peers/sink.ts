// SPDX-License-Identifier: MIT
/**
 * One and the same receiver for every library's publisher: `node:net`, the least of ZMTP 3.0 (RFC 23: greeting, READY, a
 * subscription to everything) on each of N connections, and then it only counts octets. Neighbours: phases.ts, tool.ts.
 *
 *   sink <connect-to> <message-size> <count> <warm-up> <variant> <connections>     both counts for each connection
 */
import { connect } from "node:net";
import { addressOf } from "./net-address.ts";
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
  readonly #count: number;
  readonly #done: () => void;
  #left: number;
  #clock: PhaseClock | undefined;

  constructor(options: ToolArguments, done: () => void) {
    this.#frame = options.size + (options.size < 256 ? 2 : 9);
    this.#count = options.count * peersOf(options);
    this.#left = options.warmUp * peersOf(options) * this.#frame;
    this.#done = done;
  }

  add(octets: number): void {
    this.#left -= octets;
    if (this.#left > 0 || octets === 0) return;
    if (this.#left < 0) throw new Error(`${-this.#left} octets too many`);
    if (this.#clock === undefined) {
      this.#clock = new PhaseClock();
      this.#left = this.#count * this.#frame;
      report({ warm: 1 });
    } else {
      this.#clock.report(this.#count);
      this.#done();
    }
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
      const socket = connect({ ...addressOf(options.endpoint), onread: { buffer, callback } });
      socket.on("error", reject);
      socket.write(HELLO);
      return socket;
    });
    const counter = new Counter(options, () => {
      for (const socket of sockets) socket.destroy();
      resolve();
    });
  });
}

runRole({ sink });
