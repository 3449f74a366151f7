// SPDX-License-Identifier: MIT
/** What the sockets of one context share: clock, transports, mechanisms, memory for sending, and the hold on the process. */
import type { Files } from "../auth/files.ts";
import type { Clock } from "../base/clock.ts";
import type { CurveLibrary } from "../security/curve-crypto.ts";
import type { MechanismChoice } from "../security/mechanism.ts";
import type { PipeTransport, Transport } from "../transport/transport.ts";
import type { SlabPool } from "../wire/frame.ts";

/** Keeps the program alive while operations wait. What a context opens by itself (connections, timers) never does. */
export interface KeepAlive {
  hold(): void;
  release(): void;
}

/** What a runtime gives to each context. */
export interface Runtime {
  readonly clock: Clock;
  readonly mechanisms: readonly MechanismChoice[];
  /** The keys of CURVE, and what its mechanism is made with. */
  readonly curve: CurveLibrary;
  readonly keepAlive: KeepAlive;
  /** Transports for one context. */
  createTransports(): readonly Transport[];
  /** The transport within the process, for one context. */
  createInproc(): PipeTransport;
  createSlabs(): SlabPool;
  /** Loads what reads and writes files of passwords and certificates. */
  openFiles(): Promise<Files>;
  /** UTF-8 octets, in the type in which this runtime's users expect received parts. */
  encodeText(text: string): Uint8Array;
  /** That type: Buffer on Node, Uint8Array elsewhere. */
  readonly partClass: abstract new (
    ...values: never[]
  ) => Uint8Array;
  /** The same octets, in that type; a view, not a copy. */
  asPart(octets: ArrayBufferView | ArrayBufferLike): Uint8Array;
  /**
   * Asks before the program ends whether something is unsent that holds it up, and goes on asking with the milliseconds
   * that this has taken. Holds `unsent` weakly.
   */
  beforeExit(unsent: (waited: number) => boolean): void;
  /** Why this runtime cannot honour a socket option that others can; undefined: it can. */
  readonly whyUnsupported: (option: string) => string | undefined;
  /** A warning for the developer. */
  warn(text: string): void;
}
