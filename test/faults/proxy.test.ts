// SPDX-License-Identifier: MIT
/**
 * Faults between real sockets, of this library and of libzmq in both roles: a sample of the positions that
 * `positions.test.ts` has in full, with the same rules as far as they can be seen from outside.
 */
import assert from "node:assert/strict";
import type { Socket } from "../../src/index.ts";
import type { Direction, FaultProxy, ProxyPlan } from "../support/fault-proxy.ts";
import { within } from "../support/sockets.ts";
import { type Stage, testCasts } from "./casts.ts";
import { Lane, makeMessage } from "./messages.ts";

/** In the greeting, in READY, in a frame's header, in a body, between parts, and later. */
const POSITIONS = [0, 9, 64, 70, 90, 101, 118, 131, 150, 420, 700] as const;

type Sender = Pick<Socket, "lastEndpoint"> & { send(message: string[]): Promise<void> };
type Receiver = { receive(): Promise<Buffer[]> };

/** Octets of a greeting and a READY: where nothing is sent, more do not come. */
const HANDSHAKE = 90;

/** Plans for all samples; `way`: in which direction messages go. */
function* samples(way: Direction | "both"): Generator<ProxyPlan> {
  for (const [index, at] of POSITIONS.entries()) {
    for (const [turn, direction] of (["up", "down"] satisfies Direction[]).entries()) {
      const how = (index + turn) % 2 === 0 ? "close" : "reset";
      yield { fault: { direction, at: way === "both" || way === direction ? at : at % HANDSHAKE, how } };
    }
  }
}

async function sendMore(lane: Lane, sender: Sender, count: number): Promise<void> {
  for (let left = count; left > 0; left -= 1) {
    await sender.send(makeMessage(lane.name, lane.next));
    lane.accepted.push(lane.next);
    lane.next += 1;
  }
}

/** Receives up to a number, which may still change. */
async function receiveUpTo(lane: Lane, receiver: Receiver, goal: { last: number }): Promise<void> {
  while ((lane.received.at(-1) ?? -1) < goal.last) lane.enter(await receiver.receive());
}

/** Whole, in order, none twice; the numbers that are missing are together. */
function checkLane({ name, received, accepted }: Lane, from = 0): void {
  for (const [index, number] of received.entries())
    assert.ok(
      index === 0 || number > (received[index - 1] as number),
      `${name}: ${number} after ${received[index - 1]}`,
    );
  const gaps = received.filter(
    (number, index) => number !== (index === 0 ? from : (received[index - 1] as number) + 1),
  );
  assert.ok(gaps.length <= 1, `${name}: gaps before ${gaps}, of ${accepted.length}`);
}

/** Each sample by itself, all at the same time. */
async function forSamples(way: Direction | "both", play: (plan: ProxyPlan) => Promise<void>): Promise<void> {
  const all = [...samples(way)].map(async (plan) => {
    try {
      await within(8000, "it hangs", play(plan));
    } catch (error) {
      throw new Error(`${JSON.stringify(plan.fault)}: ${(error as Error).message}`, { cause: error });
    }
  });
  for (const { status, ...rest } of await Promise.allSettled(all))
    if (status === "rejected") throw (rest as { reason: Error }).reason;
}

/** Once the first connection is over, and its maker has noticed. */
function remade(proxy: FaultProxy): Promise<void> {
  return proxy.connections(2);
}

/** Sends one message after another until the connection has been made anew, and then until the next that is sent has come. */
async function stream(lane: Lane, sender: Sender, receiver: Receiver, proxy: FaultProxy): Promise<void> {
  const goal = { last: Number.POSITIVE_INFINITY };
  let isOver = false;
  const receiving = receiveUpTo(lane, receiver, goal).finally(() => {
    isOver = true;
  });
  while (!isOver) {
    await sendMore(lane, sender, 1);
    await new Promise(setImmediate);
    if (proxy.times.length > 1) goal.last = Math.min(goal.last, lane.next);
  }
  await receiving;
}

/** npm `zeromq` says that it is not possible now while there is no connection, or when all that had come was out of date. */
async function patiently<T>(call: () => Promise<T>): Promise<T> {
  for (;;) {
    try {
      return await call();
    } catch (error) {
      if ((error as { code?: string }).code !== "EAGAIN") throw error;
      await new Promise(setImmediate);
    }
  }
}

testCasts(
  "PUSH connects to PULL: what is lost was on the connection, whatever it broke at",
  ({ connecting, binding, join }) =>
    forSamples("up", async (plan) => {
      const [push, pull] = [connecting("push"), binding("pull")];
      const lane = new Lane("to");
      const proxy = await join(pull, push, plan);
      await sendMore(lane, push, 14);
      await remade(proxy);
      await sendMore(lane, push, 6);
      await receiveUpTo(lane, pull, { last: 19 });
      checkLane(lane);
    }),
);

testCasts(
  "PULL connects to PUSH: likewise, and what waited for the connection that broke is lost too",
  ({ connecting, binding, join }) =>
    forSamples("down", async (plan) => {
      const [pull, push] = [connecting("pull"), binding("push")];
      const lane = new Lane("to");
      const proxy = await join(push, pull, plan);
      await stream(lane, push, pull, proxy);
      checkLane(lane);
    }),
);

testCasts("DEALER and ROUTER: both ways, whatever it broke at", ({ connecting, binding, join }) =>
  forSamples("both", async (plan) => {
    const dealer = connecting("dealer", { routingId: "me" });
    const router = binding("router", { handover: true });
    const [asking, answering] = [new Lane("ask"), new Lane("answer")];
    const proxy = await join(router, dealer, plan);
    const serving = (async () => {
      while ((asking.received.at(-1) ?? -1) < 19) {
        const [id, ...parts] = await router.receive();
        const number = asking.enter(parts);
        await router.send([id as Buffer, ...makeMessage("answer", number)]);
      }
    })();
    await sendMore(asking, dealer, 14);
    await remade(proxy);
    await sendMore(asking, dealer, 6);
    await Promise.all([serving, receiveUpTo(answering, dealer, { last: 19 })]);
    checkLane(asking);
    for (const number of answering.received) assert.ok(asking.received.includes(number));
  }),
);

testCasts(
  "SUB connects to PUB: its subscriptions are there again, and messages are missing at the break only",
  ({ connecting, binding, join }) =>
    forSamples("down", async (plan) => {
      const [sub, pub] = [connecting("sub"), binding("pub")];
      const lane = new Lane("to");
      sub.subscribe("to ");
      const proxy = await join(pub, sub, plan);
      await stream(lane, pub, sub, proxy);
      checkLane(lane, lane.received[0]);
    }),
);

testCasts(
  "REQ and REP, correlated and relaxed: an answer is that of the latest request",
  ({ connecting, binding, join }: Stage) =>
    forSamples("both", async (plan) => {
      const [req, rep] = [connecting("req", { correlate: true, relaxed: true }), binding("rep")];
      const proxy = await join(rep, req, plan);
      const heard = new Lane("ask");
      void (async () => {
        for await (const request of rep) await rep.send(makeMessage("answer", heard.enter(request)));
      })().catch(() => {});
      let number = 0;
      for (let answered = 0; answered < 6; ) {
        await patiently(() => req.send(makeMessage("ask", number)));
        const receiving = patiently(() => req.receive());
        for (let seen = proxy.times.length; ; seen += 1) {
          const answer = await Promise.race([receiving, proxy.connections(seen + 1)]);
          if (answer !== undefined) {
            assert.equal(new Lane("answer").enter(answer), number);
            break;
          }
          // The connection is another one: the request may have gone with the last.
          number += 1;
          await patiently(() => req.send(makeMessage("ask", number)));
        }
        answered += 1;
        number += 1;
      }
      for (const [index, each] of heard.received.entries())
        assert.ok(index === 0 || each > (heard.received[index - 1] as number), "each request once");
    }),
);
