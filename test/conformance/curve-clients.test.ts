// SPDX-License-Identifier: MIT
/**
 * CURVE clients (RFC 26) before bare servers: what they say octet by octet, and what they make of each wrong octet of a WELCOME,
 * a READY or a MESSAGE. Servers before bare clients are in `libzmq-curve.test.ts`.
 */
import assert from "node:assert/strict";
import type { Dealer, Socket } from "../../src/index.ts";
import { CLIENT, curveClient, keyOctets, SERVER, STRANGER } from "../support/curve-keys.ts";
import { testBothWatched, testOursWatched, type Watch } from "../support/event-watch.ts";
import { isOurs, type OpenEither, receiveSoon, testOurs } from "../support/implementations.ts";
import { frameOf, HELLO_LENGTH, RawCurveServer, rawProperty, readFrame } from "../support/peers/curve-peer.ts";
import { RawListener, type RawPeer } from "../support/peers/raw-peer.ts";
import { greeting } from "../support/zmtp-octets.ts";

type Observe = (socket: Socket) => Watch;

const METADATA = Buffer.concat([rawProperty("Socket-Type", "DEALER"), rawProperty("Identity", "")]);

function rawServer(pair: { publicKey: string; secretKey: string } = SERVER): RawCurveServer {
  return new RawCurveServer({ publicKey: keyOctets(pair.publicKey), secretKey: keyOctets(pair.secretKey) });
}

/** A client that has connected to a bare server, which has its HELLO. */
class Stage {
  readonly client: Dealer;
  readonly watch: Watch;
  readonly peer: RawPeer;
  readonly server: RawCurveServer;

  private constructor(client: Stage["client"], watch: Watch, peer: RawPeer, server: RawCurveServer) {
    this.client = client;
    this.watch = watch;
    this.peer = peer;
    this.server = server;
  }

  static async set(
    [open, observe]: [OpenEither, Observe],
    listener: RawListener,
    { server = rawServer(), minor = 1 }: { server?: RawCurveServer; minor?: number } = {},
  ): Promise<Stage> {
    const client = open("dealer", { ...curveClient(CLIENT), routingId: "c", reconnectInterval: 10_000 });
    const watch = observe(client);
    client.connect(listener.endpoint);
    const peer = await listener.accept();
    await peer.write(greeting(minor, "CURVE", 1));
    await peer.read(64);
    await watch.next("connect:delay", "connect");
    return new Stage(client, watch, peer, server);
  }

  async say(body: Uint8Array, flags = 4): Promise<void> {
    await this.peer.write(frameOf(body, flags));
  }

  async greeted(): Promise<this> {
    this.server.takeHello((await readFrame(this.peer)).body);
    return this;
  }

  async initiated(): Promise<this> {
    await this.greeted();
    await this.say(this.server.welcome());
    this.server.takeInitiate((await readFrame(this.peer)).body);
    return this;
  }

  async entered(): Promise<this> {
    await this.initiated();
    await this.say(this.server.ready(METADATA));
    await this.watch.next("handshake");
    return this;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.peer[Symbol.asyncDispose]();
  }
}

function changed(body: Buffer, at: number): Buffer {
  const octets = Buffer.from(body);
  octets[at] = (octets[at] as number) ^ 1;
  return octets;
}

testBothWatched("a CURVE client says HELLO and INITIATE as RFC 26 has them", async (...with_) => {
  await using listener = await RawListener.open();
  await using stage = await Stage.set(with_, listener);
  const { peer, server } = stage;
  const hello = await readFrame(peer);
  assert.deepEqual([hello.flags, hello.body.length], [4, HELLO_LENGTH]);
  const { count, padding } = server.takeHello(hello.body);
  assert.equal(count, 1n);
  assert.ok(padding.every((octet) => octet === 0));
  await stage.say(server.welcome());
  const initiate = await readFrame(peer);
  const { count: second, metadata } = server.takeInitiate(initiate.body);
  assert.equal(second, 2n);
  assert.deepEqual(server.clientKey, keyOctets(CLIENT.publicKey));
  assert.deepEqual(metadata, Buffer.concat([rawProperty("Socket-Type", "DEALER"), rawProperty("Identity", "c")]));
  await stage.say(server.ready(METADATA));
  await stage.watch.next("handshake");
  await stage.client.send(["one", "", "two"]);
  const parts = [];
  for (let i = 0; i < 3; i += 1) {
    const frame = await readFrame(peer);
    assert.equal(frame.flags & ~2, 0);
    const message = server.openMessage(frame.body);
    parts.push([message.count, message.flags, String(message.content)]);
  }
  assert.deepEqual(parts, [
    [3n, 1, "one"],
    [4n, 1, ""],
    [5n, 0, "two"],
  ]);
  await stage.peer.write(Buffer.concat([frameOf(server.message("back", 1), 0), frameOf(server.message("again"), 0)]));
  assert.deepEqual(await receiveSoon(stage.client), ["back", "again"]);
});

/** What a server may do wrong in its handshake, and what a client calls it. */
const WRONGS: Readonly<Record<string, [code: string, act: (stage: Stage) => Promise<void>]>> = {
  "WELCOME that was touched": [
    "ERR_ZMTP_CRYPTOGRAPHIC",
    async (stage) => stage.say(changed((await stage.greeted()).server.welcome(), 100)),
  ],
  "WELCOME whose nonce was touched": [
    "ERR_ZMTP_CRYPTOGRAPHIC",
    async (stage) => stage.say(changed((await stage.greeted()).server.welcome(), 10)),
  ],
  "READY before WELCOME": [
    "ERR_ZMTP_UNEXPECTED_COMMAND",
    async (stage) => stage.say((await stage.greeted()).server.ready(METADATA)),
  ],
  "a misspelled WELCOME": [
    "ERR_ZMTP_UNEXPECTED_COMMAND",
    async (stage) => stage.say(changed((await stage.greeted()).server.welcome(), 3)),
  ],
  "READY that was touched": [
    "ERR_ZMTP_CRYPTOGRAPHIC",
    async (stage) => stage.say(changed((await stage.initiated()).server.ready(METADATA), 30)),
  ],
  "READY too short for a box": [
    "ERR_ZMTP_MALFORMED_COMMAND_READY",
    async (stage) => {
      await stage.initiated();
      await stage.say(Buffer.from("\x05READY12345678"));
    },
  ],
  "WELCOME twice": [
    "ERR_ZMTP_UNEXPECTED_COMMAND",
    async (stage) => stage.say((await stage.initiated()).server.welcome()),
  ],
  "ERROR that is cut off": [
    "ERR_ZMTP_MALFORMED_COMMAND_ERROR",
    async (stage) => {
      await stage.initiated();
      await stage.say(Buffer.from("\x05ERROR\x09no"));
    },
  ],
};

/** Where libzmq takes commands in any order, and comes to other ends. */
const OWN = new Set(["READY before WELCOME", "WELCOME twice"]);

for (const [what, [code, act]] of Object.entries(WRONGS)) {
  const check = OWN.has(what) ? testOursWatched : testBothWatched;
  check(`a CURVE client gets a ${what}: ${code}`, async (...with_) => {
    await using listener = await RawListener.open();
    await using stage = await Stage.set(with_, listener);
    await act(stage);
    const [failed] = await stage.watch.next("handshake:error:protocol");
    assert.equal(failed?.error?.code, code);
    if (isOurs(stage.client)) {
      await stage.watch.next("disconnect");
      await stage.peer.closed();
    }
  });
}

testBothWatched("a CURVE client that is told ERROR 400 after INITIATE hears of it", async (...with_) => {
  await using listener = await RawListener.open();
  await using stage = await Stage.set(with_, listener);
  await stage.initiated();
  await stage.say(Buffer.from("\x05ERROR\x03400"));
  const [refused] = await stage.watch.next("handshake:error:auth");
  assert.equal(refused?.error?.status, 400);
});

testOurs("a server that has not the key which the client knows cannot even read its HELLO", async (open) => {
  await using listener = await RawListener.open();
  const watchless = (() => ({ next: () => Promise.resolve([]) })) as unknown as Observe;
  await using stage = await Stage.set([open, watchless], listener, { server: rawServer(STRANGER) });
  const { body } = await readFrame(stage.peer);
  assert.throws(() => stage.server.takeHello(body));
});

/** What a server may do wrong afterwards. */
const BREACHES: Readonly<Record<string, [code: string, act: (server: RawCurveServer) => Buffer]>> = {
  "that was touched": ["ERR_ZMTP_CRYPTOGRAPHIC", (server) => changed(server.message("sneaky"), 30)],
  "that comes again": ["ERR_ZMTP_INVALID_SEQUENCE", (server) => counted(server, 2)],
  "counted as READY was": ["ERR_ZMTP_INVALID_SEQUENCE", (server) => counted(server, 1)],
  "too short for a box": ["ERR_ZMTP_MALFORMED_COMMAND_MESSAGE", () => Buffer.from("\x07MESSAGE12345678sneaky")],
};

function counted(server: RawCurveServer, count: number): Buffer {
  server.next = count;
  return server.message("sneaky");
}

for (const [what, [code, act]] of Object.entries(BREACHES)) {
  testBothWatched(`a CURVE client gets a MESSAGE ${what}, and does not hear it: ${code}`, async (...with_) => {
    await using listener = await RawListener.open();
    await using stage = await Stage.set(with_, listener);
    await stage.entered();
    await stage.say(stage.server.message("in order"), 0);
    assert.deepEqual(await receiveSoon(stage.client), ["in order"]);
    await stage.say(act(stage.server), 0);
    const [failed] = await stage.watch.next("handshake:error:protocol");
    assert.equal(failed?.error?.code, code);
    assert.equal(await receiveSoon(stage.client, 20), undefined);
    if (isOurs(stage.client)) await stage.peer.closed();
  });
}

for (const [minor, subscription] of [
  [1, "\x09SUBSCRIBEtopic"],
  [0, "\x01topic"],
] as const) {
  testBothWatched(`a CURVE subscriber's topic in its box, to a publisher of ZMTP 3.${minor}`, async (open, observe) => {
    await using listener = await RawListener.open();
    const sub = open("sub", curveClient(CLIENT));
    const watch = observe(sub);
    sub.subscribe("topic");
    sub.connect(listener.endpoint);
    await using peer = await listener.accept();
    const server = rawServer();
    await peer.write(greeting(minor, "CURVE", 1));
    await peer.read(64);
    server.takeHello((await readFrame(peer)).body);
    await peer.write(frameOf(server.welcome()));
    server.takeInitiate((await readFrame(peer)).body);
    await peer.write(frameOf(server.ready(rawProperty("Socket-Type", "PUB"))));
    await watch.until("handshake");
    const { body } = await readFrame(peer);
    const { flags, content } = server.openMessage(body);
    assert.deepEqual([flags & 2, content.toString("latin1")], [minor === 1 ? 2 : 0, subscription]);
    await peer.write(Buffer.concat([frameOf(server.message("topic", 1), 0), frameOf(server.message("news"), 0)]));
    assert.deepEqual(await receiveSoon(sub), ["topic", "news"]);
  });
}

testOurs("no two HELLOs of one client have a key in common", async (open) => {
  await using listener = await RawListener.open();
  const client = open("dealer", { ...curveClient(CLIENT), reconnectInterval: 1 });
  client.connect(listener.endpoint);
  const keys = new Set<string>();
  for (let i = 0; i < 5; i += 1) {
    const peer = await listener.accept();
    await peer.write(greeting(1, "CURVE", 1));
    await peer.read(64);
    keys.add(
      rawServer()
        .takeHello((await readFrame(peer)).body)
        .shortTermKey.toString("hex"),
    );
    peer.reset();
  }
  assert.equal(keys.size, 5);
});
