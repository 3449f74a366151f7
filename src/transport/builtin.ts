// SPDX-License-Identifier: MIT
/** Modules of the runtime that are loaded when they are needed, and at once. Used by `tls.ts`, `ws.ts` and what they are made of. */
import { ZmqError } from "../base/errors.ts";

/**
 * A bind that is done when it returns cannot wait for an import, and programs that do not need a module shall not load it.
 * @throws ZmqError `ENOTSUP`
 */
// oxlint-disable-next-line no-unnecessary-type-parameters -- a module has the type that its name says
export function builtin<T>(name: string): T {
  const { getBuiltinModule } = globalThis.process as { getBuiltinModule?: (name: string) => unknown };
  const found = getBuiltinModule?.(name);
  if (found === undefined) throw new ZmqError("ENOTSUP", `this runtime has no ${name} that can be loaded at once`);
  return found as T;
}
