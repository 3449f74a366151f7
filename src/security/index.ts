// SPDX-License-Identifier: MIT
/** The table of security mechanisms: which one a socket's options choose. Used by `runtime/`, which hands it to the context. */
import type { MechanismChoice, SecurityOptions } from "./mechanism.ts";
import { NullMechanism, type WhenAsked } from "./null.ts";
import { PlainClient, PlainServer } from "./plain.ts";

/** All mechanisms, the first that is chosen wins; NULL always is. */
export const mechanisms: readonly MechanismChoice[] = [
  { name: "PLAIN", isChosen: (options) => options.plainServer, create: () => new PlainServer() },
  {
    name: "PLAIN",
    isChosen: (options) => options.plainUsername !== null || options.plainPassword !== null,
    create: (options) => new PlainClient(options.plainUsername ?? "", options.plainPassword ?? ""),
  },
  {
    name: "NULL",
    isChosen: () => true,
    create: (options, isConnecting) => new NullMechanism(whenAsked(options, isConnecting)),
  },
];

/**
 * NULL asks a ZAP handler before anything is said, as libzmq does. The application's own `authorize` wants to know what the peer says of
 * itself: the side that was connected to waits for it, and the other side must speak first, or both would wait.
 */
function whenAsked({ authorize, zapDomain }: SecurityOptions, isConnecting: boolean): WhenAsked {
  if (authorize !== null) return isConnecting ? "after READY" : "before READY";
  return (zapDomain ?? "") === "" ? "never" : "at once";
}
