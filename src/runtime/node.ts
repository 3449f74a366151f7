// SPDX-License-Identifier: MIT
/** What the library uses of Node.js, and of Bun and Deno through their `node:` modules: transports, clock, and process. */
import { Buffer } from "node:buffer";
import { type Clock, LONGEST_DELAY, SystemClock } from "../base/clock.ts";
import { curve } from "../security/curve.ts";
import { gssapi } from "../security/gssapi.ts";
import { mechanisms } from "../security/index.ts";
import type { Runtime } from "../socket/core-context.ts";
import { createEpgmTransport } from "../transport/epgm.ts";
import { InprocTransport } from "../transport/inproc.ts";
import { IpcTransport } from "../transport/ipc.ts";
import { whyUnsupported } from "../transport/net-features.ts";
import { createPgmTransport } from "../transport/pgm.ts";
import { TcpTransport } from "../transport/tcp.ts";
import { createTlsTransport } from "../transport/tls.ts";
import type { PipeTransport, Transport } from "../transport/transport.ts";
import { UdpTransport } from "../transport/udp.ts";
import { createWssTransport, createWsTransport } from "../transport/ws.ts";
import { openFiles } from "./files.ts";
import { holdProcess } from "./keep-alive.ts";
import { loadKerberos, whyNoKerberos } from "./kerberos.ts";
import { packages } from "./packages.ts";
import { atExit, drainBeforeExit } from "./process-exit.ts";
import { SodiumLibrary } from "./sodium.ts";

/**
 * The sizes of slabs, and how many of each are kept for the next flush. An outbox flushes at 64 KiB, after at most one
 * more message whose parts are copied (below 16 KiB): with the largest a flush is one chunk, which costs a quarter less
 * than two (measured, 6.1 and 4.5 µs for 64 KiB). The small ones are for many connections with little to say each: a
 * thousand that have something at the same time hold 4 MiB, where the large ones took 96 and two thirds of the time.
 */
const SLABS: readonly { readonly size: number; readonly kept: number }[] = [
  { size: 4096, kept: 64 },
  { size: 20480, kept: 16 },
  { size: 98304, kept: 8 },
];

/**
 * The global is a getter, which the hot path would call for every message; and to import `node:process` calls all getters
 * of the process, those that open its standard streams too, which takes 4 ms.
 */
const { process } = globalThis;

/** Real time, with Node's own ways to defer. */
class NodeClock extends SystemClock {
  /** After the code that runs now; the microtasks come after it, so a loop of awaited sends fills one write. */
  override defer(callback: () => void): void {
    process.nextTick(callback);
  }

  override yieldTurn(callback: () => void): void {
    setImmediate(callback);
  }
}

/** Lends the memory in which engines put together what they write. */
class Slabs {
  private readonly shelves = SLABS.map(({ size, kept }) => ({ size, kept, idle: [] as Uint8Array[] }));

  take(least: number): Uint8Array {
    for (const { size, idle } of this.shelves) if (size >= least) return idle.pop() ?? Buffer.allocUnsafeSlow(size);
    return Buffer.allocUnsafeSlow(least);
  }

  give(slab: Uint8Array): void {
    for (const { size, kept, idle } of this.shelves) if (size === slab.length && idle.length < kept) idle.push(slab);
  }

  readonly allocate = (length: number): Uint8Array => Buffer.allocUnsafeSlow(length);
}

const clock: Clock = new NodeClock();
const library = new SodiumLibrary();

/** The runtime that `index.ts` gives to its contexts. */
export const nodeRuntime: Runtime = {
  clock,
  mechanisms: [gssapi(loadKerberos), curve(library, () => clock.now()), ...mechanisms],
  curve: library,
  keepAlive: holdProcess(() => setInterval(() => {}, LONGEST_DELAY), clock),
  createTransports: (): readonly Transport[] => [
    new TcpTransport(clock),
    new IpcTransport(clock, atExit),
    createTlsTransport(clock),
    createWsTransport(clock),
    createWssTransport(clock),
    new UdpTransport(),
    createEpgmTransport(),
    createPgmTransport(() => packages()("raw-socket")),
  ],
  createInproc: (): PipeTransport => new InprocTransport(),
  openFiles,
  createSlabs: (): Slabs => new Slabs(),
  encodeText: (text: string): Uint8Array => Buffer.from(text),
  partClass: Buffer,
  asPart,
  beforeExit: drainBeforeExit,
  whyUnsupported: (option) => (option.startsWith("gssapi") ? whyNoKerberos() : whyUnsupported(option)),
  warn: (text: string): void => process.emitWarning(text),
};

function asPart(octets: ArrayBufferView | ArrayBufferLike): Uint8Array {
  if (Buffer.isBuffer(octets)) return octets;
  if (ArrayBuffer.isView(octets)) return Buffer.from(octets.buffer, octets.byteOffset, octets.byteLength);
  return Buffer.from(octets);
}
