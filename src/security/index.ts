// SPDX-License-Identifier: MIT
/** The table of security mechanisms: which one a socket's options choose. Used by `runtime/`, which hands it to the context. */
import type { MechanismChoice, SecurityOptions } from "./mechanism.ts";
import { NullMechanism, type WhenAsked } from "./null.ts";
import { PlainClient, PlainServer } from "./plain.ts";

/** Those that need nothing of the runtime; the first that is chosen wins, and NULL always is, so that others stand before it. */
export const mechanisms: readonly MechanismChoice[] = [
  {
    name: "PLAIN",
    isChosen: ({ mechanism }) => mechanism === "plain",
    create: ({ isSecurityServer, plainUsername, plainPassword }) =>
      isSecurityServer ? new PlainServer() : new PlainClient(plainUsername ?? "", plainPassword ?? ""),
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
