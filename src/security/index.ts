// SPDX-License-Identifier: MIT
/** The table of security mechanisms: which one a socket's options choose. Used by `runtime/`, which hands it to the context. */
import type { MechanismChoice } from "./mechanism.ts";
import { NullMechanism } from "./null.ts";
import { PlainClient, PlainServer } from "./plain.ts";

/** All mechanisms, the first that is chosen wins; NULL always is. */
export const mechanisms: readonly MechanismChoice[] = [
  { name: "PLAIN", isChosen: (options) => options.plainServer, create: () => new PlainServer() },
  {
    name: "PLAIN",
    isChosen: (options) => options.plainUsername !== null || options.plainPassword !== null,
    create: (options) => new PlainClient(options.plainUsername ?? "", options.plainPassword ?? ""),
  },
  { name: "NULL", isChosen: () => true, create: (options) => new NullMechanism((options.zapDomain ?? "") !== "") },
];
