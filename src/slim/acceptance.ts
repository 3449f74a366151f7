// SPDX-License-Identifier: MIT
/**
 * In the place of `socket/admission.ts`, `base/rounds.ts` and `base/pem.ts` in browsers: nothing listens there, and there are no certificates
 * to hand over.
 */

/** Places of connections that were accepted: there are none. */
export class Admission {
  refusal(): undefined {}
  admit(): void {}
  ended(): void {}
  released(): void {}
}

export { Secret } from "../base/secret.ts";

/** Heartbeats of a page have timers of their own. */
export class Rounds {
  add(): void {}
  remove(): void {}
}
