// SPDX-License-Identifier: MIT
/**
 * An audience: everybody who gets a certain message. `subscriptions.ts` finds it, and gives the same one again as long as
 * no subscription changes, so that `broadcaster.ts` can keep a run open for it.
 */
import type { Run, RunWriter } from "../pipe/run.ts";

/** The receivers of some topics. */
export class Audience<P> implements RunWriter {
  readonly pipes: readonly P[];

  /** The run that is being written for those who take runs. */
  run: Run | undefined = undefined;
  /** How many messages the run may hold. */
  room = 0;
  /** How many get the run. */
  takers = 0;
  /** How many get nothing while the run lasts, because they were full when it began. */
  missing = 0;
  /** Those, and how many messages each has missed that its pipe has not counted yet. */
  missed: P[] = [];
  misses = 0;
  /** Those who get each message for themselves while the run lasts. */
  singles: P[] = [];
  /** The broadcaster's count of activations when the run began. */
  epoch = 0;
  /** Octets of the last run. */
  lastSize = 0;

  constructor(pipes: readonly P[]) {
    this.pipes = pipes;
  }
}
