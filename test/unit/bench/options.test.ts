// SPDX-License-Identifier: MIT
/** Unit tests of bench/options.ts, the command line of the benchmarks. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { readOptions } from "../../../bench/options.ts";

const read = (...argv: readonly string[]) => readOptions(argv, ["one", "two"]);

test("without options everything is measured, over every transport, by everybody", () => {
  const { suites, transports, transport, peers, sizes, quick, list, merge, show } = read();
  assert.deepEqual(suites, ["one", "two"]);
  assert.deepEqual(transports, ["tcp", "ipc"]);
  assert.equal(transport, "tcp");
  assert.deepEqual(peers, ["ours", "libzmq", "zeromq.js", "raw"]);
  assert.deepEqual(
    { sizes, quick, list, merge, show },
    { sizes: undefined, quick: false, list: false, merge: undefined, show: undefined },
  );
});

test("lists are given with commas", () => {
  const { suites, transports, transport, sizes } = read(
    "--suite",
    "two,one",
    "--transport",
    "ipc,tcp",
    "--sizes",
    "1,64",
  );
  assert.deepEqual(suites, ["two", "one"]);
  assert.deepEqual(transports, ["ipc", "tcp"]);
  assert.equal(transport, "ipc");
  assert.deepEqual(sizes, [1, 64]);
});

test("a quick look has fewer and shorter rounds, over tcp, unless it is said otherwise", () => {
  const { rounds, time, transports } = read("--quick");
  assert.deepEqual({ rounds, time, transports }, { rounds: 3, time: 0.1, transports: ["tcp"] });
  assert.deepEqual(read("--quick", "--transport", "ipc").transports, ["ipc"]);
  assert.equal(read("--quick", "--rounds", "7").rounds, 7);
});

test("a count is asked for, or it is found by a calibration", () => {
  assert.equal(read().count, undefined);
  assert.equal(read("--count", "200").count, 200);
  assert.throws(() => read("--count", "0"), /--count 0: give a number from 1/);
});

test("what is not known, or no number, is refused with what may be given", () => {
  assert.throws(() => read("--suite", "three"), /--suite three: give one of one, two/);
  assert.throws(() => read("--transport", "udp"), /--transport udp: give one of tcp, ipc/);
  assert.throws(() => read("--rounds", "0"), /--rounds 0: give a number from 1/);
  assert.throws(() => read("--sizes", "big"), /--sizes big/);
  assert.throws(() => read("--wrong"), /--wrong/);
});
