// SPDX-License-Identifier: MIT
/**
 * Suite "epgm": PUB to SUB by reliable multicast between two hosts, which are network namespaces on one wire, beside libzmq's with
 * OpenPGM. Needs root on Linux. Neighbours: throughput.ts, peers/ours-epgm.ts, peers/libzmq-epgm.c.
 */
import { Wire, whyNoNamespaces } from "../test/support/namespaces.ts";
import { native, scripted } from "./contenders.ts";
import { figure, withPeers } from "./process.ts";
import type { Contender, Launch, Measurement, MeasureOptions, Suite } from "./suite.ts";
import { firstCount, octetsOf, rateMetrics } from "./throughput.ts";

const GROUP = "239.192.1.1:7500";
/** Kilobits a second: by default 100, which any library reaches, so that this would be all that is measured. */
const RATE = 400_000;

async function measure(
  contender: Contender,
  { size, count, warmUp, timeout }: { readonly size: number } & MeasureOptions,
): Promise<Measurement> {
  using wire = new Wire();
  const launch = (host: 0 | 1, role: string): Launch => {
    const endpoint = `epgm://${wire.addresses[host]};${GROUP}`;
    const inner = contender.launch(role, endpoint, size, count, warmUp, RATE);
    const [command = "", ...rest] = wire.command(host, inner.command, ...inner.arguments);
    return { command, arguments: rest };
  };
  return await withPeers(timeout, async (start) => {
    const local = start(launch(1, "subscribe"));
    await local.next();
    // Sends until it is released: what a receiver lost for good must not keep it waiting.
    const remote = start(launch(0, "publish"));
    const received = await local.next();
    remote.release();
    const sent = await remote.next();
    await Promise.all([local.ended(), remote.ended()]);
    const [seconds, messages] = [figure(received, "seconds"), figure(received, "messages")];
    const rate = messages / seconds;
    const cpu =
      figure(received, "cpuSeconds") / messages + figure(sent, "cpuSeconds") / Math.max(1, figure(sent, "messages"));
    return { seconds, values: { rate, octets: rate * size, cpu, lost: figure(received, "lost") } };
  });
}

export const epgm: Suite = {
  name: "epgm",
  title: "Throughput over epgm, PUB → SUB, two hosts on one wire, at most 400 Mbit/s",
  metrics: [...rateMetrics, { name: "lost", label: "lost %", better: "lower", scale: 100, digits: 1 }],
  baselines: ["libzmq"],
  whyNot: whyNoNamespaces,
  contenders: (workbench) => [
    scripted(workbench, "ours", "ours", "ours, trySend / receiveBatch", "ours-epgm"),
    ...native(workbench, "libzmq", "libzmq, C API", "", "libzmq-epgm"),
  ],
  cases: ({ sizes, quick }) =>
    (sizes ?? (quick ? [64] : [64, 1024, 16_384])).map((size) => ({
      name: `epgm, ${octetsOf(size)}`,
      parameters: { transport: "epgm", size },
      firstCount: firstCount(size),
      leastWarmUp: 500,
      measure: (contender, how) => measure(contender, { size, ...how }),
    })),
};
