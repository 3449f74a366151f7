// SPDX-License-Identifier: MIT
/** Statistics of a socket as text that collectors of metrics read (https://openmetrics.io, version 1.0.0). */
import type { SocketStatistics } from "../socket/statistics.ts";

export type {
  Backlog,
  DroppedMessages,
  PeerStatistics,
  SocketStatistics,
  Traffic,
} from "../socket/statistics.ts";

/** One metric: its samples are a number, and labels of their own. */
type Metric = readonly [name: string, type: "counter" | "gauge", help: string, ...samples: Sample[]];
type Sample = readonly [value: number, labels?: Readonly<Record<string, string>>];

/**
 * Statistics as OpenMetrics text, for a collector such as Prometheus. The labels are set on every line; give each socket its own.
 * @example
 * ```ts
 * response.setHeader("Content-Type", "application/openmetrics-text; version=1.0.0");
 * response.end(toOpenMetrics(publisher.statistics(), { socket: "feed" }));
 * ```
 */
export function toOpenMetrics(statistics: SocketStatistics, labels: Readonly<Record<string, string>> = {}): string {
  const { dropped, outgoing, incoming, peers } = statistics;
  const reasons = Object.entries(dropped).map(([reason, value]): Sample => [value, { reason }]);
  const limits = Object.entries(statistics.limitsPassed).map(([limit, value]): Sample => [value, { limit }]);
  const datagrams = Object.entries(statistics.datagramsDropped).map(([code, value]): Sample => [value, { code }]);
  const metrics: Metric[] = [
    ["messages_sent", "counter", "Messages given to peers.", [statistics.sent]],
    ["messages_received", "counter", "Messages taken from peers.", [statistics.received]],
    ["messages_dropped", "counter", "Messages dropped, by reason.", ...reasons],
    ["octets_sent", "counter", "Octets handed to the network.", [statistics.octetsSent]],
    ["octets_received", "counter", "Octets that came from the network.", [statistics.octetsReceived]],
    ["queued_messages", "gauge", "Messages that wait.", ...byDirection(outgoing.messages, incoming.messages)],
    ["queued_octets", "gauge", "Octets that wait.", ...byDirection(outgoing.octets, incoming.octets)],
    ["connections", "counter", "Connections whose handshake was finished.", [statistics.connections]],
    ["reconnections", "counter", "Connections in the place of one that was lost.", [statistics.reconnections]],
    ["handshake_failures", "counter", "Connections that ended in their handshake.", [statistics.handshakeFailures]],
    ["limits_passed", "counter", "Peers turned away, by the limit that they passed.", ...limits],
    ["datagrams_dropped", "counter", "Datagrams dropped, by the code of the reason.", ...datagrams],
    ["handshakes", "gauge", "Accepted connections that have not finished their handshakes.", [statistics.handshakes]],
    ["peers", "gauge", "Peers that are connected.", [peers.filter(({ isConnected }) => isConnected).length]],
  ];
  return `${metrics.map((metric) => textOf(metric, labels)).join("")}# EOF\n`;
}

function byDirection(outgoing: number, incoming: number): Sample[] {
  return [
    [outgoing, { direction: "out" }],
    [incoming, { direction: "in" }],
  ];
}

function textOf([name, type, help, ...samples]: Metric, labels: Readonly<Record<string, string>>): string {
  const family = `zeromq_${name}`;
  const suffix = type === "counter" ? "_total" : "";
  const lines = samples.map(([value, own]) => `${family}${suffix}${labelsOf({ ...labels, ...own })} ${value}\n`);
  return `# TYPE ${family} ${type}\n# HELP ${family} ${help}\n${lines.join("")}`;
}

function labelsOf(labels: Readonly<Record<string, string>>): string {
  const pairs = Object.entries(labels).map(([name, value]) => `${name}="${escape(value)}"`);
  return pairs.length === 0 ? "" : `{${pairs.join(",")}}`;
}

function escape(value: string): string {
  return value.replaceAll("\\", "\\\\").replaceAll('"', '\\"').replaceAll("\n", "\\n");
}
