// SPDX-License-Identifier: MIT
/** The fuzzer itself: it finds what is there to be found, makes it short, and does the same again for the same seed. */
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { Choices, cut } from "./fuzzer/choices.ts";
import { sharesOf } from "./fuzzer/coverage.ts";
import { explore, keyOf } from "./fuzzer/explore.ts";
import { Random } from "./fuzzer/random.ts";
import type { Target } from "./fuzzer/target.ts";
import type { Result } from "./fuzzer/worker.ts";

function target(fuzz: Target["fuzz"], more: Partial<Target> = {}): Target {
  return { name: "x", about: "x", runs: 0, generate: (random) => random.octets(), fuzz, ...more };
}

test("what fails is found, and made as short as it can be", async () => {
  const failing = target((data) => {
    assert.ok(!(data.includes(7) && data.length > 3), "a seven");
  });
  const { findings } = await explore(failing, [], { seed: 1, executions: 10_000 });
  assert.equal(findings.length, 1);
  assert.equal(findings[0]?.data.length, 4);
  assert.ok(findings[0]?.data.includes(7));
});

test("what takes too long is a finding as well", async () => {
  const slow = target(() => new Promise((resolve) => setTimeout(resolve, 20)), { patience: 5 });
  assert.match(String((await explore(slow, [], { seed: 1, executions: 2 })).findings[0]?.error), /took \d+ ms/);
});

test("the same seed gives the same inputs", async () => {
  const inputsOf = async (seed: number): Promise<string> => {
    const all: string[] = [];
    const listening = target((data) => void all.push(Buffer.from(data).toString("hex")));
    await explore(listening, [Uint8Array.of(1, 2, 3)], { seed, executions: 300 });
    return all.join("\n");
  };
  const once = await inputsOf(5);
  assert.equal(await inputsOf(5), once);
  assert.notEqual(await inputsOf(6), once);
});

test("findings are told apart by what failed and where, not by numbers", () => {
  const make = (text: string): Error => new Error(text);
  assert.equal(keyOf(make("12 octets")), keyOf(make("99 octets")));
  assert.notEqual(keyOf(make("12 octets")), keyOf(make("12 frames")));
});

test("chunks are all of the octets, in order", () => {
  const octets = new Random(3).octets(1000);
  for (let seed = 0; seed < 256; seed += 1) {
    const chunks = cut(octets, seed);
    assert.deepEqual(Buffer.concat(chunks), Buffer.from(octets));
    assert.ok(chunks.every((chunk) => chunk.length > 0));
  }
  assert.equal(cut(octets, 255).length, 1000);
});

test("choices beyond the end are the first ones", () => {
  const choices = new Choices(Uint8Array.of(5, 2, 65, 66, 67));
  assert.equal(choices.below(3), 2);
  assert.equal(choices.text(), "AB");
  assert.equal(choices.isOver, false);
  assert.deepEqual([...choices.rest()], [67]);
  assert.deepEqual([choices.isOver, choices.octet(), choices.pick(["a", "b"]), choices.flag()], [true, 0, "a", false]);
});

test("the command: a process with counters in the library, a report, and coverage in it", async () => {
  const folder = mkdtempSync(join(tmpdir(), "fuzz-"));
  const json = join(folder, "report.json");
  const root = fileURLToPath(new URL("../..", import.meta.url));
  const command = ["--import", "tsx", "test/fuzz/main.ts", "--target", "z85", "--executions", "500", "--seed", "1"];
  const child = spawn(process.execPath, [...command, "--time", "60", "--json", json], { cwd: root, stdio: "ignore" });
  const [code] = (await once(child, "exit")) as [number];
  const [result] = JSON.parse(readFileSync(json, "utf8")) as [Result];
  rmSync(folder, { recursive: true });
  assert.equal(code, 0);
  assert.deepEqual([result.executions, result.seed, result.findings], [500, 1, []]);
  const { lines, branches, functions } = sharesOf([result.reached], (file) => file === "base/z85.ts");
  assert.deepEqual([functions.reached, functions.all], [4, 4]);
  assert.ok(lines.reached > 15 && branches.reached > 5 && branches.reached < branches.all);
});
