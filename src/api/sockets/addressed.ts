// SPDX-License-Identifier: MIT
/**
 * Sending for the types whose messages carry something beside their part: the peer's number (SERVER, PEER) or a group
 * (RADIO). Applications say it as `{ routingId }` or `{ group }`; inside, it is a part before the message. Receiving is
 * turned by `SocketWorks.form`.
 */
import { ZmqError } from "../../base/errors.ts";
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

/** How one kind of details becomes what stands before the part inside. */
export interface Addressing {
  /** What the details say, for errors. */
  readonly key: string;
  /** Reads it. Not by `key`: a name that is no constant costs as much as the rest of a send. */
  read(details: object): unknown;
  /** @throws ZmqError `EINVAL`, TypeError */
  toAddress(value: unknown, works: SocketWorks): Uint8Array;
}

/** The methods, to be mixed into classes. */
export function addressedMethods(addressing: Addressing): object {
  const methods: ThisType<{ readonly works: SocketWorks }> & object = {
    send(message: unknown, options?: CallOptions): Promise<void> {
      const { works } = this;
      try {
        return works.send(addressed(addressing, works, message, options, false), options);
      } catch (error) {
        return Promise.reject(error);
      }
    },
    trySend(message: unknown, options?: object): boolean {
      return this.works.trySend(addressed(addressing, this.works, message, options, false));
    },
    async sendBatch(messages: Iterable<unknown>, options?: CallOptions): Promise<void> {
      const { works } = this;
      const each = (message: unknown): Uint8Array[] => addressed(addressing, works, message, options, true);
      return works.sendBatch(map(messages, each), options);
    },
    whenWritable(options?: CallOptions): Promise<void> {
      return this.works.whenWritable(options);
    },
  };
  return methods;
}

/**
 * The parts of a message with its address before them. What a call says of its one message counts more than what the message
 * says, and that more than what is for all of many.
 */
function addressed(
  addressing: Addressing,
  works: SocketWorks,
  message: unknown,
  options: unknown,
  isOneOfMany: boolean,
): Uint8Array[] {
  if (message === undefined) throw new TypeError("Message must be present");
  let parts: unknown[] | undefined = undefined;
  let value = isObject(options) ? addressing.read(options) : undefined;
  let hasDetails = isObject(options);
  if (Array.isArray(message)) {
    const last: unknown = message.at(-1);
    const said = isObject(last) && !ArrayBuffer.isView(last) ? addressing.read(last) : undefined;
    parts = said === undefined ? message : message.slice(0, -1);
    if (said !== undefined && (isOneOfMany || value === undefined)) value = said;
    hasDetails ||= said !== undefined;
  }
  if (!hasDetails) throw new TypeError("Options must be an object");
  if (value === undefined) {
    throw new ZmqError("EINVAL", `send: say for whom the message is, with { ${addressing.key} }`);
  }
  const address = addressing.toAddress(value, works);
  return parts === undefined ? [address, message as Uint8Array] : [address, ...(parts as Uint8Array[])];
}

function isObject(value: unknown): value is object {
  return typeof value === "object" && value !== null;
}

function* map<T>(values: Iterable<unknown>, change: (value: unknown) => T): Generator<T> {
  for (const value of values) yield change(value);
}
