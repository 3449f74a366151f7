// SPDX-License-Identifier: MIT
/**
 * Behaviour of CLIENT, SERVER, PEER, SCATTER, GATHER and CHANNEL, observed on libzmq 4.3.5 with drafts and held against this
 * library: RFC 41, 49, 51 and 52, and libzmq's tests of the same names.
 */
import assert from "node:assert/strict";
import { bindAgain, boundTo, eventOf, receiveSoon, sendNow, testBoth, testOurs } from "../support/implementations.ts";

const TRANSPORTS = ["tcp://127.0.0.1:*", "ipc://*", "inproc://single"];

for (const transport of TRANSPORTS) {
  testBoth(`a SERVER tells its clients apart by numbers, and answers by them, over ${transport}`, async (open) => {
    const [server, one, other] = [open("server"), open("client"), open("client")];
    const endpoint = await boundTo(server, transport);
    one.connect(endpoint);
    other.connect(endpoint);
    await one.send("one");
    const [first, { routingId }] = await server.receive();
    await other.send("other");
    const [second, from] = await server.receive();
    assert.deepEqual([String(first), String(second)], ["one", "other"]);
    assert.ok(routingId > 0 && from.routingId > 0 && from.routingId !== routingId);
    await server.send("to other", from);
    await server.send("to one", { routingId });
    assert.deepEqual([await receiveSoon(one), await receiveSoon(other)], [["to one"], ["to other"]]);
  });
}

testBoth("messages of several parts are refused by CLIENT, SERVER, SCATTER and CHANNEL", async (open) => {
  for (const [type, peer] of [
    ["client", "server"],
    ["scatter", "gather"],
    ["channel", "channel"],
  ] as const) {
    const [sender, receiver] = [open(type), open(peer)];
    sender.connect(await boundTo(receiver));
    await assert.rejects(sender.send(["a", "b"]), { code: "EINVAL" });
    await sender.send("one part");
    assert.equal(String((await receiver.receive())[0]), "one part");
  }
  const server = open("server");
  await assert.rejects(server.send(["a", "b"], { routingId: 1 }), { code: "EINVAL" });
});

testBoth("a SERVER refuses the number 0, and those that nobody has", async (open) => {
  const server = open("server");
  // libzmq's binding throws it at once.
  await assert.rejects(async () => server.send("x", { routingId: 0 }), { code: "EINVAL" });
  await assert.rejects(server.send("x", { routingId: 1 }), { code: "EHOSTUNREACH" });
  await assert.rejects(server.send("x", { routingId: 12345 }), { code: "EHOSTUNREACH" });
});

testBoth("messages of several parts are dropped whole by CLIENT, SERVER, GATHER and CHANNEL", async (open) => {
  for (const type of ["client", "server", "gather", "channel"] as const) {
    const [receiver, sender] = [open(type), open("dealer")];
    await receiver.bind(`inproc://whole-${type}`);
    sender.connect(`inproc://whole-${type}`);
    await sender.send(["a", "b"]);
    await sender.send(["c", "d", "e"]);
    await sender.send("f");
    await sender.send(["g", "h"]);
    await sender.send("i");
    assert.deepEqual(
      [await receiver.receive(), await receiver.receive()].map(([part]) => String(part)),
      ["f", "i"],
    );
  }
});

testBoth("a CLIENT sends to its servers in turn, and SCATTER to its GATHERs", async (open) => {
  for (const [type, peer] of [
    ["client", "server"],
    ["scatter", "gather"],
  ] as const) {
    const [sender, first, second] = [open(type), open(peer), open(peer)];
    await first.bind(`inproc://turn-${type}-1`);
    await second.bind(`inproc://turn-${type}-2`);
    sender.connect(`inproc://turn-${type}-1`);
    sender.connect(`inproc://turn-${type}-2`);
    for (const text of ["1", "2", "3", "4"]) await sender.send(text);
    const received = [];
    for (const socket of [first, first, second, second]) received.push(String((await socket.receive())[0]));
    assert.deepEqual(received, ["1", "3", "2", "4"]);
  }
});

testBoth("a CLIENT and a SCATTER without peers wait, a SERVER does not", async (open) => {
  assert.equal(await sendNow(open("client"), "x"), false);
  assert.equal(await sendNow(open("scatter"), "x"), false);
  assert.equal(await sendNow(open("channel"), "x"), false);
  assert.deepEqual(
    [open("client").writable, open("scatter").writable, open("channel").writable, open("server").writable],
    [false, false, false, true],
  );
});

testBoth("a CHANNEL talks to one peer; a second one is turned away", async (open) => {
  const [left, right, second] = [open("channel"), open("channel"), open("channel")];
  await left.bind("inproc://channel");
  right.connect("inproc://channel");
  await right.send("hello");
  assert.deepEqual(await receiveSoon(left), ["hello"]);
  second.connect("inproc://channel");
  await left.send("to the first");
  assert.deepEqual(await receiveSoon(right), ["to the first"]);
  assert.equal(await receiveSoon(second, 50), undefined);
});

testBoth("a SERVER whose client is full gives EAGAIN for that client only", async (open) => {
  const server = open("server", { sendHighWaterMark: 2, sendTimeout: 0 });
  const [full, free] = [open("client", { receiveHighWaterMark: 2 }), open("client", { receiveHighWaterMark: 2 })];
  await server.bind("inproc://full");
  full.connect("inproc://full");
  free.connect("inproc://full");
  await full.send("hello");
  const [, one] = await server.receive();
  await free.send("hello");
  const [, other] = await server.receive();
  for (let i = 0; i < 4; i += 1) await server.send(`${i}`, one);
  await assert.rejects(server.send("too much", one), { code: "EAGAIN" });
  assert.equal(server.writable, true);
  await server.send("for the other", other);
  assert.deepEqual(await receiveSoon(free), ["for the other"]);
  for (let i = 0; i < 4; i += 1) assert.deepEqual(await receiveSoon(full), [`${i}`]);
  assert.equal(await receiveSoon(full, 50), undefined);
});

testBoth("a SERVER that connects has a number for its client, whatever comes first", async (open) => {
  const [server, client] = [open("server"), open("client")];
  server.connect(await boundTo(client));
  await client.send("hello");
  const [, from] = await server.receive();
  await server.send("welcome", from);
  assert.deepEqual(await receiveSoon(client), ["welcome"]);
});

for (const transport of ["tcp://127.0.0.1:*", "inproc://hello"]) {
  testBoth(`each new peer of CLIENT, SERVER and PEER gets the hello message first, over ${transport}`, async (open) => {
    const [server, client] = [
      open("server", { helloMessage: "from server" }),
      open("client", { helloMessage: "from client" }),
    ];
    client.connect(await boundTo(server, transport));
    await client.send("1");
    const [part, from] = await server.receive();
    await server.send("2", from);
    assert.deepEqual([String(part), String((await server.receive())[0])], ["from client", "1"]);
    assert.deepEqual([await receiveSoon(client), await receiveSoon(client)], [["from server"], ["2"]]);
    const [ann, bob] = [open("peer", { helloMessage: "from ann" }), open("peer")];
    bob.connect(await boundTo(ann, transport === "inproc://hello" ? "inproc://hello-peer" : transport));
    assert.equal(String((await bob.receive())[0]), "from ann");
  });
}

for (const transport of TRANSPORTS) {
  testBoth(`a SERVER receives the disconnect message when a client goes, over ${transport}`, async (open) => {
    const [server, client] = [open("server", { disconnectMessage: "D" }), open("client", { linger: 1000 })];
    client.connect(await boundTo(server, transport));
    await client.send("hello");
    const [, { routingId }] = await server.receive();
    void client.close();
    const [part, from] = await server.receive();
    assert.deepEqual([String(part), from.routingId], ["D", routingId]);
  });
}

testBoth("a CLIENT receives the hiccup message when a connection that it made is lost", async (open) => {
  const [server, client] = [open("server"), open("client", { hiccupMessage: "HICCUP" })];
  client.connect(await boundTo(server));
  await client.send("hello");
  const [, from] = await server.receive();
  await server.send("answer", from);
  assert.deepEqual(await receiveSoon(client), ["answer"]);
  void server.close();
  assert.deepEqual(await receiveSoon(client), ["HICCUP"]);
});

testBoth("a CLIENT finds its server again, which gives it a new number", async (open) => {
  const [server, client] = [open("server"), open("client", { reconnectInterval: 10 })];
  const endpoint = await boundTo(server);
  client.connect(endpoint);
  await client.send("before");
  assert.equal(String((await server.receive())[0]), "before");
  const lost = eventOf(client, "disconnect");
  void server.close();
  await lost;
  const next = open("server");
  await bindAgain(next, endpoint);
  await client.send("after");
  const [part, from] = await next.receive();
  assert.equal(String(part), "after");
  await next.send("welcome back", from);
  assert.deepEqual(await receiveSoon(client), ["welcome back"]);
});

testBoth("types that do not go together refuse each other in the handshake", async (open) => {
  for (const [binder, connecter] of [
    ["server", "dealer"],
    ["server", "server"],
    ["gather", "push"],
    ["channel", "pair"],
    ["peer", "client"],
    ["radio", "sub"],
    ["dish", "pub"],
  ] as const) {
    const [bound, other] = [open(binder), open(connecter)];
    // libzmq 4.3.5 tells no more than that the connection has ended.
    const refused = new Promise((resolve) => {
      for (const socket of [bound, other]) {
        socket.events.on("handshake:error:protocol", resolve);
        socket.events.on("disconnect", resolve);
        socket.events.on("handshake", () => resolve("together"));
      }
    });
    other.connect(await boundTo(bound));
    assert.notEqual(await refused, "together");
  }
});

testBoth("the types have libzmq's numbers, and those that are thread-safe say so", async (open) => {
  const types = ["server", "client", "radio", "dish", "gather", "scatter", "dgram", "peer", "channel"] as const;
  for (const [i, type] of types.entries()) {
    const socket = open(type);
    assert.deepEqual([socket.type, socket.threadSafe], [12 + i, type !== "dgram"]);
  }
  assert.equal(open("pair").threadSafe, false);
});

testOurs(
  "a PEER knows whom it has connected to at once, and loses nothing that it sends before the connection",
  async (open) => {
    const [late, early] = [open("peer"), open("peer", { reconnectInterval: 5 })];
    const endpoint = await boundTo(late);
    await late.unbind(endpoint);
    const routingId = early.connectPeer(endpoint);
    await early.send("early", { routingId });
    await bindAgain(late, endpoint);
    const [part, from] = await late.receive();
    assert.equal(String(part), "early");
    await late.send("welcome", from);
    const [answer, by] = await early.receive();
    assert.deepEqual([String(answer), by], ["welcome", { routingId }]);
  },
);
