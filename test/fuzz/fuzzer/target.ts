// SPDX-License-Identifier: MIT
/** The contract of a fuzz target: one function from octets to assertions, and how to make octets worth trying. */
import type { Random } from "./random.ts";

/** Something that must survive any octets. */
export interface Target {
  /** As in the report and the folder of the corpus. */
  readonly name: string;
  /** What it holds true, in a few words. */
  readonly about: string;
  /** Throws, or rejects, where something does not hold. */
  readonly fuzz: (data: Uint8Array) => void | Promise<void>;
  /** An input with the structure that the target reads, often with something wrong in it. */
  readonly generate: (random: Random) => Uint8Array;
  /** How many random inputs the test suite tries: those of a second or less. */
  readonly runs: number;
  /** Octets of the longest input; default 4096. */
  readonly longest?: number;
  /** Milliseconds that one input may take; default 1000. */
  readonly patience?: number;
}
