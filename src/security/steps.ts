// SPDX-License-Identifier: MIT
/** Steps that the handshakes of several mechanisms have in common. Used by `null.ts`, `plain.ts` and their kin. */
import { AuthenticationError, ProtocolError, ZmqError } from "../base/errors.ts";
import { type Command, errorCommand, NO_COMMAND, parseError } from "../wire/command.ts";
import type { AuthenticationReply, Credentials, HandshakeInput, HandshakeStep } from "./mechanism.ts";

/** Sends a command, if any, and takes the peer's next one, which must have this name; gives its data. */
export function* expectCommand(name: string, send?: Command): Generator<HandshakeStep, Uint8Array, HandshakeInput> {
  const input = yield send === undefined ? { do: "exchange" } : { do: "exchange", send };
  if (!("command" in input)) throw new ProtocolError("ZMTP_UNSPECIFIED", `expected ${name} from the peer`);
  const { command } = input;
  if (command.name === name) return command.data;
  if (command === NO_COMMAND) {
    throw new ProtocolError("ZMTP_MALFORMED_COMMAND_UNSPECIFIED", `an empty command where ${name} must come`);
  }
  if (command.name === "ERROR") throw refusal(parseError(command.data));
  throw new ProtocolError(
    "ZMTP_UNEXPECTED_COMMAND",
    `the peer sent ${printable(command.name)} where ${name} must come`,
  );
}

/**
 * Asks the authenticator and returns its reply when it lets the peer in; refuses the peer otherwise.
 * Undefined when there is no authenticator and none `isRequired`. `properties`: what the peer has said of itself already.
 */
export function* authenticate(
  mechanism: string,
  credentials: readonly Uint8Array[],
  isRequired: boolean,
  properties?: Credentials["properties"],
): Generator<HandshakeStep, AuthenticationReply | undefined, HandshakeInput> {
  const input = yield {
    do: "authenticate",
    mechanism,
    credentials,
    ...(properties === undefined ? {} : { properties }),
  };
  const reply = "reply" in input ? input.reply : undefined;
  if (reply === undefined) {
    if (!isRequired) return undefined;
    const error = new ZmqError(
      "EFAULT",
      `${mechanism} needs an authenticator: set authorize, or bind a ZAP handler to inproc://zeromq.zap.01 in the same context (RFC 27)`,
    );
    yield { do: "refuse", error };
    throw error;
  }
  if (reply.status === 200) return reply;
  const error = new AuthenticationError(
    reply.status,
    `the authenticator refused the peer: ${reply.status} ${reply.text}`,
    reply.cause,
  );
  // RFC 27: 300 asks the peer to try again later, so its connection just goes; 400 and 500 are told to it.
  if (reply.status === 300) yield { do: "refuse", error };
  else yield { do: "refuse", error, send: errorCommand(String(reply.status)) };
  throw error;
}

function refusal(reason: string): ZmqError {
  const status = /^[345]00$/.test(reason) ? Number(reason) : 0;
  if (status !== 0) return new AuthenticationError(status, `the peer refused this connection: ${reason}`);
  return new ProtocolError("ZMTP_UNSPECIFIED", `the peer refused this connection: ${printable(reason)}`);
}

function printable(text: string): string {
  return JSON.stringify(text.slice(0, 64));
}
