// SPDX-License-Identifier: MIT
/** Hardened sockets and libzmq: every pair of types talks as ever, in both directions, and heartbeats go to and fro meanwhile. */
import assert from "node:assert/strict";
import test from "node:test";
import * as ours from "../../src/index.ts";
import { eventually } from "../support/leaks.ts";

const native = await import("zeromq").catch(() => undefined);
const patience = { timeout: 20_000, skip: native === undefined ? "npm zeromq is not installed" : false };
const any = "tcp://127.0.0.1:*";

interface Sends {
  send(message: string | string[]): Promise<void>;
}
interface Receives {
  receive(): Promise<Uint8Array[]>;
}
interface Lives {
  bind(address: string): Promise<void>;
  connect(address: string): void;
  lastEndpoint: string | null;
  close(): unknown;
}
type Any = Lives & Sends & Receives & { subscribe(): void };
type Classes = Record<string, new (options: object) => Any>;

/** The preset, with heartbeats so fast that some are seen. */
const hardened = { ...ours.hardened, heartbeatInterval: 20, heartbeatTimeout: 5000, linger: 0 };

async function expect(from: Receives, ...texts: string[]): Promise<void> {
  assert.deepEqual((await from.receive()).map(String), texts);
}

/** Pairs of types, and what is said: `a` is the one that speaks first. */
const pairs: readonly { readonly a: string; readonly b: string; readonly talk: (a: Any, b: Any) => Promise<void> }[] = [
  ...(["Request", "Dealer"] as const).map((a) => ({
    a,
    b: "Reply",
    talk: async (asks: Any, answers: Any) => {
      const delimiter = a === "Dealer" ? [""] : [];
      await asks.send([...delimiter, "question", "x".repeat(100_000)]);
      await expect(answers, "question", "x".repeat(100_000));
      await answers.send("answer");
      await expect(asks, ...delimiter, "answer");
    },
  })),
  {
    a: "Dealer",
    b: "Router",
    talk: async (dealer, router) => {
      await dealer.send(Array.from({ length: 100 }, (_, i) => `part ${i}`));
      const [id, ...parts] = await router.receive();
      assert.equal(parts.length, 100);
      await router.send([id as unknown as string, "back"]);
      await expect(dealer, "back");
    },
  },
  ...(["Publisher", "XPublisher"] as const).flatMap((a) =>
    (["Subscriber", "XSubscriber"] as const).map((b) => ({
      a,
      b,
      talk: async (pub: Any, sub: Any) => {
        if (b === "Subscriber") sub.subscribe();
        else await sub.send("\x01");
        let isHeard = false;
        const heard = sub.receive().then((message) => {
          isHeard = true;
          return message;
        });
        await eventually("a subscription", () => {
          void pub.send(["news", "here"]);
          return isHeard;
        });
        assert.deepEqual((await heard).map(String), ["news", "here"]);
      },
    })),
  ),
  ...[
    { a: "Push", b: "Pull" },
    { a: "Pair", b: "Pair" },
  ].map((types) => ({
    ...types,
    talk: async (from: Any, to: Any) => {
      for (let i = 0; i < 100; i += 1) await from.send(`${i}`);
      for (let i = 0; i < 100; i += 1) await expect(to, `${i}`);
    },
  })),
];

for (const { a, b, talk } of pairs) {
  for (const side of [a, b]) {
    const isFirst = side === a;
    test(
      `a hardened ${side} binds, and libzmq's ${isFirst ? b : a} connects; and the other way round`,
      patience,
      async () => {
        for (const binds of ["ours", "libzmq's"]) {
          const mine = new (ours as unknown as Classes)[side]!(hardened);
          const theirs = new (native as unknown as Classes)[isFirst ? b : a]!({ linger: 0, heartbeatInterval: 20 });
          try {
            const [binder, connecter] = binds === "ours" ? [mine, theirs] : [theirs, mine];
            await binder.bind(any);
            connecter.connect(binder.lastEndpoint as string);
            await (isFirst ? talk(mine, theirs) : talk(theirs, mine));
            const socket = mine as unknown as ours.Socket;
            await eventually("a heartbeat", () => socket.peers()[0]?.roundTripTime !== undefined);
            assert.deepEqual(socket.statistics().limitsPassed, {});
            await (isFirst ? talk(mine, theirs) : talk(theirs, mine));
          } finally {
            await mine.close();
            theirs.close();
          }
        }
      },
    );
  }
}

test("of libzmq too, a hardened socket takes no message above its limits", patience, async () => {
  const pull = new ours.Pull({ ...hardened, maxMessageSize: 1000, maxMessageBytes: 1500, maxMessageParts: 3 });
  const push = new (native as unknown as typeof ours).Push({ linger: 0 });
  try {
    await pull.bind(any);
    push.connect(pull.lastEndpoint as string);
    let connections = 1;
    for (const [option, message] of [
      ["maxMessageSize", "x".repeat(1001)],
      ["maxMessageBytes", ["x".repeat(800), "x".repeat(800)]],
      ["maxMessageParts", ["a", "b", "c", "d"]],
    ] as const) {
      await push.send(message);
      await eventually(option, () => pull.statistics().limitsPassed[option] === 1);
      connections += 1;
      await eventually("the next connection", () => pull.statistics().connections === connections);
      await push.send(["a", "b", "c"]);
      assert.equal((await pull.receive()).length, 3);
    }
  } finally {
    await pull.close();
    await push.close();
  }
});
