// SPDX-License-Identifier: MIT
/** This library in a process of its own, as programs use it: with itself, and with the other implementations over tcp. */
import { testMatrix } from "./matrix.ts";
import { scenarios } from "./scenarios.ts";

testMatrix("zeromq-ts", "here", scenarios);
testMatrix("zeromq-ts", "c", scenarios, { transports: ["tcp"] });
testMatrix("zeromq-ts", "python", scenarios, { transports: ["tcp"] });
testMatrix("zeromq-ts", "zeromq.js", scenarios, { transports: ["tcp"] });
