// SPDX-License-Identifier: MIT
/** A third of the benchmarks' suites, as briefly as it goes. Under test: bench/main.ts and all that it starts; how: brief.ts. */
import { testSuites } from "./brief.ts";

testSuites(1, 3);
