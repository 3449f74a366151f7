// SPDX-License-Identifier: MIT
/** The NULL mechanism (RFC 37 §The NULL Security Mechanism): both sides say READY at once. No secrecy, no proof. */
import { parseProperties } from "../wire/metadata.ts";
import type { HandshakeInput, HandshakeResult, HandshakeStep, Mechanism } from "./mechanism.ts";
import { authenticate, expectCommand } from "./steps.ts";

/**
 * When the authenticator is asked: before anything is said, and so without what the peer says of itself; or once that is known,
 * before or after this side's own READY.
 */
export type WhenAsked = "never" | "at once" | "before READY" | "after READY";

/** One side of a NULL handshake; both sides are alike. */
export class NullMechanism implements Mechanism {
  readonly name = "NULL";
  private readonly whenAsked: WhenAsked;

  constructor(whenAsked: WhenAsked = "never") {
    this.whenAsked = whenAsked;
  }

  *handshake(own: Uint8Array): Generator<HandshakeStep, HandshakeResult, HandshakeInput> {
    const ready = { name: "READY", data: own };
    const { whenAsked } = this;
    const early = whenAsked === "at once" ? yield* authenticate("NULL", [], false) : undefined;
    const data = yield* expectCommand("READY", whenAsked === "before READY" ? undefined : ready);
    const properties = parseProperties(data, "ZMTP_MALFORMED_COMMAND_READY");
    if (whenAsked !== "before READY" && whenAsked !== "after READY") {
      return early === undefined ? { properties } : { properties, authentication: early };
    }
    const authentication = yield* authenticate("NULL", [], true, properties);
    const result = authentication === undefined ? { properties } : { properties, authentication };
    return whenAsked === "before READY" ? { ...result, send: ready } : result;
  }
}
