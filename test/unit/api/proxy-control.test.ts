// SPDX-License-Identifier: MIT
/** A proxy that is steered through a socket, in libzmq's words. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { type Context, Proxy } from "../../../src/index.ts";
import { type Open, receiveTexts, turns, withSockets } from "../../support/sockets.ts";

type Names = Parameters<Context["socket"]>[0];

/** A streamer between two inproc names, steered by a socket of a type. */
async function steered(
  open: Open,
  type: Names,
  body: (rig: {
    proxy: Proxy;
    control: ReturnType<Open>;
    send: (text: string) => Promise<void>;
    receive: () => Promise<string[]>;
    arrived: () => number;
  }) => Promise<void>,
): Promise<void> {
  const [front, back, source, sink] = [open("pull"), open("push"), open("push"), open("pull")];
  await front.bind("inproc://in");
  await back.bind("inproc://out");
  source.connect("inproc://in");
  sink.connect("inproc://out");
  const control = open(type as "pair");
  await control.bind("inproc://control");
  const proxy = new Proxy(front, back, { control });
  const run = proxy.run();
  const arrived = (): number => {
    let count = 0;
    while (sink.tryReceive() !== undefined) count += 1;
    return count;
  };
  await body({ proxy, control, send: (text) => source.send(text), receive: () => receiveTexts(sink), arrived });
  await run;
  assert.ok(front.closed && back.closed);
}

/** The numbers of an answer to STATISTICS, in this machine's order of octets. */
function numbers(frames: readonly Uint8Array[]): number[] {
  return frames.map((each) => Number(new BigUint64Array(Uint8Array.prototype.slice.call(each).buffer)[0]));
}

for (const [type, peer] of [
  ["pair", "pair"],
  ["dealer", "dealer"],
] as const) {
  test(`${type}: PAUSE, RESUME, STATISTICS, TERMINATE; only STATISTICS is answered`, () =>
    withSockets((open) =>
      steered(open, type, async ({ send, receive, arrived }) => {
        const steering = open(peer as "pair");
        steering.connect("inproc://control");
        await steering.send("STATISTICS");
        assert.deepEqual(numbers(await steering.receive()), [0, 0, 0, 0, 0, 0, 0, 0]);
        await send("12345");
        await receive();
        await steering.send("PAUSE");
        await turns();
        await send("678");
        await turns();
        assert.equal(arrived(), 0);
        await steering.send("STATISTICS");
        assert.deepEqual(numbers(await steering.receive()), [1, 5, 0, 0, 0, 0, 1, 5]);
        await steering.send("RESUME");
        assert.deepEqual(await receive(), ["678"]);
        for (const nonsense of ["pause", "", ["PAUSE", "PAUSE"]]) await steering.send(nonsense);
        await send("9");
        assert.deepEqual(await receive(), ["9"]);
        assert.equal(steering.tryReceive(), undefined);
        await steering.send("TERMINATE");
      }),
    ));
}

test("a REP answers everything, with an empty message where there is nothing to say", () =>
  withSockets((open) =>
    steered(open, "rep", async ({ send, arrived }) => {
      const steering = open("req");
      steering.connect("inproc://control");
      for (const command of ["PAUSE", "nonsense", "RESUME", "PAUSE"]) {
        await steering.send(command);
        assert.deepEqual(await receiveTexts(steering), [""], command);
      }
      await send("1");
      await turns();
      assert.equal(arrived(), 0);
      await steering.send("STATISTICS");
      assert.equal((await steering.receive()).length, 8);
      await steering.send("TERMINATE");
      assert.deepEqual(await receiveTexts(steering), [""]);
    }),
  ));

for (const [type, peer] of [
  ["pull", "push"],
  ["sub", "pub"],
] as const) {
  test(`${type}: commands and no answers`, () =>
    withSockets((open) =>
      steered(open, type, async ({ control, send, receive }) => {
        if ("subscribe" in control) (control as unknown as { subscribe(): void }).subscribe();
        const steering = open(peer as "push");
        steering.connect("inproc://control");
        await turns();
        for (const command of ["PAUSE", "STATISTICS", "RESUME"]) await steering.send(command);
        await send("1");
        assert.deepEqual(await receive(), ["1"]);
        await steering.send("TERMINATE");
      }),
    ));
}

test("a control socket that is closed ends nothing", () =>
  withSockets((open) =>
    steered(open, "pair", async ({ proxy, control, send, receive }) => {
      await control.close();
      await send("1");
      assert.deepEqual(await receive(), ["1"]);
      proxy.terminate();
    }),
  ));
