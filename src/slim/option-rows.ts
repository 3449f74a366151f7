// SPDX-License-Identifier: MIT
/**
 * In the place of `socket/option-rows.ts` in browsers: the options that mean something there, without libzmq's names and numbers. All others
 * are no options of a page's sockets. A test holds each row against the whole table's.
 */
import { EMPTY } from "../base/bytes.ts";
import { reconnectStops } from "../session/reconnect-policy.ts";
import type { Kind, OptionRow } from "../socket/option-row.ts";

const READERS = "PAIR SUB REQ REP DEALER ROUTER PULL XPUB XSUB STREAM SERVER CLIENT DISH GATHER DGRAM PEER CHANNEL";
const WRITERS = "PAIR PUB REQ REP DEALER ROUTER PUSH XPUB XSUB STREAM SERVER CLIENT RADIO SCATTER DGRAM PEER CHANNEL";

const rows: OptionRow[] = [];

/** `on`: types with a space between; `isImmediate`: it takes effect at once. */
function add(name: string, type: Kind, otherwise: unknown, isImmediate = false, on?: string): void {
  rows.push({
    ...({ name, type, default: otherwise } as OptionRow),
    ...(isImmediate ? { immediate: true } : {}),
    ...(on === undefined ? {} : { on: on.split(" ") }),
  });
}

function integers(min: number, isImmediate: boolean, on: string | undefined, defaults: Record<string, number>): void {
  for (const [name, value] of Object.entries(defaults)) {
    add(name, { kind: "integer", min, max: 2147483647 }, value, isImmediate, on);
  }
}

function switches(on: string | undefined, isImmediate: boolean, ...names: string[]): void {
  for (const name of names) add(name, { kind: "boolean" }, false, isImmediate, on);
}

function choice(name: string, more: Omit<Kind & { kind: "choice" }, "kind">, isImmediate = false, on?: string): void {
  add(name, { kind: "choice", ...more }, null, isImmediate, on);
}

const bytes: Kind = { kind: "bytes", max: Number.MAX_SAFE_INTEGER };
const text: Kind = { kind: "text", max: 255 };
const octets: Kind = { kind: "integer", min: 0, max: Number.MAX_SAFE_INTEGER };

switches(undefined, false, "immediate");
switches(READERS, true, "messageDetails");
switches("ROUTER", true, "mandatory", "handover");
switches("REQ DEALER ROUTER", true, "probeRouter");
switches("REQ", true, "correlate", "relaxed");
switches("PUB XPUB RADIO", true, "noDrop");
switches("PUB XPUB SUB", true, "invertMatching");
switches("XPUB", true, "manual", "manualLastValue");
switches("XPUB XSUB", false, "onlyFirstSubscribe");
switches("XSUB", true, "verboseUnsubscribe");
integers(-1, true, undefined, { linger: -1 });
integers(-1, true, READERS, { receiveTimeout: -1 });
integers(-1, true, WRITERS, { sendTimeout: -1 });
integers(0, true, READERS, { receiveHighWaterMark: 1000 });
integers(0, true, WRITERS, { sendHighWaterMark: 1000 });
integers(-1, false, undefined, { reconnectInterval: 100, heartbeatTimeout: -1 });
integers(0, false, undefined, {
  reconnectMaxInterval: 0,
  reconnectAttempts: 0,
  handshakeInterval: 30000,
  heartbeatInterval: 0,
  connectTimeout: 0,
});
add("routerNotify", { kind: "integer", min: 0, max: 3 }, 0, true, "ROUTER");
add("heartbeatTimeToLive", { kind: "integer", min: 0, max: 6553599, step: 100 }, 0);
add("maxMessageSize", { kind: "integer", min: -(2 ** 63), max: 2 ** 63, isLong: true }, -1);
add("maxMessageParts", { kind: "integer", min: 1, max: 2147483647 }, 1_000_000);
add("maxMessageBytes", { kind: "integer", min: -1, max: Number.MAX_SAFE_INTEGER }, -1);
add("sendHighWaterMarkBytes", octets, 0);
add("receiveHighWaterMarkBytes", octets, 0);
add("routingId", { kind: "bytes", max: 255 }, EMPTY, false, "REQ REP DEALER ROUTER");
add("plainUsername", text, null);
add("plainPassword", text, null);
add("curvePublicKey", { kind: "key" }, null);
add("curveSecretKey", { kind: "key", isSecret: true }, null);
add("curveServerKey", { kind: "key" }, null);
add("conflate", { kind: "boolean", orByKey: true }, false, false, "PULL PUSH SUB PUB DEALER GATHER SCATTER");
add("metadata", { kind: "properties" }, []);
add("reconnectStop", { kind: "bits", max: 7, of: reconnectStops }, 0);
choice("reconnectJitter", { of: [null, "none", "half", "full"] });
choice("verbosity", { of: [null, "allSubs", "allSubsUnsubs"] }, true, "XPUB");
const drops = ["dropNewest", "dropOldest", "error", "disconnect"];
const cut = ["disconnect"];
const notOn = { REQ: drops, PUSH: cut, DEALER: cut, CLIENT: cut, SCATTER: cut };
choice("whenFull", { of: [null, "wait", ...drops], notOn }, true, WRITERS);
add("welcomeMessage", bytes, null, true, "XPUB PUB");
add("helloMessage", bytes, null, false, "DEALER ROUTER REP SERVER CLIENT PEER");
add("disconnectMessage", bytes, null, false, "ROUTER SERVER PEER");
add("hiccupMessage", bytes, null, false, "DEALER CLIENT PEER");
// Refused, or of no consequence, when they are set; read all the same.
add("affinity", octets, 0);
add("authorize", { kind: "authorization" }, null);
rows.push({
  ...({ name: "topicsCount", type: octets, on: ["PUB", "SUB", "XPUB", "XSUB"] } as unknown as OptionRow),
  isReadOnly: true,
});

/** All options. */
export const optionRows: readonly OptionRow[] = rows;
