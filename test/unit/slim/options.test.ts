// SPDX-License-Identifier: MIT
/** A page's sockets take the same values for their options as all others, and refuse the same. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { encodeText } from "../../../src/base/bytes.ts";
import { ZmqError } from "../../../src/base/errors.ts";
import { Secret } from "../../../src/base/secret.ts";
import { optionRows } from "../../../src/slim/option-rows.ts";
import * as slim from "../../../src/slim/options.ts";
import * as whole from "../../../src/socket/options.ts";

const KEY = "rq:rM>}U?@Lns47E1%kR.o@n%FcmmsL/@{H8]yf7";

const VALUES: readonly unknown[] = [
  ...[undefined, null, true, false, 0, 1, -1, 2, 3, 4, 1.5, 1234, 2 ** 31, 2 ** 53, 6_553_599, Number.NaN],
  ...[
    "",
    "x",
    "none",
    "full",
    "wait",
    "allSubs",
    "X-a:b",
    "X-a:",
    "a:b",
    "nothing",
    "x".repeat(255),
    "x".repeat(256),
    KEY,
  ],
  ...[new Uint8Array(), new Uint8Array(32).fill(7), encodeText("X-a:b"), new Uint8Array(300)],
  ...[
    [],
    ["refused"],
    ["nothing"],
    {},
    { "X-a": "b", "X-c": encodeText("d") },
    { a: "b" },
    { "X-a": 1 },
    { "X-a": "" },
  ],
  ...[{ key: () => "k" }, { key: 1 }],
];

function outcome(work: () => unknown): unknown {
  try {
    const value = work();
    return value instanceof Secret ? value.reveal() : value;
  } catch (error) {
    return error instanceof ZmqError ? error.code : (error as Error).name;
  }
}

for (const row of optionRows.filter(({ name }) => name !== "affinity" && name !== "topicsCount")) {
  test(`${row.name} takes what it takes elsewhere`, () => {
    for (const value of VALUES) {
      // Who decides which peers come in is nobody's question in a page.
      if (row.name === "authorize" && value !== null) continue;
      // What is no key at all is refused as a wrong one is, by another class of error.
      if (row.type.kind === "key" && typeof value !== "string") continue;
      const before = row.name === "metadata" ? [["X-a", encodeText("old")]] : row.default;
      const [here, there] = [slim, whole].map(({ checkOption }) =>
        outcome(() => checkOption(row, value, undefined, before)),
      );
      assert.deepEqual(here, there, `${row.name} = ${JSON.stringify(value)}`);
    }
  });
}

test("what a page cannot honour is refused, and its default is not", () => {
  const [row] = optionRows.filter(({ name }) => name === "affinity");
  assert.ok(row !== undefined);
  assert.equal(
    slim.checkOption(row, 0, () => "no"),
    0,
  );
  assert.throws(() => slim.checkOption(row, 1, () => "no"), {
    code: "ENOTSUP",
    message: "affinity cannot be 1 here: no",
  });
});

test("defaults are those of the whole table, fresh for each socket", () => {
  const values = slim.defaultOptions();
  const all = whole.defaultOptions();
  for (const { name } of optionRows.filter(slim.isKept)) {
    assert.deepEqual(values[name as "linger"], all[name as "linger"], name);
  }
  assert.ok(slim.isAlike(values, slim.defaultOptions()));
  assert.ok(!slim.isAlike({ ...values, linger: 5 }, values));
  assert.notEqual(slim.defaultOptions(), values);
});

test("options are found for the types that have them", () => {
  assert.equal(slim.findOption("correlate", "REQ")?.name, "correlate");
  assert.equal(slim.findOption("correlate", "PUB"), undefined);
  assert.equal(slim.findOption("linger", "PUB")?.name, "linger");
  assert.equal(slim.findOption("backlog", "PUB"), undefined);
});
