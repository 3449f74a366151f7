// SPDX-License-Identifier: MIT
/**
 * DGRAM: plain datagrams. A message is an address, `ip:port`, and a body; received ones name who sent them (zmq_udp(7)).
 * One pipe at a time, which a bound udp endpoint makes.
 */
import { ZmqError } from "../base/errors.ts";
import type { Message } from "../pipe/message.ts";
import type { Arrivals } from "../pipe/origin.ts";
import type { Pipe } from "../pipe/pipe.ts";
import { Pair } from "./pair.ts";
import type { Pattern, PatternOptions } from "./pattern.ts";
import { type SocketType, socketType } from "./socket-type.ts";

/** The datagram socket. */
export class Dgram implements Pattern {
  private readonly pair: Pair;
  readonly arrivals: Arrivals;

  constructor(options: PatternOptions) {
    this.pair = new Pair(options);
    this.arrivals = this.pair;
  }

  attach(pipe: Pipe): void {
    this.pair.attach(pipe);
  }

  connected(): void {}

  disconnected(): void {}

  closing(pipe: Pipe): void {
    this.pair.closing(pipe);
  }

  detach(pipe: Pipe): void {
    this.pair.detach(pipe);
  }

  readActivated(): void {}

  writeActivated(): void {}

  hiccuped(): void {}

  send(message: Message): boolean {
    if (message.length === 2) return this.pair.send(message);
    const text = `send: messages of a DGRAM socket are an address and a body, two parts, not ${message.length}`;
    throw new ZmqError("EINVAL", text);
  }

  receive(): Message | undefined {
    return this.pair.receive();
  }

  canSend(): boolean {
    return this.pair.canSend();
  }

  canReceive(): boolean {
    return this.pair.canReceive();
  }
}

/** The row of DGRAM. */
export const DGRAM: SocketType = /* @__PURE__ */ socketType({
  name: "DGRAM",
  id: 18,
  peers: [],
  create: (options) => new Dgram(options),
  isRaw: true,
  schemes: ["udp"],
});
