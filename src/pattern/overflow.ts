// SPDX-License-Identifier: MIT
/**
 * What becomes of a message for a peer that is full: the choices of `whenFull`. Every pattern that sends asks here once a pipe
 * has refused, with what its own type does where the application has not chosen.
 */
import { ZmqError } from "../base/errors.ts";
import type { Message } from "../pipe/message.ts";
import type { Pipe } from "../pipe/pipe.ts";

/** What `whenFull` may be; null, the default, is what libzmq does for the socket type. */
export type WhenFull = "wait" | "dropNewest" | "dropOldest" | "error" | "disconnect";

/** True where a message may have to stay with its sender. */
export function mayRefuse(rule: WhenFull): boolean {
  return rule === "wait" || rule === "error";
}

/** Deals with a message for a pipe that has no room. False: the sender has to wait; also when the peer is going. */
export function overflow(pipe: Pipe, message: Message, rule: WhenFull): boolean {
  // Also without room, a message can take the place of one with the same key.
  if (pipe.write(message)) return true;
  if (pipe.isClosing) return false;
  switch (rule) {
    case "wait":
      return false;
    case "error":
      throw fullError();
    case "dropOldest":
      while (pipe.dropOldest()) if (pipe.write(message)) return true;
      break;
    case "disconnect":
      pipe.cutOff();
      break;
    case "dropNewest":
  }
  pipe.drop(1);
  return true;
}

/** What a send gets with the rule `error`. */
export function fullError(): ZmqError {
  return new ZmqError(
    "EAGAIN",
    'send: no room, sendHighWaterMark is reached and whenFull is "error"; nothing was sent',
  );
}
