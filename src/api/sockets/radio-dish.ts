// SPDX-License-Identifier: MIT
/** RADIO and DISH as classes. */
/* oxlint-disable no-unused-vars, no-useless-constructor -- for types: the parameter of the merged interface, and the options */
import { ZmqError } from "../../base/errors.ts";
import { DISH, type Dish as DishPattern } from "../../pattern/dish.ts";
import { LONGEST_GROUP, toGroup } from "../../pattern/groups.ts";
import { RADIO } from "../../pattern/radio.ts";
import type { SocketType } from "../../pattern/socket-type.ts";
import type { Message } from "../../pipe/message.ts";
import type { Runtime } from "../../socket/core-context.ts";
import { type Readable, type ReadableOptions, readableMethods } from "../readable.ts";
import { type Init, Socket, type SocketOptions } from "../socket.ts";
import type { SocketWorks } from "../socket-works.ts";
import {
  type SubscribedTopic,
  type SubscriberWaitOptions,
  subscriptionsOf,
  waitForSubscribers,
} from "../subscribers.ts";
import type { WritableOptions } from "../writable.ts";
import { type AddressedWritable, addressedMethods } from "./addressed.ts";
import { complete } from "./complete.ts";

/** Which group a message is for. */
export interface RadioGroup {
  /** Up to 255 octets; ends before the first zero octet. */
  group: string | Uint8Array;
}

/** Which group a message came to. */
export interface DishGroup<Part extends Uint8Array = Uint8Array> {
  /** The group. */
  group: Part;
}

/** What {@link Dish} receives: the one part, and the group that it came to. */
export type DishMessage<Part extends Uint8Array = Uint8Array> = [part: Part, to: DishGroup<Part>];

const groupMethods: object = /* @__PURE__ */ addressedMethods({
  key: "group",
  read: (details) => (details as { group?: unknown }).group,
  toAddress: toGroupPart,
});

function toGroupPart(value: unknown, { runtime }: SocketWorks): Uint8Array {
  const group = toName(value, runtime);
  if (group.length <= LONGEST_GROUP) return group;
  throw new ZmqError("EINVAL", `send: a group has up to ${LONGEST_GROUP} octets, not ${group.length}`);
}

function toName(value: unknown, runtime: Runtime): Uint8Array {
  if (typeof value === "string") return toGroup(runtime.encodeText(value));
  if (value instanceof Uint8Array) return toGroup(runtime.asPart(value));
  throw new TypeError("A group must be a string or buffer");
}

function showGroup(message: Message, runtime: Runtime): void {
  const { partClass } = runtime;
  const [group, part] = message as [Uint8Array, Uint8Array];
  const shown = message as unknown[];
  shown[0] = part instanceof partClass ? part : runtime.asPart(part);
  shown[1] = { group: group instanceof partClass ? group : runtime.asPart(group) };
}

/** Options of {@link Radio}. */
export interface RadioOptions {
  /** Wait, instead of dropping, when a peer that joined the group is full. Takes effect at once. Default false. */
  noDrop: boolean;
}

/** What Radio sockets can do. */
export interface Radio extends AddressedWritable<RadioGroup>, WritableOptions, RadioOptions {}

/** Sends each message to every peer that joined its group (RFC 48). Drops for those that are too slow. */
export class Radio extends Socket {
  /** @internal */
  static override readonly row: SocketType = /* @__PURE__ */ complete(this, RADIO, groupMethods);

  constructor(options?: Init<SocketOptions & WritableOptions & RadioOptions>) {
    super(options);
  }

  /** The groups that peers have joined, and how many of them; `topic` is the group. */
  subscriptions(): SubscribedTopic[] {
    return subscriptionsOf(this);
  }

  /**
   * Waits until enough peers have joined a group (`topic`), and resolves with how many there are. What is sent from then on reaches them.
   * A connection alone does not show that.
   * @throws ZmqError `EAGAIN` when the time is up or the socket is closed meanwhile, `ECANCELED` (named AbortError), `ETERM`, `EBADF`
   */
  waitForSubscribers(options?: SubscriberWaitOptions): Promise<number> {
    return waitForSubscribers(this, options);
  }
}

/** What Dish sockets can do. */
export interface Dish<Part extends Uint8Array = Uint8Array>
  extends Readable<Part, DishMessage<Part>>,
    ReadableOptions {}

/** Receives what is sent to the groups that it joined (RFC 48). */
export class Dish<Part extends Uint8Array = Uint8Array> extends Socket {
  /** @internal */
  static override readonly row: SocketType = /* @__PURE__ */ complete(this, DISH, readableMethods);

  constructor(options?: Init<SocketOptions & ReadableOptions>) {
    super(options);
    this.works.form = showGroup;
  }

  /**
   * Receives what is sent to these groups from now on.
   * @throws ZmqError `EINVAL` when a group was joined before or has more than 255 octets (those before it are joined), `EBADF`
   */
  join(...groups: (string | Uint8Array)[]): void {
    changeGroups(this, "join", groups);
  }

  /**
   * Receives what is sent to these groups no longer.
   * @throws ZmqError `EINVAL` when a group was not joined (those before it are left), `EBADF`
   */
  leave(...groups: (string | Uint8Array)[]): void {
    changeGroups(this, "leave", groups);
  }
}

function changeGroups({ works }: Socket, verb: "join" | "leave", groups: readonly (string | Uint8Array)[]): void {
  const { core, runtime } = works;
  core.requireOpen(verb);
  for (const group of groups) {
    const name = toName(group, runtime);
    core.perform((pattern) => (pattern as DishPattern)[verb](name));
  }
}
