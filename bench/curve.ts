// SPDX-License-Identifier: MIT
/**
 * Suite "curve": what CURVE (RFC 26) costs: PUSH to PULL between two processes, and handshakes. Each contender is both client
 * and server. Neighbours: throughput.ts, peers/curve-keys.ts, target 8 in targets/.
 */
import { native, scripted } from "./contenders.ts";
import { withEndpoint } from "./endpoint.ts";
import { figure, withPeers } from "./process.ts";
import type { Case, Contender, Measurement, MeasureOptions, Suite, TransportName, Workbench } from "./suite.ts";
import { firstCount, leastWarmUp, measureThroughput, octetsOf, rateMetrics } from "./throughput.ts";

const [rate, octets, cpu] = rateMetrics;

function contenders(workbench: Workbench): readonly Contender[] {
  return [
    scripted(workbench, "ours-batch", "ours", "ours, trySend / receiveBatch", "ours-curve", "batch"),
    scripted(workbench, "ours-await", "ours", "ours, await send / for await", "ours-curve", "await"),
    scripted(workbench, "ours-native", "ours", "ours, batch, with sodium-native", "ours-curve", "batch-native"),
    ...native(workbench, "libzmq", "libzmq, C API", "", "libzmq-curve"),
    scripted(workbench, "zeromq.js", "zeromq.js", "zeromq.js, await send / for await", "zeromq-js-curve"),
  ];
}

export const curve: Suite = {
  name: "curve",
  title: "Throughput with CURVE, PUSH → PULL, two processes",
  metrics: [rate, octets, cpu],
  baselines: ["libzmq", "zeromq.js"],
  contenders,
  cases: ({ sizes, quick, transport }) =>
    (sizes ?? (quick ? [64, 1024] : [64, 256, 1024, 16_384, 65_536])).map((size) => ({
      name: `${transport}, ${octetsOf(size)}`,
      parameters: { transport, size },
      firstCount: firstCount(size),
      leastWarmUp: leastWarmUp(size),
      measure: (contender, how) => measureThroughput(contender, { transport, size, ...how }),
    })),
};

export const curveHandshakes: Suite = {
  name: "curve-handshakes",
  title: "Handshakes with CURVE: a client connects, has one answer and closes",
  metrics: [
    { name: "rate", label: "handshakes/s", better: "higher", scale: 1, digits: 0 },
    { name: "cpu", label: "client's CPU µs", better: "lower", scale: 1e6, digits: 0 },
  ],
  baselines: ["libzmq", "zeromq.js"],
  contenders: (workbench) => contenders(workbench).filter(({ id }) => !["ours-batch", "ours-native"].includes(id)),
  cases: ({ transport }) => [1, 20].map((clients) => handshakes(transport, clients)),
};

function handshakes(transport: TransportName, clients: number): Case {
  return {
    name: clients === 1 ? "one after another" : `${clients} at a time`,
    parameters: { transport, clients },
    firstCount: 10 * clients,
    leastWarmUp: 200,
    measure: (contender, how) => measureHandshakes(contender, transport, clients, how),
  };
}

function measureHandshakes(
  contender: Contender,
  transport: TransportName,
  clients: number,
  { count, warmUp, timeout }: MeasureOptions,
): Promise<Measurement> {
  return withEndpoint(transport, (endpoint) =>
    withPeers(timeout, async (start) => {
      const local = start(contender.launch("local_hs", endpoint, 1, count, warmUp, clients));
      const { ready } = await local.next();
      const remote = start(contender.launch("remote_hs", String(ready), 1, count, warmUp, clients));
      const client = await remote.next();
      await Promise.all([remote.ended(), local.ended()]);
      const seconds = figure(client, "seconds");
      const done = figure(client, "messages");
      return { seconds, values: { rate: done / seconds, cpu: figure(client, "cpuSeconds") / done } };
    }),
  );
}
