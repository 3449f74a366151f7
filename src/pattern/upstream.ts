// SPDX-License-Identifier: MIT
/**
 * What subscribers send to publishers: subscriptions, spelt as frames that begin with 1 or 0, among messages of the
 * application's own. Used by XSUB, which sends them, and by XPUB, which takes them from peers that are not subscribers.
 */
import { type Message, type Subscription, subscriptionIn } from "../pipe/message.ts";

/**
 * Calls back with each subscription in a message, and returns what is left of it; undefined when nothing is.
 * `onlyFirst` (`ZMQ_ONLY_FIRST_SUBSCRIBE`): when the first frame is none, the others are not looked at.
 */
export function takeSubscriptions(
  message: Message,
  onlyFirst: boolean,
  take: (subscription: Subscription) => void,
): Message | undefined {
  let rest: Message | undefined = undefined;
  for (let i = 0; i < message.length; i += 1) {
    const frame = message[i] as Uint8Array;
    const subscription = subscriptionIn(frame);
    if (subscription !== undefined) take(subscription);
    else if (i === 0 && (onlyFirst || message.length === 1)) return message;
    else if (rest === undefined) rest = [frame];
    else rest.push(frame);
  }
  return rest;
}
