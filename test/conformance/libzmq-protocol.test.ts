// SPDX-License-Identifier: MIT
/** What a bare TCP peer sees: libzmq's test_heartbeats, test_mock_pub_sub, test_stream_timeout and its fuzzers, octet by octet. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { Context, type Socket } from "../../src/index.ts";
import { CLIENT, CURVE_SERVER, curveClient } from "../support/curve-keys.ts";
import { boundTo, eventOf, receiveSoon, testBoth } from "../support/implementations.ts";
import { RawListener, RawPeer } from "../support/peers/raw-peer.ts";
import { bound, married, nextEvent, receiveTexts, turns, within, withSockets } from "../support/sockets.ts";
import { command, greeting, message, ping, ready } from "../support/zmtp-octets.ts";

async function handshake(socket: Socket, type: string, minor = 1): Promise<RawPeer> {
  const endpoint = await boundTo(socket);
  const peer = await RawPeer.connect(endpoint);
  await peer.write(greeting(minor) + ready(type));
  await peer.read(64);
  const size = (await peer.read(2))[1] as number;
  await peer.read(size);
  return peer;
}

testBoth("a PING is answered with its context, cut at 16 octets", async (open) => {
  await using peer = await handshake(open("dealer"), "DEALER");
  await peer.write(ping(0, "LOL") + ping(0, `LOL${"z".repeat(52)}`));
  await peer.expect(command("PONG", "LOL"), "the short context");
  await peer.expect(command("PONG", `LOL${"z".repeat(13)}`), "the long one");
});

testBoth("a peer that answers no PING loses its connection", async (open) => {
  const dealer = open("dealer", { heartbeatInterval: 50 });
  const lost = eventOf(dealer, "disconnect");
  await using peer = await handshake(dealer, "DEALER");
  await peer.expect(ping(), "the first PING");
  await within(2000, "the end", lost);
  await within(2000, "the peer's end", peer.closed());
});

testBoth("a peer that announced a time to live and falls silent loses its connection", async (open) => {
  const dealer = open("dealer");
  const lost = eventOf(dealer, "disconnect");
  await using peer = await handshake(dealer, "DEALER");
  await peer.write(ping(1));
  await peer.expect(command("PONG"), "the answer");
  await within(2000, "the end", lost);
});

for (const [security, ofServer, ofClient] of [
  ["", {}, {}],
  [", with CURVE", CURVE_SERVER, curveClient(CLIENT)],
] as const) {
  test(`peers with heartbeats that answer each other stay connected, for every pair of types${security}`, () =>
    withSockets(async (open) => {
      const lost: string[] = [];
      for (const [a, b] of [
        ["dealer", "dealer"],
        ["req", "rep"],
        ["pull", "push"],
        ["sub", "pub"],
        ["sub", "xpub"],
        ["xsub", "xpub"],
        ["router", "dealer"],
        ["pair", "pair"],
      ] as const) {
        const options = { heartbeatInterval: 10, heartbeatTimeout: 500, heartbeatTimeToLive: 1000 };
        const [server, client] = [open(a, { ...options, ...ofServer }), open(b, { ...options, ...ofClient })];
        const both = married(server, client);
        for (const each of [server, client]) each.events.on("disconnect", () => lost.push(`${a} ${b}`));
        client.connect(await bound(server));
        await within(2000, "the handshake", both);
      }
      // As many PINGs of one more connection as fit into two hundred milliseconds: the others had theirs meanwhile.
      const pacer = open("dealer", { heartbeatInterval: 10, heartbeatTimeout: 10_000 });
      await using peer = await handshake(pacer, "DEALER");
      for (let i = 0; i < 20; i += 1) await peer.expect(ping(), "a PING");
      assert.deepEqual(lost, []);
    }));
}

for (const [minor, subscribe, cancel] of [
  [1, command("SUBSCRIBE", "A"), command("CANCEL", "A")],
  [0, message("\u0001A"), message("\u0000A")],
] as const) {
  testBoth(`a publisher of ZMTP 3.${minor} is sent subscriptions as it knows them`, async (open) => {
    const sub = open("sub");
    sub.subscribe("A");
    await using peer = await handshake(sub, "PUB", minor);
    // libzmq's sockets see who has come only while they are used.
    const received = receiveSoon(sub, 5000);
    await peer.expect(subscribe, "the subscription");
    sub.unsubscribe("A");
    await peer.expect(cancel, "the cancel");
    sub.subscribe("A");
    await peer.expect(subscribe, "the subscription");
    await peer.write(message("ALOL"));
    assert.deepEqual(await received, ["ALOL"]);
  });

  testBoth(`a subscriber of ZMTP 3.${minor} is understood`, async (open) => {
    const xpub = open("xpub");
    await using peer = await handshake(xpub, "SUB", minor);
    await peer.write(subscribe);
    assert.deepEqual(await receiveSoon(xpub), ["\u0001A"]);
    await xpub.send("ALOL");
    await peer.expect(message("ALOL"), "the message");
    await peer.write(cancel);
    assert.deepEqual(await receiveSoon(xpub), ["\u0000A"]);
  });
}

test("a peer that never shakes hands is turned away in time, on either side", () =>
  withSockets(async (open) => {
    const dealer = open("dealer", { handshakeInterval: 50 });
    const lost = nextEvent(dealer, "handshake:error:other");
    await using peer = await RawPeer.connect(await bound(dealer));
    await within(2000, "the accepted one's end", Promise.all([lost, peer.closed()]));
    await using listener = await RawListener.open();
    const client = open("dealer", { handshakeInterval: 50, reconnectInterval: -1 });
    client.connect(listener.endpoint);
    await using silent = await listener.accept();
    await within(2000, "the connected one's end", silent.closed());
  }));

test("whatever a bare peer sends, a good one beside it is served", () =>
  withSockets(async (open) => {
    const pull = open("pull", { maxMessageSize: 1_000_000 });
    const endpoint = await bound(pull);
    const good = open("push");
    const both = married(pull, good);
    good.connect(endpoint);
    await both;
    let seed = 4711;
    const random = (below: number): number => {
      seed = (seed * 1103515245 + 12345) & 0x7fffffff;
      return (seed >> 8) % below;
    };
    const beginnings = ["", greeting(), greeting() + ready("PUSH"), greeting(0) + ready("PUSH"), "ff00", "0100"];
    for (let round = 0; round < 60; round += 1) {
      await using peer = await RawPeer.connect(endpoint);
      await peer.write(beginnings[round % beginnings.length] as string);
      await peer.write(Uint8Array.from({ length: random(300) }, () => random(256)));
      if (round % 3 === 0) peer.reset();
      else peer.end();
      await good.send(String(round));
      let got = await receiveTexts(pull);
      // Random octets may happen to be a good message.
      while (got[0] !== String(round)) got = await receiveTexts(pull);
    }
  }));

test("a bare listener that says anything only ends the connection, and the program goes on", () =>
  withSockets(async (open) => {
    await using listener = await RawListener.open();
    const pull = open("pull", { reconnectInterval: 1 });
    pull.connect(listener.endpoint);
    for (const octets of ["", "00", "01", "ff".repeat(20), greeting(), `${greeting()}ffff`, greeting(1, "NONSENSE")]) {
      const peer = await within(3000, octets, listener.accept());
      await peer.write(octets);
      peer.end();
      await within(3000, octets, peer.closed());
      if (pull.works.core.endpoints.size === 0) pull.connect(listener.endpoint);
    }
  }));

test("arbitrary texts as endpoints are refused or taken, and never more than that", async () => {
  const context = new Context({ defaults: { linger: 0, reconnectInterval: -1 } });
  const pieces = [
    "tcp",
    "ipc",
    "inproc",
    "://",
    "*",
    ":",
    "0",
    "5555",
    "[",
    "]",
    "::1",
    "@",
    ";",
    "%",
    "\0",
    "é",
    " ",
    "/",
  ];
  let seed = 7;
  const random = (below: number): number => {
    seed = (seed * 1103515245 + 12345) & 0x7fffffff;
    return (seed >> 8) % below;
  };
  const hold = setInterval(() => {}, 1 << 30);
  for (let round = 0; round < 200; round += 1) {
    const socket = context.socket("pull");
    let endpoint = random(2) === 0 ? "tcp://" : "";
    for (let i = random(7); i > 0; i -= 1) endpoint += pieces[random(pieces.length)];
    // Only what cannot leave a file in the tests' folder.
    if (endpoint.startsWith("ipc://") && !endpoint.startsWith("ipc://@")) endpoint = `ipc://@${endpoint.slice(6)}`;
    try {
      socket.connect(endpoint);
    } catch (error) {
      assert.equal((error as Error).name, "ZmqError", endpoint);
    }
    await socket.bind(endpoint).catch((error: Error) => assert.equal(error.name, "ZmqError", endpoint));
    await socket.close();
  }
  clearInterval(hold);
  await turns(1);
});
