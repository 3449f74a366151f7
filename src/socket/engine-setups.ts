// SPDX-License-Identifier: MIT
/** What the engines of a socket are made from: its options as they were for an endpoint, and its mechanism. Used by `socket.ts`. */
import { ZmqError } from "../base/errors.ts";
import type { EngineSetup } from "../engine/engine.ts";
import type { SocketType } from "../pattern/socket-type.ts";
import type { MechanismChoice } from "../security/mechanism.ts";
import { authenticate, mustAsk } from "./authentication.ts";
import type { SocketOptionValues } from "./options.ts";
import type { SocketSetup } from "./socket.ts";

/** The setups of one socket; the latest is shared by all endpoints with the same options. */
export class EngineSetups {
  private readonly setup: SocketSetup;
  private latest: { readonly isConnecting: boolean; readonly of: EngineSetup } | undefined = undefined;

  constructor(setup: SocketSetup) {
    this.setup = setup;
  }

  /** For an endpoint; `isConnecting`: that is connected to. */
  for(options: SocketOptionValues, isConnecting: boolean): EngineSetup {
    const { latest } = this;
    if (latest?.of.options === options && latest.isConnecting === isConnecting) return latest.of;
    const made = this.create(options, isConnecting);
    this.latest = { isConnecting, of: made };
    return made;
  }

  private create(options: SocketOptionValues, isConnecting: boolean): EngineSetup {
    const { type, mechanisms, clock, slabs } = this.setup;
    const choice = mechanisms.find((each) => each.isChosen(options)) as MechanismChoice;
    choice.check?.(options);
    return {
      options,
      socketType: type,
      isRaw: isRaw(type, options),
      properties: options.metadata,
      createMechanism: () => mustAsk(choice.create(options, isConnecting), options),
      authenticate: (...question) => authenticate(this.setup, options, ...question),
      requiresSecurity: choice.name !== "NULL" || (options.zapDomain ?? "") !== "" || options.authorize !== null,
      clock,
      slabs,
    };
  }
}

/** @throws ZmqError `EINVAL` where an option asks for what the others rule out */
export function requireConsistent(type: SocketType, options: SocketOptionValues): void {
  const { authorize, mechanism, isSecurityServer, zapEnforceDomain, zapDomain } = options;
  if (authorize !== null && isRaw(type, options)) {
    const text = `authorize: a ${type.name} without ZMTP has no handshake in which a peer could be refused`;
    throw new ZmqError("EINVAL", text);
  }
  if (mechanism === "plain" && isSecurityServer && zapEnforceDomain && (zapDomain ?? "") === "" && authorize === null) {
    throw new ZmqError(
      "EINVAL",
      "plainServer with zapEnforceDomain needs zapDomain, or authorize instead of a ZAP handler",
    );
  }
}

/** Octets travel without ZMTP. */
function isRaw(type: SocketType, { routerRaw }: SocketOptionValues): boolean {
  return type.isRaw || (type.name === "ROUTER" && routerRaw);
}
