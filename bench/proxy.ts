// SPDX-License-Identifier: MIT
/**
 * Suite "proxy": messages through a proxy, three processes: one way (PUSH → PULL, proxy, PUSH → PULL), or requests and
 * replies with many under way (DEALER → ROUTER, proxy, DEALER → DEALER, and back). Timed at the side where messages end.
 * Neighbours: throughput.ts, runner.ts, peers/.
 */
import { native, scripted } from "./contenders.ts";
import { withEndpoint } from "./endpoint.ts";
import { figure, withPeers } from "./process.ts";
import type { Contender, Measurement, MeasureOptions, Suite, TransportName } from "./suite.ts";
import { firstCount, leastWarmUp, octetsOf, rateMeasurement, rateMetrics } from "./throughput.ts";

interface Workload {
  readonly pattern: "pipeline" | "requests";
  readonly transport: TransportName;
  readonly size: number;
}

/** The roles at the ends: who measures, who works for it, and which of them stands behind the proxy. */
const ends = {
  pipeline: { front: "source", back: "sink", measures: "back" },
  requests: { front: "client", back: "worker", measures: "front" },
} as const;

export const proxy: Suite = {
  name: "proxy",
  title: "Throughput through a proxy, three processes",
  metrics: [...rateMetrics, { name: "proxycpu", label: "proxy's µs/msg", better: "lower", scale: 1e6, digits: 3 }],
  baselines: ["libzmq", "zeromq.js"],
  contenders: (workbench) => [
    scripted(workbench, "ours", "ours", "ours, Proxy", "ours-proxy", "batch"),
    ...native(workbench, "libzmq", "libzmq, C API, zmq_proxy", "", "libzmq-proxy"),
    scripted(workbench, "zeromq.js", "zeromq.js", "zeromq.js, Proxy", "zeromq-js-proxy"),
  ],
  cases: ({ sizes = [16, 1024], transport }) =>
    (["pipeline", "requests"] as const).flatMap((pattern) =>
      sizes.map((size) => ({
        name: `${pattern}, ${transport}, ${octetsOf(size)}`,
        parameters: { pattern, transport, size },
        firstCount: firstCount(size),
        leastWarmUp: leastWarmUp(size),
        measure: (contender, how) => measureProxy(contender, { pattern, transport, size }, how),
      })),
    ),
};

function measureProxy(
  contender: Contender,
  { pattern, transport, size }: Workload,
  { count, warmUp, timeout }: MeasureOptions,
): Promise<Measurement> {
  const { front, back, measures } = ends[pattern];
  return withEndpoint(transport, (frontEndpoint) =>
    withEndpoint(transport, (backEndpoint) =>
      withPeers(timeout, async (start) => {
        const launch = (role: string, endpoint: string) =>
          start(contender.launch(role, endpoint, size, count, warmUp, pattern, backEndpoint));
        const between = launch("proxy", frontEndpoint);
        const { ready: frontReady } = await between.next();
        const { ready: backReady } = await between.next();
        const atBack = launch(back, String(backReady));
        const atFront = launch(front, String(frontReady));
        const [measuring, working] = measures === "back" ? [atBack, atFront] : [atFront, atBack];
        // Between the warm-up and what is measured all is quiet, so that the proxy's time can be read off.
        await measuring.next();
        between.proceed();
        const before = figure(await between.next(), "cpuSeconds");
        atFront.proceed();
        const received = await measuring.next();
        between.release();
        const after = figure(await between.next(), "cpuSeconds");
        atFront.release();
        atBack.release();
        const sent = await working.next();
        await Promise.all([between.ended(), atFront.ended(), atBack.ended()]);
        const passed = { messages: figure(received, "messages"), cpuSeconds: after - before };
        const { seconds, values } = rateMeasurement(size, received, sent, passed);
        return { seconds, values: { ...values, proxycpu: passed.cpuSeconds / passed.messages } };
      }),
    ),
  );
}
