// SPDX-License-Identifier: MIT
/** Every suite of the benchmarks, in the order in which they run. A new one is a file of its own and a line here. */
import { curve, curveHandshakes } from "./curve.ts";
import { epgm } from "./epgm.ts";
import { fanIn } from "./fan-in.ts";
import { fanOut } from "./fan-out.ts";
import { idleCpu } from "./idle-cpu.ts";
import { idleMemory } from "./idle-memory.ts";
import { inproc } from "./inproc.ts";
import { latency, latencyTwoCores } from "./latency.ts";
import { matching } from "./matching.ts";
import { multipart } from "./multipart.ts";
import { proxy } from "./proxy.ts";
import { router } from "./router.ts";
import { size } from "./size.ts";
import { stalled } from "./stalled.ts";
import type { Suite } from "./suite.ts";
import { throughput } from "./throughput.ts";
import { ws } from "./ws.ts";

export const suites: readonly Suite[] = [
  throughput,
  ws,
  epgm,
  multipart,
  latency,
  latencyTwoCores,
  curve,
  curveHandshakes,
  inproc,
  proxy,
  fanOut,
  fanIn,
  router,
  matching,
  stalled,
  idleMemory,
  idleCpu,
  size,
];
