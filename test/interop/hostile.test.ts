// SPDX-License-Identifier: MIT
/**
 * Bad input on a bound port, with a good libzmq peer beside it: the bad connection goes, with an event that says why; the
 * good peer is served on, and memory stays. The inputs are in `bad-inputs.ts`.
 */
import assert from "node:assert/strict";
import test from "node:test";
import { Context, type Router, type Socket } from "../../src/index.ts";
import { type Corpus, summarize } from "../support/peers/corpus.ts";
import type { Peer, PeerSocket, SocketType } from "../support/peers/peer.ts";
import { RawPeer } from "../support/peers/raw-peer.ts";
import { startPeer } from "../support/peers/start-peer.ts";
import { missing } from "../support/peers/toolchain.ts";
import { badInputs, goodDealer, misbehave } from "./bad-inputs.ts";
import { greetingTail, ready } from "./old-versions.ts";

const patience = { timeout: 15000 };

/** A ROUTER of ours that echoes, with a libzmq DEALER that keeps asking it. */
class Arena {
  readonly #router: Router;
  readonly #context: Context;
  readonly #good: PeerSocket;
  readonly endpoint: string;
  /** What `handshake:error:protocol` told, in order. */
  readonly protocolErrors: string[] = [];
  /** The first parts of the messages that came, without the routing id. */
  readonly heard: string[] = [];
  #round = 0;

  private constructor(context: Context, router: Router, good: PeerSocket, endpoint: string) {
    this.#context = context;
    this.#router = router;
    this.#good = good;
    this.endpoint = endpoint;
    router.events.on("handshake:error:protocol", ({ error }) => this.protocolErrors.push(errorName(error)));
    void this.#echo();
  }

  static async open(peer: Peer, options: { handshakeInterval: number; maxMessageSize?: number }): Promise<Arena> {
    const context = new Context({ defaults: { linger: 0 } });
    const router = context.socket("router", options);
    await router.bind("tcp://127.0.0.1:0");
    const endpoint = router.lastEndpoint ?? "";
    const good = await peer.socket("dealer");
    await good.connect(endpoint);
    return new Arena(context, router, good, endpoint);
  }

  /** Fails unless the good peer gets its answers. */
  async stillServes(): Promise<void> {
    const corpus: Corpus = { seed: this.#round++, count: 3, shapes: [[10], [0, 300], [70000]] };
    assert.deepEqual(await this.#good.exchange(corpus), summarize(corpus), "the good peer's answers");
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#router.close();
    await this.#good.close();
    void this.#context;
  }

  async #echo(): Promise<void> {
    for await (const message of this.#router) {
      this.heard.push(`${message[1]}`.slice(0, 20));
      await this.#router.send(message);
    }
  }
}

/** The name of a protocol error, as `ZMTP_MECHANISM_MISMATCH`. */
function errorName(error: Error): string {
  const { protocolError, code } = error as { protocolError?: string; code?: string };
  return protocolError ?? `${code}`.replace(/^ERR_/, "");
}

test("a bound ROUTER with a good libzmq peer survives bad input", async (t) => {
  const lack = missing("here") ?? missing("c");
  if (lack !== undefined) return t.skip(lack);
  await using peer = await startPeer("c");
  await using arena = await Arena.open(peer, { handshakeInterval: 200, maxMessageSize: 2 ** 20 });
  await arena.stillServes();
  for (const input of badInputs) {
    const end = input.closes ? "is closed" : "may go";
    await t.test(`a connection with ${input.name} ${end}; the good peer is served on`, patience, async () => {
      await using bad = await RawPeer.connect(arena.endpoint);
      const before = arena.protocolErrors.length;
      await misbehave(bad, input);
      await arena.stillServes();
      if (input.error !== undefined) assert.deepEqual(arena.protocolErrors.slice(before), [input.error]);
    });
  }
  for (const how of ["ends", "reset"] as const) {
    await t.test(
      `a connection that is ${how === "ends" ? "ended" : "reset"} at any octet delivers nothing`,
      patience,
      async () => {
        arena.heard.length = 0;
        for (let length = 0; length < goodDealer.length; length++) {
          await using bad = await RawPeer.connect(arena.endpoint);
          await bad.write(goodDealer.subarray(0, length));
          if (how === "ends") bad.end();
          else bad.reset();
          await bad.closed();
        }
        await arena.stillServes();
        assert.equal(arena.heard.length, 3, "only the good peer's messages");
      },
    );
  }
  await t.test("what comes octet by octet to its end is delivered", patience, async () => {
    await using slow = await RawPeer.connect(arena.endpoint, true);
    await slow.write(goodDealer);
    await slow.read(64 + ready("ROUTER", "").length);
    await slow.expect("01 05 'hello' 00 05 'world'", "the echo");
  });
});

test(
  "two hundred connections that never finish their handshakes go in time, and the good peer does not notice",
  patience,
  async (t) => {
    const lack = missing("here") ?? missing("c");
    if (lack !== undefined) return t.skip(lack);
    await using peer = await startPeer("c");
    await using arena = await Arena.open(peer, { handshakeInterval: 500 });
    const slow = await Promise.all(Array.from({ length: 200 }, () => RawPeer.connect(arena.endpoint)));
    for (const [index, bad] of slow.entries()) await bad.write(goodDealer.subarray(0, index % 80));
    await arena.stillServes();
    await Promise.all(slow.map((bad) => bad.closed()));
    await arena.stillServes();
  },
);

test("lengths that are only claimed cost no memory, with no limit on message sizes", patience, async (t) => {
  const lack = missing("here") ?? missing("c");
  if (lack !== undefined) return t.skip(lack);
  await using peer = await startPeer("c");
  await using arena = await Arena.open(peer, { handshakeInterval: 5000 });
  await arena.stillServes();
  const before = process.memoryUsage().rss;
  const greedy = await Promise.all(Array.from({ length: 50 }, () => RawPeer.connect(arena.endpoint)));
  for (const [index, bad] of greedy.entries()) {
    await bad.write(goodDealer.subarray(0, -14));
    const claim = ["02 0000010000000000", "02 0000000040000000", "06 0000000080000000"][index % 3] ?? "";
    await bad.write(claim);
    await bad.write(Buffer.alloc(10_000));
  }
  await arena.stillServes();
  const grown = process.memoryUsage().rss - before;
  assert.ok(grown < 64 * 2 ** 20, `grew by ${grown} octets`);
  for (const bad of greedy) bad.end();
  await Promise.all(greedy.map((bad) => bad.closed()));
  await arena.stillServes();
});

/** Which types a bound socket must turn away, of those that libzmq's have. */
const strangers: readonly {
  ours: "pub" | "pull" | "rep" | "sub" | "dealer" | "pair";
  theirs: SocketType;
  good: SocketType;
}[] = [
  { ours: "pub", theirs: "push", good: "sub" },
  { ours: "pub", theirs: "pull", good: "xsub" },
  { ours: "pull", theirs: "pub", good: "push" },
  { ours: "rep", theirs: "push", good: "req" },
  { ours: "sub", theirs: "push", good: "pub" },
  { ours: "dealer", theirs: "sub", good: "rep" },
  { ours: "pair", theirs: "dealer", good: "pair" },
];

test("a libzmq peer of a type that does not fit is turned away, and one that fits is served", async (t) => {
  const lack = missing("here") ?? missing("c");
  if (lack !== undefined) return t.skip(lack);
  await using peer = await startPeer("c");
  for (const { ours, theirs, good } of strangers) {
    await t.test(`${theirs.toUpperCase()} to ${ours.toUpperCase()}, then ${good.toUpperCase()}`, patience, async () => {
      const socket: Socket = new Context({ defaults: { linger: 0 } }).socket(ours);
      try {
        const gone = new Promise((resolve) => socket.events.on("disconnect", resolve));
        const finished = new Promise((resolve) => socket.events.on("handshake", resolve));
        await socket.bind("tcp://127.0.0.1:0");
        await using wrong = await peer.socket(theirs);
        await wrong.connect(socket.lastEndpoint ?? "");
        await gone;
        await using right = await peer.socket(good);
        await right.connect(socket.lastEndpoint ?? "");
        await finished;
      } finally {
        await socket.close();
      }
    });
  }
});

test(
  "a connecting socket that meets the wrong type gives up, and its other connections serve on",
  patience,
  async (t) => {
    const lack = missing("here") ?? missing("c");
    if (lack !== undefined) return t.skip(lack);
    await using peer = await startPeer("c");
    await using wrong = await peer.socket("pub");
    await using right = await peer.socket("pull");
    const push = new Context({ defaults: { linger: 0, reconnectInterval: 1 } }).socket("push");
    try {
      const attempts: string[] = [];
      push.events.on("connect", ({ address }) => attempts.push(address));
      const refused = new Promise<Error>((resolve) =>
        push.events.on("handshake:error:protocol", (event) => resolve(event.error)),
      );
      const wrongEndpoint = await wrong.bind("tcp://127.0.0.1:0");
      push.connect(wrongEndpoint);
      assert.equal(errorName(await refused), "ZMTP_INVALID_METADATA");
      push.connect(await right.bind("tcp://127.0.0.1:0"));
      for (let number = 0; number < 100; number++) await push.send(`${number}`);
      const got: number[] = [];
      await right.receiveNumbers(100, (value) => got.push(value));
      assert.deepEqual(got, [...got.keys()], "all go to the one that fits");
      assert.equal(attempts.filter((address) => address === wrongEndpoint).length, 1, "it was not tried again");
    } finally {
      await push.close();
    }
  },
);

test("a greeting in the wrong mechanism is answered with an event that names the mismatch", patience, async (t) => {
  const lack = missing("here");
  if (lack !== undefined) return t.skip(lack);
  const pull = new Context({ defaults: { linger: 0 } }).socket("pull", { plainServer: true });
  try {
    const told = new Promise<Error>((resolve) =>
      pull.events.on("handshake:error:protocol", (event) => resolve(event.error)),
    );
    await pull.bind("tcp://127.0.0.1:0");
    await using bad = await RawPeer.connect(pull.lastEndpoint ?? "");
    await bad.write("ff 0000000000000001 7f");
    await bad.write(greetingTail(1, "NULL"));
    assert.equal(errorName(await told), "ZMTP_MECHANISM_MISMATCH");
    await bad.closed();
  } finally {
    await pull.close();
  }
});
