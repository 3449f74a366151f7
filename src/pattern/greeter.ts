// SPDX-License-Identifier: MIT
/**
 * What a pattern says by itself to each new peer: the hello message (`ZMQ_HELLO_MSG`), on every connection, and the probe
 * (`ZMQ_PROBE_ROUTER`), once for each pipe. Used by DEALER, REQ, REP and ROUTER; RFC 28 calls the probe an empty message.
 */
import { EMPTY } from "../base/bytes.ts";
import type { Pipe } from "../pipe/pipe.ts";
import type { PatternOptions } from "./pattern.ts";

/** Greets peers. */
export class Greeter {
  private readonly options: PatternOptions;
  private readonly probes: boolean;
  /** Pipes that have been connected before. */
  private readonly met = new Set<Pipe>();

  constructor(options: PatternOptions, probes: boolean) {
    this.options = options;
    this.probes = probes;
  }

  /** A new pipe: what is written now is what its first connection carries first. */
  attached(pipe: Pipe): void {
    this.sayHello(pipe);
    if (this.probes && this.options.probeRouter) pipe.write([EMPTY]);
  }

  /** A connection stands; the first one of a pipe was greeted when the pipe was attached. */
  connected(pipe: Pipe): void {
    if (this.met.has(pipe)) this.sayHello(pipe);
    else this.met.add(pipe);
  }

  /** The pipe is gone. */
  detached(pipe: Pipe): void {
    this.met.delete(pipe);
  }

  private sayHello(pipe: Pipe): void {
    const hello = this.options.helloMessage;
    if (hello !== null && hello.length > 0) pipe.write([hello]);
  }
}
