// SPDX-License-Identifier: MIT
/** This library and pyzmq: every legal pair of socket types, in both roles, over tcp and ipc, with either side binding. */
import { testMatrix } from "./matrix.ts";
import { scenarios } from "./scenarios.ts";

testMatrix("here", "python", scenarios);
