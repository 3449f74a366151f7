// SPDX-License-Identifier: MIT
/** When a program of the broadcast has to stop: on Ctrl-C, or when the program that started it has gone. */

/**
 * Aborts when the program is told to stop. An attached program leaves Ctrl-C, which reaches all processes of a terminal, to the
 * one that started it, and goes by its standard input: that ends when the other wants it to, and also when the
 * other was killed and could not say so.
 */
export function whenToldToStop(isAttached: boolean): AbortSignal {
  const controller = new AbortController();
  const abort = () => controller.abort();
  if (isAttached) {
    process.on("SIGINT", () => {});
    process.stdin.on("close", abort).resume();
    // Watching must not keep the program alive.
    (process.stdin as Partial<{ unref(): void }>).unref?.();
  } else {
    process.once("SIGINT", abort).once("SIGTERM", abort);
  }
  return controller.signal;
}
