// SPDX-License-Identifier: MIT
/**
 * Sending for the types whose messages carry something beside their part: the peer's number (SERVER, PEER) or a group
 * (RADIO). Applications say it as `{ routingId }` or `{ group }`; inside, it is a part before the message. Receiving is
 * turned by `SocketWorks.form`.
 */
import { ZmqError } from "../../base/errors.ts";
import type { Runtime } from "../../socket/core-context.ts";
import type { MessageInput, MessageLike } from "../parts.ts";
import type { SocketWorks } from "../socket-works.ts";
import type { CallOptions } from "../waiters.ts";

/** A message of one part that says for whom it is, as it is received. */
export type Addressed<Details> = readonly [part: MessageLike, details: Details];

/** Sockets that send messages of one part to whom `Details` name. */
export interface AddressedWritable<Details> {
  /**
   * Sends a message of one part. A received message, with its details, can be sent as it is. Resolves when it is queued; what
   * is too much for the peers waits, in call order. Parts over 128 octets are not copied: leave them alone after the call.
   * @throws ZmqError `EINVAL` when the details are missing or wrong, or there are several parts; `EHOSTUNREACH`; `EAGAIN` when the
   * time is up or the socket is closed meanwhile, `ECANCELED` (named AbortError) when aborted; in these two cases nothing was
   * sent; `EBADF`. TypeError when there is no message.
   */
  send(message: Addressed<Details>, options?: CallOptions): Promise<void>;
  /** The same, with the details as an option, which counts more than what the message says. */
  send(message: MessageInput | Addressed<Details>, options: Details & CallOptions): Promise<void>;
  /**
   * Sends without waiting. False: there is no room, and nothing was sent.
   * @throws ZmqError as `send`, but at once
   */
  trySend(message: Addressed<Details>): boolean;
  /** The same, with the details as an option. */
  trySend(message: MessageInput | Addressed<Details>, options: Details): boolean;
  /**
   * Sends messages one after another, waiting where it must: each with its details, or with those among the options. When it
   * fails, those before the failure are sent.
   * @throws ZmqError as `send`
   */
  sendBatch(
    messages: Iterable<Addressed<Details> | MessageInput>,
    options?: CallOptions & Partial<Details>,
  ): Promise<void>;
  /** Resolves when a send would not have to wait, as far as that can be said without knowing for whom it is. */
  whenWritable(options?: CallOptions): Promise<void>;
}

/** Takes the details of a message, and gives the part that stands before it inside. @throws ZmqError `EINVAL`, TypeError */
export type ToAddress = (details: unknown, runtime: Runtime) => Uint8Array;

/** The methods, to be mixed into classes. `key`: the name of what the details say. */
export function addressedMethods(key: string, toAddress: ToAddress): object {
  const addressed = (works: SocketWorks, message: unknown, options: unknown, isOneOfMany = false): Uint8Array[] => {
    const { runtime } = works;
    const last: unknown = Array.isArray(message) ? message.at(-1) : undefined;
    const isWhole = isDetails(last, key);
    const part = isWhole ? (message as unknown[]).slice(0, -1) : message;
    if (part === undefined) throw new TypeError("Message must be present");
    // What a call says of its one message counts more than what the message says, and that more than what is for all of many.
    const details = isWhole && (isOneOfMany || !isDetails(options, key)) ? last : options;
    if (typeof details !== "object" || details === null) throw new TypeError("Options must be an object");
    const value = (details as Record<string, unknown>)[key];
    if (value === undefined) throw new ZmqError("EINVAL", `send: say for whom the message is, with { ${key} }`);
    return [toAddress(value, runtime), ...(Array.isArray(part) ? part : [part])];
  };
  const methods: ThisType<{ readonly works: SocketWorks }> & object = {
    async send(message: unknown, options?: CallOptions): Promise<void> {
      return this.works.send(addressed(this.works, message, options), options);
    },
    trySend(message: unknown, options?: object): boolean {
      return this.works.trySend(addressed(this.works, message, options));
    },
    async sendBatch(messages: Iterable<unknown>, options?: CallOptions): Promise<void> {
      const { works } = this;
      return works.sendBatch(
        map(messages, (message) => addressed(works, message, options, true)),
        options,
      );
    },
    whenWritable(options?: CallOptions): Promise<void> {
      return this.works.whenWritable(options);
    },
  };
  return methods;
}

function isDetails(value: unknown, key: string): boolean {
  return typeof value === "object" && value !== null && !ArrayBuffer.isView(value) && key in value;
}

function* map<T>(values: Iterable<unknown>, change: (value: unknown) => T): Generator<T> {
  for (const value of values) yield change(value);
}
