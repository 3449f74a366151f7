// SPDX-License-Identifier: MIT
/**
 * Listens to each abort signal once, however many calls wait with it: thousands of calls may share one, and runtimes warn
 * of a leak at the eleventh listener. One for each context; used by `waiters.ts` and `requests.ts`.
 */

/** Who waits for which signal. */
export class AbortSignals {
  private readonly waiting = new Map<AbortSignal, Set<() => void>>();
  private readonly listener = (event: Event): void => this.aborted(event.target as AbortSignal);

  /** Calls back once when the signal is aborted. It must not be aborted yet. */
  add(signal: AbortSignal, callback: () => void): void {
    const known = this.waiting.get(signal);
    if (known !== undefined) {
      known.add(callback);
      return;
    }
    this.waiting.set(signal, new Set([callback]));
    signal.addEventListener("abort", this.listener, { once: true });
  }

  /** Takes a callback back; harmless when it was called. */
  remove(signal: AbortSignal, callback: () => void): void {
    const known = this.waiting.get(signal);
    if (known?.delete(callback) !== true || known.size > 0) return;
    this.waiting.delete(signal);
    signal.removeEventListener("abort", this.listener);
  }

  /** Those that are taken back meanwhile are not called any more. */
  private aborted(signal: AbortSignal): void {
    for (const callback of this.waiting.get(signal) ?? []) callback();
    this.waiting.delete(signal);
  }
}
