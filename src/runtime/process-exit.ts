// SPDX-License-Identifier: MIT
/**
 * The end of the program: messages that were sent but that no connection has taken yet hold it up, as they do with libzmq.
 * Works when the program ends by having nothing left to do; `process.exit()` asks nobody. Used by `node.ts`.
 */

/** How often to look whether everything has left, and when to say that this is what the program waits for; milliseconds. */
const LOOK_EVERY = 5;
const WARN_AFTER = 500;

const held = new Set<WeakRef<() => boolean>>();
const lives = new WeakMap<object, () => boolean>();
const state = { isListening: false, isWaiting: false };

/** Asks `unsent` before the program ends, for as long as its answer may matter. */
export function drainBeforeExit(unsent: () => boolean): void {
  held.add(new WeakRef(unsent));
  lives.set(unsent, unsent);
  if (state.isListening) return;
  state.isListening = true;
  process.on("beforeExit", waitUntilSent);
}

function waitUntilSent(): void {
  if (state.isWaiting || !isAnyUnsent()) return;
  state.isWaiting = true;
  const begin = Date.now();
  let hasWarned = false;
  const look = setInterval(() => {
    if (!isAnyUnsent()) {
      clearInterval(look);
      state.isWaiting = false;
    } else if (!hasWarned && Date.now() - begin >= WARN_AFTER) {
      hasWarned = true;
      process.stderr.write(
        `(node:${process.pid}) WARNING: Waiting for queued ZeroMQ messages to be delivered. ` +
          "Set 'context.blocky = false', or a finite linger, to change this behaviour.\n",
      );
    }
  }, LOOK_EVERY);
}

function isAnyUnsent(): boolean {
  for (const reference of held) {
    const unsent = reference.deref();
    if (unsent === undefined) held.delete(reference);
    else if (unsent()) return true;
  }
  return false;
}
