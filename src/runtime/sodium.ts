// SPDX-License-Identifier: MIT
/**
 * The cryptography of CURVE on Node.js, loaded on first use: `libsodium-wrappers`, and `sodium-native` besides where the
 * application has installed it. Keys come from `node:crypto`, which has them at once, and are multiplied there where the runtime
 * does that as it must be done (`x25519.ts`). Used by `node.ts`; the contract is `security/curve-crypto.ts`'s. Why these: docs/decisions/0013.
 */
import { ZmqError } from "../base/errors.ts";
import type { CurveCrypto, CurveLibrary, KeyPair } from "../security/curve-crypto.ts";
import { packages } from "./packages.ts";
import { FastSodium, type NativeSodium } from "./sodium-native.ts";
import { type RawSodium, Sodium } from "./sodium-wasm.ts";
import { X25519 } from "./x25519.ts";

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
  private readonly keys: X25519;

  constructor(
    importWrappers: () => Promise<unknown> = () => import("libsodium-wrappers"),
    requireNative: () => unknown = () => packages()("sodium-native"),
    keys: X25519 = new X25519(),
  ) {
    this.importWrappers = importWrappers;
    this.requireNative = requireNative;
    this.keys = keys;
  }

  load(): Promise<void> {
    this.loading ??= this.loadSodium();
    return this.loading;
  }

  keyPair(): KeyPair {
    return this.keys.keyPair();
  }

  publicKey(secretKey: Uint8Array): Uint8Array {
    return this.keys.publicKey(secretKey);
  }

  private async loadSodium(): Promise<void> {
    try {
      const module = (await this.importWrappers()) as { default?: Wrappers } & Wrappers;
      const wrappers = module.default ?? module;
      await wrappers.ready;
      const native = this.findNative();
      const raw = wrappers.libsodium;
      const multiplier = this.keys.works() ? this.keys : undefined;
      this.crypto = native === undefined ? new Sodium(raw, multiplier) : new FastSodium(raw, native, multiplier);
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
