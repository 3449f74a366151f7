// SPDX-License-Identifier: MIT
/** Types of npm `zeromq` that nothing here is made of, for programs that name them. */
import type { EventOfType, EventType } from "../session/events.ts";

/** What tells of events: the observer of a socket. */
export interface EventSubscriber {
  /** Calls back for every event of a type. */
  on<T extends EventType>(type: T, listener: (event: EventOfType<T>) => void): EventSubscriber;
  /** Takes a listener away. */
  off<T extends EventType>(type: T, listener: (event: EventOfType<T>) => void): EventSubscriber;
}

/** Whether two types are the same, `readonly` included: so it is with functions that are generic in nothing else. */
// oxlint-disable-next-line typescript/no-unnecessary-type-parameters -- the comparison of two such functions is what it is about
type IsSame<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;

/** The names of properties that can be set. */
type Settable<T> = {
  [K in keyof T]-?: T[K] extends (...values: never[]) => unknown
    ? never
    : IsSame<{ [P in K]: T[P] }, { -readonly [P in K]: T[P] }> extends true
      ? K
      : never;
}[keyof T];

/** Properties that can be set, each of which may be left out. */
export type OptionsOf<T> = { [K in Settable<T>]?: T[K] | undefined };
