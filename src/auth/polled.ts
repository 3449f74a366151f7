// SPDX-License-Identifier: MIT
/**
 * Something that is read from files and looked at again when it is needed, as CZMQ does: no watchers, no timers, nothing that keeps
 * a program alive. What was read a moment ago is good enough, unless somebody asks for news. Used for passwords and certificates.
 */

/** A value that can be read again. */
export class Polled<T> {
  private readonly read: (before: T | undefined) => Promise<T>;
  private readonly interval: number;
  private readonly now: () => number;
  private latest: { readonly value: T; readonly at: number } | undefined = undefined;
  private reading: Promise<T> | undefined = undefined;
  private next: Promise<T> | undefined = undefined;

  /** `read` never rejects; `interval`: for so many milliseconds what was read is good enough. */
  constructor(read: (before: T | undefined) => Promise<T>, interval: number, now: () => number) {
    this.read = read;
    this.interval = interval;
    this.now = now;
  }

  /** The value as it was not longer ago than the interval. */
  get(): Promise<T> {
    const { latest } = this;
    if (latest !== undefined && this.now() - latest.at < this.interval) return Promise.resolve(latest.value);
    return this.reading ?? this.start();
  }

  /** The value as it is now: read after this was called. However many ask, at most one more reading follows the one under way. */
  fresh(): Promise<T> {
    if (this.reading === undefined) return this.start();
    this.next ??= this.reading.then(() => {
      this.next = undefined;
      return this.reading ?? this.start();
    });
    return this.next;
  }

  private start(): Promise<T> {
    const from = this.now();
    const promise = this.read(this.latest?.value).then((value) => {
      this.latest = { value, at: from };
      this.reading = undefined;
      return value;
    });
    this.reading = promise;
    return promise;
  }
}
