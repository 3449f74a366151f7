// SPDX-License-Identifier: MIT
/**
 * Laws of lives: whatever is called on whatever socket in whatever order, over real transports, with closes, aborts and ends of the
 * context in the middle: each call settles, with an error that is documented or none; the end comes; and no address is left bound.
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import { Context, type Dealer, type Request, type Socket } from "../../src/index.ts";
import { turns, within, withSockets } from "../support/sockets.ts";
import { fc, PATIENCE, runs } from "./runs.ts";

/** Any of the types; all calls are tried on each that has them. */
const TYPES = ["pair", "pub", "sub", "req", "rep", "dealer", "router", "pull", "push", "xpub", "xsub"] as const;
const WILDCARDS = ["tcp://127.0.0.1:*", "ipc://*", "inproc://a", "inproc://b", "tcp://127.0.0.1:1", "ipc:///nowhere/x"];

/** What calls may fail with: out of turn, over, in use, given up, aborted, nobody there, lost, nowhere. */
const ALLOWED = new Set(
  "EFSM EBADF ETERM EADDRINUSE EAGAIN ECANCELED EHOSTUNREACH ECONNRESET ENOENT EINVAL EACCES".split(" "),
);

const who = fc.nat(3);
const to = fc.nat(3);
const step = fc.oneof(
  fc.record({ do: fc.constant("bind" as const), who, at: fc.constantFrom(...WILDCARDS) }),
  fc.record({ do: fc.constantFrom("connect" as const, "disconnect" as const), who, to }),
  fc.record({
    do: fc.constantFrom("connect" as const, "disconnect" as const),
    who,
    to,
    at: fc.constantFrom(...WILDCARDS),
  }),
  fc.record({ do: fc.constant("unbind" as const), who }),
  fc.record({ do: fc.constantFrom("send" as const, "receive" as const), who, timeout: fc.constantFrom(-1, 0, 2) }),
  fc.record({ do: fc.constantFrom("request" as const), who, timeout: fc.constantFrom(-1, 2), retries: fc.nat(2) }),
  fc.record({
    do: fc.constantFrom("whenReadable" as const, "whenWritable" as const, "event" as const, "loop" as const),
    who,
  }),
  fc.record({
    do: fc.constantFrom("subscribe" as const, "ref" as const, "unref" as const, "tryReceive" as const),
    who,
  }),
  fc.record({ do: fc.constant("close" as const), who, linger: fc.constantFrom(0, 1, -1, undefined) }),
  fc.record({ do: fc.constantFrom("abort" as const, "turn" as const, "turn" as const) }),
);

/** All that the types together can do. */
type Any = Dealer & Request & { subscribe?: (topic: string) => void };

for (const end of ["close", "terminate", "shutdown"] as const) {
  test(`any life, ended by ${end}`, { timeout: PATIENCE }, () =>
    withSockets(async () => {
      const complaints: unknown[] = [];
      const complain = (reason: unknown): void => void complaints.push(reason);
      process.on("unhandledRejection", complain);
      try {
        await fc.assert(
          fc.asyncProperty(
            fc.array(fc.constantFrom(...TYPES), { minLength: 4, maxLength: 4 }),
            fc.array(step, { maxLength: 40 }),
            async (types, steps) => {
              const context = new Context({ defaults: { linger: 0, reconnectInterval: 1, sendHighWaterMark: 2 } });
              const sockets = types.map((type) => context.socket(type));
              let controller = new AbortController();
              const pending: Promise<unknown>[] = [];
              const settle = (promise: unknown): void => {
                pending.push(Promise.resolve(promise).catch(tolerate));
              };
              for (const each of steps) {
                const socket = sockets["who" in each ? each.who : 0] as Socket as Any;
                try {
                  await play(each, socket, sockets, controller.signal, settle);
                } catch (error) {
                  tolerate(error as Error);
                }
                if (each.do === "abort") {
                  controller.abort();
                  controller = new AbortController();
                }
              }
              if (end === "shutdown") context.shutdown();
              if (end !== "terminate") for (const socket of sockets) settle(socket.close({ linger: 0 }));
              await within(5000, end, context.terminate({ linger: 0 }));
              await within(5000, `${pending.length} calls`, Promise.all(pending));
              assert.ok(sockets.every((socket) => socket.closed && !socket.readable && !socket.writable));
            },
          ),
          runs(150),
        );
        await turns(2);
        assert.deepEqual(complaints, []);
      } finally {
        process.off("unhandledRejection", complain);
      }
    }),
  );
}

function tolerate(error: Error & { code?: string }): void {
  if (error instanceof TypeError && /is not a function|is not async iterable/.test(error.message)) return;
  assert.ok(ALLOWED.has(error.code ?? ""), error.stack);
}

type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;

async function play(
  each: Step,
  socket: Any,
  sockets: readonly Socket[],
  signal: AbortSignal,
  settle: (promise: unknown) => void,
): Promise<void> {
  switch (each.do) {
    case "bind":
      return settle(socket.bind(each.at));
    case "unbind":
      return settle(socket.unbind(socket.lastEndpoint ?? "inproc://a"));
    case "connect":
    case "disconnect":
      return socket[each.do]("at" in each ? each.at : (sockets[each.to]?.lastEndpoint ?? "inproc://b"));
    case "send":
      return settle(socket.send("x", { signal, timeout: each.timeout }));
    case "receive":
      return settle(socket.receive({ signal, timeout: each.timeout }));
    case "request":
      return settle(socket.request("q", { signal, timeout: each.timeout, retries: each.retries }));
    case "whenReadable":
    case "whenWritable":
      return settle(socket[each.do]({ signal }));
    case "event":
      return settle(socket.events.receive({ signal }));
    case "loop":
      return settle(
        (async () => {
          for await (const message of socket) if (message.length > 2) break;
        })(),
      );
    case "subscribe":
      return socket.subscribe?.("");
    case "tryReceive":
      return void socket.tryReceive();
    case "ref":
    case "unref":
      return void socket[each.do]();
    case "close":
      return settle(socket.close(each.linger === undefined ? {} : { linger: each.linger }));
    case "turn":
      await turns(1);
      return;
    case "abort":
  }
}
