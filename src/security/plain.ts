// SPDX-License-Identifier: MIT
/** The PLAIN mechanism (RFC 24): the client shows a user name and a password, in clear text. HELLO, WELCOME, INITIATE, READY. */
import { concatBytes, EMPTY, encodeText } from "../base/bytes.ts";
import { ProtocolError } from "../base/errors.ts";
import { parseProperties } from "../wire/metadata.ts";
import type { HandshakeInput, HandshakeResult, HandshakeStep, Mechanism } from "./mechanism.ts";
import { authenticate, expectCommand } from "./steps.ts";

/** The side that shows its credentials. */
export class PlainClient implements Mechanism {
  readonly name = "PLAIN";
  private readonly username: string;
  private readonly password: string;

  constructor(username: string, password: string) {
    this.username = username;
    this.password = password;
  }

  *handshake(properties: Uint8Array): Generator<HandshakeStep, HandshakeResult, HandshakeInput> {
    const hello = concatBytes([...shortString(this.username), ...shortString(this.password)]);
    const welcome = yield* expectCommand("WELCOME", { name: "HELLO", data: hello });
    if (welcome.length > 0) throw new ProtocolError("ZMTP_MALFORMED_COMMAND_WELCOME", "WELCOME carries data");
    const ready = yield* expectCommand("READY", { name: "INITIATE", data: properties });
    return { properties: parseProperties(ready, "ZMTP_MALFORMED_COMMAND_READY") };
  }
}

/** The side that asks an authenticator whether the credentials are good. */
export class PlainServer implements Mechanism {
  readonly name = "PLAIN";

  *handshake(properties: Uint8Array): Generator<HandshakeStep, HandshakeResult, HandshakeInput> {
    const credentials = readHello(yield* expectCommand("HELLO"));
    const authentication = yield* authenticate("PLAIN", credentials, true);
    const initiate = yield* expectCommand("INITIATE", { name: "WELCOME", data: EMPTY });
    const result = {
      properties: parseProperties(initiate, "ZMTP_MALFORMED_COMMAND_INITIATE"),
      send: { name: "READY", data: properties },
    };
    return authentication === undefined ? result : { ...result, authentication };
  }
}

/** User name and password, each a length octet and that many octets, and nothing after them. */
function readHello(data: Uint8Array): [Uint8Array, Uint8Array] {
  const userEnd = 1 + (data[0] ?? Number.NaN);
  const passwordEnd = userEnd + 1 + (data[userEnd] ?? Number.NaN);
  if (passwordEnd !== data.length) {
    throw new ProtocolError("ZMTP_MALFORMED_COMMAND_HELLO", "HELLO is not a user name and a password");
  }
  return [data.subarray(1, userEnd), data.subarray(userEnd + 1, passwordEnd)];
}

function shortString(text: string): [Uint8Array, Uint8Array] {
  const bytes = encodeText(text);
  return [Uint8Array.of(bytes.length), bytes];
}
