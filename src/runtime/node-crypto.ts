// SPDX-License-Identifier: MIT
/** `node:crypto`, for those who use it: to load it takes two milliseconds, which programs without CURVE need not wait for. */
import type * as crypto from "node:crypto";

const { process } = globalThis;

export function nodeCrypto(): typeof crypto {
  return process.getBuiltinModule("node:crypto");
}
