// SPDX-License-Identifier: MIT
/**
 * Suite "router": one ROUTER socket that echoes the requests of many DEALER sockets, two processes. The clients go in
 * lockstep: each sends its requests, then each takes its replies, about 512 under way (one each, from 1000 clients on), so
 * that nobody has to poll. Neighbours: runner.ts, peers/phases.ts.
 */
import { native, scripted } from "./contenders.ts";
import { withEndpoint } from "./endpoint.ts";
import { figure, withPeers } from "./process.ts";
import type { Suite } from "./suite.ts";

/** libzmq takes two descriptors for a client, its socket's and the connection's. */
const DESCRIPTORS_PER_CLIENT = 2;
const SPARE_DESCRIPTORS = 500;

/** Open files that a process may have, as Node raises it for itself and those it starts; 0: not known. */
function openFiles(): number {
  const { userLimits } = process.report.getReport() as {
    readonly userLimits?: { readonly open_files?: { readonly soft: number | string } };
  };
  const soft = userLimits?.open_files?.soft ?? 0;
  return soft === "unlimited" ? Number.POSITIVE_INFINITY : Number(soft);
}

function clientCounts(quick: boolean): readonly number[] {
  if (quick) return [10];
  const limit = openFiles();
  return [1, 10, 100, 1000, 5000].filter(
    (clients) => clients <= 100 || clients * DESCRIPTORS_PER_CLIENT + SPARE_DESCRIPTORS <= limit,
  );
}

export const router: Suite = {
  name: "router",
  title: "ROUTER echoing many DEALER clients, requests, two processes",
  metrics: [
    { name: "rate", label: "k requests/s", better: "higher", scale: 1e-3, digits: 1 },
    { name: "cpu", label: "CPU µs/request", better: "lower", scale: 1e6, digits: 3 },
    { name: "servercpu", label: "ROUTER's CPU µs/request", better: "lower", scale: 1e6, digits: 3 },
  ],
  baselines: ["libzmq", "zeromq.js"],
  contenders: (workbench) => [
    scripted(workbench, "ours", "ours", "ours, receiveBatch / trySend", "ours-many", "batch"),
    scripted(workbench, "ours-await", "ours", "ours, for await / await send", "ours-many", "await"),
    ...native(workbench, "libzmq", "libzmq, C API", "", "libzmq-many"),
    scripted(workbench, "zeromq.js", "zeromq.js", "zeromq.js, for await / await send", "zeromq-js-many"),
  ],
  cases: ({ sizes = [64], transport, quick }) =>
    sizes.flatMap((size) =>
      clientCounts(quick).map((clients) => ({
        name: `${transport}, ${size} octets, ${clients === 1 ? "1 client" : `${clients} clients`}`,
        parameters: { transport, size, clients },
        firstCount: 10_000,
        leastWarmUp: Math.max(20_000, 20 * clients),
        measure: (contender, { count, warmUp, timeout }) =>
          withEndpoint(transport, (endpoint) =>
            withPeers(timeout, async (start) => {
              const rest = [size, Math.ceil(count / clients), Math.ceil(warmUp / clients), clients] as const;
              const server = start(contender.launch("serve", endpoint, ...rest));
              const { ready } = await server.next();
              const crowd = start(contender.launch("ask", String(ready), ...rest));
              const asked = await crowd.next();
              server.release();
              const served = await server.next();
              await Promise.all([server.ended(), crowd.ended()]);
              const seconds = figure(asked, "seconds");
              const requests = figure(asked, "messages");
              const serverCpu = figure(served, "cpuSeconds");
              const cpu = (figure(asked, "cpuSeconds") + serverCpu) / requests;
              return { seconds, values: { rate: requests / seconds, cpu, servercpu: serverCpu / requests } };
            }),
          ),
      })),
    ),
};
