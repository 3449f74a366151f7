// SPDX-License-Identifier: MIT
/**
 * The framing of ZMTP 2.0 and 3.x for runs (`pipe/run.ts`): the same octets as `wire/zmtp-v2.ts` writes for one
 * connection, which tests hold it equal to. Only for connections without armour: armour differs from peer to peer.
 */
import { writeUint64 } from "../base/bytes.ts";
import type { Message } from "../pipe/message.ts";
import type { Framing } from "../pipe/run.ts";
import { CommandFrame, LONG, MORE } from "../wire/frame.ts";
import { ZmtpV2Decoder } from "../wire/zmtp-v2.ts";

/** Flags and size of a frame of up to 255 octets, and of a longer one. */
const SHORT_HEADER = 2;
const LONG_HEADER = 9;
/** Below this many octets a loop copies faster than `set` (see `slab-writer.ts`). */
const LOOP = 12;

class ZmtpV2Framing implements Framing {
  sizeOf(message: Message): number {
    let size = 0;
    for (let i = 0; i < message.length; i += 1) {
      const { length } = message[i] as Uint8Array;
      size += length + (length < 256 ? SHORT_HEADER : LONG_HEADER);
    }
    return size;
  }

  write(message: Message, octets: Uint8Array, position: number): number {
    const last = message.length - 1;
    let at = position;
    for (let i = 0; i <= last; i += 1) {
      const body = message[i] as Uint8Array;
      const { length } = body;
      const flags = i < last ? MORE : 0;
      if (length < 256) {
        octets[at] = flags;
        octets[at + 1] = length;
        at += SHORT_HEADER;
      } else {
        octets[at] = flags | LONG;
        writeUint64(octets, at + 1, length);
        at += LONG_HEADER;
      }
      if (length < LOOP) for (let j = 0; j < length; j += 1) octets[at + j] = body[j] as number;
      else octets.set(body, at);
      at += length;
    }
    return at;
  }

  read(octets: Uint8Array): Message[] {
    const decoder = new ZmtpV2Decoder({ maxMessageSize: -1, maxFrames: Number.POSITIVE_INFINITY });
    decoder.push(octets);
    const messages: Message[] = [];
    for (let item = decoder.next(); item !== undefined; item = decoder.next()) {
      if (!(item instanceof CommandFrame)) messages.push(item);
    }
    return messages;
  }
}

/** What every engine that speaks ZMTP 2.0 or 3.x without armour reads runs in. */
export const zmtpV2Framing: Framing = new ZmtpV2Framing();
