// SPDX-License-Identifier: MIT
/**
 * Suite "fan-out": one publisher to many subscribers that all want everything, losing nothing, two processes. One XSUB
 * socket with a connection for each subscriber receives, or one and the same neutral sink (peers/sink.ts) for the
 * publishers of all libraries. Neighbours: runner.ts, peers/phases.ts.
 */
import { native, scripted } from "./contenders.ts";
import { withEndpoint } from "./endpoint.ts";
import { figure, withPeers } from "./process.ts";
import type { Case, Contender, Suite, Workbench } from "./suite.ts";

/** Measured: with 10,000 deliveries before, `for await` takes twice the processor time in the first 100,000 after. */
const LEAST_WARM_UP = 100_000;

type Receiver = "own" | "neutral";

/** Starts the neutral sink for the role "sink", whoever publishes. */
function withSink(workbench: Workbench, contender: Contender): Contender {
  const sink = scripted(workbench, contender.id, contender.peer, contender.label, "sink");
  return {
    ...contender,
    launch: (role, ...rest) => (role === "sink" ? sink : contender).launch(role, ...rest),
  };
}

function fanOutCase(transport: "tcp" | "ipc", size: number, subscribers: number, receiver: Receiver): Case {
  const who = subscribers === 1 ? "1 subscriber" : `${subscribers} subscribers`;
  const where = receiver === "own" ? "" : ", same sink for all";
  const each = (deliveries: number) => Math.max(1, Math.ceil(deliveries / subscribers));
  return {
    name: `${transport}, ${size} octets, ${who}${where}`,
    parameters: { transport, size, subscribers, ...(receiver === "neutral" && { sink: receiver }) },
    // All counts are deliveries.
    firstCount: 20_000,
    leastWarmUp: LEAST_WARM_UP,
    measure: (contender, { count, warmUp, timeout }) =>
      withEndpoint(transport, (endpoint) =>
        withPeers(timeout, async (start) => {
          const rest = [size, each(count), each(warmUp), subscribers] as const;
          const publisher = start(contender.launch("publish", endpoint, ...rest));
          const { ready } = await publisher.next();
          const role = receiver === "own" ? "subscribe" : "sink";
          const subscriber = start(contender.launch(role, String(ready), ...rest));
          figure(await subscriber.next(), "warm");
          publisher.proceed();
          const received = await subscriber.next();
          publisher.release();
          const sent = await publisher.next();
          await Promise.all([publisher.ended(), subscriber.ended()]);
          const seconds = figure(received, "seconds");
          const messages = figure(received, "messages");
          const publisherCpu = figure(sent, "cpuSeconds");
          const cpu = (figure(received, "cpuSeconds") + publisherCpu) / messages;
          return { seconds, values: { rate: messages / seconds, cpu, pubcpu: publisherCpu / messages } };
        }),
      ),
  };
}

export const fanOut: Suite = {
  name: "fan-out",
  title: "Fan-out, XPUB → many subscribers, deliveries, two processes",
  metrics: [
    { name: "rate", label: "k deliveries/s", better: "higher", scale: 1e-3, digits: 1 },
    { name: "cpu", label: "CPU µs/delivery", better: "lower", scale: 1e6, digits: 3 },
    { name: "pubcpu", label: "publisher's CPU µs/delivery", better: "lower", scale: 1e6, digits: 3 },
  ],
  baselines: ["libzmq", "zeromq.js"],
  contenders: (workbench) =>
    [
      scripted(workbench, "ours", "ours", "ours, trySend / receiveBatch", "ours-many", "batch"),
      scripted(workbench, "ours-await", "ours", "ours, await send / for await", "ours-many", "await"),
      ...native(workbench, "libzmq", "libzmq, C API", "", "libzmq-many"),
      scripted(workbench, "zeromq.js", "zeromq.js", "zeromq.js, await send / for await", "zeromq-js-many"),
    ].map((contender) => withSink(workbench, contender)),
  cases: ({ sizes, transport, quick }) => {
    const counts = quick ? [10] : [1, 10, 100, 1000];
    const pairs = sizes?.flatMap((size) => counts.map((count) => [size, count] as const)) ?? [
      ...counts.map((count) => [64, count] as const),
      ...(quick ? [] : [[1024, 100] as const]),
    ];
    return (["own", "neutral"] as const).flatMap((receiver) =>
      pairs.map(([size, count]) => fanOutCase(transport, size, count, receiver)),
    );
  },
};
