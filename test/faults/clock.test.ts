// SPDX-License-Identifier: MIT
/**
 * Time that misbehaves: a wall clock that jumps, which nothing here may look at, and a program that computes for longer than its
 * timeouts, or is stopped. The clock is faked for a whole process with libfaketime.
 */
import assert from "node:assert/strict";
import { once } from "node:events";
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { type AddressInfo, createServer } from "node:net";
import { join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { LineProcess } from "../support/processes.ts";
import { Program } from "../support/program.ts";
import { bound, nextEvent, receiveTexts, within, withSockets } from "../support/sockets.ts";
import { withFolder } from "../support/tcp.ts";

const sources = fileURLToPath(new URL("../../src", import.meta.url));
const HOUR = 3600 * 1000;

/** The library of Debian's package libfaketime. */
function findFakeTime(): string | undefined {
  const folders = existsSync("/usr/lib")
    ? readdirSync("/usr/lib").map((name) => join("/usr/lib", name, "faketime"))
    : [];
  return folders.map((folder) => join(folder, "libfaketime.so.1")).find((file) => existsSync(file));
}

test("nothing in the sources reads the wall clock", () => {
  const readers = readdirSync(sources, { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".ts"))
    .filter((name) =>
      /\bDate\b(?!:)/.test(readFileSync(join(sources, name), "utf8").replaceAll(/\/\*[^]*?\*\/|\/\/.*/g, "")),
    );
  assert.deepEqual(readers, []);
});

/** Sends its wall clock's time again and again, heartbeats all the while, and tries a listener that never says a word. */
const PROGRAM = (endpoint: string, silent: string): string => `
  import * as zmq from ${JSON.stringify(new URL("../../src/index.ts", import.meta.url).href)};
  const dealer = new zmq.Dealer({ heartbeatInterval: 100, heartbeatTimeout: 400, heartbeatTimeToLive: 800 });
  dealer.events.on("disconnect", () => console.log("lost"));
  dealer.connect(${JSON.stringify(endpoint)});
  setInterval(() => void dealer.send(String(Date.now())), 25);
  const waiting = new zmq.Dealer({ handshakeInterval: 300, reconnectInterval: 20 });
  let begin = 0;
  waiting.events.on("connect", () => { begin = performance.now(); });
  waiting.events.on("disconnect", () => console.log("gave up after " + Math.round(performance.now() - begin)));
  waiting.connect(${JSON.stringify(silent)});
`;

test("the wall clock jumps by days and back: connections stand, and who waits gives up when it is time", async (t) => {
  const library = findFakeTime();
  if (library === undefined) return t.skip("no libfaketime (Debian: libfaketime)");
  await withFolder((folder) =>
    withSockets(async (open) => {
      const silent = createServer((socket) => socket.on("error", () => {})).listen(0, "127.0.0.1");
      await once(silent, "listening");
      const pull = open("dealer", { heartbeatInterval: 100, heartbeatTimeout: 400 });
      const source = PROGRAM(await bound(pull), `tcp://127.0.0.1:${(silent.address() as AddressInfo).port}`);
      const file = join(folder, "offset");
      writeFileSync(file, "+0");
      const lines: string[] = [];
      await using program = new LineProcess({
        program: process.execPath,
        arguments: ["--import", import.meta.resolve("tsx"), "--input-type=module", "-e", source],
        environment: {
          LD_PRELOAD: library,
          FAKETIME_TIMESTAMP_FILE: file,
          FAKETIME_NO_CACHE: "1",
          FAKETIME_DONT_FAKE_MONOTONIC: "1",
          DONT_FAKE_MONOTONIC: "1",
        },
      });
      program.onLine = (line) => lines.push(line);
      for (const days of [10, -10, 0]) {
        writeFileSync(file, `${days < 0 ? "" : "+"}${days}d`);
        const expected = (): number => Date.now() + days * 24 * HOUR;
        while (Math.abs(Number(await receiveTexts(pull)) - expected()) > HOUR) await Promise.resolve();
        for (let count = 0; count < 20; count += 1) await receiveTexts(pull);
      }
      await program.kill();
      silent.close();
      const waits = lines.map((line) => Number(/gave up after (\d+)/.exec(line)?.[1]));
      assert.ok(waits.length >= 3 && waits.every((wait) => wait > 280 && wait < 1500), lines.join(", "));
    }),
  );
});

/** Answers PINGs, and counts for how long it was up. */
const PEER = `
  const router = new zmq.Router();
  await router.bind("tcp://127.0.0.1:0");
  print("at " + router.lastEndpoint + " .");
  for await (const message of router) await router.send(message);
`;

test("a program that computes for longer than its timeouts does not take that for its peer's silence", () =>
  withSockets(async (open) => {
    await using program = new Program(PEER);
    const [, endpoint = ""] = await program.prints(/at (\S+) \./);
    const dealer = open("dealer", { heartbeatInterval: 50 });
    let lost = 0;
    dealer.events.on("disconnect", () => {
      lost += 1;
    });
    const connected = nextEvent(dealer, "handshake");
    dealer.connect(endpoint);
    await connected;
    for (let turns = 0; turns < 8; turns += 1) {
      await new Promise(setImmediate);
      for (const end = performance.now() + 120; performance.now() < end; );
    }
    await dealer.send("still there");
    assert.deepEqual(await receiveTexts(dealer), ["still there"]);
    assert.equal(lost, 0);
  }));

test("a program that was stopped finds its connection as it was; its peer, whose timeouts ran, has given it up and takes it back", () =>
  withSockets(async (open) => {
    for (const heartbeatInterval of [0, 50]) {
      const router = open("router", { heartbeatInterval, heartbeatTimeToLive: 0 });
      const endpoint = await bound(router);
      let handshakes = 0;
      router.events.on("handshake", () => {
        handshakes += 1;
      });
      const arrived = nextEvent(router, "handshake");
      await using program = new Program(`
        const dealer = new zmq.Dealer({ heartbeatInterval: 50, reconnectInterval: 20 });
        dealer.events.on("disconnect", () => print("lost."));
        dealer.connect(${JSON.stringify(endpoint)});
        for await (const [what] of dealer) { print("got " + what + "."); await dealer.send("thanks"); }`);
      await arrived;
      const gone = nextEvent(router, "disconnect");
      const back = nextEvent(router, "handshake");
      program.signal("SIGSTOP");
      if (heartbeatInterval === 0) await new Promise((resolve) => setTimeout(resolve, 300));
      else await within(3000, "the peer to be given up", gone);
      program.signal("SIGCONT");
      if (heartbeatInterval > 0) {
        await within(3000, "the peer to be back", back);
        await program.prints(/lost\./);
        continue;
      }
      await new Promise((resolve) => setTimeout(resolve, 300));
      assert.equal(handshakes, 1);
    }
  }));
