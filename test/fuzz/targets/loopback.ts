// SPDX-License-Identifier: MIT
/**
 * Hostile octets over real TCP, in both directions: to a bound socket and to a connecting one, with each mechanism and STREAM; and
 * random calls over real transports. After each hostile peer a good one is served. The sockets live for many inputs, as they
 * do in a program, so that what one leaves behind meets the next.
 */
import assert from "node:assert/strict";
import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Socket as NetSocket, type Server } from "node:net";
import { Context, curveKeyPair, type Dealer, type Router, type Stream } from "../../../src/index.ts";
import { texts, within } from "../../support/sockets.ts";
import { Choices, cut } from "../fuzzer/choices.ts";
import type { Random } from "../fuzzer/random.ts";
import type { Target } from "../fuzzer/target.ts";
import { concat, greeting, nullPeer, plainClient, plainServer } from "./streams.ts";

const server = curveKeyPair();
const client = curveKeyPair();
const authorize = ({ password }: { password?: string | undefined }): boolean => password !== "wrong";

const SECURITIES = {
  null: [{}, {}],
  plain: [
    { plainServer: true, authorize },
    { plainUsername: "good", plainPassword: "word" },
  ],
  curve: [
    { curveServer: true, curveSecretKey: server.secretKey, authorize },
    { curvePublicKey: client.publicKey, curveSecretKey: client.secretKey, curveServerKey: server.publicKey },
  ],
} as const;
type Mechanism = keyof typeof SECURITIES;

const LIMITS = { maxMessageSize: 100_000, handshakeInterval: 500, reconnectInterval: 1, linger: 0 };

/** Writes chunk by chunk, then ends or resets; resolves when the connection is closed. */
async function attack(socket: NetSocket, octets: Uint8Array, seed: number): Promise<void> {
  socket.on("error", () => {});
  socket.resume();
  const closed = once(socket, "close");
  for (const chunk of cut(octets, seed === 255 ? 200 : seed)) if (socket.writable) socket.write(chunk);
  if (seed & 1) socket.resetAndDestroy();
  else socket.end();
  // A good peer of the protocol may wait for more; a hostile one has said everything.
  const timer = setTimeout(() => socket.destroy(), 20);
  await closed;
  clearTimeout(timer);
}

const contexts: Context[] = [];

/** The context of sockets that live for many inputs. */
function longLived(): Context {
  const context = new Context({ defaults: LIMITS });
  contexts.push(context);
  return context;
}

/** Ends what lives for many inputs; nothing can be fuzzed here afterwards. */
export async function endLoopback(): Promise<void> {
  await Promise.all(contexts.splice(0).map((context) => context.terminate({ linger: 0 })));
}

/** What is set up once for all inputs of a target. */
function lazily<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | undefined;
  return () => (made ??= make());
}

/** A good client's round trip. */
async function trip(good: Dealer, number: number): Promise<void> {
  await good.send(["good", String(number)]);
  for (;;) {
    const [name, answer] = texts(await within(5000, "the good peer's answer", good.receive()));
    if (name === "good" && Number(answer) === number) return;
  }
}

function bindTarget(mechanism: Mechanism, generate: (random: Random) => Uint8Array): Target {
  let number = 0;
  const arena = lazily(async () => {
    const context = longLived();
    const [ofServer, ofClient] = SECURITIES[mechanism];
    const router: Router = context.socket("router", ofServer).unref();
    await router.bind("tcp://127.0.0.1:*");
    const endpoint = router.lastEndpoint ?? "";
    void (async () => {
      for await (const message of router) router.trySend(message);
    })();
    const steady: Dealer = context.socket("dealer", ofClient);
    steady.connect(endpoint);
    return { context, endpoint, port: Number(endpoint.split(":").at(-1)), steady, ofClient };
  });
  return {
    name: `tcp-bind-${mechanism}`,
    about: `real TCP: a hostile peer of a bound ROUTER (${mechanism.toUpperCase()}), then a good one`,
    runs: 15,
    patience: 8000,
    generate: (random) => concat([random.octet()], generate(random)),
    fuzz: async (data) => {
      const { context, endpoint, port, steady, ofClient } = await arena();
      number += 1;
      const choices = new Choices(data);
      const seed = choices.octet();
      const hostile = connect(port, "127.0.0.1");
      await once(hostile, "connect");
      await attack(hostile, choices.rest(), seed);
      await trip(steady, number);
      if (number % 16 !== 1) return;
      const fresh = context.socket("dealer", ofClient);
      fresh.connect(endpoint);
      await trip(fresh, number);
      await fresh.close();
    },
  };
}

/** A server that says what the input has, to whoever connects. */
async function listen(): Promise<Server> {
  const listener = createServer();
  listener.listen(0, "127.0.0.1");
  await once(listener, "listening");
  return listener.unref();
}

function connectTarget(mechanism: Mechanism, generate: (random: Random) => Uint8Array): Target {
  let number = 0;
  const arena = lazily(async () => {
    const context = longLived();
    const [ofServer, ofClient] = SECURITIES[mechanism];
    const router: Router = context.socket("router", ofServer).unref();
    await router.bind("tcp://127.0.0.1:*");
    void (async () => {
      for await (const message of router) router.trySend(message);
    })();
    return { context, endpoint: router.lastEndpoint ?? "", ofClient, listener: await listen() };
  });
  return {
    name: `tcp-connect-${mechanism}`,
    about: `real TCP: a DEALER connects to a hostile peer (${mechanism.toUpperCase()}), and to a good one`,
    runs: 15,
    patience: 8000,
    generate: (random) => concat([random.octet()], generate(random)),
    fuzz: async (data) => {
      const { context, endpoint, ofClient, listener } = await arena();
      number += 1;
      const choices = new Choices(data);
      const seed = choices.octet();
      const dealer: Dealer = context.socket("dealer", { ...ofClient, reconnectInterval: -1 });
      const accepted = once(listener, "connection") as Promise<[NetSocket]>;
      dealer.connect(`tcp://127.0.0.1:${(listener.address() as AddressInfo).port}`);
      const [hostile] = await accepted;
      await attack(hostile, choices.rest(), seed);
      // Whatever the hostile peer was taken for, it has gone: what is sent now is for the good one.
      dealer.connect(endpoint);
      await trip(dealer, number);
      await within(5000, "the close", dealer.close());
    },
  };
}

const streamTarget: Target = (() => {
  const arena = lazily(async () => {
    const context = longLived();
    const stream: Stream = context.socket("stream", { notify: false }).unref();
    await stream.bind("tcp://127.0.0.1:*");
    void (async () => {
      for await (const message of stream) stream.trySend(message);
    })();
    return Number((stream.lastEndpoint ?? "").split(":").at(-1));
  });
  return {
    name: "tcp-bind-stream",
    about: "real TCP: any octets to a STREAM that sends them back, then a good peer",
    runs: 15,
    patience: 8000,
    generate: (random) => concat([random.octet()], random.octets(random.length(2000))),
    fuzz: async (data) => {
      const port = await arena();
      const choices = new Choices(data);
      const seed = choices.octet();
      const hostile = connect(port, "127.0.0.1");
      await once(hostile, "connect");
      await attack(hostile, choices.rest(), seed);
      const good = connect(port, "127.0.0.1");
      good.write("good");
      const [answer] = (await within(5000, "the echo", once(good, "data"))) as [Buffer];
      assert.equal(String(answer), "good");
      good.destroy();
    },
  };
})();

function curvePeer(random: Random): Uint8Array {
  const size = random.pick([200, 264, 168, 30, 257, 64]);
  const body = concat([5], [72, 69, 76, 76, 79], random.oneIn(2) ? [1, 0] : random.octets(2), random.octets(size - 8));
  return concat(greeting(random, "CURVE"), [4, random.oneIn(9) ? random.octet() : size], body, random.octets());
}

/** Nothing that lives on keeps the program alive, but an input that runs does. */
function held(target: Target): Target {
  return {
    ...target,
    fuzz: async (data) => {
      const hold = setInterval(() => {}, 1 << 30);
      try {
        await target.fuzz(data);
      } finally {
        clearInterval(hold);
      }
    },
  };
}

/** The targets over real TCP. */
export const loopbackTargets: readonly Target[] = [
  bindTarget("null", (random) => nullPeer(random, "DEALER")),
  bindTarget("plain", (random) => plainClient(random, "DEALER")),
  bindTarget("curve", curvePeer),
  connectTarget("null", (random) => nullPeer(random, "ROUTER")),
  connectTarget("plain", (random) => plainServer(random, "ROUTER")),
  connectTarget("curve", curvePeer),
  streamTarget,
].map(held);
