// SPDX-License-Identifier: MIT
/**
 * CURVE (RFC 26) in every legal pair of socket types, with libzmq in C, pyzmq and npm `zeromq`: each side as its server, over tcp
 * and ipc, with either side binding. JeroMQ has no CURVE in the version that Debian has (0.3). Keys and refusals are in `curve.test.ts`.
 */
import { CLIENT, CURVE_SERVER, curveClient } from "../support/curve-keys.ts";
import { testMatrix } from "./matrix.ts";
import { type Scenario, scenarios } from "./scenarios.ts";

/** The left side is the server, whoever plays it. */
const secured: readonly Scenario[] = scenarios
  .filter(({ left, right }) => left !== "stream" && right !== "stream")
  .map((scenario) => ({
    ...scenario,
    leftOptions: { ...scenario.leftOptions, ...CURVE_SERVER },
    rightOptions: { ...scenario.rightOptions, ...curveClient(CLIENT) },
  }));

/** One pair of each pattern. */
const few = secured.filter(({ left, right }) => ["push-pull", "pub-sub", "req-rep"].includes(`${left}-${right}`));

testMatrix("here", "c", secured);
testMatrix("here", "python", few, { transports: ["tcp"] });
testMatrix("here", "zeromq.js", few, { transports: ["tcp"] });
