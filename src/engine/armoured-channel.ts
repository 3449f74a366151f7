// SPDX-License-Identifier: MIT
/**
 * Messages and commands on a connection whose frames have armour (`security/mechanism.ts`): each part travels sealed in a
 * frame of its own, and what belongs together is told inside. Used by the ZMTP engine in the place of plain frames.
 */
import type { Message } from "../pipe/message.ts";
import type { Armour } from "../security/mechanism.ts";
import { COMMAND, CommandFrame, type DecoderLimits, type Encoder, MORE } from "../wire/frame.ts";
import { mostOctets, tooLarge, tooMany } from "../wire/frame-limits.ts";

/** Both directions of one connection. */
export class ArmouredChannel {
  private readonly armour: Armour;
  private readonly limits: DecoderLimits;
  /** The parts of a message whose last one has not come, and their octets. */
  private parts: Uint8Array[] | undefined = undefined;
  private held = 0;

  constructor(armour: Armour, limits: DecoderLimits) {
    this.armour = armour;
    this.limits = limits;
  }

  message(parts: Message, encoder: Encoder): void {
    const last = parts.length - 1;
    for (let i = 0; i < last; i += 1) this.armour.seal(parts[i] as Uint8Array, MORE, encoder);
    this.armour.seal(parts[last] as Uint8Array, 0, encoder);
  }

  command(body: Uint8Array, encoder: Encoder): void {
    this.armour.seal(body, COMMAND, encoder);
  }

  /**
   * Opens a frame: gives the command that it is, or the message that it ends. What the frame says of itself outside its
   * armour does not count: anybody on its way can change that.
   * @throws ProtocolError
   */
  open(frame: Uint8Array): Message | CommandFrame | undefined {
    const { armour } = this;
    const body = armour.open(frame);
    const { flags } = armour;
    if ((flags & COMMAND) !== 0) return new CommandFrame(body);
    const { parts } = this;
    if ((flags & MORE) === 0) {
      if (parts === undefined) return [body];
      this.weigh(body);
      parts.push(body);
      this.parts = undefined;
      this.held = 0;
      return parts;
    }
    this.weigh(body);
    if (parts === undefined) this.parts = [body];
    else parts.push(body);
    if ((this.parts as Uint8Array[]).length >= this.limits.maxFrames) throw tooMany(this.limits);
    return undefined;
  }

  private weigh(body: Uint8Array): void {
    if (this.held + body.length > mostOctets(this.limits)) throw tooLarge(body.length, this.held, this.limits);
    this.held += body.length;
  }
}
