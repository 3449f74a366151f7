// SPDX-License-Identifier: MIT
/**
 * What PGM's sender and receiver both go by: sizes that follow from the options, as libzmq has them, and times that libzmq sets. Used by
 * `pgm-engine.ts`, `pgm-sender.ts` and `pgm-window.ts`.
 */
import { DATA_OVERHEAD } from "../wire/pgm.ts";

/** The options that PGM looks at. */
export interface PgmOptions {
  /** Kilobits a second. */
  rate: number;
  /** Milliseconds for which what was sent can be repaired. */
  recoveryInterval: number;
  /** Octets of a packet, IP's header and UDP's included. */
  multicastMaxTransportDataUnit: number;
}

/** Octets in front of the stream in the data of each packet: where its first message begins. */
export const OFFSET = 2;
/** The offset when none begins. */
export const NO_MESSAGE = 0xffff;
/** What is kept for repairs, at most: a Map takes 2^24 entries. */
const MOST_PACKETS = 2 ** 23;

/** Octets of data that one packet carries; `headers`: of IP, and of UDP where it is in between. Negative where there is no room. */
export function dataRoom({ multicastMaxTransportDataUnit }: PgmOptions, headers: number): number {
  return multicastMaxTransportDataUnit - headers - DATA_OVERHEAD;
}

/** How many packets are kept, to repair others' losses or to wait for repairs. */
export function windowSize({ rate, recoveryInterval, multicastMaxTransportDataUnit }: PgmOptions): number {
  const packets = Math.floor((Math.floor(rate / 8) * recoveryInterval) / multicastMaxTransportDataUnit);
  return Math.min(Math.max(1, packets), MOST_PACKETS);
}

/** A source says that it is there, every so many milliseconds, and so long after its last data. */
export const AMBIENT_SPM = 30_000;
export const HEARTBEAT_SPMS: readonly number[] = [100, 100, 100, 100, 1300, 7000, 16_000, 25_000, 30_000];
/** So often when it begins, and when it says goodbye. */
export const SPMS_AT_ONCE = 3;

/** A source that is silent for so long is forgotten; one that said goodbye, sooner. */
export const PEER_EXPIRY = 300_000;
export const FAREWELL_EXPIRY = 10_000;
/** A source whose SPM has not come is asked for it after so long. */
export const SPMR_DELAY = 25;
/** Before a NAK, at random up to this, in case somebody else asks. */
export const NAK_BACK_OFF = 50;
/** For the confirmation of a NAK, and then for the repair; and how often to start again. */
export const NCF_WAIT = 200;
export const REPAIR_WAIT = 200;
export const NCF_RETRIES = 50;
export const REPAIR_RETRIES = 50;
