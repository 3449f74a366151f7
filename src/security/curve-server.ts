// SPDX-License-Identifier: MIT
/**
 * The server's side of CURVE (RFC 26): HELLO, WELCOME, INITIATE, READY, in this order. Between WELCOME and INITIATE it keeps
 * nothing of a peer but the key of a cookie, in which the peer itself holds the rest. Neighbour: `curve-client.ts`.
 */
import { concatBytes } from "../base/bytes.ts";
import { ProtocolError, ZmqError } from "../base/errors.ts";
import type { Command } from "../wire/command.ts";
import { parseProperties } from "../wire/metadata.ts";
import { CurveArmour } from "./curve-armour.ts";
import { BOX_OVERHEAD, type CurveCrypto, type CurveLibrary, KEY_LENGTH } from "./curve-crypto.ts";
import {
  isZero,
  LONG_NONCE,
  NONCES,
  nonceOf,
  opened,
  PeerCount,
  requireLength,
  SHORT_NONCE,
  shortNonce,
} from "./curve-octets.ts";
import { loaded, sharedKey } from "./curve-steps.ts";
import type { HandshakeInput, HandshakeResult, HandshakeStep, Mechanism } from "./mechanism.ts";
import { authenticate, expectCommand } from "./steps.ts";

/** Version 2, zeros 72, C′ 32, count 8, box 80. */
const HELLO_LENGTH = 194;
const HELLO_KEY = 74;
const HELLO_COUNT = HELLO_KEY + KEY_LENGTH;
const HELLO_BOX = HELLO_COUNT + SHORT_NONCE;
/** Nonce 16, box of C′ and s′ 80. */
const COOKIE_LENGTH = LONG_NONCE + BOX_OVERHEAD + 2 * KEY_LENGTH;
/** Within INITIATE's box: C 32, vouch 16 + 80, then the properties. */
const VOUCH_BOX = KEY_LENGTH + LONG_NONCE;
const VOUCH_END = VOUCH_BOX + BOX_OVERHEAD + 2 * KEY_LENGTH;
const LEAST_INITIATE = COOKIE_LENGTH + SHORT_NONCE + BOX_OVERHEAD + VOUCH_END;
/** RFC 26: a cookie is good for so long at most, in milliseconds. */
const COOKIE_LIFE = 60_000;

/** What a server has before anybody connects. */
export interface ServerKeys {
  readonly publicKey: Uint8Array;
  readonly secretKey: Uint8Array;
}

/** What a client's INITIATE has shown. */
interface Initiation {
  /** The client's long-term key. */
  readonly clientKey: Uint8Array;
  /** The key of the connection. */
  readonly key: Uint8Array;
  readonly properties: ReadonlyMap<string, Uint8Array>;
}

/** The side that everybody who has its public key can reach, and that asks an authenticator who may come in. */
export class CurveServer implements Mechanism {
  readonly name = "CURVE";
  private readonly library: CurveLibrary;
  private readonly keys: ServerKeys;
  private readonly now: () => number;

  /** `now`: a clock in milliseconds. */
  constructor(library: CurveLibrary, keys: ServerKeys, now: () => number) {
    this.library = library;
    this.keys = keys;
    this.now = now;
  }

  *handshake(properties: Uint8Array): Generator<HandshakeStep, HandshakeResult, HandshakeInput> {
    const crypto = yield* loaded(this.library);
    const peer = new PeerCount();
    const cookieKey = crypto.random(KEY_LENGTH);
    const welcome = answerHello(crypto, yield* expectCommand("HELLO"), this.keys, peer, cookieKey);
    const expires = this.now() + COOKIE_LIFE;
    const initiate = yield* expectCommand("INITIATE", welcome);
    if (this.now() > expires) throw new ZmqError("ETIMEDOUT", "the peer's cookie is too old: INITIATE came too late");
    const { clientKey, key, properties: theirs } = openInitiate(crypto, initiate, cookieKey, this.keys, peer);
    const authentication = yield* authenticate("CURVE", [clientKey], false, theirs);
    const result = {
      properties: theirs,
      send: sealReady(crypto, properties, key),
      armour: new CurveArmour(crypto, { key, prefix: NONCES.fromServer }, 2, { key, prefix: NONCES.fromClient }, peer),
    };
    return authentication === undefined ? result : { ...result, authentication };
  }
}

/** Opens a HELLO, and makes the WELCOME: S′ and a cookie, in a box from our key to C′. Nothing of either stays here. */
function answerHello(
  crypto: CurveCrypto,
  data: Uint8Array,
  { secretKey }: ServerKeys,
  peer: PeerCount,
  cookieKey: Uint8Array,
): Command {
  requireLength(data.length === HELLO_LENGTH, "HELLO", data.length, "ZMTP_MALFORMED_COMMAND_HELLO");
  if (data[0] !== 1 || data[1] !== 0) {
    throw new ProtocolError("ZMTP_MALFORMED_COMMAND_HELLO", `the peer speaks CURVE ${data[0]}.${data[1]}, not 1.0`);
  }
  if (isZero(secretKey)) {
    throw new ProtocolError("ZMTP_CRYPTOGRAPHIC", "a CURVE server needs curveSecretKey (curveKeyPair() makes one)");
  }
  const clientKey = data.subarray(HELLO_KEY, HELLO_COUNT);
  const count = data.subarray(HELLO_COUNT, HELLO_BOX);
  const key = sharedKey(crypto, clientKey, secretKey, "the HELLO has no good key");
  const nonce = nonceOf(NONCES.hello, count);
  opened(
    crypto.open(data.subarray(HELLO_BOX), nonce, key),
    "the HELLO cannot be opened: the peer's curveServerKey is not the public key of this server",
  );
  peer.advance(count, 0);
  const own = crypto.keyPair();
  const chance = crypto.random(LONG_NONCE);
  const held = concatBytes([clientKey, own.secretKey]);
  const cookie = crypto.seal(held, nonceOf(NONCES.cookie, chance), cookieKey);
  const welcomeChance = crypto.random(LONG_NONCE);
  const content = concatBytes([own.publicKey, chance, cookie]);
  const box = crypto.seal(content, nonceOf(NONCES.welcome, welcomeChance), key);
  for (const secret of [own.secretKey, held, key]) secret.fill(0);
  return { name: "WELCOME", data: concatBytes([welcomeChance, box]) };
}

/** Opens an INITIATE: first the cookie, which has all that is needed for the rest; then the vouch. The cookie's key is used up. */
function openInitiate(
  crypto: CurveCrypto,
  data: Uint8Array,
  cookieKey: Uint8Array,
  { publicKey }: ServerKeys,
  peer: PeerCount,
): Initiation {
  requireLength(data.length >= LEAST_INITIATE, "INITIATE", data.length, "ZMTP_MALFORMED_COMMAND_INITIATE");
  const cookieNonce = nonceOf(NONCES.cookie, data.subarray(0, LONG_NONCE));
  const held = crypto.open(data.subarray(LONG_NONCE, COOKIE_LENGTH), cookieNonce, cookieKey);
  cookieKey.fill(0);
  const cookie = opened(held, "the INITIATE does not give back the cookie of this connection");
  const shortTermKey = cookie.subarray(0, KEY_LENGTH);
  const ownSecretKey = cookie.subarray(KEY_LENGTH);
  const count = data.subarray(COOKIE_LENGTH, COOKIE_LENGTH + SHORT_NONCE);
  const key = sharedKey(crypto, shortTermKey, ownSecretKey, "the HELLO had no good key");
  const content = opened(
    crypto.open(data.subarray(COOKIE_LENGTH + SHORT_NONCE), nonceOf(NONCES.initiate, count), key),
    "the INITIATE was not sealed by the peer that said HELLO, or was touched on its way",
  );
  peer.advance(count, 0);
  const clientKey = content.slice(0, KEY_LENGTH);
  const vouchKey = sharedKey(crypto, clientKey, ownSecretKey, "the peer's own public key is none");
  const vouch = opened(
    crypto.open(
      content.subarray(VOUCH_BOX, VOUCH_END),
      nonceOf(NONCES.vouch, content.subarray(KEY_LENGTH, VOUCH_BOX)),
      vouchKey,
    ),
    "the vouch cannot be opened: the peer does not have the secret key that belongs to its public key",
  );
  requireVouch(crypto, vouch, shortTermKey, publicKey);
  cookie.fill(0);
  vouchKey.fill(0);
  return { clientKey, key, properties: parseProperties(content.subarray(VOUCH_END)) };
}

/** The client vouches for its short-term key C′ in talks with this server S, and for nothing else. */
function requireVouch(crypto: CurveCrypto, vouch: Uint8Array, shortTermKey: Uint8Array, publicKey: Uint8Array): void {
  if (crypto.isEqual(vouch, concatBytes([shortTermKey, publicKey]))) return;
  throw new ProtocolError("ZMTP_KEY_EXCHANGE", "the peer's vouch is for other keys than those of this connection");
}

/** READY: our properties in a box from S′ to C′. */
function sealReady(crypto: CurveCrypto, properties: Uint8Array, key: Uint8Array): Command {
  const count = shortNonce(1);
  const box = crypto.seal(properties, nonceOf(NONCES.ready, count), key);
  return { name: "READY", data: concatBytes([count, box]) };
}
