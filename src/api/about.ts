// SPDX-License-Identifier: MIT
/** What this library can do, in libzmq's words (zmq_version(3), zmq_has(3)). The entry of each runtime says so for it. */
import type { Runtime } from "../socket/core-context.ts";

/** The version of libzmq whose behaviour this library has: what programs find that look whether ZeroMQ is new enough. */
export const version = "4.3.5";

/** What is there and what is not; the first seven as npm `zeromq` has them. */
export interface Capability {
  /** The `ipc://` transport. */
  readonly ipc: boolean;
  /** The `pgm://` and `epgm://` transports. */
  readonly pgm: boolean;
  /** The `tipc://` transport. */
  readonly tipc: boolean;
  /** The `norm://` transport. */
  readonly norm: boolean;
  /** CURVE security (RFC 26). */
  readonly curve: boolean;
  /** GSSAPI security, the whole of it. False: here it authenticates, where the package `kerberos` is installed, and does not encrypt. */
  readonly gssapi: boolean;
  /** The socket types that libzmq calls drafts: CLIENT, SERVER, RADIO, DISH, SCATTER, GATHER, PEER, CHANNEL, DGRAM. */
  readonly draft: boolean;
  /** The `vmci://` transport. */
  readonly vmci: boolean;
  /** The `vsock://` transport. */
  readonly vsock: boolean;
  /** The `ws://` transport. */
  readonly ws: boolean;
  /** The `wss://` transport. */
  readonly wss: boolean;
}

/** What a runtime makes possible. */
export function capabilityOf(runtime: Runtime): Capability {
  const schemes = new Set(runtime.createTransports().map(({ scheme }) => scheme));
  const mechanisms = new Set(runtime.mechanisms.map(({ name }) => name));
  return Object.freeze({
    ipc: schemes.has("ipc"),
    pgm: schemes.has("pgm"),
    tipc: schemes.has("tipc"),
    norm: schemes.has("norm"),
    curve: mechanisms.has("CURVE"),
    gssapi: false,
    draft: true,
    vmci: schemes.has("vmci"),
    vsock: schemes.has("vsock"),
    ws: schemes.has("ws"),
    wss: schemes.has("wss"),
  });
}

/** Whether a capability is there, by the name that libzmq has for it, in whatever case (`zmq_has`); false for other names. */
export function hasCapability(capability: Capability, name: string): boolean {
  const key = name.toLowerCase();
  return Object.hasOwn(capability, key) && capability[key as keyof Capability];
}
