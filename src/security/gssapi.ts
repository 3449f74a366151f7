// SPDX-License-Identifier: MIT
/**
 * The GSSAPI mechanism (RFC 38): both sides prove who they are with Kerberos. Spelled as libzmq has it, which the RFC leaves open:
 * INITIATE with a token each way, as often as the library asks for it, an empty command where one side has no token left,
 * then READY both ways. Frames travel as they are (`gssapiPlainText`). `runtime/kerberos.ts` has the library.
 */
import { concatBytes, EMPTY, encodeText } from "../base/bytes.ts";
import { ProtocolError, ZmqError } from "../base/errors.ts";
import { type Command, NO_COMMAND } from "../wire/command.ts";
import { parseProperties } from "../wire/metadata.ts";
import type {
  HandshakeInput,
  HandshakeResult,
  HandshakeStep,
  Mechanism,
  MechanismChoice,
  SecurityOptions,
} from "./mechanism.ts";
import { authenticate, expectCommand } from "./steps.ts";

/** One side of a conversation between two Kerberos libraries. */
export interface GssapiContext {
  /** Takes the peer's token, an empty one to begin with; gives the next to send, an empty one where there is none. */
  step(token: Uint8Array): Promise<Uint8Array>;
  /** Both sides are who they say. */
  readonly isComplete: boolean;
  /** Who the client is, once that is proven: `name@REALM`. */
  readonly client: string;
}

/** What the mechanism needs of the system. */
export interface GssapiLibrary {
  /** The side that begins. `service` is `service@host`; `principal` is whose ticket to show, "" for the one that is there. */
  initiate(service: string, principal: string): Promise<GssapiContext>;
  /** The side that is asked. `service` is `service@host`; "" for any whose key is there. */
  accept(service: string): Promise<GssapiContext>;
}

type Handshake<T> = Generator<HandshakeStep, T, HandshakeInput>;

/** Octets of the length before a token. */
const LENGTH = 4;

/** The row of the table of mechanisms, for a system that has a library. */
export function gssapi(library: () => GssapiLibrary): MechanismChoice {
  return {
    name: "GSSAPI",
    isChosen: ({ mechanism }) => mechanism === "gssapi",
    check: (options) => void create(library, options),
    create: (options) => create(library, options),
  };
}

/** @throws ZmqError `ENOTSUP` where the library cannot do what the options ask for; `EINVAL` where they leave out what it must know */
function create(library: () => GssapiLibrary, options: SecurityOptions): Mechanism {
  if (!options.gssapiPlainText) {
    const text =
      "GSSAPI cannot encrypt here: set gssapiPlainText on both sides, or use CURVE (docs/security/gssapi.md)";
    throw new ZmqError("ENOTSUP", text);
  }
  if (options.isSecurityServer) return new GssapiServer(library, serviceName("gssapiPrincipal", options));
  if (options.gssapiServicePrincipal === null) {
    throw new ZmqError("EINVAL", "GSSAPI: a client needs gssapiServicePrincipal, a server gssapiServer");
  }
  return new GssapiClient(library, serviceName("gssapiServicePrincipal", options), userName(options));
}

/** The side that shows a ticket. */
export class GssapiClient implements Mechanism {
  readonly name = "GSSAPI";
  private readonly library: () => GssapiLibrary;
  private readonly service: string;
  private readonly principal: string;

  constructor(library: () => GssapiLibrary, service: string, principal: string) {
    this.library = library;
    this.service = service;
    this.principal = principal;
  }

  *handshake(properties: Uint8Array): Handshake<HandshakeResult> {
    const { service, principal } = this;
    const context = yield* until(() => this.library().initiate(service, principal), noCredentials);
    let token = yield* until(() => context.step(EMPTY), noCredentials);
    while (!context.isComplete) {
      const theirs = readToken(yield* expectCommand("INITIATE", tokenCommand(token)));
      token = yield* until(() => context.step(theirs), notAccepted);
    }
    const ready = yield* expectCommand("READY", tokenCommand(token));
    return {
      properties: parseProperties(ready, "ZMTP_MALFORMED_COMMAND_READY"),
      send: { name: "READY", data: properties },
    };
  }
}

/** The side that has a service's key, and may ask an authenticator about the client. */
export class GssapiServer implements Mechanism {
  readonly name = "GSSAPI";
  private readonly library: () => GssapiLibrary;
  private readonly service: string;

  constructor(library: () => GssapiLibrary, service: string) {
    this.library = library;
    this.service = service;
  }

  *handshake(properties: Uint8Array): Handshake<HandshakeResult> {
    // Nothing is asked of the library for a peer that has not spoken.
    let theirs = readToken(yield* expectCommand("INITIATE"));
    const context = yield* until(() => this.library().accept(this.service), noCredentials);
    let token = yield* until(() => context.step(theirs), notAccepted);
    while (!context.isComplete) {
      theirs = readToken(yield* expectCommand("INITIATE", tokenCommand(token)));
      token = yield* until(() => context.step(theirs), notAccepted);
    }
    yield* expectCommand(NO_COMMAND.name, tokenCommand(token));
    const authentication = yield* authenticate("GSSAPI", [encodeText(context.client)], false);
    const ready = yield* expectCommand("READY", { name: "READY", data: properties });
    const result = { properties: parseProperties(ready, "ZMTP_MALFORMED_COMMAND_READY") };
    return authentication === undefined ? result : { ...result, authentication };
  }
}

/** Waits for the library. */
function* until<T>(work: () => Promise<T>, toError: (reason: string) => ZmqError): Handshake<T> {
  let value: { readonly it: T } | undefined;
  yield {
    do: "wait",
    for: work().then(
      (it) => {
        value = { it };
      },
      (error: unknown) => {
        throw error instanceof ZmqError ? error : toError(error instanceof Error ? error.message : String(error));
      },
    ),
  };
  return (value as unknown as { readonly it: T }).it;
}

/** Ours are missing or too old, or nobody is there to ask: it may be different the next time. */
function noCredentials(reason: string): ZmqError {
  return new ZmqError("EACCES", `GSSAPI finds no credentials to use: ${reason}`);
}

function notAccepted(reason: string): ZmqError {
  return new ProtocolError("ZMTP_CRYPTOGRAPHIC", `GSSAPI does not accept the peer's token: ${reason}`);
}

function tokenCommand(token: Uint8Array): Command {
  if (token.length === 0) return NO_COMMAND;
  const length = new Uint8Array(LENGTH);
  new DataView(length.buffer).setUint32(0, token.length);
  return { name: "INITIATE", data: concatBytes([length, token]) };
}

/** A token and its length, and nothing after them. */
function readToken(data: Uint8Array): Uint8Array {
  const { byteOffset, byteLength } = data;
  if (byteLength <= LENGTH || new DataView(data.buffer, byteOffset).getUint32(0) !== byteLength - LENGTH) {
    throw new ProtocolError("ZMTP_MALFORMED_COMMAND_INITIATE", "INITIATE is not a token and its length");
  }
  return data.subarray(LENGTH);
}

/** A service's name as `service@host`, which is how the library takes it. */
function serviceName(option: "gssapiPrincipal" | "gssapiServicePrincipal", options: SecurityOptions): string {
  const name = options[option];
  if (name === null || options[`${option}NameType`] === "hostBased") return name ?? "";
  const [, service, host] = /^([^/@]+)\/([^/@]+)$/.exec(name) ?? [];
  if (service === undefined || host === undefined) {
    throw new ZmqError(
      "ENOTSUP",
      `${option} ${JSON.stringify(name)}: the name of a service is service@host, hostBased`,
    );
  }
  return `${service}@${host}`;
}

/** Whose ticket to show, as a principal; a service that is a client itself has its own. */
function userName({ gssapiPrincipal, gssapiPrincipalNameType }: SecurityOptions): string {
  if (gssapiPrincipal === null || gssapiPrincipalNameType !== "hostBased") return gssapiPrincipal ?? "";
  const [, service, host] = /^([^/@]+)@([^/@]+)$/.exec(gssapiPrincipal) ?? [];
  if (service === undefined || host === undefined) {
    const name = JSON.stringify(gssapiPrincipal);
    throw new ZmqError("ENOTSUP", `gssapiPrincipal ${name}: write service@host, or set gssapiPrincipalNameType`);
  }
  return `${service}/${host}`;
}
