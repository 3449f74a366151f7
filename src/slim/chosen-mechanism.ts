// SPDX-License-Identifier: MIT
/** In the place of `socket/chosen-mechanism.ts` in browsers: a page is the client of PLAIN and CURVE, and the server of none. */

/** What changes when an option gets a value; undefined where it has nothing to do with security. */
export function chooseMechanism(name: string, value: unknown): { readonly mechanism: string | null } | undefined {
  const [mechanism] = /^(?:plain|curve)/.exec(name) ?? [];
  return mechanism === undefined ? undefined : { mechanism: value === null ? null : mechanism };
}
