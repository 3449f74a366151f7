// SPDX-License-Identifier: MIT
/** Every legal pair of socket types over ws with npm `zeromq`, whose libzmq has ZWS 2.0: in both roles, with either side binding. */
import { draftScenarios } from "./draft-scenarios.ts";
import { testMatrix } from "./matrix.ts";
import { scenarios } from "./scenarios.ts";

// STREAM knows no frames.
const framed = [...scenarios, ...draftScenarios].filter(({ left }) => left !== "stream");

testMatrix("here", "zeromq.js", framed, { transports: ["ws"] });
