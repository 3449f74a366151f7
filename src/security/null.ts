// SPDX-License-Identifier: MIT
/** The NULL mechanism (RFC 37 §The NULL Security Mechanism): both sides say READY at once. No secrecy, no proof. */
import { parseProperties } from "../wire/metadata.ts";
import type { HandshakeInput, HandshakeResult, HandshakeStep, Mechanism } from "./mechanism.ts";
import { authenticate, expectCommand } from "./steps.ts";

/** One side of a NULL handshake; both sides are alike. */
export class NullMechanism implements Mechanism {
  readonly name = "NULL";
  private readonly asksAuthenticator: boolean;

  /** `asksAuthenticator`: true where a ZAP domain is set; without one NULL lets everybody in (RFC 27). */
  constructor(asksAuthenticator: boolean) {
    this.asksAuthenticator = asksAuthenticator;
  }

  *handshake(properties: Uint8Array): Generator<HandshakeStep, HandshakeResult, HandshakeInput> {
    const authentication = this.asksAuthenticator ? yield* authenticate("NULL", [], false) : undefined;
    const data = yield* expectCommand("READY", { name: "READY", data: properties });
    const result = { properties: parseProperties(data, "ZMTP_MALFORMED_COMMAND_READY") };
    return authentication === undefined ? result : { ...result, authentication };
  }
}
