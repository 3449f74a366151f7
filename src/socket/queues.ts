// SPDX-License-Identifier: MIT
/**
 * What may wait between a socket and its peers: new pipes with the limits, and the keys of `conflate`, that the options ask
 * for. Held by `socket.ts`; the queues themselves are in `pipe/`.
 */
import { ZmqError } from "../base/errors.ts";
import { type ConflateByKey, ReceivingKeyer, SendingKeyer } from "../pipe/keyed.ts";
import { createPipePair, type LocalPipe } from "../pipe/local-pipe.ts";
import type { Message } from "../pipe/message.ts";
import { type Event, newEvent } from "../session/events.ts";
import type { SessionProfile } from "../session/session.ts";
import type { PipeSide } from "../transport/transport.ts";
import type { SocketOptionValues } from "./options.ts";

/** Whose queues they are. */
export interface QueueHost {
  readonly type: { readonly conflates: boolean };
  readonly isObserved: boolean;
  emit(event: Event): void;
}

/** Makes queues for one socket. */
export class Queues {
  /** True once messages may have keys. */
  hasKeys = false;
  private readonly host: QueueHost;
  private readonly keyers = new Map<ConflateByKey, SendingKeyer>();

  constructor(host: QueueHost) {
    this.host = host;
  }

  /** The two ends of a new pipe: marks are those of now, all else as when the endpoint was bound or connected. */
  pair({ endpoint, conflates, options }: SessionProfile, now: SocketOptionValues): [near: LocalPipe, far: LocalPipe] {
    const pair = createPipePair({ inbound: now.receiveHighWaterMark, outbound: now.sendHighWaterMark });
    const [near, far] = pair;
    const { sendHighWaterMarkBytes, receiveHighWaterMarkBytes } = options;
    if (sendHighWaterMarkBytes + receiveHighWaterMarkBytes > 0)
      near.setOctetLimits(receiveHighWaterMarkBytes, sendHighWaterMarkBytes);
    if (conflates === false || !this.host.type.conflates) return pair;
    if (conflates === true) {
      near.keepLastOnly();
    } else {
      near.keepLastOf(this.sendingKeyer(conflates));
      far.keepLastOf(this.receivingKeyer(conflates, endpoint));
    }
    return pair;
  }

  /** What a partner within the process has to know of them. */
  side(
    endpoint: string,
    now: SocketOptionValues,
  ): Pick<
    PipeSide,
    | "sendHighWaterMark"
    | "receiveHighWaterMark"
    | "sendHighWaterMarkBytes"
    | "receiveHighWaterMarkBytes"
    | "conflate"
    | "sendingKeyer"
    | "receivingKeyer"
  > {
    const { sendHighWaterMark, receiveHighWaterMark, sendHighWaterMarkBytes, receiveHighWaterMarkBytes } = now;
    const conflate = this.host.type.conflates && now.conflate;
    const keys = typeof conflate === "object" ? conflate : undefined;
    return {
      ...{ sendHighWaterMark, receiveHighWaterMark, sendHighWaterMarkBytes, receiveHighWaterMarkBytes },
      conflate: conflate === true,
      sendingKeyer: keys && this.sendingKeyer(keys),
      receivingKeyer: keys && this.receivingKeyer(keys, endpoint),
    };
  }

  /** Makes the keys of a message that is to be sent. @throws whatever the application's function throws */
  prepare(message: Message): void {
    for (const keyer of this.keyers.values()) keyer.prepare(message);
  }

  private sendingKeyer(conflate: ConflateByKey): SendingKeyer {
    const keyer = this.keyers.get(conflate) ?? new SendingKeyer(conflate);
    this.keyers.set(conflate, keyer);
    this.hasKeys = true;
    return keyer;
  }

  private receivingKeyer(conflate: ConflateByKey, endpoint: string): ReceivingKeyer {
    return new ReceivingKeyer(conflate, (error) => this.keyFailed(endpoint, error));
  }

  private keyFailed(endpoint: string, cause: unknown): void {
    if (!this.host.isObserved) return;
    const reason = cause instanceof Error ? cause.message : String(cause);
    const text = `conflate: the key of a message could not be made: ${reason}`;
    const error = new ZmqError("EINVAL", text, { address: endpoint, cause });
    this.host.emit(newEvent("conflate:error", { address: endpoint, error }));
  }
}
