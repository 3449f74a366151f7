// SPDX-License-Identifier: MIT
/**
 * What this library sets out to reach, as data: twelve targets, each with what it wants at least and what would be better
 * still. All limits are ratios to peers of the same run, or octets and seconds. Neighbours: checks.ts, target.ts.
 */
import type { Results } from "../results.ts";
import { figure, growth, type Limit, over, type Peer, type Place, times } from "./checks.ts";
import { type Check, type Judgement, judge, type Target } from "./target.ts";

const libzmq: Peer = ["libzmq", "libzmq C"];
const libzmqPair: Peer = ["libzmq-pair", "libzmq C"];
const zeromqJs: Peer = ["zeromq.js", "zeromq.js"];
const raw: Peer = ["raw", "raw node:net"];

const millions = { scale: 1e-6, unit: "M messages/s" };
const kibibytes = { scale: 1 / 1024, unit: "KiB" };
const mebibytes = { scale: 1 / 1024 / 1024, unit: "MiB" };

const smallSizes = [1, 16, 64, 256];
const allSizes = [...smallSizes, 1024, 16_384, 65_536];

function throughput(size: number): Place {
  return { suite: "throughput", parameters: { transport: "tcp", size } };
}

function fasterThan(peer: Peer, id: string, sizes: readonly number[], atLeast: number): Check[] {
  return sizes.map((size) => times(throughput(size), id, peer, "rate", { atLeast }));
}

function latency(limit: Limit, against: "raw" | "libzmq"): Check[] {
  return ["tcp", "ipc"].flatMap((transport) => {
    const place = (what: string) => ({ suite: "latency", parameters: { transport, size: 1 }, what });
    return [
      times(place("REQ / REP"), "ours", against === "raw" ? raw : libzmq, "p50", limit),
      times(place("PAIR"), "ours-pair", against === "raw" ? raw : libzmqPair, "p50", limit),
    ];
  });
}

function fanOut(subscribers: number): Check {
  return times({ suite: "fan-out", parameters: { subscribers } }, "ours", libzmq, "rate", { atLeast: 2 });
}

function router(clients: number): Check {
  return times({ suite: "router", parameters: { clients } }, "ours", zeromqJs, "rate", { atLeast: 4 });
}

const busyClients = (count: number) => ({
  parameters: { clients: count, requests: 64 },
  name: count === 1 ? "1 client" : `${count} clients`,
});
const prefixes = (count: number, name: string) => ({ parameters: { prefixes: count, size: 16 }, name });

const targets: readonly Target[] = [
  {
    number: 1,
    what: "Throughput of trySend and receiveBatch, tcp, 1 octet to 64 KiB",
    atLeast: { text: "as fast as libzmq C at every size", checks: fasterThan(libzmq, "ours-batch", allSizes, 1) },
    stretch: {
      text: "1.5 × libzmq C at every size, 8 M messages/s at 1 and 16 octets",
      checks: [
        ...fasterThan(libzmq, "ours-batch", allSizes, 1.5),
        ...[1, 16].map((size) => figure(throughput(size), "ours-batch", "rate", { atLeast: 8e6 }, millions)),
      ],
    },
  },
  {
    number: 2,
    what: "Throughput with a promise per message on both sides (await send, for await), tcp",
    atLeast: {
      text: "8 × zeromq.js to 256 octets, 4 × at 1 KiB, 1.2 × at 64 KiB",
      checks: [
        ...fasterThan(zeromqJs, "ours-await", smallSizes, 8),
        ...fasterThan(zeromqJs, "ours-await", [1024], 4),
        ...fasterThan(zeromqJs, "ours-await", [65_536], 1.2),
      ],
    },
    stretch: { text: "0.7 × libzmq C at every size", checks: fasterThan(libzmq, "ours-await", allSizes, 0.7) },
  },
  {
    number: 3,
    what: "Latency, median of 1 octet one way, REQ / REP and PAIR, tcp and ipc",
    atLeast: {
      text: "at most 1.15 × raw node:net and 0.8 × libzmq C",
      checks: [...latency({ atMost: 1.15 }, "raw"), ...latency({ atMost: 0.8 }, "libzmq")],
    },
    stretch: { text: "at most 1.05 × raw node:net", checks: latency({ atMost: 1.05 }, "raw") },
  },
  {
    number: 4,
    what: "PUB to 1, 10, 100 and 1000 subscribers, deliveries a second",
    atLeast: {
      text: "2 × libzmq C, both with each library's own subscribers in one process and with the same sink for all",
      checks: [1, 10, 100, 1000].map(fanOut),
    },
    stretch: { text: "a message is encoded once, and all subscribers get the same octets", checks: [] },
  },
  {
    number: 5,
    what: "ROUTER with 1 to 1000 DEALER clients, requests a second",
    atLeast: {
      text: "4 × zeromq.js, and a message costs the same with 1 client and with 1000",
      checks: [
        ...[1, 10, 100, 1000].map(router),
        growth("router", "ours", "rate", busyClients(1), busyClients(1000), { atLeast: 2 / 3 }),
      ],
    },
    note:
      "the same cost: with 64 requests of each client under way, so that a write may carry as many from one client as from each of 1000, " +
      "the rate at 1000 clients is at least two thirds of that at 1",
  },
  {
    number: 6,
    what: "Matching of subscriptions, 1 to 1 M prefixes",
    atLeast: {
      text: "the cost grows with the topic's length and not with the number of prefixes",
      checks: [
        growth("matching", "ours", "rate", prefixes(1, "1 prefix"), prefixes(1e6, "1 M prefixes"), { atLeast: 1 / 3 }),
        growth("matching", "ours", "rate", prefixes(10, "10 prefixes"), prefixes(1e6, "1 M prefixes"), {
          atLeast: 1 / 3,
        }),
      ],
    },
    note: "not with the number: at most three times the cost, for a million prefixes are in no processor's cache",
  },
  {
    number: 7,
    what: "inproc, both sockets in one thread",
    atLeast: {
      text: "10 M messages/s",
      checks: [figure({ suite: "inproc" }, "ours-batch", "rate", { atLeast: 10e6 }, millions)],
    },
  },
  {
    number: 8,
    what: "Throughput with CURVE, 64 octets to 64 KiB",
    atLeast: {
      text: "1.5 × zeromq.js with CURVE up to 1 KiB",
      checks: [64, 256, 1024].map((size) =>
        times({ suite: "curve", parameters: { transport: "tcp", size } }, "ours-batch", zeromqJs, "rate", {
          atLeast: 1.5,
        }),
      ),
    },
  },
  {
    number: 9,
    what: "Memory of an idle tcp connection, over what a bare node:net socket takes",
    atLeast: { text: "at most 4 KiB", checks: idleMemory(4096) },
    stretch: { text: "at most 2 KiB", checks: idleMemory(2048) },
  },
  {
    number: 10,
    what: "Memory with a fast sender and a receiver that has stalled",
    atLeast: {
      text: "bounded by the high-water marks, and flat",
      checks: [
        stalled("JavaScript's memory", "heap", 8),
        stalled("growth of JavaScript's memory", "heapGrowth", 1),
        stalled("growth of resident memory", "growth", 4),
      ],
    },
    note:
      "bounded: at most 8 MiB of JavaScript's memory above the start, of which the marks allow 1 to 2 MiB of messages; flat: once " +
      "the queues are full, at most 1 MiB more of it and 4 MiB of resident memory; the soak tests watch for minutes",
  },
  {
    number: 11,
    what: "Import of the main entry, packed size, browser build without CURVE",
    atLeast: {
      text: "at most 40 ms, 300 KiB and 25 KiB minified and compressed",
      checks: [
        figure({ suite: "size", what: "import" }, "ours", "import", { atMost: 40 }, { scale: 1, unit: "ms" }),
        figure({ suite: "size", what: "packed" }, "ours", "packed", { atMost: 300 * 1024 }, kibibytes),
        figure({ suite: "size", what: "bundle" }, "ours", "bundle", { atMost: 25 * 1024 }, kibibytes),
      ],
    },
  },
  {
    number: 12,
    what: "Idle sockets of every type",
    atLeast: {
      text: "take no processor time",
      checks: [
        figure(
          { suite: "idle-cpu", parameters: { heartbeatInterval: 0 } },
          "ours",
          "cpu",
          { atMost: 0.0005 },
          { scale: 100, unit: "% of a core" },
        ),
      ],
    },
    note: "no time: below 0.05 % of a core, which is what the runtime's own timers may take",
  },
];

function stalled(what: string, metric: string, most: number): Check {
  return figure({ suite: "stalled", what }, "ours", metric, { atMost: most * 1024 * 1024 }, mebibytes);
}

function idleMemory(octets: number): Check[] {
  const memories = [
    ["heap", "JavaScript's memory"],
    ["rss", "resident memory"],
  ] as const;
  return memories.map(([metric, what]) =>
    over({ suite: "idle-memory", what }, "ours", raw, metric, { atMost: octets }, kibibytes),
  );
}

export function judgeAll(results: Results): readonly Judgement[] {
  return targets.map((target) => judge(target, results));
}
