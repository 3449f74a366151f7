// SPDX-License-Identifier: MIT
/**
 * ZWS's framing for runs (`pipe/run.ts`), as servers send it: the same octets as `wire/zws.ts` writes for one connection without a
 * mask, which tests hold it equal to.
 */
import { writeUint64 } from "../base/bytes.ts";
import type { Message } from "../pipe/message.ts";
import type { Framing } from "../pipe/run.ts";
import { CommandFrame, MORE } from "../wire/frame.ts";
import { ZwsDecoder, ZwsState } from "../wire/zws.ts";

/** A last fragment that is binary (RFC 6455 §5.2). */
const BINARY = 0x82;
/** Payloads up to here have their length in the header's second octet, and up to 64 KiB in two more. */
const SHORT = 125;
const LONG = 65535;

class ZwsFraming implements Framing {
  sizeOf(message: Message): number {
    let size = 0;
    for (const part of message) {
      const payload = part.length + 1;
      size += payload + (payload <= SHORT ? 2 : payload <= LONG ? 4 : 10);
    }
    return size;
  }

  write(message: Message, octets: Uint8Array, position: number): number {
    const last = message.length - 1;
    let at = position;
    for (let i = 0; i <= last; i += 1) {
      const body = message[i] as Uint8Array;
      const payload = body.length + 1;
      octets[at] = BINARY;
      if (payload <= SHORT) {
        octets[at + 1] = payload;
        at += 2;
      } else if (payload <= LONG) {
        octets[at + 1] = 126;
        octets[at + 2] = payload >>> 8;
        octets[at + 3] = payload;
        at += 4;
      } else {
        octets[at + 1] = 127;
        writeUint64(octets, at + 2, payload);
        at += 10;
      }
      octets[at] = i < last ? MORE : 0;
      octets.set(body, at + 1);
      at += payload;
    }
    return at;
  }

  read(octets: Uint8Array): Message[] {
    const limits = { maxMessageSize: -1, maxFrames: Number.POSITIVE_INFINITY };
    const decoder = new ZwsDecoder(limits, new ZwsState(() => {}), false);
    decoder.push(octets);
    const messages: Message[] = [];
    for (let item = decoder.next(); item !== undefined; item = decoder.next()) {
      if (!(item instanceof CommandFrame)) messages.push(item);
    }
    return messages;
  }
}

/** What the engines of ws servers read runs in. */
export const zwsFraming: Framing = new ZwsFraming();
