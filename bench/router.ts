// SPDX-License-Identifier: MIT
/**
 * Suite "router": one ROUTER socket that echoes the requests of many DEALER sockets, two processes. The clients go in
 * lockstep, so that nobody has to poll: each sends its requests, then each takes its replies. Either about 512 are under
 * way in all, or 64 of each client: then a write carries as many with 1000 clients as with one. Neighbour: peers/phases.ts.
 */
import { native, scripted } from "./contenders.ts";
import { withEndpoint } from "./endpoint.ts";
import { figure, withPeers } from "./process.ts";
import type { Case, Suite } from "./suite.ts";

/** libzmq takes two descriptors for a client, its socket's and the connection's. */
const DESCRIPTORS_PER_CLIENT = 2;
const SPARE_DESCRIPTORS = 500;

/** Requests under way in all, and of each client in the second half of the cases. */
const UNDER_WAY = 512;
const EACH = 64;

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

/** `requests`: how many of each client are under way; undefined: 512 of all together, but one of each at least. */
function routerCase(transport: "tcp" | "ipc", size: number, clients: number, requests?: number): Case {
  const who = clients === 1 ? "1 client" : `${clients} clients`;
  const each = requests === undefined ? "" : `, ${requests} requests each`;
  const window = requests ?? Math.max(1, Math.floor(UNDER_WAY / clients));
  return {
    name: `${transport}, ${size} octets, ${who}${each}`,
    parameters: { transport, size, clients, ...(requests !== undefined && { requests }) },
    firstCount: 10_000,
    // Measured: our rate with 10 clients is 270 k/s after 30,000 requests, and 880 k/s once compilers have settled. With
    // 1000 the system's part is most of it.
    leastWarmUp: clients < 1000 ? 100_000 : 30_000,
    measure: (contender, { count, warmUp, timeout }) =>
      withEndpoint(transport, (endpoint) =>
        withPeers(timeout, async (start) => {
          const rest = [size, Math.ceil(count / clients), Math.ceil(warmUp / clients), clients, window] as const;
          const server = start(contender.launch("serve", endpoint, ...rest));
          const { ready } = await server.next();
          const crowd = start(contender.launch("ask", String(ready), ...rest));
          const asked = await crowd.next();
          server.release();
          const served = await server.next();
          await Promise.all([server.ended(), crowd.ended()]);
          const seconds = figure(asked, "seconds");
          const done = figure(asked, "messages");
          const serverCpu = figure(served, "cpuSeconds");
          const cpu = (figure(asked, "cpuSeconds") + serverCpu) / done;
          return { seconds, values: { rate: done / seconds, cpu, servercpu: serverCpu / done } };
        }),
      ),
  };
}

export const router: Suite = {
  name: "router",
  title: "ROUTER echoing many DEALER clients, requests, two processes",
  metrics: [
    { name: "rate", label: "k requests/s", better: "higher", scale: 1e-3, digits: 1 },
    { name: "cpu", label: "CPU µs/request", better: "lower", scale: 1e6, digits: 3 },
    { name: "servercpu", label: "ROUTER's CPU µs/request", better: "lower", scale: 1e6, digits: 3 },
  ],
  baselines: ["libzmq", "zeromq.js", "raw"],
  contenders: (workbench) => [
    scripted(workbench, "ours", "ours", "ours, receiveBatch / trySend", "ours-many", "batch"),
    scripted(workbench, "ours-await", "ours", "ours, for await / await send", "ours-many", "await"),
    ...native(workbench, "libzmq", "libzmq, C API", "", "libzmq-many"),
    scripted(workbench, "zeromq.js", "zeromq.js", "zeromq.js, for await / await send", "zeromq-js-many"),
    scripted(workbench, "raw", "raw", "raw node:net, octets alone", "raw-many"),
  ],
  cases: ({ sizes = [64], transport, quick }) =>
    sizes.flatMap((size) => {
      const counts = clientCounts(quick);
      return [
        ...counts.map((clients) => routerCase(transport, size, clients)),
        ...(quick ? [] : counts.filter((clients) => clients <= 1000)).map((clients) =>
          routerCase(transport, size, clients, EACH),
        ),
      ];
    }),
};
