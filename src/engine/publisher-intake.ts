// SPDX-License-Identifier: MIT
/** What subscribers send to a publisher as messages (RFC 23 §PUB-SUB): the subscriptions among it, and the rest. Used by the ZMTP engine. */
import { type Message, type PipeItem, subscriptionIn } from "../pipe/message.ts";

/**
 * To a publisher, frames that begin with 1 or 0 are subscriptions, from peers of every version: each such frame of a
 * message, or with `onlyFirst` (the option `onlyFirstSubscribe`) none once a frame was not one.
 */
export function giveToPublisher(message: Message, onlyFirst: boolean, give: (item: PipeItem) => void): void {
  const rest: Message = [];
  for (const frame of message) {
    const subscription = onlyFirst && rest.length > 0 ? undefined : subscriptionIn(frame);
    if (subscription === undefined) rest.push(frame);
    else give(subscription);
  }
  if (rest.length > 0) give(rest);
}
