// SPDX-License-Identifier: MIT
/** In the place of `socket/authentication.ts` in browsers: nobody connects to a page, so nobody is asked who may come in. */
import type { EngineSetup } from "../engine/engine.ts";
import type { Mechanism } from "../security/mechanism.ts";

/** There is no authenticator. */
export function authenticate(
  _context: unknown,
  _options: unknown,
  ...[, reply]: Parameters<EngineSetup["authenticate"]>
): () => void {
  reply(undefined);
  return () => {};
}

/** It asks nobody. */
export function mustAsk(mechanism: Mechanism): Mechanism {
  return mechanism;
}
