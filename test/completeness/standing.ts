// SPDX-License-Identifier: MIT
/**
 * How the table of completeness says where things stand. Each line of the tables beside this file is one of
 *
 *     name: works("conformance/libzmq-router.test.ts: with mandatory it is EHOSTUNREACH"),
 *     name: partly("descriptors cannot be polled", "unit/api/poller.test.ts: nobody is favoured"),
 *     name: notYet("the CURVE mechanism"),
 *     name: notHere("no JavaScript runtime has such a call"),
 *
 * A test is named by its file, below `test/`, and by any piece of its title as it stands in the source; a line may name
 * several. `test/unit/completeness.test.ts` fails when there is no such test, or when the sources have something that the
 * tables do not. docs/completeness.md is made from them: `node --import tsx scripts/docs-tables.ts`.
 */

/** Where one thing stands. */
export type Standing =
  | {
      readonly state: "works";
      readonly ours: string | undefined;
      readonly shownBy: readonly string[];
      /** Why not all of it does. */
      readonly lacks?: string;
    }
  | { readonly state: "not yet"; readonly because: string }
  | { readonly state: "not here"; readonly because: string };

/** Lines of a table. */
export type Standings = Readonly<Record<string, Standing>>;

/** It works, and these tests show it. */
export function works(...shownBy: readonly string[]): Standing {
  return { state: "works", ours: undefined, shownBy };
}

/** The same, where it is called otherwise here. */
export function as(ours: string, ...shownBy: readonly string[]): Standing {
  return { state: "works", ours, shownBy };
}

/** Most of it works, and these tests show that; the rest does not, because. */
export function partly(because: string, ...shownBy: readonly string[]): Standing {
  return { state: "works", ours: undefined, shownBy, lacks: because };
}

/** It comes with something that is not built yet. */
export function notYet(because: string): Standing {
  return { state: "not yet", because };
}

/** A JavaScript runtime has no way to do it, or no use for it. */
export function notHere(because: string): Standing {
  return { state: "not here", because };
}
