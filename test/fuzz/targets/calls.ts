// SPDX-License-Identifier: MIT
/**
 * Random sequences of calls on sockets of every type: open, bind, connect, send, receive, options, aborts, time that passes, hostile
 * octets, close, terminate. Each call settles, with an error that is documented or none; nobody is left waiting, nothing open.
 */
import assert from "node:assert/strict";
import { Poller } from "../../../src/api/poller.ts";
import { Proxy } from "../../../src/api/proxy.ts";
import { nodeRuntime } from "../../../src/runtime/node.ts";
import { Choices } from "../fuzzer/choices.ts";
import type { Target } from "../fuzzer/target.ts";
import { type AnySocket, type TypeName, World } from "./world.ts";

const TYPES: readonly TypeName[] = [
  ...(["pair", "pub", "sub", "req", "rep", "dealer", "router", "pull", "push", "xpub", "xsub", "stream"] as const),
  ...(["server", "client", "radio", "dish", "gather", "scatter", "peer", "channel"] as const),
];
const ENDPOINTS = ["tcp://a", "tcp://b", "inproc://a", "inproc://b"];

/** What calls may fail with: out of turn, over, in use, given up, aborted, nobody there, lost, nowhere. */
const ALLOWED = new Set(
  "EFSM EBADF ETERM EADDRINUSE EAGAIN ECANCELED EHOSTUNREACH ECONNRESET ENOENT EINVAL ENOTSUP EBUSY".split(" "),
);

/** What only some types have is no function of the others; an option is none of theirs. */
const NOT_THERE =
  /is not a function|is not async iterable|not extensible|must be an object|must be present|is not iterable|needs|must/;

function tolerate(error: unknown): void {
  const { code, name, message } = error as Error & { code?: string };
  if (name === "TypeError" && NOT_THERE.test(message)) return;
  if (!ALLOWED.has(code ?? "")) throw error;
}

const OPTIONS = [
  ["sendHighWaterMark", [0, 1, 2, 1000]],
  ["receiveHighWaterMark", [0, 1, 2, 1000]],
  ["linger", [0, -1, 10]],
  ["sendTimeout", [0, -1, 5]],
  ["receiveTimeout", [0, -1, 5]],
  ["immediate", [true, false]],
  ["whenFull", [null, "wait", "dropNewest", "dropOldest", "error", "disconnect"]],
  ["conflate", [true, false]],
  ["mandatory", [true, false]],
  ["relaxed", [true, false]],
  ["correlate", [true, false]],
  ["handover", [true, false]],
  ["probeRouter", [true, false]],
  ["routingId", ["a", "b"]],
  ["verbosity", [null, "allSubs", "allSubsUnsubs"]],
  ["manual", [true, false]],
  ["noDrop", [true, false]],
  ["invertMatching", [true, false]],
  ["heartbeatInterval", [0, 3]],
  ["reconnectInterval", [-1, 1, 20]],
  ["messageDetails", [true, false]],
] as const;

/** All that the types together can do. */
type Any = AnySocket & {
  request(message: unknown, options: object): Promise<unknown>;
  receiveBatch(most: number, options: object): Promise<unknown>;
  sendBatch(messages: readonly unknown[], options: object): Promise<unknown>;
  whenReadable(options: object): Promise<void>;
  whenWritable(options: object): Promise<void>;
  unsubscribe(...topics: string[]): void;
  leave(group: string): void;
  send(message: unknown, options?: object): Promise<void>;
};

class Life {
  readonly world: World = new World();
  readonly choices: Choices;
  readonly sockets: Any[] = [];
  readonly pending: Promise<unknown>[] = [];
  waiting = 0;
  private controller = new AbortController();

  constructor(data: Uint8Array) {
    this.choices = new Choices(data);
  }

  /** A call that settles at some time. */
  private settles(promise: unknown): void {
    this.waiting += 1;
    this.pending.push(
      Promise.resolve(promise)
        .catch(tolerate)
        .finally(() => {
          this.waiting -= 1;
        }),
    );
  }

  private message(type: string): unknown {
    const { choices } = this;
    if (choices.below(8) === 0) return choices.pick<unknown>([[], null, "", ["a", "", "b"], Buffer.alloc(2000), 5]);
    const body = choices.text(6);
    if (type === "ROUTER" || type === "STREAM") return [choices.pick(["a", "b", "none"]), body];
    if (type === "XSUB") return Buffer.from([choices.below(3), ...Buffer.from(body)]);
    return body;
  }

  async step(): Promise<void> {
    const { choices, world } = this;
    const what = choices.below(28);
    const socket = choices.pick(this.sockets);
    const { signal } = this.controller;
    const type = socket.constructor.name.toUpperCase();
    const timeout = choices.pick([-1, 0, 3]);
    switch (what) {
      case 0:
        return this.settles(socket.bind(choices.pick(ENDPOINTS)));
      case 1:
        return socket.bindSync(choices.pick(ENDPOINTS));
      case 2:
      case 3:
        return socket.connect(choices.pick(ENDPOINTS));
      case 4:
        return socket.disconnect(choices.pick(ENDPOINTS));
      case 5:
        return this.settles(socket.unbind(choices.pick(ENDPOINTS)));
      case 6:
      case 7:
        return this.settles(socket.send(this.message(type), { signal, timeout, group: "g" }));
      case 8:
        return void socket.trySend(this.message(type), { group: "g" });
      case 9:
      case 10:
        return this.settles(socket.receive({ signal, timeout }));
      case 11:
        return void socket.tryReceive();
      case 12:
        return this.settles(socket.request(this.message(type), { signal, timeout, retries: choices.below(3) }));
      case 13:
        return this.settles(choices.flag() ? socket.whenReadable({ signal }) : socket.whenWritable({ signal }));
      case 14:
        return this.settles(socket.events.receive({ signal }));
      case 15:
        return this.settles(
          (async () => {
            for await (const message of socket) if (message.length > 2) break;
          })(),
        );
      case 16: {
        const topic = choices.text(3);
        if (type.includes("DISH")) return choices.flag() ? socket.join("g") : socket.leave("g");
        return choices.flag() ? socket.subscribe(topic) : socket.unsubscribe(topic);
      }
      case 17: {
        const [name, values] = choices.pick(OPTIONS);
        (socket as unknown as Record<string, unknown>)[name] = choices.pick<unknown>(values);
        return;
      }
      case 18:
        this.controller.abort();
        this.controller = new AbortController();
        return;
      case 19:
        return this.settles(socket.close(choices.flag() ? { linger: choices.pick([0, 1, -1]) } : {}));
      case 20:
        world.clock.advance(choices.pick([0, 1, 5, 100, 31_000]));
        return this.pass();
      case 21:
        return this.hostile();
      case 22:
        socket.statistics();
        return void socket.peers();
      case 23:
        return this.settles(
          choices.flag()
            ? socket.receiveBatch(2, { signal, timeout })
            : socket.sendBatch(["a", "b"], { signal, timeout }),
        );
      case 24:
        return void (choices.flag() ? socket.ref() : socket.unref());
      case 25: {
        const proxy = new Proxy(socket as never, choices.pick(this.sockets) as never);
        this.settles(proxy.run());
        if (choices.flag()) proxy.terminate();
        return;
      }
      case 26: {
        const poller = new Poller({ ...nodeRuntime, clock: world.clock });
        poller.add(socket);
        return this.settles(poller.wait({ timeout: 3 }));
      }
      default:
        return this.pass();
    }
  }

  /** Lets some of it happen: a proxy between sockets that are connected to each other never comes to rest. */
  private async pass(): Promise<void> {
    await this.world.pass(50);
  }

  /** Octets from nobody that knows the protocol. */
  private async hostile(): Promise<void> {
    const { world, choices } = this;
    const connection = world.network.dial(choices.pick(["a", "b"]));
    if (connection === undefined) return;
    world.strangers.push(connection);
    connection.resume();
    connection.write([choices.string(100)]);
    await this.pass();
    if (choices.flag()) connection.destroy();
  }

  async run(): Promise<void> {
    const { choices, world } = this;
    for (let count = 0; count < 4; count += 1) {
      const socket = world.open(choices.pick(TYPES), { linger: 0 }) as Any;
      this.sockets.push(socket);
    }
    for (let steps = 0; !choices.isOver && steps < 80; steps += 1) {
      try {
        await this.step();
      } catch (error) {
        tolerate(error);
      }
    }
    if (choices.flag()) world.context.shutdown();
    else for (const socket of this.sockets) this.settles(socket.close({ linger: 0 }));
    this.controller.abort();
    await world.settle();
    // What lingers has its time, and what tries again is over.
    world.clock.advance(1000);
    await world.end();
    await Promise.race([Promise.all(this.pending), new Promise(setImmediate)]);
    assert.equal(this.waiting, 0, "a call has not settled");
  }
}

/** The target of calls. */
export const callTarget: Target = {
  name: "calls",
  about: "any sequence of calls on sockets of any types",
  runs: 250,
  longest: 500,
  generate: (random) => random.octets(4 + random.below(250)),
  fuzz: (data) => new Life(data).run(),
};
