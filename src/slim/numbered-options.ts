// SPDX-License-Identifier: MIT
/** In the place of `api/numbered-options.ts` in browsers, where no program extends npm `zeromq`'s classes: no options by number. */

/** What sockets are made from. */
// oxlint-disable-next-line no-extraneous-class -- it stands in the place of one
export abstract class NumberedOptions {}
