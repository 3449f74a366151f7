// SPDX-License-Identifier: MIT
/**
 * The inproc transport: sockets of one context share the two ends of a pipe, and no octet is encoded (zmq_inproc(7)).
 * Connecting before binding is fine: the pipe waits, with what is sent into it, until the name is bound.
 */
import { ZmqError } from "../base/errors.ts";
import { createPipePair, type LocalPipe } from "../pipe/local-pipe.ts";
import type { Pipe } from "../pipe/pipe.ts";
import type { PipeEndpoint, PipeSide, PipeTransport } from "./transport.ts";

/** A connection that waits for its name to be bound. */
interface Pending {
  readonly near: LocalPipe;
  readonly far: LocalPipe;
  readonly side: PipeSide;
}

/** The names of one context. */
export class InprocTransport implements PipeTransport {
  readonly scheme = "inproc";
  private readonly bound = new Map<string, PipeSide>();
  private readonly waiting = new Map<string, Set<Pending>>();

  bind(address: string, side: PipeSide): PipeEndpoint {
    check(address, "bind");
    if (this.bound.has(address)) {
      throw new ZmqError("EADDRINUSE", `bind inproc://${address}: another socket of this context has bound the name`, {
        address: `inproc://${address}`,
        syscall: "bind",
      });
    }
    this.bound.set(address, side);
    const waiting = this.waiting.get(address);
    this.waiting.delete(address);
    for (const pending of waiting ?? []) marry(pending, side);
    return {
      close: () => {
        if (this.bound.get(address) === side) this.bound.delete(address);
      },
    };
  }

  connect(address: string, side: PipeSide): PipeEndpoint & { readonly pipe: Pipe } {
    check(address, "connect");
    const [near, far] = createPipePair({ inbound: side.receiveHighWaterMark, outbound: side.sendHighWaterMark });
    near.isDirect = true;
    far.isDirect = true;
    near.guard = side.guard;
    limitOctets(near, side);
    if (side.sendingKeyer !== undefined) near.keepLastOf(side.sendingKeyer);
    const pending = { near, far, side };
    side.attach(near, true);
    const other = this.bound.get(address);
    if (other !== undefined) {
      marry(pending, other);
      return { pipe: near, close: () => {} };
    }
    const waiting = this.waiting.get(address) ?? new Set();
    this.waiting.set(address, waiting.add(pending));
    return {
      pipe: near,
      close: () => {
        // What was sent before may still be wanted: a pipe with messages waits on, an empty one is forgotten.
        if (far.readable > 0) return;
        waiting.delete(pending);
        if (waiting.size === 0 && this.waiting.get(address) === waiting) this.waiting.delete(address);
      },
    };
  }

  isBound(address: string): boolean {
    return this.bound.has(address);
  }
}

/** Joins a connecter and a binder. From now on each direction holds what both sides together allow. */
function marry({ near, far, side }: Pending, binder: PipeSide): void {
  far.guard = binder.guard;
  far.endpoint = near.endpoint;
  if (side.conflate || binder.conflate) near.keepLastOnly();
  else marryQueues(near, far, side, binder);
  far.peer = side.peer;
  binder.attach(far, false);
  far.owner.connected(far);
  near.peer = binder.peer;
  near.owner.connected(near);
}

function marryQueues(near: LocalPipe, far: LocalPipe, side: PipeSide, binder: PipeSide): void {
  far.setHighWaterMarks(binder.receiveHighWaterMark, binder.sendHighWaterMark);
  limitOctets(far, binder);
  const there = side.sendingKeyer ?? binder.receivingKeyer;
  const back = binder.sendingKeyer ?? side.receivingKeyer;
  if (there !== undefined) near.keepLastOf(there);
  if (back !== undefined) far.keepLastOf(back);
}

/** Unlike marks, a limit in octets is the exception: a side without one has no say. */
function limitOctets(end: LocalPipe, { sendHighWaterMarkBytes = 0, receiveHighWaterMarkBytes = 0 }: PipeSide): void {
  if (sendHighWaterMarkBytes + receiveHighWaterMarkBytes === 0) return;
  end.setOctetLimits(receiveHighWaterMarkBytes || -1, sendHighWaterMarkBytes || -1);
}

function check(address: string, use: string): void {
  if (address !== "") return;
  throw new ZmqError("EINVAL", `${use} inproc://: a name is missing`, { address: "inproc://", syscall: use });
}
