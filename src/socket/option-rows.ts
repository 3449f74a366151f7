// SPDX-License-Identifier: MIT
/**
 * The socket options: one row each. Accessors, checks, access by number, documentation and tests come from the rows. Names
 * are npm `zeromq`'s; where it has none, libzmq's in camelCase. Facts are those of libzmq's zmq_setsockopt(3) and `options.cpp`.
 */
import { EMPTY } from "../base/bytes.ts";
import { reconnectStops } from "../session/reconnect-policy.ts";
import { curveOptionRows } from "./curve-option-rows.ts";
import { gssapiOptionRows } from "./gssapi-option-rows.ts";
import { limitOptionRows } from "./limit-option-rows.ts";
import { type Kind, MAX_INT, never, type OptionRow, own, readOnly, row } from "./option-row.ts";
import { tlsOptionRows } from "./tls-option-rows.ts";

const READERS = [
  ...["PAIR", "SUB", "REQ", "REP", "DEALER", "ROUTER", "PULL", "XPUB", "XSUB", "STREAM"],
  ...["SERVER", "CLIENT", "DISH", "GATHER", "DGRAM", "PEER", "CHANNEL"],
];
const WRITERS = [
  ...["PAIR", "PUB", "REQ", "REP", "DEALER", "ROUTER", "PUSH", "XPUB", "XSUB", "STREAM"],
  ...["SERVER", "CLIENT", "RADIO", "SCATTER", "DGRAM", "PEER", "CHANNEL"],
];

const boolean: Kind = { kind: "boolean" };
/** What libzmq reads from an integer: from 0 on, or from any. */
const lenient: Kind = { kind: "boolean", truths: "positive" };
const truth: Kind = { kind: "boolean", truths: "any" };
/** To end one of several connections makes no room on the others; a request that was dropped would never be answered. */
const whenFull: Kind = {
  kind: "choice",
  of: [null, "wait", "dropNewest", "dropOldest", "error", "disconnect"],
  notOn: {
    REQ: ["dropNewest", "dropOldest", "error", "disconnect"],
    ...Object.fromEntries(["PUSH", "DEALER", "CLIENT", "SCATTER"].map((type) => [type, ["disconnect"]])),
  },
};
const text: Kind = { kind: "text", max: 255 };
const emptyText: Kind = { kind: "text", max: 255, mayBeEmpty: true };
const longText: Kind = { kind: "text", max: MAX_INT };
const bytes: Kind = { kind: "bytes", max: Number.MAX_SAFE_INTEGER };

function integer(min: number, max: number = MAX_INT): Kind {
  return { kind: "integer", min, max };
}

const unsigned64: Kind = { kind: "integer", min: 0, max: 2 ** 64, isLong: true };
const signed64: Kind = { kind: "integer", min: -(2 ** 63), max: 2 ** 63, isLong: true };

const at = (...on: string[]): { readonly on: readonly string[] } => ({ on });
const now = { immediate: true } as const;
const writeOnly = { isWriteOnly: true } as const;
const ms = { unit: "milliseconds" } as const;
const octets = { unit: "octets" } as const;
const seconds = { unit: "seconds" } as const;

/** Options that are honoured, by some runtime at least. */
const kept: readonly OptionRow[] = [
  row("affinity", 4, "AFFINITY", "2.0", unsigned64, 0, { unit: "bits, one for each of the context's ioThreads" }),
  row("routingId", 5, "ROUTING_ID", "2.0", { kind: "bytes", max: 255 }, EMPTY, {
    ...at("REQ", "REP", "DEALER", "ROUTER"),
    isGeneral: true,
  }),
  own("messageDetails", boolean, false, { on: READERS, ...now }),
  row("rate", 8, "RATE", "2.0", integer(1), 100, { unit: "kilobits a second" }),
  row("recoveryInterval", 9, "RECOVERY_IVL", "2.0", integer(0), 10000, ms),
  row("linger", 17, "LINGER", "2.1", integer(-1), -1, { ...ms, ...now }),
  row("reconnectInterval", 18, "RECONNECT_IVL", "2.1", integer(-1), 100, ms),
  row("backlog", 19, "BACKLOG", "2.1", integer(0), 100, { unit: "connections" }),
  row("reconnectMaxInterval", 21, "RECONNECT_IVL_MAX", "2.1.1", integer(0), 0, ms),
  row("maxMessageSize", 22, "MAXMSGSIZE", "3.0", signed64, -1, octets),
  row("sendHighWaterMark", 23, "SNDHWM", "3.0", integer(0), 1000, {
    on: WRITERS,
    isGeneral: true,
    ...now,
    unit: "messages",
  }),
  row("receiveHighWaterMark", 24, "RCVHWM", "3.0", integer(0), 1000, {
    on: READERS,
    isGeneral: true,
    ...now,
    unit: "messages",
  }),
  own("sendHighWaterMarkBytes", integer(0, Number.MAX_SAFE_INTEGER), 0, octets),
  own("receiveHighWaterMarkBytes", integer(0, Number.MAX_SAFE_INTEGER), 0, octets),
  own("whenFull", whenFull, null, { on: WRITERS, ...now }),
  row("multicastHops", 25, "MULTICAST_HOPS", "3.0", integer(1), 1, {
    on: WRITERS,
    isGeneral: true,
    unit: "network hops",
  }),
  row("receiveTimeout", 27, "RCVTIMEO", "2.2", integer(-1), -1, { on: READERS, isGeneral: true, ...now, ...ms }),
  row("sendTimeout", 28, "SNDTIMEO", "2.2", integer(-1), -1, { on: WRITERS, isGeneral: true, ...now, ...ms }),
  row("mandatory", 33, "ROUTER_MANDATORY", "3.2.1", lenient, false, { ...at("ROUTER"), ...now, ...writeOnly }),
  row("tcpKeepalive", 34, "TCP_KEEPALIVE", "3.2", integer(-1, 1), -1),
  row("tcpKeepaliveCount", 35, "TCP_KEEPALIVE_CNT", "3.2", integer(-1), -1, { unit: "probes" }),
  row("tcpKeepaliveIdle", 36, "TCP_KEEPALIVE_IDLE", "3.2", integer(-1), -1, seconds),
  row("tcpKeepaliveInterval", 37, "TCP_KEEPALIVE_INTVL", "3.2", integer(-1), -1, seconds),
  row("tcpAcceptFilter", 38, "TCP_ACCEPT_FILTER", "3.2", { kind: "networks" }, [], writeOnly),
  row("immediate", 39, "IMMEDIATE", "3.2", boolean, false),
  row("routerRaw", 41, "ROUTER_RAW", "4.0", lenient, false, { ...at("ROUTER"), ...writeOnly }),
  row("ipv6", 42, "IPV6", "4.0", boolean, false),
  row("plainServer", 44, "PLAIN_SERVER", "4.0", boolean, false),
  row("plainUsername", 45, "PLAIN_USERNAME", "4.0", text, null),
  row("plainPassword", 46, "PLAIN_PASSWORD", "4.0", text, null),
  row("probeRouter", 51, "PROBE_ROUTER", "4.0", lenient, false, {
    ...at("REQ", "DEALER", "ROUTER"),
    ...now,
    ...writeOnly,
  }),
  row("correlate", 52, "REQ_CORRELATE", "4.0", lenient, false, { ...at("REQ"), ...now, ...writeOnly }),
  row("relaxed", 53, "REQ_RELAXED", "4.0", lenient, false, { ...at("REQ"), ...now, ...writeOnly }),
  row("conflate", 54, "CONFLATE", "4.0", { kind: "boolean", orByKey: true }, false, {
    ...at("PULL", "PUSH", "SUB", "PUB", "DEALER", "GATHER", "SCATTER"),
    isGeneral: true,
  }),
  row("zapDomain", 55, "ZAP_DOMAIN", "4.0", emptyText, null),
  row("handover", 56, "ROUTER_HANDOVER", "4.1", lenient, false, { ...at("ROUTER"), ...now, ...writeOnly }),
  row("typeOfService", 57, "TOS", "4.1", integer(0), 0),
  row("handshakeInterval", 66, "HANDSHAKE_IVL", "4.1", integer(0), 30000, ms),
  row("socksProxy", 68, "SOCKS_PROXY", "4.1", longText, null),
  row("noDrop", 69, "XPUB_NODROP", "4.1", lenient, false, { ...at("PUB", "XPUB", "RADIO"), ...now, ...writeOnly }),
  row("manual", 71, "XPUB_MANUAL", "4.2", lenient, false, { ...at("XPUB"), ...now, ...writeOnly }),
  row("welcomeMessage", 72, "XPUB_WELCOME_MSG", "4.2", bytes, null, { ...at("XPUB", "PUB"), ...now, ...writeOnly }),
  row("notify", 73, "STREAM_NOTIFY", "4.2", boolean, true, { ...at("STREAM"), ...now, ...writeOnly }),
  row("invertMatching", 74, "INVERT_MATCHING", "4.2", truth, false, {
    ...at("PUB", "XPUB", "SUB"),
    isGeneral: true,
    ...now,
  }),
  row("heartbeatInterval", 75, "HEARTBEAT_IVL", "4.2", integer(0), 0, ms),
  row("heartbeatTimeToLive", 76, "HEARTBEAT_TTL", "4.2", { ...integer(0, 6553599), step: 100 } as Kind, 0, ms),
  row("heartbeatTimeout", 77, "HEARTBEAT_TIMEOUT", "4.2", integer(-1), -1, ms),
  row("verbosity", 78, "XPUB_VERBOSER", "4.2", { kind: "choice", of: [null, "allSubs", "allSubsUnsubs"] }, null, {
    ...at("XPUB"),
    ...now,
    ...writeOnly,
  }),
  row("connectTimeout", 79, "CONNECT_TIMEOUT", "4.2", integer(0), 0, ms),
  row("multicastMaxTransportDataUnit", 84, "MULTICAST_MAXTPDU", "4.2", integer(1), 1500, octets),
  row("useFd", 89, "USE_FD", "4.2", integer(-1), -1),
  own("authorize", { kind: "authorization" }, null),
  row("zapEnforceDomain", 93, "ZAP_ENFORCE_DOMAIN", "4.3", truth, false),
  row("loopbackFastPath", 94, "LOOPBACK_FASTPATH", "4.3", truth, false),
  row("metadata", 95, "METADATA", "draft 4.2.4", { kind: "properties" }, [], writeOnly),
  row("multicastLoop", 96, "MULTICAST_LOOP", "draft 4.3.0", truth, true),
  row("routerNotify", 97, "ROUTER_NOTIFY", "draft 4.3.0", integer(0, 3), 0, { ...at("ROUTER"), ...now }),
  row("manualLastValue", 98, "XPUB_MANUAL_LAST_VALUE", "draft 4.3.2", lenient, false, {
    ...at("XPUB"),
    ...now,
    ...writeOnly,
  }),
  row("socksUsername", 99, "SOCKS_USERNAME", "draft 4.3.2", emptyText, null),
  row("socksPassword", 100, "SOCKS_PASSWORD", "draft 4.3.2", emptyText, null),
  row("inBatchSize", 101, "IN_BATCH_SIZE", "draft 4.3.2", integer(1), 8192, octets),
  row("outBatchSize", 102, "OUT_BATCH_SIZE", "draft 4.3.2", integer(1), 8192, octets),
  row("onlyFirstSubscribe", 108, "ONLY_FIRST_SUBSCRIBE", "draft 4.3.3", lenient, false, {
    ...at("XPUB", "XSUB"),
    ...writeOnly,
  }),
  row("reconnectStop", 109, "RECONNECT_STOP", "draft 4.3.3", { kind: "bits", max: 7, of: reconnectStops }, 0),
  own("reconnectAttempts", integer(0), 0, { unit: "attempts" }),
  own("reconnectJitter", { kind: "choice", of: [null, "none", "half", "full"] }, null),
  row("helloMessage", 110, "HELLO_MSG", "draft 4.3.3", bytes, null, {
    ...at("DEALER", "ROUTER", "REP", "SERVER", "CLIENT", "PEER"),
    isGeneral: true,
    ...writeOnly,
  }),
  row("disconnectMessage", 111, "DISCONNECT_MSG", "draft 4.3.3", bytes, null, {
    ...at("ROUTER", "SERVER", "PEER"),
    isGeneral: true,
    ...writeOnly,
  }),
  row("hiccupMessage", 114, "HICCUP_MSG", "draft 4.3.5", bytes, null, {
    ...at("DEALER", "CLIENT", "PEER"),
    isGeneral: true,
    ...writeOnly,
  }),
  row("verboseUnsubscribe", 115, "XSUB_VERBOSE_UNSUBSCRIBE", "draft 4.3.5", truth, false, {
    ...at("XSUB"),
    ...now,
    ...writeOnly,
  }),
];

/** What the socket itself knows. */
const shown: readonly OptionRow[] = [
  readOnly("threadSafe", 81, "THREAD_SAFE", "4.2", boolean),
  readOnly("topicsCount", 116, "TOPICS_COUNT", "draft 4.3.5", integer(0), ["PUB", "SUB", "XPUB", "XSUB"]),
];

const REACH = "no JavaScript runtime has a call that sets it on a TCP connection";
const VMCI = "VMCI sockets need VMware's library, which no JavaScript runtime has";
const NORM = "the NORM transport needs a library of its own, which no JavaScript runtime has";
const PEERCRED = "no JavaScript runtime tells which process is at the other end of a Unix domain socket";

/** Options that take their defaults only. */
const refused: readonly OptionRow[] = [
  ...never(
    `${REACH}; the operating system's own default and limits hold (on Linux net.ipv4.tcp_wmem and tcp_rmem)`,
    ["sendBufferSize", 11, "SNDBUF", "2.0", integer(-1), -1, { on: WRITERS, isGeneral: true, ...octets }],
    ["receiveBufferSize", 12, "RCVBUF", "2.0", integer(-1), -1, { on: READERS, isGeneral: true, ...octets }],
  ),
  ...never(`${REACH}; set heartbeatInterval and heartbeatTimeout to notice a lost peer`, [
    "tcpMaxRetransmitTimeout",
    80,
    "TCP_MAXRT",
    "4.2",
    integer(0),
    0,
    ms,
  ]),
  ...never(
    `${REACH}; bind to the interface (tcp://eth0:5555), or connect from it (tcp://eth0:0;server:5555), which needs no privilege either`,
    ["interface", 92, "BINDTODEVICE", "4.3", { kind: "text", max: 16 }, null],
  ),
  ...never(
    REACH,
    ["priority", 112, "PRIORITY", "draft 4.3.4", integer(0), 0],
    ["busyPoll", 113, "BUSY_POLL", "draft 4.3.5", integer(-MAX_INT - 1), 0, { unit: "microseconds", ...writeOnly }],
  ),
  ...never(
    PEERCRED,
    ["ipcFilterPid", 58, "IPC_FILTER_PID", "4.1", integer(-MAX_INT - 1), null, writeOnly],
    ["ipcFilterUid", 59, "IPC_FILTER_UID", "4.1", integer(-MAX_INT - 1), null, writeOnly],
    ["ipcFilterGid", 60, "IPC_FILTER_GID", "4.1", integer(-MAX_INT - 1), null, writeOnly],
  ),
  ...never(
    VMCI,
    ["vmciBufferSize", 85, "VMCI_BUFFER_SIZE", "4.2", unsigned64, 0, { ...octets, ...writeOnly }],
    ["vmciBufferMinSize", 86, "VMCI_BUFFER_MIN_SIZE", "4.2", unsigned64, 0, { ...octets, ...writeOnly }],
    ["vmciBufferMaxSize", 87, "VMCI_BUFFER_MAX_SIZE", "4.2", unsigned64, 0, { ...octets, ...writeOnly }],
    ["vmciConnectTimeout", 88, "VMCI_CONNECT_TIMEOUT", "4.2", integer(-1), -1, { ...ms, ...writeOnly }],
  ),
  ...never(
    NORM,
    ["normMode", 117, "NORM_MODE", "draft 4.3.5", integer(0, 4), 1],
    ["normUnicastNack", 118, "NORM_UNICAST_NACK", "draft 4.3.5", boolean, false],
    ["normBufferSize", 119, "NORM_BUFFER_SIZE", "draft 4.3.5", integer(1), 2048, { unit: "kilo-octets" }],
    ["normSegmentSize", 120, "NORM_SEGMENT_SIZE", "draft 4.3.5", integer(1), 1400, octets],
    ["normBlockSize", 121, "NORM_BLOCK_SIZE", "draft 4.3.5", integer(1, 255), 16],
    ["normNumParity", 122, "NORM_NUM_PARITY", "draft 4.3.5", integer(0, 254), 4],
    ["normNumAutoparity", 123, "NORM_NUM_AUTOPARITY", "draft 4.3.5", integer(0, 254), 0],
    ["normPush", 124, "NORM_PUSH", "draft 4.3.5", boolean, false],
  ),
];

/** All options. */
export const optionRows: readonly OptionRow[] = [
  ...kept,
  ...limitOptionRows,
  ...curveOptionRows,
  ...gssapiOptionRows,
  ...tlsOptionRows,
  ...shown,
  ...refused,
];
