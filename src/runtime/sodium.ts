// SPDX-License-Identifier: MIT
/**
 * The cryptography of CURVE on Node.js, loaded on first use: `libsodium-wrappers`, and `sodium-native` besides where the
 * application has installed it. Keys alone come from `node:crypto`, which has them at once. Used by `node.ts`; the contract is
 * `security/curve-crypto.ts`'s. Why these: docs/decisions/0013.
 */
import { Buffer } from "node:buffer";
import { ZmqError } from "../base/errors.ts";
import type { CurveCrypto, CurveLibrary, KeyPair } from "../security/curve-crypto.ts";
import { nodeCrypto } from "./node-crypto.ts";
import { packages } from "./packages.ts";
import { FastSodium, type NativeSodium } from "./sodium-native.ts";
import { type RawSodium, Sodium } from "./sodium-wasm.ts";

interface Wrappers {
  readonly ready: Promise<void>;
  readonly libsodium: RawSodium;
}

/** Loads libsodium when it is first asked for. */
export class SodiumLibrary implements CurveLibrary {
  crypto: CurveCrypto | undefined = undefined;
  private loading: Promise<void> | undefined = undefined;
  private readonly importWrappers: () => Promise<unknown>;
  private readonly requireNative: () => unknown;

  constructor(
    importWrappers: () => Promise<unknown> = () => import("libsodium-wrappers"),
    requireNative: () => unknown = () => packages()("sodium-native"),
  ) {
    this.importWrappers = importWrappers;
    this.requireNative = requireNative;
  }

  load(): Promise<void> {
    this.loading ??= this.loadSodium();
    return this.loading;
  }

  keyPair(): KeyPair {
    const { publicKey, privateKey } = nodeCrypto().generateKeyPairSync("x25519");
    const { d = "" } = privateKey.export({ format: "jwk" });
    const { x = "" } = publicKey.export({ format: "jwk" });
    return { publicKey: Buffer.from(x, "base64url"), secretKey: Buffer.from(d, "base64url") };
  }

  publicKey(secretKey: Uint8Array): Uint8Array {
    const { createPrivateKey, createPublicKey } = nodeCrypto();
    const key = Buffer.concat([PKCS8, secretKey]);
    const { x = "" } = createPublicKey(createPrivateKey({ key, format: "der", type: "pkcs8" })).export({
      format: "jwk",
    });
    key.fill(0);
    return Buffer.from(x, "base64url");
  }

  private async loadSodium(): Promise<void> {
    try {
      const module = (await this.importWrappers()) as { default?: Wrappers } & Wrappers;
      const wrappers = module.default ?? module;
      await wrappers.ready;
      const native = this.findNative();
      this.crypto = native === undefined ? new Sodium(wrappers.libsodium) : new FastSodium(wrappers.libsodium, native);
    } catch (cause) {
      const reason = cause instanceof Error ? cause.message : String(cause);
      const advice = "it comes with this package, so its installation is not complete";
      throw new ZmqError("ENOTSUP", `CURVE needs the package libsodium-wrappers (${advice}): ${reason}`, { cause });
    }
  }

  /** Undefined: it is not installed, or not for this system. Nothing is lost but time. */
  private findNative(): NativeSodium | undefined {
    try {
      return this.requireNative() as NativeSodium;
    } catch {
      return undefined;
    }
  }
}

/** What stands before the 32 octets of a secret key of X25519 in PKCS #8 (RFC 8410). */
const PKCS8 = Buffer.from("302e020100300506032b656e04220420", "hex");
