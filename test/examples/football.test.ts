// SPDX-License-Identifier: MIT
import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer } from "node:net";
import test from "node:test";
import { fileURLToPath } from "node:url";
import { parseOptions, UsageError } from "../../examples/football/options.ts";
import { missing } from "../support/peers/toolchain.ts";
import { LineProcess } from "../support/processes.ts";

const main = fileURLToPath(new URL("../../examples/football/main.ts", import.meta.url));

/** The broadcast on a free port, with what it prints so far. */
function start(...parameters: string[]) {
  const broadcast = new LineProcess({
    program: process.execPath,
    arguments: ["--import", "tsx", main, "--port=0", "--interval=10", ...parameters],
  });
  const lines: string[] = [];
  const waiting = new Map<string, () => void>();
  broadcast.onLine = (line) => {
    lines.push(line);
    for (const [text, resolve] of waiting) if (line.includes(text)) resolve();
  };
  return {
    broadcast,
    lines,
    said: (text: string) => new Promise<void>((resolve) => waiting.set(text, resolve)),
  };
}

/** Runs to the end; gives the lines, and asserts that all went well. */
async function runToEnd(...parameters: string[]): Promise<string[]> {
  const { broadcast, lines } = start(...parameters);
  assert.equal(await broadcast.exit, "exit code 0", `${broadcast.errors}\n${lines.join("\n")}`);
  assert.equal(broadcast.errors, "");
  return lines;
}

/** Everything that was announced about the countries was received, and the summary says so. */
function assertAllArrived(lines: readonly string[], count: number, countries: readonly string[]): void {
  const announced = lines.flatMap((line) => /^ +\d+ {2}(.*)$/.exec(line)?.[1] ?? []);
  assert.equal(announced.length, count);
  for (const country of countries) {
    const wanted = announced.filter((event) => event.startsWith(`${country} `));
    const heard = lines
      .map((line) => line.split("   (")[0] ?? "")
      .filter((line) => line.startsWith(`         → ${country}: `))
      .map((line) => line.replace(/^ +→ (.*): (.*)$/, "$1 $2").replace("GOAL!", "goal"));
    assert.deepEqual(heard, wanted);
    assert.ok(
      lines.some(
        (line) => line.includes(country) && line.includes(`${wanted.length} of ${wanted.length}, all arrived`),
      ),
      lines.join("\n"),
    );
  }
}

/** Whether a process is still there. */
function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

/** Process ids that the broadcast says it has started. */
function processesIn(lines: readonly string[]): number[] {
  return lines.flatMap((line) => /, process (\d+)$/.exec(line)?.[1] ?? []).map(Number);
}

test("the broadcast in TypeScript ends after --count events, and nobody missed one", async () => {
  const lines = await runToEnd("--count=20", "--python=none");
  assertAllArrived(lines, 20, ["netherlands", "brazil", "japan"]);
  assert.ok(!lines.some((line) => line.includes("\x1b") || line.includes("Python")), "no colour without a terminal");
});

test("one follower is a Python program where there is pyzmq", async (t) => {
  const reason = missing("python");
  if (reason !== undefined) return t.skip(`pyzmq: ${reason}`);
  const lines = await runToEnd("--count=12");
  assertAllArrived(lines, 12, ["netherlands", "brazil", "japan"]);
  assert.match(lines.join("\n"), /follower of japan, Python on libzmq \d/);
});

test("the publisher can be a Python program", async (t) => {
  const reason = missing("python");
  if (reason !== undefined) return t.skip(`pyzmq: ${reason}`);
  const lines = await runToEnd("--count=12", "--publisher=python", "--countries=spain,curaçao");
  assertAllArrived(lines, 12, ["spain", "curaçao"]);
  assert.match(lines.join("\n"), /publisher, Python on libzmq \d/);
});

test("two followers of one country both get everything, and no country gets another's that begins alike", async () => {
  const lines = await runToEnd("--count=16", "--python=none", "--countries=niger,nigeria,niger");
  const summary = lines.filter((line) => line.includes("all arrived"));
  assert.equal(summary.length, 3);
});

test("a port that is taken is said in one sentence", async (t) => {
  const other = createServer().listen(0, "127.0.0.1");
  await once(other, "listening");
  const { port } = other.address() as { port: number };
  const languages = missing("python") === undefined ? ["typescript", "python"] : ["typescript"];
  for (const language of languages) {
    await t.test(language, async () => {
      const { broadcast, lines } = start("--count=1", `--publisher=${language}`, `--port=${port}`);
      assert.equal(await broadcast.exit, "exit code 1");
      const advice = "another program listens there. Stop it, or choose another port (--port).";
      assert.equal(broadcast.errors, `tcp://127.0.0.1:${port} is taken: ${advice}\n`);
      assert.deepEqual(lines, []);
    });
  }
  other.close();
});

test("Ctrl-C ends the broadcast in order, with a summary and exit code 0", async () => {
  const { broadcast, lines, said } = start("--python=none");
  await said("→");
  process.kill(broadcast.pid as number, "SIGINT");
  assert.equal(await broadcast.exit, "exit code 0");
  assert.equal(broadcast.errors, "");
  assert.ok(lines.some((line) => line.startsWith("Full time.")));
  assert.deepEqual(processesIn(lines).filter(isAlive), []);
});

test("no process outlives the one that started it, even when that is killed", async () => {
  const { broadcast, lines, said } = start("--python=none");
  await said("→");
  await broadcast.kill();
  const processes = processesIn(lines);
  assert.equal(processes.length, 4);
  // They are nobody's children now, so that there is no event to wait for.
  while (processes.some(isAlive)) await new Promise((resolve) => setTimeout(resolve, 10));
});

test("a follower that dies is reported, and the exit code is 1", async () => {
  const { broadcast, lines, said } = start("--count=40", "--python=none");
  await said("→ brazil");
  const line = lines.find((each) => each.includes("follower of brazil"));
  const pid = Number(/\d+$/.exec(line ?? "")?.[0]);
  process.kill(pid, "SIGKILL");
  assert.equal(await broadcast.exit, "exit code 1");
  assert.equal(broadcast.errors, `The follower of brazil (process ${pid}) was ended by SIGKILL.\n`);
  assert.match(lines.join("\n"), /brazil +\d+ of \d+, \d+ missed/);
});

test("a command line that cannot be followed is explained", async () => {
  const wrong: Record<string, RegExp> = {
    "--interval=soon": /^--interval takes a whole number from 0 to 1000000, not "soon"$/,
    "--count=0": /^--count takes a whole number from 1 /,
    "--port=65536": /^--port takes a whole number from 0 to 65535/,
    "--publisher=cobol": /^--publisher is typescript or python, not "cobol"$/,
    "--countries=a,,b": /^--countries takes names with commas between them/,
    "--volume=11": /^Unknown option '--volume'/,
  };
  for (const [parameter, message] of Object.entries(wrong)) {
    assert.throws(() => parseOptions([parameter]), { constructor: UsageError, message });
  }
  const { broadcast, lines } = start("--count=many");
  assert.equal(await broadcast.exit, "exit code 2");
  assert.match(broadcast.errors, /^--count takes .*\nSee npm start -- --help\n$/);
  assert.deepEqual(lines, []);
});

test("--help explains the options", async () => {
  const text = (await runToEnd("--help")).join("\n");
  for (const option of ["--count", "--interval", "--port", "--countries", "--publisher"])
    assert.ok(text.includes(option));
});
