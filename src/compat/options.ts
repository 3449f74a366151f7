// SPDX-License-Identifier: MIT
/** Options of version 5 of npm `zeromq`: by libzmq's number or a short name, and which property of today each of them is. */
import * as zmq from "./constants.ts";

/** A socket, as a bag of properties; which of them it has depends on its type. */
export type Properties = Record<string, unknown>;

/** A short name of an option. */
export type ShortOption =
  | "_fd"
  | "_ioevents"
  | "_receiveMore"
  | "_subscribe"
  | "_unsubscribe"
  | "affinity"
  | "backlog"
  | "identity"
  | "linger"
  | "rate"
  | "rcvbuf"
  | "last_endpoint"
  | "reconnect_ivl"
  | "recovery_ivl"
  | "sndbuf"
  | "mechanism"
  | "plain_server"
  | "plain_username"
  | "plain_password"
  | "curve_server"
  | "curve_publickey"
  | "curve_secretkey"
  | "curve_serverkey"
  | "zap_domain"
  | "heartbeat_ivl"
  | "heartbeat_ttl"
  | "heartbeat_timeout"
  | "connect_timeout";

/** The short names, as properties of a socket and for `setsockopt`. */
export const shortOptions: Readonly<Record<ShortOption, number>> = {
  _fd: zmq.ZMQ_FD,
  _ioevents: zmq.ZMQ_EVENTS,
  _receiveMore: zmq.ZMQ_RCVMORE,
  _subscribe: zmq.ZMQ_SUBSCRIBE,
  _unsubscribe: zmq.ZMQ_UNSUBSCRIBE,
  affinity: zmq.ZMQ_AFFINITY,
  backlog: zmq.ZMQ_BACKLOG,
  identity: zmq.ZMQ_IDENTITY,
  linger: zmq.ZMQ_LINGER,
  rate: zmq.ZMQ_RATE,
  rcvbuf: zmq.ZMQ_RCVBUF,
  last_endpoint: zmq.ZMQ_LAST_ENDPOINT,
  reconnect_ivl: zmq.ZMQ_RECONNECT_IVL,
  recovery_ivl: zmq.ZMQ_RECOVERY_IVL,
  sndbuf: zmq.ZMQ_SNDBUF,
  mechanism: zmq.ZMQ_MECHANISM,
  plain_server: zmq.ZMQ_PLAIN_SERVER,
  plain_username: zmq.ZMQ_PLAIN_USERNAME,
  plain_password: zmq.ZMQ_PLAIN_PASSWORD,
  curve_server: zmq.ZMQ_CURVE_SERVER,
  curve_publickey: zmq.ZMQ_CURVE_PUBLICKEY,
  curve_secretkey: zmq.ZMQ_CURVE_SECRETKEY,
  curve_serverkey: zmq.ZMQ_CURVE_SERVERKEY,
  zap_domain: zmq.ZMQ_ZAP_DOMAIN,
  heartbeat_ivl: zmq.ZMQ_HEARTBEAT_IVL,
  heartbeat_ttl: zmq.ZMQ_HEARTBEAT_TTL,
  heartbeat_timeout: zmq.ZMQ_HEARTBEAT_TIMEOUT,
  connect_timeout: zmq.ZMQ_CONNECT_TIMEOUT,
};

/** Values that are the same in both versions. */
const PLAIN: Readonly<Record<number, string>> = {
  [zmq.ZMQ_AFFINITY]: "affinity",
  [zmq.ZMQ_IDENTITY]: "routingId",
  [zmq.ZMQ_RATE]: "rate",
  [zmq.ZMQ_RECOVERY_IVL]: "recoveryInterval",
  [zmq.ZMQ_SNDBUF]: "sendBufferSize",
  [zmq.ZMQ_RCVBUF]: "receiveBufferSize",
  [zmq.ZMQ_LINGER]: "linger",
  [zmq.ZMQ_RECONNECT_IVL]: "reconnectInterval",
  [zmq.ZMQ_BACKLOG]: "backlog",
  [zmq.ZMQ_RECONNECT_IVL_MAX]: "reconnectMaxInterval",
  [zmq.ZMQ_MAXMSGSIZE]: "maxMessageSize",
  [zmq.ZMQ_SNDHWM]: "sendHighWaterMark",
  [zmq.ZMQ_RCVHWM]: "receiveHighWaterMark",
  [zmq.ZMQ_MULTICAST_HOPS]: "multicastHops",
  [zmq.ZMQ_RCVTIMEO]: "receiveTimeout",
  [zmq.ZMQ_SNDTIMEO]: "sendTimeout",
  [zmq.ZMQ_TCP_KEEPALIVE]: "tcpKeepalive",
  [zmq.ZMQ_TCP_KEEPALIVE_CNT]: "tcpKeepaliveCount",
  [zmq.ZMQ_TCP_KEEPALIVE_IDLE]: "tcpKeepaliveIdle",
  [zmq.ZMQ_TCP_KEEPALIVE_INTVL]: "tcpKeepaliveInterval",
  [zmq.ZMQ_HEARTBEAT_IVL]: "heartbeatInterval",
  [zmq.ZMQ_HEARTBEAT_TTL]: "heartbeatTimeToLive",
  [zmq.ZMQ_HEARTBEAT_TIMEOUT]: "heartbeatTimeout",
  [zmq.ZMQ_CONNECT_TIMEOUT]: "connectTimeout",
};

/** Texts, which may be given as buffers. */
const TEXTS: Readonly<Record<number, string>> = {
  [zmq.ZMQ_TCP_ACCEPT_FILTER]: "tcpAcceptFilter",
  [zmq.ZMQ_PLAIN_USERNAME]: "plainUsername",
  [zmq.ZMQ_PLAIN_PASSWORD]: "plainPassword",
  [zmq.ZMQ_CURVE_PUBLICKEY]: "curvePublicKey",
  [zmq.ZMQ_CURVE_SECRETKEY]: "curveSecretKey",
  [zmq.ZMQ_CURVE_SERVERKEY]: "curveServerKey",
  [zmq.ZMQ_ZAP_DOMAIN]: "zapDomain",
};

/** Yes or no: anything is taken, 1 or 0 is given. */
const SWITCHES: Readonly<Record<number, string>> = {
  [zmq.ZMQ_ROUTER_MANDATORY]: "mandatory",
  [zmq.ZMQ_ROUTER_HANDOVER]: "handover",
  [zmq.ZMQ_ROUTER_RAW]: "routerRaw",
  [zmq.ZMQ_DELAY_ATTACH_ON_CONNECT]: "immediate",
  [zmq.ZMQ_IPV6]: "ipv6",
  [zmq.ZMQ_PLAIN_SERVER]: "plainServer",
  [zmq.ZMQ_CURVE_SERVER]: "curveServer",
};

/** libzmq's numbers of the security mechanisms. */
const MECHANISMS: readonly unknown[] = [null, "plain", "curve", "gssapi"];

/** The number of an option that is given by its number or its short name. */
export function optionNumber(option: number | string): number {
  if (typeof option === "number") return option;
  return Object.hasOwn(shortOptions, option) ? shortOptions[option as ShortOption] : Number.NaN;
}

/** Sets an option. @throws Error when there is none, and what the option itself throws */
export function setOption(socket: Properties, option: number, value: unknown): void {
  const property = PLAIN[option] ?? TEXTS[option];
  if (property !== undefined) assign(socket, option, property, TEXTS[option] === undefined ? value : toText(value));
  else if (SWITCHES[option] !== undefined) assign(socket, option, SWITCHES[option], Boolean(value));
  else if (option === zmq.ZMQ_IPV4ONLY) socket["ipv6"] = !(value as boolean);
  else if (option === zmq.ZMQ_XPUB_VERBOSE) socket["verbosity"] = value ? "allSubs" : null;
  else throw new Error("Unknown option");
}

/** Reads an option. @throws Error when there is none */
export function getOption(socket: Properties, option: number): string | number | boolean | null {
  if (option === zmq.ZMQ_FD) throw notSupported("ZMQ_FD");
  if (option === zmq.ZMQ_RCVMORE) throw notSupported("ZMQ_RCVMORE");
  if (option === zmq.ZMQ_EVENTS) {
    return (socket["readable"] === true ? zmq.ZMQ_POLLIN : 0) | (socket["writable"] === true ? zmq.ZMQ_POLLOUT : 0);
  }
  if (option === zmq.ZMQ_TYPE) return socket["type"] as number;
  if (option === zmq.ZMQ_LAST_ENDPOINT) return socket["lastEndpoint"] as string | null;
  if (option === zmq.ZMQ_IPV4ONLY) return socket["ipv6"] !== true;
  if (option === zmq.ZMQ_XPUB_VERBOSE) return socket["verbosity"] === null ? 0 : 1;
  if (option === zmq.ZMQ_MECHANISM) return Math.max(0, MECHANISMS.indexOf(socket["securityMechanism"]));
  const property = PLAIN[option] ?? TEXTS[option] ?? SWITCHES[option];
  if (property === undefined) throw new Error("Unknown option");
  const value = property in socket ? socket[property] : numbered(socket, option).get(option);
  return typeof value === "boolean" ? Number(value) : (value as string | number | null);
}

/**
 * Sets a property, or where sockets of this type have none, the option itself: libzmq takes some of all types, and programs
 * of version 5 set them, such as the identity of a PUB.
 */
function assign(socket: Properties, option: number, property: string, value: unknown): void {
  if (property in socket) socket[property] = value;
  else numbered(socket, option).set(option, value);
}

/** Options by number, as {@link Properties} of a socket that its own classes use. */
function numbered(
  socket: Properties,
  option: number,
): { get(id: number): unknown; set(id: number, value: unknown): void } {
  const of = socket as {
    getStringOption(id: number): unknown;
    setStringOption(id: number, value: unknown): void;
    getInt32Option(id: number): unknown;
    setInt32Option(id: number, value: number): void;
  };
  return option === zmq.ZMQ_IDENTITY
    ? { get: (id) => of.getStringOption(id), set: (id, value) => of.setStringOption(id, value) }
    : { get: (id) => of.getInt32Option(id), set: (id, value) => of.setInt32Option(id, Number(value)) };
}

/** Keys of CURVE may be 32 octets instead of text. */
function toText(value: unknown): unknown {
  if (!(value instanceof Uint8Array) || value.length === 32) return value;
  return new TextDecoder().decode(value);
}

function notSupported(name: string): Error {
  return new Error(`${name} is not supported in compatibility mode`);
}
