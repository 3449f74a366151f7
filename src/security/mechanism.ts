// SPDX-License-Identifier: MIT
/**
 * The contract of a security mechanism (RFC 37 §Security Mechanisms): one side of a handshake, then armour for the frames
 * that follow. A handshake is a generator, so that it reads top to bottom in the RFC's order and needs no state variable;
 * generators never run per message. Used by the engines; `index.ts` is the table of mechanisms.
 */
import type { ZmqError } from "../base/errors.ts";
import type { Secret } from "../base/pem.ts";
import type { Command } from "../wire/command.ts";
import type { Encoder } from "../wire/frame.ts";

/** What a handshake asks its engine to do. */
export type HandshakeStep =
  /** Send a command (or none), then resume with the peer's next command. */
  | { readonly do: "exchange"; readonly send?: Command }
  /** Ask the authenticator, then resume with its reply; undefined when there is none. */
  | ({ readonly do: "authenticate" } & Credentials)
  /** Resume, with nothing, once this has come true: a library that is loaded on first use. The peer waits meanwhile. */
  | { readonly do: "wait"; readonly for: Promise<void> }
  /** Send a last command (or none) and close: the peer is refused. Never resumed. */
  | { readonly do: "refuse"; readonly send?: Command; readonly error: ZmqError };

/** What a peer shows to be let in, in the terms of ZAP (RFC 27). */
export interface Credentials {
  /** As in the greeting. */
  readonly mechanism: string;
  /** None for NULL; user name and password for PLAIN; the 32 octets of its public key for CURVE. */
  readonly credentials: readonly Uint8Array[];
  /** What the peer has said of itself so far, where the mechanism tells it this early (NULL and CURVE do). */
  readonly properties?: ReadonlyMap<string, Uint8Array>;
}

/** What the authenticator is asked about one peer. */
export interface AuthenticationQuestion extends Credentials {
  /** The peer's address: `192.0.2.1:49152`, or what its transport has in the place of one. */
  readonly address: string;
}

/** What the authenticator said. */
export interface AuthenticationReply {
  /** 200, 300, 400 or 500. */
  readonly status: number;
  readonly text: string;
  readonly userId: Uint8Array;
  readonly metadata: ReadonlyMap<string, Uint8Array>;
  /** With 500: what the application threw where it was to decide. */
  readonly cause?: unknown;
}

/** What a handshake is resumed with: the peer's command, the authenticator's reply, or that the wait is over. */
export type HandshakeInput =
  | { readonly command: Command }
  | { readonly reply: AuthenticationReply | undefined }
  | { readonly waited: true };

/** The outcome of a handshake. */
export interface HandshakeResult {
  /** The properties of the peer's READY or INITIATE, by canonical name. */
  readonly properties: ReadonlyMap<string, Uint8Array>;
  /** What the authenticator said, where it was asked. */
  readonly authentication?: AuthenticationReply;
  /** A last command to send before the first message. */
  readonly send?: Command;
  /** Armour for what follows; undefined where frames travel as they are. */
  readonly armour?: Armour;
}

/** Encrypts and decrypts what follows a handshake. */
export interface Armour {
  /** Adds the frame that carries this one. `flags`: `MORE` and `COMMAND` of `wire/frame.ts`. */
  seal(body: Uint8Array, flags: number, encoder: Encoder): void;
  /**
   * What a frame carries, and in {@link flags} how. It may be a view of the frame, which is overwritten.
   * @throws ProtocolError when it was not sealed by the peer, or out of order
   */
  open(frame: Uint8Array): Uint8Array;
  /** The flags of what was opened last. */
  readonly flags: number;
}

/** One side of a handshake. */
export interface Mechanism {
  /** As in the greeting: at most 20 octets, such as `"NULL"`. */
  readonly name: string;
  /**
   * Runs the handshake; `properties` are the ones to announce.
   * @throws ProtocolError on what the peer must not send; AuthenticationError where one side refuses the other
   */
  handshake(properties: Uint8Array): Generator<HandshakeStep, HandshakeResult, HandshakeInput>;
}

/** The mechanisms that options ask for, as programs see them. */
export type MechanismName = "plain" | "curve" | "gssapi";

/** The options that choose and feed a mechanism. */
export interface SecurityOptions {
  /** The mechanism that an option asked for last; null: NULL. */
  mechanism: MechanismName | null;
  /** This side is the server, where its mechanism knows one. */
  isSecurityServer: boolean;
  plainServer: boolean;
  plainUsername: string | null;
  plainPassword: string | null;
  curveServer: boolean;
  /** Keys are Z85 text. */
  curvePublicKey: string | null;
  curveSecretKey: Secret | null;
  curveServerKey: string | null;
  zapDomain: string | null;
  zapEnforceDomain: boolean;
  gssapiServer: boolean;
  gssapiPrincipal: string | null;
  gssapiPrincipalNameType: "hostBased" | "userName" | "krb5Principal";
  gssapiServicePrincipal: string | null;
  gssapiServicePrincipalNameType: "hostBased" | "userName" | "krb5Principal";
  gssapiPlainText: boolean;
  /** Not null: the application decides for this socket who may come in. */
  authorize: object | null;
}

/** A row of the table of mechanisms. */
export interface MechanismChoice {
  readonly name: string;
  /** True when these options ask for it. */
  isChosen(options: SecurityOptions): boolean;
  /** Called once for each endpoint. @throws ZmqError when the options ask for what cannot be done */
  check?(options: SecurityOptions): void;
  /** An option asks for it, or an endpoint is about to: what takes time to load may be loaded. */
  prepare?(): void;
  /** A mechanism for one handshake. `isConnecting`: with a peer that this side has connected to. */
  create(options: SecurityOptions, isConnecting: boolean): Mechanism;
}
