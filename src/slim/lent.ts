// SPDX-License-Identifier: MIT
/**
 * In the place of `base/errors.ts` and `security/steps.ts` in the browser's second file (`runtime/browser-curve.ts`): the first file lends
 * its own, as an error is one to it by its class, and an empty command by being its own.
 */
import type * as errors from "../base/errors.ts";
import type * as steps from "../security/steps.ts";

/** What the second file needs of the first. */
export type Lent = Pick<typeof errors, "ProtocolError" | "ZmqError"> & Pick<typeof steps, "expectCommand">;

export let ProtocolError: Lent["ProtocolError"];
export let ZmqError: Lent["ZmqError"];
export let expectCommand: Lent["expectCommand"];

/** Comes before all else. */
export function borrow(lent: Lent): void {
  ({ ProtocolError, ZmqError, expectCommand } = lent);
}
