// SPDX-License-Identifier: MIT
/**
 * Keeps the process alive exactly while operations wait. Connections, listeners and timers of the library never do: an
 * idle program ends by itself. One handle serves all, and it is let go a moment late, so that an operation that waits for
 * each message costs a count and not a call into the runtime. Used by `node.ts`.
 */
import type { Clock } from "../base/clock.ts";

/** How long the hold outlives the last operation, in milliseconds. */
const AFTERGLOW = 20;

interface Handle {
  ref(): unknown;
  unref(): unknown;
}

/** A hold on the process through a handle that is made on first use. */
export function holdProcess(createHandle: () => Handle, clock: Clock): { hold(): void; release(): void } {
  let handle: Handle | undefined;
  let count = 0;
  let isHolding = false;
  let isChecking = false;

  function check(): void {
    isChecking = false;
    if (count > 0 || !isHolding) return;
    isHolding = false;
    handle?.unref();
  }

  return {
    hold() {
      count += 1;
      if (isHolding) return;
      isHolding = true;
      handle ??= createHandle();
      handle.ref();
    },
    release() {
      count -= 1;
      if (count > 0 || isChecking) return;
      isChecking = true;
      clock.setTimer(AFTERGLOW, check);
    },
  };
}
