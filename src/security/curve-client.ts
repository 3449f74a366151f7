// SPDX-License-Identifier: MIT
/**
 * The client's side of CURVE (RFC 26): HELLO, WELCOME, INITIATE, READY, in this order. It knows the server's key before it
 * connects, and makes a pair of keys for each connection, which are gone with it. Neighbour: `curve-server.ts`.
 */
import { concatBytes } from "../base/bytes.ts";
import { ProtocolError } from "../base/errors.ts";
import type { Command } from "../wire/command.ts";
import { parseProperties } from "../wire/metadata.ts";
import { CurveArmour } from "./curve-armour.ts";
import { BOX_OVERHEAD, type CurveCrypto, type CurveLibrary, KEY_LENGTH, type KeyPair } from "./curve-crypto.ts";
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
import { expectCommand } from "./steps.ts";

/** The version of CURVE, and zeros that make a HELLO longer than the WELCOME which answers it. */
const HELLO_HEAD = Uint8Array.of(1, 0, ...new Uint8Array(72));
const SIGNATURE = new Uint8Array(64);
const COOKIE_LENGTH = 96;
const WELCOME_LENGTH = LONG_NONCE + KEY_LENGTH + COOKIE_LENGTH + BOX_OVERHEAD;

/** What a client has before it connects. */
export interface ClientKeys {
  readonly publicKey: Uint8Array;
  readonly secretKey: Uint8Array;
  readonly serverKey: Uint8Array;
}

/** The side that proves who it is, to a server that it knows. */
export class CurveClient implements Mechanism {
  readonly name = "CURVE";
  private readonly library: CurveLibrary;
  private readonly keys: ClientKeys;

  constructor(library: CurveLibrary, keys: ClientKeys) {
    this.library = library;
    this.keys = keys;
  }

  *handshake(properties: Uint8Array): Generator<HandshakeStep, HandshakeResult, HandshakeInput> {
    const crypto = yield* loaded(this.library);
    requireKeys(this.keys);
    const own = crypto.keyPair();
    const { serverKey } = this.keys;
    const helloKey = sharedKey(crypto, serverKey, own.secretKey, "curveServerKey is no public key of a server");
    const welcome = yield* expectCommand("WELCOME", hello(crypto, own.publicKey, helloKey));
    const { shortTermKey, cookie } = openWelcome(crypto, welcome, helloKey);
    helloKey.fill(0);
    const key = sharedKey(crypto, shortTermKey, own.secretKey, "the server's WELCOME has no good key");
    own.secretKey.fill(0);
    const vouch = vouchFor(crypto, own.publicKey, this.keys, shortTermKey);
    const initiate = sealInitiate(crypto, cookie, concatBytes([this.keys.publicKey, vouch, properties]), key);
    const ready = yield* expectCommand("READY", initiate);
    const peer = new PeerCount();
    const theirs = openReady(crypto, ready, key, peer);
    return {
      properties: parseProperties(theirs),
      armour: new CurveArmour(crypto, { key, prefix: NONCES.fromClient }, 3, { key, prefix: NONCES.fromServer }, peer),
    };
  }
}

function requireKeys({ publicKey, secretKey, serverKey }: ClientKeys): void {
  if (isZero(serverKey)) {
    throw new ProtocolError("ZMTP_CRYPTOGRAPHIC", "a CURVE client needs curveServerKey, the public key of its server");
  }
  if (isZero(publicKey) || isZero(secretKey)) {
    const keys = "curvePublicKey and curveSecretKey, a pair of its own (curveKeyPair() makes one)";
    throw new ProtocolError("ZMTP_CRYPTOGRAPHIC", `a CURVE client needs ${keys}`);
  }
}

/** HELLO: the short-term key C′, and zeros in a box from it to the server's key. */
function hello(crypto: CurveCrypto, publicKey: Uint8Array, key: Uint8Array): Command {
  const count = shortNonce(1);
  const signature = crypto.seal(SIGNATURE, nonceOf(NONCES.hello, count), key);
  return { name: "HELLO", data: concatBytes([HELLO_HEAD, publicKey, count, signature]) };
}

/** WELCOME: the server's short-term key S′ and a cookie to give back, in a box from its key to C′. */
function openWelcome(
  crypto: CurveCrypto,
  data: Uint8Array,
  key: Uint8Array,
): { shortTermKey: Uint8Array; cookie: Uint8Array } {
  // Not MALFORMED_COMMAND_WELCOME: libzmq makes no difference here.
  requireLength(data.length === WELCOME_LENGTH, "WELCOME", data.length, "ZMTP_CRYPTOGRAPHIC");
  const nonce = nonceOf(NONCES.welcome, data.subarray(0, LONG_NONCE));
  const content = opened(
    crypto.open(data.subarray(LONG_NONCE), nonce, key),
    "the WELCOME does not come from the server whose key is curveServerKey",
  );
  return { shortTermKey: content.subarray(0, KEY_LENGTH), cookie: content.subarray(KEY_LENGTH) };
}

/** The vouch: C′ and S in a box from our key to S′, by which we say that C′ is ours. Nonce, then box. */
function vouchFor(
  crypto: CurveCrypto,
  publicKey: KeyPair["publicKey"],
  { secretKey, serverKey }: ClientKeys,
  shortTermKey: Uint8Array,
): Uint8Array {
  const chance = crypto.random(LONG_NONCE);
  const key = sharedKey(crypto, shortTermKey, secretKey, "the server's WELCOME has no good key");
  const box = crypto.seal(concatBytes([publicKey, serverKey]), nonceOf(NONCES.vouch, chance), key);
  key.fill(0);
  return concatBytes([chance, box]);
}

/** INITIATE: the cookie; then our key, the vouch and our properties in a box from C′ to S′. */
function sealInitiate(crypto: CurveCrypto, cookie: Uint8Array, content: Uint8Array, key: Uint8Array): Command {
  const count = shortNonce(2);
  const box = crypto.seal(content, nonceOf(NONCES.initiate, count), key);
  return { name: "INITIATE", data: concatBytes([cookie, count, box]) };
}

/** READY: the server's properties in a box from S′ to C′. */
function openReady(crypto: CurveCrypto, data: Uint8Array, key: Uint8Array, peer: PeerCount): Uint8Array {
  const isLong = data.length >= SHORT_NONCE + BOX_OVERHEAD;
  requireLength(isLong, "READY", data.length, "ZMTP_MALFORMED_COMMAND_READY");
  const count = data.subarray(0, SHORT_NONCE);
  const content = opened(
    crypto.open(data.subarray(SHORT_NONCE), nonceOf(NONCES.ready, count), key),
    "the READY was not sealed by the server, or was touched on its way",
  );
  peer.advance(count, 0);
  return content;
}
