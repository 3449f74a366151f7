// SPDX-License-Identifier: MIT
/**
 * Options by libzmq's numbers, for classes that extend npm `zeromq`'s sockets and for its version 5's API: the same rows as the
 * properties, with libzmq's types. Some numbers are no rows, as they are methods or getters of sockets.
 */
import { decodeText, encodeText } from "../base/bytes.ts";
import { ZmqError } from "../base/errors.ts";
import type { OptionRow } from "../socket/option-row.ts";
import { optionById } from "../socket/options.ts";
import { getOption, setOption } from "./option-accessors.ts";
import type { SocketWorks } from "./socket-works.ts";

/** What libzmq is handed: a C `int`, 64 bits, or octets. */
type Shape = "int" | "long" | "octets";

/** A socket's options by libzmq's numbers. Numbers that libzmq does not have, or not for its type, are `EINVAL`. */
export abstract class NumberedOptions {
  /** @internal */
  abstract readonly works: SocketWorks;
  abstract readonly lastEndpoint: string | null;
  abstract readonly securityMechanism: string | null;

  /** A truth value, by libzmq's number of the option. */
  protected getBoolOption(option: number): boolean {
    return getNumbered(this, option, "int") !== 0;
  }

  /** Sets it. @throws ZmqError `EINVAL`, `ENOTSUP` */
  protected setBoolOption(option: number, value: boolean): void {
    if (typeof value !== "boolean") throw new TypeError("Option value must be a boolean");
    setNumbered(this, option, "int", Number(value));
  }

  /** A number of 32 bits, by libzmq's number of the option. */
  protected getInt32Option(option: number): number {
    return getNumbered(this, option, "int") as number;
  }

  /** Sets it. @throws ZmqError `EINVAL`, `ENOTSUP` */
  protected setInt32Option(option: number, value: number): void {
    if (typeof value !== "number") throw new TypeError("Option value must be a number");
    setNumbered(this, option, "int", value);
  }

  /** A number of 32 bits, without a sign, by libzmq's number of the option. */
  protected getUint32Option(option: number): number {
    return getNumbered(this, option, "int") as number;
  }

  /** Sets it. @throws ZmqError `EINVAL`, `ENOTSUP` */
  protected setUint32Option(option: number, value: number): void {
    if (typeof value !== "number") throw new TypeError("Option value must be a number");
    setNumbered(this, option, "int", value);
  }

  /** A number of 64 bits, by libzmq's number of the option. */
  protected getInt64Option(option: number): number {
    return getNumbered(this, option, "long") as number;
  }

  /** Sets it. @throws ZmqError `EINVAL`, `ENOTSUP` */
  protected setInt64Option(option: number, value: number): void {
    if (typeof value !== "number") throw new TypeError("Option value must be a number");
    setNumbered(this, option, "long", value);
  }

  /** A number of 64 bits, without a sign, by libzmq's number of the option. */
  protected getUint64Option(option: number): number {
    return getNumbered(this, option, "long") as number;
  }

  /** Sets it. @throws ZmqError `EINVAL`, `ENOTSUP` */
  protected setUint64Option(option: number, value: number): void {
    if (typeof value !== "number") throw new TypeError("Option value must be a number");
    setNumbered(this, option, "long", value);
  }

  /** A text, by libzmq's number of the option; null: it is not set. */
  protected getStringOption(option: number): string | null {
    return getNumbered(this, option, "octets") as string | null;
  }

  /** Sets it; null unsets it. @throws ZmqError `EINVAL`, `ENOTSUP` */
  protected setStringOption(option: number, value: string | Uint8Array | null): void {
    if (value !== null && typeof value !== "string" && !(value instanceof Uint8Array)) {
      throw new TypeError("Option value must be a string or buffer");
    }
    setNumbered(this, option, "octets", value);
  }
}

/** What libzmq has as an option, and sockets as something else. */
const SPECIAL: Readonly<
  Record<number, { readonly shape: Shape; read(socket: NumberedOptions): number | string | null }>
> = {
  // RCVMORE: messages are received whole.
  13: { shape: "int", read: () => 0 },
  15: { shape: "int", read: ({ works: { core } }) => Number(core.canReceive()) + 2 * Number(core.canSend()) },
  16: { shape: "int", read: ({ works }) => works.core.type.id },
  31: { shape: "int", read: ({ works }) => Number(!works.core.options.ipv6) },
  32: { shape: "octets", read: ({ lastEndpoint }) => lastEndpoint },
  40: { shape: "int", read: ({ works }) => Number(works.core.options.verbosity !== null) },
  43: { shape: "int", read: (socket) => [null, "plain", "curve", "gssapi"].indexOf(socket.securityMechanism) },
  78: { shape: "int", read: ({ works }) => Number(works.core.options.verbosity === "allSubsUnsubs") },
  // ROUTER_NOTIFY can be read on every type.
  97: { shape: "int", read: ({ works }) => works.core.options.routerNotify },
};
/** Only publishers have them. */
const VERBOSITY = [40, 78];

/** Reads an option. @throws ZmqError `EINVAL`; TypeError when `id` is no number */
function getNumbered(socket: NumberedOptions, id: number, shape: Shape): number | string | null {
  const { name } = socket.works.core.type;
  if (typeof id !== "number") throw new TypeError("Identifier must be a number");
  const special = VERBOSITY.includes(id) && !isPublisher(name) ? undefined : SPECIAL[id];
  if (special !== undefined) {
    if (special.shape !== shape) throw misfit(id, shape);
    return special.read(socket);
  }
  const row = rowOf(id, name);
  if (shapeOf(row) !== shape) throw misfit(id, shape);
  const value = getOption(socket.works, row);
  if (shape === "octets") return value instanceof Uint8Array ? decodeText(value) : textOf(value);
  if (row.type.kind === "boolean") return Number(value !== false);
  if (row.type.kind === "bits" && Array.isArray(value)) return toBits(row.type.of, value);
  return row.type.kind === "choice" ? row.type.of.indexOf(value as string | null) : Number(value);
}

function toBits(names: readonly string[], chosen: readonly string[]): number {
  return chosen.reduce((bits, name) => bits | (1 << names.indexOf(name)), 0);
}

/** Properties are many, and libzmq reads none of them. */
function textOf(value: unknown): string | null {
  if (typeof value !== "object" || value === null) return value as string | null;
  return (
    Object.entries(value)
      .map((pair) => pair.join(":"))
      .join(", ") || null
  );
}

/** Sets an option. @throws ZmqError `EINVAL`, `ENOTSUP`; TypeError when `id` is no number */
function setNumbered(
  socket: NumberedOptions,
  id: number,
  shape: Shape,
  value: number | string | Uint8Array | null,
): void {
  if (typeof id !== "number") throw new TypeError("Identifier must be a number");
  const { works } = socket;
  const { core } = works;
  const { name } = core.type;
  if (isPublisher(name) && shape === "int" && VERBOSITY.includes(id)) {
    const row = rowOf(78, name);
    const isOn = toTruth({ name: row.name, type: { kind: "boolean", truths: "positive" } }, value as number);
    setOption(works, row, isOn ? (id === 40 ? "allSubs" : "allSubsUnsubs") : null);
  } else if ((id === 6 || id === 7) && shape === "octets" && (name === "SUB" || name === "XPUB")) {
    core.requireOpen("subscribe");
    core.changeSubscription(id === 6 ? "subscribe" : "unsubscribe", toOctets(value));
  } else if (id === 61 && shape === "octets" && (name === "ROUTER" || name === "STREAM" || name === "REP")) {
    const routingId = toOctets(value);
    if (routingId.length < 1 || routingId.length > 255)
      throw new ZmqError("EINVAL", "a routing id has 1 to 255 octets");
    core.nextRoutingId = routingId;
  } else if (id === 31 && shape === "int") {
    const row = rowOf(42, name);
    setOption(works, row, !toTruth(row, value as number));
  } else {
    const row = rowOf(id, name);
    if (shapeOf(row) !== shape) throw misfit(id, shape);
    setOption(works, row, fromNumber(row, value));
  }
}

function fromNumber(row: OptionRow, value: number | string | Uint8Array | null): unknown {
  if (typeof value !== "number") return value;
  if (row.type.kind === "boolean") return toTruth(row, value);
  if (row.type.kind !== "choice") return value;
  const chosen = row.type.of[value];
  if (chosen === undefined) throw new ZmqError("EINVAL", `${row.name} has no choice with the number ${value}`);
  return chosen;
}

function toTruth({ name, type }: Pick<OptionRow, "name" | "type">, value: number): boolean {
  const truths = type.kind === "boolean" ? type.truths : undefined;
  const isTaken = Number.isInteger(value) && (truths === "any" || (truths === "positive" && value > 0));
  if (value === 0 || value === 1 || isTaken) return value !== 0;
  throw new ZmqError("EINVAL", `${name} is 0 or 1, not ${value}`);
}

function isPublisher(typeName: string): boolean {
  return typeName === "XPUB" || typeName === "PUB";
}

function toOctets(value: number | string | Uint8Array | null): Uint8Array {
  return value instanceof Uint8Array ? Uint8Array.prototype.slice.call(value) : encodeText(String(value ?? ""));
}

function rowOf(id: number, typeName: string): OptionRow {
  const row = optionById(id, typeName);
  if (row === undefined) throw new ZmqError("EINVAL", `${typeName} sockets have no option with the number ${id}`);
  return row;
}

function shapeOf({ type }: OptionRow): Shape {
  if (type.kind === "integer") return type.isLong === true ? "long" : "int";
  return type.kind === "boolean" || type.kind === "choice" || type.kind === "bits" ? "int" : "octets";
}

function misfit(id: number, shape: Shape): ZmqError {
  const kinds = { int: "a number of 32 bits", long: "a number of 64 bits", octets: "text or octets" };
  return new ZmqError("EINVAL", `the option with the number ${id} is not ${kinds[shape]}`);
}
