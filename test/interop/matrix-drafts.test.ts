// SPDX-License-Identifier: MIT
/** The types of one part with npm `zeromq`, the only one that has them: in both roles, over tcp and ipc, with either side binding. */
import { draftScenarios } from "./draft-scenarios.ts";
import { testMatrix } from "./matrix.ts";

testMatrix("here", "zeromq.js", draftScenarios);
testMatrix("zeromq-ts", "here", draftScenarios, { transports: ["tcp"] });
