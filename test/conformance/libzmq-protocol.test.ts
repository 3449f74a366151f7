// SPDX-License-Identifier: MIT
/** What a bare TCP peer sees: libzmq's test_heartbeats, test_mock_pub_sub, test_stream* and its fuzzers, octet by octet. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { Context } from "../../src/index.ts";
import { RawListener, RawPeer } from "../support/peers/raw-peer.ts";
import {
  bound,
  married,
  nextEvent,
  type Open,
  receiveTexts,
  texts,
  turns,
  within,
  withSockets,
} from "../support/sockets.ts";
import { command, frame, greeting, message, ping, ready } from "../support/zmtp-octets.ts";

async function handshake(open: Open, socket: ReturnType<Open>, type: string, minor = 1): Promise<RawPeer> {
  const endpoint = await bound(socket);
  const peer = await RawPeer.connect(endpoint);
  await peer.write(greeting(minor) + ready(type));
  await peer.read(64);
  const size = (await peer.read(2))[1] as number;
  await peer.read(size);
  return peer;
}

test("a PING is answered with its context, cut at 16 octets", () =>
  withSockets(async (open) => {
    await using peer = await handshake(open, open("dealer"), "DEALER");
    await peer.write(ping(0, "LOL") + ping(0, `LOL${"z".repeat(52)}`));
    await peer.expect(command("PONG", "LOL"), "the short context");
    await peer.expect(command("PONG", `LOL${"z".repeat(13)}`), "the long one");
  }));

test("a peer that answers no PING loses its connection", () =>
  withSockets(async (open) => {
    const dealer = open("dealer", { heartbeatInterval: 50 });
    const lost = nextEvent(dealer, "disconnect");
    await using peer = await handshake(open, dealer, "DEALER");
    await peer.expect(ping(), "the first PING");
    await within(2000, "the end", lost);
    await within(2000, "the peer's end", peer.closed());
  }));

test("a peer that announced a time to live and falls silent loses its connection", () =>
  withSockets(async (open) => {
    const dealer = open("dealer");
    const lost = nextEvent(dealer, "disconnect");
    await using peer = await handshake(open, dealer, "DEALER");
    await peer.write(ping(1));
    await peer.expect(command("PONG"), "the answer");
    await within(2000, "the end", lost);
  }));

test("peers with heartbeats that answer each other stay connected, for every pair of types", () =>
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
      const [server, client] = [open(a, options), open(b, options)];
      for (const each of [server, client]) each.events.on("disconnect", () => lost.push(`${a} ${b}`));
      client.connect(await bound(server));
    }
    // As many PINGs of one more connection as fit into two hundred milliseconds: the others had theirs meanwhile.
    const pacer = open("dealer", { heartbeatInterval: 10, heartbeatTimeout: 10_000 });
    await using peer = await handshake(open, pacer, "DEALER");
    for (let i = 0; i < 20; i += 1) await peer.expect(ping(), "a PING");
    assert.deepEqual(lost, []);
  }));

for (const [minor, subscribe, cancel] of [
  [1, command("SUBSCRIBE", "A"), command("CANCEL", "A")],
  [0, message("\u0001A"), message("\u0000A")],
] as const) {
  test(`a publisher of ZMTP 3.${minor} is sent subscriptions as it knows them`, () =>
    withSockets(async (open) => {
      const sub = open("sub");
      sub.subscribe("A");
      await using peer = await handshake(open, sub, "PUB", minor);
      await peer.expect(subscribe, "the subscription");
      sub.unsubscribe("A");
      await peer.expect(cancel, "the cancel");
      sub.subscribe("A");
      await peer.expect(subscribe, "the subscription");
      await peer.write(message("ALOL"));
      assert.deepEqual(await receiveTexts(sub), ["ALOL"]);
    }));

  test(`a subscriber of ZMTP 3.${minor} is understood`, () =>
    withSockets(async (open) => {
      const xpub = open("xpub");
      await using peer = await handshake(open, xpub, "SUB", minor);
      await peer.write(subscribe);
      assert.deepEqual(await receiveTexts(xpub), ["\u0001A"]);
      await xpub.send("ALOL");
      await peer.expect(message("ALOL"), "the message");
      await peer.write(cancel);
      assert.deepEqual(await receiveTexts(xpub), ["\u0000A"]);
    }));
}

test("STREAM shows a DEALER's octets as they are, and can play its peer", () =>
  withSockets(async (open) => {
    const [stream, dealer] = [open("stream"), open("dealer")];
    dealer.connect(await bound(stream));
    await dealer.send("Hello");
    const [id, empty] = await stream.receive({ timeout: 2000 });
    assert.deepEqual([id.length, empty.length], [5, 0]);
    let seen = "";
    const expect = async (octets: string): Promise<void> => {
      while (seen.length < octets.length) {
        const [from, part] = await stream.receive({ timeout: 2000 });
        assert.deepEqual(from, id);
        assert.ok(part.length <= 8192);
        seen += part.toString("hex");
      }
      assert.equal(seen.slice(0, octets.length), octets);
      seen = seen.slice(octets.length);
    };
    const send = (octets: string): Promise<void> => stream.send([id, Buffer.from(octets, "hex")]);
    await expect(greeting().slice(0, 20));
    await send(greeting() + ready("ROUTER", ""));
    await expect(greeting().slice(20) + ready("DEALER", "") + message("Hello"));
    await send(message("World"));
    assert.deepEqual(await receiveTexts(dealer), ["World"]);
    await dealer.send("x".repeat(64_000));
    await expect(frame("x".repeat(64_000)));
  }));

test("two STREAMs speak HTTP, and an empty part closes the connection", () =>
  withSockets(async (open) => {
    const [server, client] = [open("stream"), open("stream")];
    client.connect(await bound(server));
    const [toClient] = await server.receive({ timeout: 2000 });
    const [toServer] = await client.receive({ timeout: 2000 });
    await client.send([toServer, "GET /\n\n"]);
    assert.equal(texts(await server.receive({ timeout: 2000 }))[1], "GET /\n\n");
    await server.send([toClient, "HTTP/1.0 200 OK\r\n\r\nHello"]);
    await server.send([toClient, ""]);
    assert.equal(texts(await client.receive({ timeout: 2000 }))[1], "HTTP/1.0 200 OK\r\n\r\nHello");
    assert.deepEqual(texts(await client.receive({ timeout: 2000 })).slice(1), [""]);
    await assert.rejects(server.send([toClient, "gone"]), { code: "EHOSTUNREACH" });
  }));

test("8193 octets from a bare peer arrive in pieces, whole", () =>
  withSockets(async (open) => {
    const stream = open("stream");
    await using peer = await RawPeer.connect(await bound(stream));
    await stream.receive({ timeout: 2000 });
    const octets = Buffer.alloc(8193, "abcdefghij");
    await peer.write(octets);
    const parts: Buffer[] = [];
    while (Buffer.concat(parts).length < 8193) parts.push((await stream.receive({ timeout: 2000 }))[1]);
    assert.equal(Buffer.compare(Buffer.concat(parts), octets), 0);
    assert.ok(parts.every((part) => part.length <= 8192));
  }));

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
