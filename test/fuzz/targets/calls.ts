// SPDX-License-Identifier: MIT
/**
 * Random sequences of calls on sockets of every type: open, bind, connect, send, receive, options, aborts, time that passes, hostile
 * octets, close, terminate. Each call settles, with an error that is documented or none; nobody is left waiting, nothing open.
 */
import assert from "node:assert/strict";
import { connect } from "node:net";
import { Poller } from "../../../src/api/poller.ts";
import { Proxy } from "../../../src/api/proxy.ts";
import { nodeRuntime } from "../../../src/runtime/node.ts";
import { turns, within } from "../../support/sockets.ts";
import { Choices } from "../fuzzer/choices.ts";
import type { Target } from "../fuzzer/target.ts";
import { type AnySocket, contextOf, type TypeName, World } from "./world.ts";

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

/** Where the sockets live. */
interface Place {
  readonly context: { shutdown(): void };
  open(type: TypeName, options: object): AnySocket;
  /** Where to bind, and where to connect to. */
  endpoint(choices: Choices, use: "bind" | "connect"): string;
  /** Something of what is under way happens. */
  pass(): Promise<unknown>;
  advance(milliseconds: number): void;
  /** Octets from nobody that knows the protocol; whether they end their connection. */
  hostile(choices: Choices): Promise<void>;
  poller(): Poller;
  /** Ends everything; fails where it does not end. */
  end(): Promise<void>;
}

/** Within the process, on a clock that stands still. A proxy between sockets that are connected to each other never comes to rest. */
function memoryPlace(): Place {
  const world = new World();
  return {
    context: world.context,
    open: (type, options) => world.open(type, options),
    endpoint: (choices) => choices.pick(ENDPOINTS),
    pass: () => world.pass(50),
    advance: (milliseconds) => world.clock.advance(milliseconds),
    hostile: async (choices) => {
      const connection = world.network.dial(choices.pick(["a", "b"]));
      if (connection === undefined) return;
      world.strangers.push(connection);
      connection.resume();
      connection.write([choices.string(100)]);
      await world.pass(50);
      if (choices.flag()) connection.destroy();
    },
    poller: () => new Poller({ ...nodeRuntime, clock: world.clock }),
    end: async () => {
      await world.settle();
      // What lingers has its time, and what tries again is over.
      world.clock.advance(1000);
      await world.end();
    },
  };
}

/** Over the loopback and in real time. */
function loopbackPlace(): Place {
  const context = contextOf({}, 1);
  const sockets: AnySocket[] = [];
  const bound = (): string[] => sockets.map(({ lastEndpoint }) => lastEndpoint ?? "tcp://127.0.0.1:1");
  return {
    context,
    open: (type, options) => {
      const socket = context.socket(type, options) as unknown as AnySocket;
      sockets.push(socket);
      return socket;
    },
    endpoint: (choices, use) => {
      const inproc = choices.pick(["", "", "inproc://a"]);
      if (inproc !== "") return inproc;
      return use === "bind" ? choices.pick(["tcp://127.0.0.1:*", "ipc://*", ...bound()]) : choices.pick(bound());
    },
    pass: () => turns(3),
    advance: () => {},
    hostile: async (choices) => {
      const [, port] = /^tcp:\/\/127\.0\.0\.1:(\d+)$/.exec(choices.pick(bound())) ?? [];
      if (port === undefined || port === "1") return;
      const stranger = connect(Number(port), "127.0.0.1");
      stranger.on("error", () => {});
      stranger.end(choices.string(100));
      if (choices.flag()) stranger.resetAndDestroy();
      await turns(2);
    },
    poller: () => new Poller(nodeRuntime),
    end: () => within(5000, "the end", context.terminate({ linger: 0 })),
  };
}

class Life {
  readonly place: Place;
  readonly choices: Choices;
  readonly sockets: Any[] = [];
  readonly pending: Promise<unknown>[] = [];
  waiting = 0;
  private controller = new AbortController();

  constructor(data: Uint8Array, place: Place) {
    this.choices = new Choices(data);
    this.place = place;
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
    const { choices, place } = this;
    const what = choices.below(28);
    const socket = choices.pick(this.sockets);
    const { signal } = this.controller;
    const type = socket.constructor.name.toUpperCase();
    const timeout = choices.pick([-1, 0, 3]);
    switch (what) {
      case 0:
        return this.settles(socket.bind(place.endpoint(choices, "bind")));
      case 1:
        return socket.bindSync(place.endpoint(choices, "bind"));
      case 2:
      case 3:
        return socket.connect(place.endpoint(choices, "connect"));
      case 4:
        return socket.disconnect(place.endpoint(choices, "connect"));
      case 5:
        return this.settles(socket.unbind(place.endpoint(choices, "connect")));
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
        place.advance(choices.pick([0, 1, 5, 100, 31_000]));
        await place.pass();
        return;
      case 21:
        return place.hostile(choices);
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
        const poller = place.poller();
        poller.add(socket);
        return this.settles(poller.wait({ timeout: 3 }));
      }
      default:
        await place.pass();
    }
  }

  async run(): Promise<void> {
    const { choices, place } = this;
    for (let count = 0; count < 4; count += 1) {
      this.sockets.push(place.open(choices.pick(TYPES), { linger: 0 }) as Any);
    }
    for (let steps = 0; !choices.isOver && steps < 80; steps += 1) {
      try {
        await this.step();
      } catch (error) {
        tolerate(error);
      }
    }
    if (choices.flag()) place.context.shutdown();
    else for (const socket of this.sockets) this.settles(socket.close({ linger: 0 }));
    this.controller.abort();
    await place.end();
    await Promise.race([Promise.all(this.pending), new Promise(setImmediate)]);
    if (this.waiting > 0) await turns(5);
    assert.equal(this.waiting, 0, "a call has not settled");
    assert.ok(this.sockets.every((socket) => socket.closed && !socket.readable && !socket.writable));
  }
}

/** The targets of calls. */
export const callTargets: readonly Target[] = [
  {
    name: "calls",
    about: "any sequence of calls on sockets of any types",
    runs: 250,
    longest: 500,
    // Two sockets that are connected to each other and joined by a proxy have no end of messages.
    patience: 10_000,
    generate: (random) => random.octets(4 + random.below(250)),
    fuzz: (data) => new Life(data, memoryPlace()).run(),
  },
  {
    name: "tcp-calls",
    about: "the same over real TCP, ipc and inproc",
    runs: 40,
    longest: 300,
    patience: 8000,
    generate: (random) => random.octets(4 + random.below(200)),
    fuzz: async (data) => {
      const hold = setInterval(() => {}, 1 << 30);
      try {
        await new Life(data, loopbackPlace()).run();
      } finally {
        clearInterval(hold);
      }
    },
  },
];
