// SPDX-License-Identifier: MIT
/** Every suite of the benchmarks, in the order in which they run. A new one is a file of its own and a line here. */
import { fanOut } from "./fan-out.ts";
import { inproc } from "./inproc.ts";
import { latency } from "./latency.ts";
import type { Suite } from "./suite.ts";
import { throughput } from "./throughput.ts";

export const suites: readonly Suite[] = [throughput, latency, inproc, fanOut];
