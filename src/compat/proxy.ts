// SPDX-License-Identifier: MIT
/** The proxy of version 5 of npm `zeromq`: passes the messages of two sockets on to each other, in one turn each. */
import type { Socket } from "./socket.ts";

/** Which pairs of socket types there are, and how many parts of a reply `capture` does not get: the envelope. */
const PAIRS: Readonly<Record<string, number>> = {
  "push/pull": 0,
  "pull/push": 0,
  "xpub/xsub": 0,
  "router/dealer": 2,
  "xrep/xreq": 2,
};

/**
 * Passes messages between two sockets, from now on. `capture` gets a copy of what comes from the back-end.
 * @throws Error when the types do not go together
 */
export function proxy(frontend: Socket, backend: Socket, capture?: Socket): void {
  const envelope = PAIRS[`${frontend.type}/${backend.type}`];
  if (envelope === undefined) throw new Error("This socket type order is not supported in compatibility mode");
  // The other way, messages flow through a PULL in front: then these are what there is to see.
  const isForward = frontend.type === "pull";
  frontend.on("message", (...parts: Buffer[]) => {
    backend.send(parts);
    if (isForward) capture?.send(parts);
  });
  backend.on("message", (...parts: Buffer[]) => {
    frontend.send(parts);
    capture?.send(parts.slice(envelope));
  });
}
