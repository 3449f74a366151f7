// SPDX-License-Identifier: MIT
/** CLIENT, SERVER and PEER in their first use. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { bound, join, receiveTexts, stateOf, withSockets } from "../../../support/sockets.ts";

test("CLIENT asks and SERVER answers by the number that came with the question", () =>
  withSockets(async (open) => {
    const [server, client] = [open("server"), open("client")];
    await join(server, client);
    await client.send("question");
    const message = await server.receive();
    assert.deepEqual(message, [Buffer.from("question"), { routingId: message[1].routingId }]);
    assert.ok(message[1].routingId > 0);
    await server.send("answer", message[1]);
    assert.deepEqual(await client.receive(), [Buffer.from("answer")]);
  }));

test("all ways of receiving give the part and the number", () =>
  withSockets(async (open) => {
    const [server, client] = [open("server"), open("client")];
    await join(server, client);
    const waiting = server.receive();
    await client.sendBatch(["1", "2", "3", "4", "5"]);
    const [, from] = await waiting;
    await server.whenReadable();
    assert.deepEqual(server.tryReceive(), [Buffer.from("2"), from]);
    for await (const message of server) {
      assert.deepEqual(message, [Buffer.from("3"), from]);
      break;
    }
    await server.whenReadable();
    assert.deepEqual(await server.receiveBatch(2), [
      [Buffer.from("4"), from],
      [Buffer.from("5"), from],
    ]);
  }));

test("SERVER waits for a client that is full, and gives up when the client goes", () =>
  withSockets(async (open) => {
    const [server, client] = [open("server", { sendHighWaterMark: 1 }), open("client", { receiveHighWaterMark: 1 })];
    await server.bind("inproc://full");
    client.connect("inproc://full");
    await client.send("hello");
    const [, to] = await server.receive();
    assert.deepEqual([server.trySend("1", to), server.trySend("2", to), server.trySend("3", to)], [true, true, false]);
    const third = server.send("3", to);
    assert.equal(await stateOf(third), "pending");
    assert.deepEqual([await receiveTexts(client), await receiveTexts(client)], [["1"], ["2"]]);
    await third;
    await server.send("4", to);
    const [patient, hasty] = [server.send("5", to), server.send("6", { ...to, timeout: 1 })];
    await assert.rejects(hasty, { code: "EAGAIN" });
    await client.close();
    await assert.rejects(patient, { code: "EHOSTUNREACH" });
  }));

test("SERVER ends a connection by its number", () =>
  withSockets(async (open) => {
    const [server, client] = [open("server"), open("client", { reconnectInterval: 0 })];
    await join(server, client);
    await client.send("hello");
    const [, { routingId }] = await server.receive();
    const gone = new Promise((resolve) => client.events.once("disconnect", resolve));
    server.disconnectPeer(routingId);
    await gone;
    await assert.rejects(server.send("x", { routingId }), { code: "EHOSTUNREACH" });
    assert.throws(() => server.disconnectPeer(routingId), { code: "EHOSTUNREACH" });
    assert.throws(() => server.disconnectPeer("1" as unknown as number), TypeError);
    await server.close();
    assert.throws(() => server.disconnectPeer(routingId), { code: "EBADF" });
  }));

for (const transport of ["tcp://127.0.0.1:*", "inproc://peers"]) {
  test(`PEER connects, and sends at once by the number that it is given, over ${transport}`, () =>
    withSockets(async (open) => {
      const [ann, bob] = [open("peer"), open("peer")];
      const endpoint = await bound(ann, transport);
      const routingId = bob.connectPeer(endpoint);
      await bob.send("hello", { routingId });
      const message = await ann.receive();
      await ann.send(message);
      assert.deepEqual(await bob.receive(), [Buffer.from("hello"), { routingId }]);
      bob.disconnectPeer(routingId);
      await assert.rejects(bob.send("x", { routingId }), { code: "EHOSTUNREACH" });
    }));
}

test("PEER may connect to itself, and has two numbers for that", () =>
  withSockets(async (open) => {
    const peer = open("peer");
    await peer.bind("inproc://self");
    const routingId = peer.connectPeer("inproc://self");
    await peer.send("to myself", { routingId });
    const [, from] = await peer.receive();
    assert.notEqual(from.routingId, routingId);
    await peer.send("back", from);
    assert.deepEqual(await peer.receive(), [Buffer.from("back"), { routingId }]);
  }));

test("connectPeer fails as connect does, and with immediate", () =>
  withSockets(async (open) => {
    assert.throws(() => open("peer", { immediate: true }).connectPeer("tcp://127.0.0.1:1"), { code: "EFAULT" });
    assert.throws(() => open("peer").connectPeer("nowhere"), { code: "EINVAL" });
    assert.throws(() => open("peer").connectPeer(1 as unknown as string), TypeError);
    const closed = open("peer");
    await closed.close();
    assert.throws(() => closed.connectPeer("tcp://127.0.0.1:1"), { code: "EBADF" });
  }));
