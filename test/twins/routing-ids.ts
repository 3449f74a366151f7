// SPDX-License-Identifier: MIT
/** Values by routing id, plainly: the twin of `src/pattern/routing-ids.ts`, for tests to hold equal to it. */

/** A Map whose keys are the ids in hexadecimal. */
export class PlainRoutingIds<T> {
  readonly values: Map<string, T> = new Map();

  get(id: string): T | undefined {
    return this.values.get(id);
  }

  add(id: string, value: T): void {
    this.values.set(id, value);
  }

  delete(id: string, value: T): void {
    if (this.values.get(id) === value) this.values.delete(id);
  }
}
