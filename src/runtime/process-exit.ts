// SPDX-License-Identifier: MIT
/**
 * The end of the program: messages that were sent but that no connection has taken yet hold it up, as they do with libzmq.
 * Works when the program ends by having nothing left to do; `process.exit()` asks nobody, but files are removed then too.
 * Used by `node.ts`.
 */

/** How often to look whether everything has left, and when to say that this is what the program waits for; milliseconds. */
const LOOK_EVERY = 5;
const WARN_AFTER = 500;

/** Whether something is unsent that may still hold up the program, when it has been held up for `waited` milliseconds. */
type Unsent = (waited: number) => boolean;

const cleanUps = new Set<() => void>();
const held = new Set<WeakRef<Unsent>>();
const state = { isListening: false, isCleaning: false, isWaiting: false, hasGivenUp: false };

/** Has something done when the program ends, also by `process.exit()`. What it returns takes that back. */
export function atExit(cleanUp: () => void): () => void {
  cleanUps.add(cleanUp);
  if (!state.isCleaning) {
    state.isCleaning = true;
    process.on("exit", () => {
      for (const each of cleanUps) each();
    });
  }
  return () => void cleanUps.delete(cleanUp);
}

/** Asks `unsent` before the program ends, for as long as somebody else holds on to it. */
export function drainBeforeExit(unsent: Unsent): void {
  held.add(new WeakRef(unsent));
  if (state.isListening) return;
  state.isListening = true;
  process.on("beforeExit", waitUntilSent);
}

function waitUntilSent(): void {
  // Node asks again when the waiting is over; by then either all has left, or its time was up.
  if (state.isWaiting || state.hasGivenUp || !isAnyUnsent(0)) return;
  state.isWaiting = true;
  const begin = performance.now();
  let hasWarned = false;
  const look = setInterval(() => {
    const waited = performance.now() - begin;
    if (!isAnyUnsent(waited)) {
      clearInterval(look);
      state.isWaiting = false;
      state.hasGivenUp = isAnyUnsent(0);
    } else if (!hasWarned && waited >= WARN_AFTER) {
      hasWarned = true;
      process.stderr.write(
        `(node:${process.pid}) WARNING: Waiting for queued ZeroMQ messages to be delivered. ` +
          "Set 'context.blocky = false', or a finite linger, to change this behaviour.\n",
      );
    }
  }, LOOK_EVERY);
}

function isAnyUnsent(waited: number): boolean {
  for (const reference of held) {
    const unsent = reference.deref();
    if (unsent === undefined) held.delete(reference);
    else if (unsent(waited)) return true;
  }
  return false;
}
