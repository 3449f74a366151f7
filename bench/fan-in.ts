// SPDX-License-Identifier: MIT
/**
 * Suite "fan-in": many connections into one PULL socket, two processes. One PUSH socket holds all connections of the other
 * side and shares its messages out among them. Neighbours: runner.ts, peers/phases.ts; fan-out.ts is the other way round.
 */
import { native, scripted } from "./contenders.ts";
import { withEndpoint } from "./endpoint.ts";
import { figure, withPeers } from "./process.ts";
import type { Suite } from "./suite.ts";

/** Measured: with 10,000 messages before, `for await` takes twice the processor time in the first 100,000 after. */
const LEAST_WARM_UP = 100_000;

export const fanIn: Suite = {
  name: "fan-in",
  title: "Fan-in, PUSH over many connections → one PULL, two processes",
  metrics: [
    { name: "rate", label: "k msg/s", better: "higher", scale: 1e-3, digits: 1 },
    { name: "cpu", label: "CPU µs/msg", better: "lower", scale: 1e6, digits: 3 },
    { name: "pullcpu", label: "PULL's CPU µs/msg", better: "lower", scale: 1e6, digits: 3 },
  ],
  baselines: ["libzmq", "zeromq.js"],
  contenders: (workbench) => [
    scripted(workbench, "ours", "ours", "ours, trySend / receiveBatch", "ours-many", "batch"),
    scripted(workbench, "ours-await", "ours", "ours, await send / for await", "ours-many", "await"),
    ...native(workbench, "libzmq", "libzmq, C API", "", "libzmq-many"),
    scripted(workbench, "zeromq.js", "zeromq.js", "zeromq.js, await send / for await", "zeromq-js-many"),
  ],
  cases: ({ sizes = [64], transport, quick }) =>
    sizes.flatMap((size) =>
      (quick ? [10] : [1, 10, 100, 1000]).map((peers) => ({
        name: `${transport}, ${size} octets, ${peers === 1 ? "1 connection" : `${peers} connections`}`,
        parameters: { transport, size, peers },
        firstCount: 20_000,
        leastWarmUp: LEAST_WARM_UP,
        measure: (contender, { count, warmUp, timeout }) =>
          withEndpoint(transport, (endpoint) =>
            withPeers(timeout, async (start) => {
              const rest = [size, Math.ceil(count / peers), Math.ceil(warmUp / peers), peers] as const;
              const pull = start(contender.launch("collect", endpoint, ...rest));
              const { ready } = await pull.next();
              const push = start(contender.launch("distribute", String(ready), ...rest));
              figure(await pull.next(), "warm");
              push.proceed();
              const received = await pull.next();
              push.release();
              const sent = await push.next();
              await Promise.all([pull.ended(), push.ended()]);
              const seconds = figure(received, "seconds");
              const messages = figure(received, "messages");
              const pullCpu = figure(received, "cpuSeconds");
              const cpu = (pullCpu + figure(sent, "cpuSeconds")) / messages;
              return { seconds, values: { rate: messages / seconds, cpu, pullcpu: pullCpu / messages } };
            }),
          ),
      })),
    ),
};
