// SPDX-License-Identifier: MIT
/** One direction of a proxy: takes messages from one socket, gives them to another, and counts. Used by `proxy.ts`. */
import type { Message } from "../pipe/message.ts";
import { reform } from "./message-form.ts";
import type { SocketWorks } from "./socket-works.ts";

/** Messages that one direction passes on before everybody else has a turn; as libzmq's proxy. */
const BURST = 1000;

/** Counts messages. */
export class Tally {
  messages = 0;
  parts = 0;
  octets = 0;

  /** What was counted so far. */
  copy(): { messages: number; parts: number; octets: number } {
    return { messages: this.messages, parts: this.parts, octets: this.octets };
  }

  add(parts: number, octets: number): void {
    this.messages += 1;
    this.parts += parts;
    this.octets += octets;
  }
}

/** A message that was taken and has to wait. */
export interface Held {
  readonly message: Message;
  /** False: it has not been copied to the capture socket either. */
  readonly isCaptured: boolean;
}

/** One direction. */
export class Passage {
  readonly from: SocketWorks;
  readonly to: SocketWorks;
  private readonly received: Tally;
  private readonly sent: Tally;
  /** Messages until the rest of the program, and the other direction, must have a turn. */
  private left = BURST;

  constructor(from: SocketWorks, to: SocketWorks, received: Tally, sent: Tally) {
    this.from = from;
    this.to = to;
    this.received = received;
    this.sent = sent;
  }

  /**
   * Passes on what is there, while there is room. Gives a message that found none after all (a ROUTER can have room, but not
   * for that peer): it was taken, and is to be delivered.
   */
  pass(capture: SocketWorks | undefined): Held | undefined {
    const { from, to } = this;
    while (this.left > 0 && this.hasRoom() && capture?.core.canSend() !== false) {
      const message = from.takeForward();
      if (message === undefined) return undefined;
      this.left -= 1;
      // Whoever is given a message may change it: it is counted before.
      const parts = message.length;
      const octets = octetsOf(message);
      this.received.add(parts, octets);
      const isCaptured = capture === undefined || capture.forward(this.formFor(capture, [...message]));
      if (!isCaptured || !to.forward(this.formFor(to, message))) return { message, isCaptured };
      this.sent.add(parts, octets);
    }
    return undefined;
  }

  /** A socket that answers itself, as a REP can, may have room only once it has received. */
  private hasRoom(): boolean {
    return this.to.core.canSend() || this.from === this.to;
  }

  /** Gives on a message that had to wait, however long its turn takes. */
  async deliver({ message, isCaptured }: Held, capture: SocketWorks | undefined): Promise<void> {
    const parts = message.length;
    const octets = octetsOf(message);
    if (!isCaptured && capture !== undefined) await capture.send(this.formFor(capture, [...message]));
    await this.to.send(this.formFor(this.to, message));
    this.sent.add(parts, octets);
  }

  private formFor(to: SocketWorks, message: Message): Message {
    return reform(message, this.from.core.type, to.core.type);
  }

  get isLong(): boolean {
    return this.left <= 0;
  }

  rest(): Promise<void> {
    this.left = BURST;
    return new Promise((resolve) => {
      this.from.runtime.clock.yieldTurn(resolve);
    });
  }
}

function octetsOf(message: Message): number {
  let octets = 0;
  for (let i = 0; i < message.length; i += 1) octets += (message[i] as Uint8Array).length;
  return octets;
}
