// SPDX-License-Identifier: MIT
/**
 * Keeps queued messages safe from an application that reuses its buffers after a send. Small parts are copied, and only
 * when a message really waits in a pipe: one that is encoded at once needs no copy. Large parts travel by reference and
 * must not be changed, as with npm `zeromq`. One guard for each socket; used by `local-pipe.ts`.
 */
import { copyBytes } from "../base/bytes.ts";
import type { Message } from "./message.ts";

/** Parts up to this many octets are copied; npm `zeromq` draws the line at the same place. */
const COPIED_UP_TO = 128;

/** Copies the small parts of what must wait. */
export class FrameGuard {
  /** True while a message is being sent whose parts belong to the application. */
  isForeign = false;
  private last: Message | undefined = undefined;

  /** Makes the small parts of a message the library's own; once for each message, however many pipes hold it. */
  own(message: Message): void {
    if (!this.isForeign || message === this.last) return;
    this.last = message;
    for (let i = 0; i < message.length; i += 1) {
      const part = message[i] as Uint8Array;
      if (part.length <= COPIED_UP_TO && part.length > 0) message[i] = copyBytes(part);
    }
  }

  /** The send is over: holds on to nothing. */
  release(): void {
    this.isForeign = false;
    this.last = undefined;
  }
}
