// SPDX-License-Identifier: MIT
/** Connections that are named by the side that makes them. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { join, nextEvent, receiveTexts, withSockets } from "../../../support/sockets.ts";

test("a ROUTER names its own connections, whatever the peers call themselves", () =>
  withSockets(async (open) => {
    const [router, dealer] = [open("router"), open("dealer", { routingId: "D" })];
    await dealer.bind("inproc://x");
    router.connect("inproc://x", { routingId: "mine" });
    await router.send(["mine", "hello"]);
    assert.deepEqual(await receiveTexts(dealer), ["hello"]);
    await dealer.send("back");
    assert.deepEqual(await receiveTexts(router), ["mine", "back"]);
    assert.throws(() => router.connect("inproc://y", { routingId: 5 as never }), TypeError);
    assert.throws(() => router.connect(5 as never), { name: "TypeError", message: /Address/ });
  }));

test("peerState: whether a peer has sent something, and has room", () =>
  withSockets(async (open) => {
    const router = open("router", { sendHighWaterMark: 1, mandatory: true });
    const dealer = open("dealer", { routingId: "D", receiveHighWaterMark: 1 });
    await router.bind("inproc://state");
    dealer.connect("inproc://state");
    assert.deepEqual(router.peerState("D"), { readable: false, writable: true });
    await dealer.send("x");
    await router.sendBatch([
      ["D", "1"],
      ["D", "2"],
    ]);
    assert.deepEqual(router.peerState(Buffer.from("D")), { readable: true, writable: false });
    assert.throws(() => router.peerState("E"), { code: "EHOSTUNREACH", message: /^peerState: .*0x45/ });
    assert.throws(() => router.peerState(1 as never), TypeError);
    await router.close();
    assert.throws(() => router.peerState("D"), { code: "EBADF" });
  }));

test("disconnectPeer: what was sent arrives, then the connection ends, and the peer may come again", () =>
  withSockets(async (open) => {
    const router = open("router", { linger: -1 });
    const dealer = open("dealer", { routingId: "D", reconnectInterval: 1 });
    const other = open("dealer", { routingId: "E" });
    const endpoint = await join(router, dealer);
    const otherIsThere = nextEvent(router, "handshake");
    other.connect(endpoint);
    await otherIsThere;
    await router.send(["D", "farewell"]);
    const [lost, again] = [nextEvent(dealer, "disconnect"), nextEvent(router, "handshake")];
    router.disconnectPeer("D");
    assert.throws(() => router.disconnectPeer("D"), { code: "EHOSTUNREACH" });
    assert.deepEqual(await receiveTexts(dealer), ["farewell"]);
    await lost;
    await again;
    await dealer.send("here again");
    assert.deepEqual(await receiveTexts(router), ["D", "here again"]);
    await router.send(["E", "still here"]);
    assert.deepEqual(await receiveTexts(other), ["still here"]);
  }));

test("disconnectPeer: a peer that was connected to is not tried again", () =>
  withSockets(async (open) => {
    const [router, dealer] = [open("router", { reconnectInterval: 1 }), open("dealer")];
    await dealer.bind("tcp://127.0.0.1:*");
    const handshake = nextEvent(dealer, "handshake");
    router.connect(dealer.lastEndpoint as string, { routingId: "mine" });
    await handshake;
    const lost = nextEvent(dealer, "disconnect");
    router.disconnectPeer("mine");
    await lost;
    assert.deepEqual(router.peers(), []);
  }));
