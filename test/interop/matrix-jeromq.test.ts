// SPDX-License-Identifier: MIT
/** This library and JeroMQ 0.3, a real peer that speaks ZMTP 2.0. Its ipc is tcp in disguise, so only tcp is tested. */
import { testMatrix } from "./matrix.ts";
import { scenarios } from "./scenarios.ts";

const pairs = ["push-pull", "pub-sub", "req-rep", "dealer-router"];

testMatrix(
  "here",
  "jeromq",
  scenarios.filter(({ left, right }) => pairs.includes(`${left}-${right}`)),
  { transports: ["tcp"] },
);
