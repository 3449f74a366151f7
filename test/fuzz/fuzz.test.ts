// SPDX-License-Identifier: MIT
/**
 * The fuzzer in the suite: every input of the corpus, and a short run of each target with random inputs. `PROPERTY_SEED`
 * repeats a run, `PROPERTY_RUNS=100` makes it a hundred times as long; `npm run fuzz` is the long one, with coverage.
 */
import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import { test } from "node:test";
import { CORPUS, readCorpus } from "./fuzzer/corpus.ts";
import { execute, explore } from "./fuzzer/explore.ts";
import { targets } from "./targets/index.ts";
import { endLoopback } from "./targets/loopback.ts";

const seed = Number(process.env["PROPERTY_SEED"] ?? Math.floor(Math.random() * 2 ** 31));
const times = Number(process.env["PROPERTY_RUNS"] ?? 1);

for (const target of targets) {
  test(`${target.name}: the corpus`, async () => {
    for (const { name, data } of readCorpus(CORPUS, target.name)) {
      const error = await execute(target, data);
      assert.ok(error === undefined, `corpus/${target.name}/${name}: ${(error as Error)?.stack}`);
    }
  });

  test(`${target.name}: ${target.about}`, async () => {
    const first = readCorpus(CORPUS, target.name).map(({ data }) => data);
    const { findings } = await explore(target, first, { seed, executions: first.length + target.runs * times });
    const [finding] = findings;
    if (finding === undefined) return;
    const input = Buffer.from(finding.data).toString("hex");
    assert.fail(`PROPERTY_SEED=${seed}, input ${input}: ${(finding.error as Error).stack}`);
  });
}

test("every folder of the corpus belongs to a target", () => {
  const names = targets.map(({ name }) => name);
  for (const folder of readdirSync(CORPUS)) assert.ok(names.includes(folder), folder);
});

test("sockets that lived through all of it can be closed", async () => {
  await endLoopback();
});
