// SPDX-License-Identifier: MIT
/**
 * What one peer may subscribe to, or join: so many topics of so many octets together. Whoever asks for more loses its connection, and
 * nobody else notices. Used by XPUB, PUB and RADIO; sockets of the same process are not limited.
 */
import { type LimitName, ZmqError } from "../base/errors.ts";
import type { Pipe } from "../pipe/pipe.ts";
import type { PatternOptions } from "./pattern.ts";
import type { Subscriptions } from "./subscriptions.ts";

/** False: the peer must not have this one as well, and will be gone soon. */
export function admits(
  held: Subscriptions<Pipe>,
  pipe: Pipe,
  kind: "subscribe" | "cancel" | "join",
  topic: Uint8Array,
  { maxSubscriptions, maxSubscriptionBytes }: PatternOptions,
): boolean {
  const { count, octets } = held.held(pipe);
  const isMany = maxSubscriptions > 0 && count >= maxSubscriptions;
  // What nobody could have subscribed to is not worth telling the application of.
  const isLong = maxSubscriptionBytes > 0 && topic.length + (kind === "cancel" ? 0 : octets) > maxSubscriptionBytes;
  if (!isLong && (!isMany || kind === "cancel")) return true;
  if (pipe.peer?.address === "" || (kind !== "cancel" && held.has(topic, pipe))) return true;
  pipe.cutOff(
    isLong ? passed("maxSubscriptionBytes", maxSubscriptionBytes) : passed("maxSubscriptions", maxSubscriptions),
  );
  return false;
}

function passed(option: LimitName, value: number): ZmqError {
  const what = option === "maxSubscriptions" ? "subscriptions" : "octets of subscriptions";
  const text = `a peer asks for more than the ${value} ${what} that it may have; raise ${option} if it should`;
  return new ZmqError("ECONNABORTED", text, { limit: { option, value } });
}
