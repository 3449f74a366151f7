// SPDX-License-Identifier: MIT
/**
 * In the place of `socket/admission.ts`, `socket/name-group.ts`, `base/rounds.ts` and what reads options of servers, in browsers: nothing
 * listens there, names are the browser's to resolve, and there are no certificates to hand over.
 */
import { ZmqError } from "../base/errors.ts";

/** Places of connections that were accepted: there are none. */
export class Admission {
  refusal(): undefined {}
  admit(): void {}
  ended(): void {}
  released(): void {}
}

/** Options of servers are refused before one of these is made. */
// oxlint-disable-next-line no-extraneous-class -- it stands in the place of some
class Elsewhere {
  constructor() {
    throw new ZmqError("ENOTSUP", "a browser has no part in this");
  }
}

export { Secret } from "../base/secret.ts";
export { Elsewhere as AcceptFilter, Elsewhere as Authorization, Elsewhere as NameGroup };

/** See {@link Elsewhere}. */
export function readPem(): never {
  throw new ZmqError("ENOTSUP", "the browser has the certificates");
}

/** Heartbeats of a page have timers of their own. */
export class Rounds {
  add(): void {}
  remove(): void {}
}
