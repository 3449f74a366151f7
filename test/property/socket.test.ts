// SPDX-License-Identifier: MIT
/**
 * Laws of sockets under any program: random sends, receives, aborts, binds, connects and closes never hang, never deliver
 * a message twice or out of its sender's order, and never leave a promise unsettled.
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import * as fc from "fast-check";
import type { Dealer, Pair, Pull, Push } from "../../src/index.ts";
import { texts, turns, within, withSockets } from "../support/sockets.ts";
import { PATIENCE, runs } from "./runs.ts";

type Sender = Push | Dealer | Pair;
type Receiver = Pull | Dealer | Pair;

const step = fc.oneof(
  {
    weight: 8,
    arbitrary: fc.record({ do: fc.constant("send" as const), who: fc.nat(3), wait: fc.constantFrom(-1, 0, 3) }),
  },
  {
    weight: 8,
    arbitrary: fc.record({ do: fc.constant("receive" as const), who: fc.nat(3), wait: fc.constantFrom(-1, 0, 3) }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant("trySend" as const), who: fc.nat(3) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant("batch" as const), who: fc.nat(3), limit: fc.nat(4) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant("abort" as const) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant("turn" as const) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("break" as const), who: fc.nat(3) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("marks" as const), who: fc.nat(3), mark: fc.nat(4) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("close" as const), who: fc.nat(3) }) },
);

const CASES = [
  { types: ["push", "pull"], wildcard: "inproc://x" },
  { types: ["push", "pull"], wildcard: "ipc://*" },
  { types: ["dealer", "dealer"], wildcard: "inproc://x" },
  { types: ["dealer", "dealer"], wildcard: "tcp://127.0.0.1:*" },
  { types: ["pair", "pair"], wildcard: "inproc://x" },
] as const;

for (const { types, wildcard } of CASES) {
  test(`${types.join(" and ")} over ${wildcard}: any program`, { timeout: PATIENCE }, () =>
    fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 60 }), fc.nat(3), async (steps, mark) => {
        const defaults = { sendHighWaterMark: mark, receiveHighWaterMark: mark, reconnectInterval: 1 };
        await withSockets(
          async (open) => {
            const isPair = types[0] === "pair";
            const count = isPair ? 1 : 2;
            const senders = Array.from({ length: count }, () => open(types[0]));
            const receivers = Array.from({ length: count }, () => open(types[1]));
            const endpoints: string[] = [];
            for (const [index, receiver] of receivers.entries()) {
              await receiver.bind(wildcard.startsWith("inproc") ? `${wildcard}${index}` : wildcard);
              endpoints.push(receiver.lastEndpoint as string);
            }
            for (const sender of senders) for (const endpoint of endpoints) sender.connect(endpoint);

            const got: string[][] = receivers.map(() => []);
            let number = 0;
            const pending: Promise<unknown>[] = [];
            let controller = new AbortController();
            const allowed = new Set(["EAGAIN", "ECANCELED", "EBADF"]);
            const tolerate = (error: Error & { code?: string }): void =>
              assert.ok(allowed.has(error.code ?? ""), error.message);
            for (const each of steps) {
              const who = "who" in each ? each.who % count : 0;
              const [sender, receiver] = [senders[who] as Sender, receivers[who] as Receiver];
              if (each.do === "send") {
                const text = `${who}:${number++}`;
                pending.push(sender.send(text, { timeout: each.wait, signal: controller.signal }).catch(tolerate));
              } else if (each.do === "trySend") {
                if (!sender.closed) sender.trySend(`${who}:${number++}`);
              } else if (each.do === "receive") {
                const receiving = receiver.receive({ timeout: each.wait, signal: controller.signal });
                pending.push(receiving.then((message) => got[who]?.push(...texts(message)), tolerate));
              } else if (each.do === "batch") {
                const receiving = receiver.receiveBatch(each.limit + 1, { timeout: 2 });
                pending.push(receiving.then((all) => got[who]?.push(...all.flatMap(texts)), tolerate));
              } else if (each.do === "abort") {
                controller.abort();
                controller = new AbortController();
              } else if (each.do === "turn") {
                await turns(1);
              } else if (each.do === "marks") {
                if (!sender.closed) sender.sendHighWaterMark = each.mark;
                if (!receiver.closed) receiver.receiveHighWaterMark = each.mark;
              } else if (each.do === "break") {
                const endpoint = endpoints[who] as string;
                if (!sender.closed && sender.works.core.endpoints.size === endpoints.length) {
                  sender.disconnect(endpoint);
                  sender.connect(endpoint);
                }
              } else {
                void sender.close();
              }
            }
            await turns(3);
            const closing = [...senders, ...receivers].map((socket) => socket.close({ linger: 0 }));
            await within(5000, "the close", Promise.all(closing));
            await within(5000, "what was asked for", Promise.all(pending));
            const all = got.flat();
            assert.equal(new Set(all).size, all.length, "a message came twice");
          },
          { defaults },
        );
      }),
      runs(60),
    ),
  );
}

test("one sender and one receiver, however they wait and give up: order is kept", { timeout: PATIENCE }, () =>
  fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 80 }), fc.integer({ min: 1, max: 4 }), async (steps, mark) => {
      await withSockets(async (open) => {
        const push = open("push", { sendHighWaterMark: mark });
        const pull = open("pull", { receiveHighWaterMark: mark });
        await pull.bind("inproc://x");
        push.connect("inproc://x");
        let controller = new AbortController();
        const pending: Promise<unknown>[] = [];
        const accepted = new Set<number>();
        const got: number[] = [];
        const order: number[] = [];
        let sent = 0;
        for (const each of steps) {
          if (each.do === "send") {
            const number = sent++;
            const sending = push.send(String(number), { timeout: each.wait, signal: controller.signal });
            pending.push(
              sending.then(
                () => accepted.add(number),
                () => {},
              ),
            );
          } else if (each.do === "trySend") {
            const number = sent++;
            if (push.trySend(String(number))) accepted.add(number);
          } else if (each.do === "receive") {
            const place = order.push(-1) - 1;
            const receiving = pull.receive({ timeout: each.wait, signal: controller.signal });
            pending.push(
              receiving.then(
                (message) => {
                  order[place] = Number(texts(message)[0]);
                },
                () => {},
              ),
            );
          } else if (each.do === "abort") {
            controller.abort();
            controller = new AbortController();
          } else if (each.do === "turn") await turns(1);
          else if (each.do === "marks") push.sendHighWaterMark = each.mark;
        }
        await turns(2);
        controller.abort();
        await Promise.all(pending);
        for (const number of order) if (number >= 0) got.push(number);
        for (let message = pull.tryReceive(); message !== undefined; message = pull.tryReceive()) {
          got.push(Number(texts(message)[0]));
        }
        assert.deepEqual(
          got,
          [...accepted].sort((a, b) => a - b),
          "accepted is delivered, all else is not, in order",
        );
      });
    }),
    runs(200),
  ),
);
