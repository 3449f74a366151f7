// SPDX-License-Identifier: MIT
/**
 * How often an address may try to come in: a bucket of attempts for each, and a bound on questions that wait for their answers.
 * An attempt that succeeds is given back, so that only those that fail count. Used by `authorization.ts` and the authenticator.
 */
import { addressOctets } from "../base/ip-address.ts";

/** What one address may try. IPv6 addresses count by their first 64 bits, which one host has to itself. */
export interface AttemptLimits {
  /** Attempts that may fail one after another. Default 60. */
  readonly burst: number;
  /** So many are given back each second. Default 1. */
  readonly perSecond: number;
  /** Questions of one address that may wait for an answer at a time. Default 64. */
  readonly pendingPerAddress: number;
  /** Questions of all addresses that may wait for an answer at a time. Default 1024. */
  readonly pending: number;
}

/** The limits where nothing else is said. */
export const ATTEMPT_LIMITS: AttemptLimits = { burst: 60, perSecond: 1, pendingPerAddress: 64, pending: 1024 };

/** More addresses are not remembered: those that were quiet longest are forgotten first. */
const MOST_ADDRESSES = 10_000;

/** One address. */
interface Bucket {
  /** Attempts that are left, at the time `at`. */
  left: number;
  at: number;
  pending: number;
}

/** An attempt that was let through to be decided. */
export interface Attempt {
  /** It is decided, or nobody waits for it any more. Counts once. */
  end(isAdmitted: boolean, now: number): void;
}

/** The attempts of all addresses. Keeps no timers: buckets fill when they are looked at. */
export class Attempts {
  /** Questions that wait for an answer. */
  pending = 0;
  private readonly limits: AttemptLimits;
  private readonly buckets = new Map<string, Bucket>();

  constructor(limits: AttemptLimits) {
    this.limits = limits;
  }

  /** Addresses that are remembered. */
  get addresses(): number {
    return this.buckets.size;
  }

  /** Lets an attempt through, or gives undefined: not now. */
  begin(address: string, now: number): Attempt | undefined {
    const key = keyOf(address);
    const bucket = this.bucketOf(key, now);
    const { pending, pendingPerAddress } = this.limits;
    if (bucket.left < 1 || bucket.pending >= pendingPerAddress || this.pending >= pending) return undefined;
    bucket.left -= 1;
    bucket.pending += 1;
    this.pending += 1;
    let isOver = false;
    return {
      end: (isAdmitted, then) => {
        if (isOver) return;
        isOver = true;
        this.pending -= 1;
        bucket.pending -= 1;
        this.fill(bucket, then);
        if (isAdmitted) bucket.left = Math.min(this.limits.burst, bucket.left + 1);
        if (bucket.left >= this.limits.burst && bucket.pending === 0 && this.buckets.get(key) === bucket) {
          this.buckets.delete(key);
        }
      },
    };
  }

  private bucketOf(key: string, now: number): Bucket {
    const known = this.buckets.get(key);
    const bucket = known ?? { left: this.limits.burst, at: now, pending: 0 };
    this.fill(bucket, now);
    // Put in anew, so that the first of the map is the one that was quiet longest.
    if (known !== undefined) this.buckets.delete(key);
    else if (this.buckets.size >= MOST_ADDRESSES) this.buckets.delete(this.buckets.keys().next().value as string);
    this.buckets.set(key, bucket);
    return bucket;
  }

  private fill(bucket: Bucket, now: number): void {
    const { burst, perSecond } = this.limits;
    bucket.left = Math.min(burst, bucket.left + ((now - bucket.at) / 1000) * perSecond);
    bucket.at = now;
  }
}

/** What attempts are counted by. */
function keyOf(address: string): string {
  const octets = addressOctets(address);
  return octets === undefined ? address : octets.slice(0, octets.length === 16 ? 8 : 4).join(".");
}
