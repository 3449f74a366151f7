// SPDX-License-Identifier: MIT
/** Events of a socket under their names of version 5, with its arguments: value, address, error. Used by `socket.ts`. */
import type { EventEmitter } from "node:events";
import type { Event, EventOfType, EventType, Observer } from "../index.ts";

const NAMES = {
  connect: "connect",
  "connect:delay": "connect_delay",
  "connect:retry": "connect_retry",
  bind: "listen",
  "bind:error": "bind_error",
  accept: "accept",
  "accept:error": "accept_error",
  close: "close",
  "close:error": "close_error",
  disconnect: "disconnect",
} as const satisfies Partial<Record<EventType, string>>;

/** Passes events on; what it returns ends that. */
export function passOn(events: Observer, emitter: EventEmitter): () => void {
  const types = Object.keys(NAMES) as (keyof typeof NAMES)[];
  const listener = (event: Event): void => {
    const { type, address, interval, error } = event as Event & {
      type: keyof typeof NAMES;
      address: string;
      interval?: number;
      error?: Error & { errno?: number };
    };
    // Only failures that have their own event have an error there.
    const reason = type.endsWith(":error") ? error : undefined;
    emitter.emit(NAMES[type], reason?.errno ?? interval, address, reason);
  };
  // `on` wants one type, and a listener for it; this listener is good for all of them.
  const any = listener as (event: EventOfType<"connect">) => void;
  for (const type of types) events.on(type as "connect", any);
  return () => {
    for (const type of types) events.off(type as "connect", any);
  };
}
