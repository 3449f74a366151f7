// SPDX-License-Identifier: MIT
/** ROUTER as libzmq's test_router_*, test_probe_router, test_connect_rid and test_issue_566 pin it. */
import assert from "node:assert/strict";
import { boundTo, eventOf, receiveSoon, sendNow, setByNumber, testBoth } from "../support/implementations.ts";

// Options that npm zeromq has no properties for.
const [ROUTER_NOTIFY, HELLO, DISCONNECT, HICCUP] = [97, 110, 111, 114];

testBoth("a message to nobody is dropped, and with mandatory it is EHOSTUNREACH", async (open) => {
  const router = open("router");
  const endpoint = await boundTo(router);
  await router.send(["UNKNOWN", "DATA"]);
  router.mandatory = true;
  // Where it may wait, npm zeromq waits for any peer at all before it tries.
  router.sendTimeout = 0;
  await assert.rejects(async () => router.send(["UNKNOWN", "DATA"]), { code: "EHOSTUNREACH" });
  const dealer = open("dealer", { routingId: "X" });
  dealer.connect(endpoint);
  await dealer.send("Hello");
  assert.deepEqual(await receiveSoon(router), ["X", "Hello"]);
  await router.send(["X", "Hello"]);
  assert.deepEqual(await receiveSoon(dealer), ["Hello"]);
});

testBoth("with mandatory a full peer makes the send wait, after a bounded number of messages", async (open) => {
  const router = open("router", { mandatory: true, sendHighWaterMark: 1 });
  const dealer = open("dealer", { routingId: "X", receiveHighWaterMark: 1 });
  dealer.connect(await boundTo(router));
  await dealer.send("Hello");
  assert.deepEqual(await receiveSoon(router), ["X", "Hello"]);
  const body = Buffer.alloc(65_536);
  let sent = 0;
  // What the system holds for a connection comes on top of the marks.
  for (let silent = 0; silent < 20; ) {
    if (await sendNow(router, ["X", body])) sent += 1;
    else {
      silent += 1;
      await new Promise(setImmediate);
    }
    assert.ok(sent < 1000, "no end of it");
  }
  for (let i = 0; i < sent; i += 1) assert.equal((await receiveSoon(dealer))?.[0]?.length, 65_536);
  router.sendTimeout = 3000;
  await router.send(["X", "goes on"]);
  assert.deepEqual(await receiveSoon(dealer), ["goes on"]);
});

testBoth("with handover a second peer with the same id takes over", async (open) => {
  const router = open("router", { handover: true });
  const endpoint = await boundTo(router);
  const first = open("dealer", { routingId: "X", reconnectInterval: -1 });
  first.connect(endpoint);
  await first.send("Hello");
  assert.deepEqual(await receiveSoon(router), ["X", "Hello"]);
  const second = open("dealer", { routingId: "X" });
  second.connect(endpoint);
  await second.send("Hello again");
  assert.deepEqual(await receiveSoon(router), ["X", "Hello again"]);
  await router.send(["X", "to the second"]);
  assert.deepEqual(await receiveSoon(second), ["to the second"]);
  assert.equal(await receiveSoon(first, 10), undefined);
});

testBoth(
  "without handover a second peer with the same id is not heard, and the first is still served",
  async (open) => {
    const router = open("router");
    const endpoint = await boundTo(router);
    const [first, second] = [open("dealer", { routingId: "X" }), open("dealer", { routingId: "X" })];
    first.connect(endpoint);
    await first.send("Hello");
    assert.deepEqual(await receiveSoon(router), ["X", "Hello"]);
    second.connect(endpoint);
    await second.send("unheard");
    assert.equal(await receiveSoon(router, 50), undefined);
    await router.send(["X", "to the first"]);
    assert.deepEqual(await receiveSoon(first), ["to the first"]);
  },
);

for (const type of ["dealer", "router"] as const) {
  testBoth(`${type} with probeRouter tells a ROUTER that it is there`, async (open) => {
    const router = open("router");
    const prober = open(type, { probeRouter: true, routingId: "X" });
    prober.connect(await boundTo(router));
    assert.deepEqual(await receiveSoon(router), ["X", ""]);
    await router.send(["X", "Hello"]);
    const got = await receiveSoon(prober);
    assert.equal(got?.at(-1), "Hello");
  });
}

testBoth("a connection that was named is addressed by that name, before the peer has said its own", async (open) => {
  const [router, dealer, unnamed] = [open("router"), open("dealer", { routingId: "other" }), open("dealer")];
  router.connect(await boundTo(dealer), { routingId: "conn1" });
  router.connect(await boundTo(unnamed), { routingId: "conn2" });
  await router.send(["conn1", "hi 1"]);
  await router.send(["conn2", "hi 2"]);
  assert.deepEqual([await receiveSoon(dealer), await receiveSoon(unnamed)], [["hi 1"], ["hi 2"]]);
  await dealer.send("back 1");
  assert.deepEqual(await receiveSoon(router), ["conn1", "back 1"]);
  await unnamed.send("back 2");
  assert.deepEqual(await receiveSoon(router), ["conn2", "back 2"]);
});

testBoth("a hundred dealers in turn are reached as soon as they are known", async (open) => {
  const router = open("router", { mandatory: true });
  const endpoint = await boundTo(router);
  for (let i = 0; i < 100; i += 1) {
    const dealer = open("dealer", { routingId: `d${i}` });
    dealer.connect(endpoint);
    await dealer.send("here");
    assert.deepEqual(await receiveSoon(router), [`d${i}`, "here"]);
    await router.send([`d${i}`, "HELLO"]);
    assert.deepEqual(await receiveSoon(dealer), ["HELLO"]);
    await dealer.close();
  }
});

testBoth("a message that is an id and nothing else is taken and goes nowhere", async (open) => {
  const router = open("router");
  const req = open("req", { routingId: "X" });
  req.connect(await boundTo(router));
  await req.send("hello");
  assert.deepEqual(await receiveSoon(router), ["X", "", "hello"]);
  await router.send("X");
  await router.send(["X", "", "world"]);
  assert.deepEqual(await receiveSoon(req), ["world"]);
});

testBoth("peers are heard in turn, whatever each of them has to say", async (open) => {
  const router = open("router");
  const endpoint = await boundTo(router);
  const dealers = ["A", "B", "C"].map((routingId) => open("dealer", { routingId }));
  for (const dealer of dealers) dealer.connect(endpoint);
  for (const dealer of dealers) for (let i = 0; i < 20; i += 1) await dealer.send(String(i));
  const heard: Record<string, number> = { A: 0, B: 0, C: 0 };
  for (let i = 0; i < 60; i += 1) {
    const [id = "", text] = (await receiveSoon(router)) ?? [];
    assert.equal(text, String(heard[id]), "in order from each");
    heard[id] = (heard[id] ?? 0) + 1;
  }
  assert.deepEqual(heard, { A: 20, B: 20, C: 20 });
});

testBoth("with routerNotify a ROUTER hears of peers that come and go, as empty messages", async (open) => {
  const router = open("router");
  setByNumber(router, ROUTER_NOTIFY, 3);
  const endpoint = await boundTo(router);
  const dealer = open("dealer", { routingId: "X" });
  dealer.connect(endpoint);
  assert.deepEqual(await receiveSoon(router), ["X", ""]);
  await dealer.send("Hello");
  assert.deepEqual(await receiveSoon(router), ["X", "Hello"]);
  await dealer.close();
  assert.deepEqual(await receiveSoon(router), ["X", ""]);
});

testBoth("a peer that never finished its handshake is not told of", async (open) => {
  const router = open("router");
  setByNumber(router, ROUTER_NOTIFY, 3);
  const endpoint = await boundTo(router);
  // libzmq 4.3.5 tells no more than that the connection has ended.
  const failed = eventOf(router, "disconnect");
  open("push", { reconnectInterval: -1 }).connect(endpoint);
  await failed;
  assert.equal(await receiveSoon(router, 10), undefined);
});

testBoth("half of a message is not delivered when its peer is turned away for the other half", async (open) => {
  const router = open("router", { maxMessageSize: 1024 });
  setByNumber(router, ROUTER_NOTIFY, 3);
  const endpoint = await boundTo(router);
  const dealer = open("dealer", { routingId: "X", reconnectInterval: -1 });
  dealer.connect(endpoint);
  assert.deepEqual(await receiveSoon(router), ["X", ""]);
  await dealer.send(["Hello", Buffer.alloc(2048)]);
  assert.deepEqual(await receiveSoon(router), ["X", ""]);
  assert.equal(await receiveSoon(router, 10), undefined);
});

testBoth("hello: a message that each new peer gets first, over the network and within the process", async (open) => {
  for (const wildcard of ["tcp://127.0.0.1:*", "inproc://late"]) {
    const [router, dealer] = [open("router"), open("dealer", { routingId: "D" })];
    setByNumber(router, HELLO, "HELLO");
    setByNumber(dealer, HELLO, "hi");
    if (wildcard.startsWith("inproc")) {
      dealer.connect(wildcard);
      await router.bind(wildcard);
    } else dealer.connect(await boundTo(router, wildcard));
    assert.deepEqual(await receiveSoon(dealer), ["HELLO"]);
    assert.deepEqual(await receiveSoon(router), ["D", "hi"]);
  }
});

testBoth("disconnect: a message that a ROUTER receives when a peer has gone", async (open) => {
  for (const wildcard of ["tcp://127.0.0.1:*", "inproc://gone"]) {
    const [router, dealer] = [open("router"), open("dealer", { routingId: "X" })];
    setByNumber(router, DISCONNECT, "D");
    dealer.connect(await boundTo(router, wildcard));
    await dealer.send("last");
    assert.deepEqual(await receiveSoon(router), ["X", "last"]);
    await dealer.close();
    assert.deepEqual(await receiveSoon(router), ["X", "D"]);
  }
});

testBoth("hiccup: a message that a DEALER receives when its connection is lost", async (open) => {
  const [router, dealer] = [open("router"), open("dealer")];
  setByNumber(dealer, HICCUP, "HICCUP");
  dealer.connect(await boundTo(router));
  await dealer.send("hello");
  await receiveSoon(router);
  await router.close();
  assert.deepEqual(await receiveSoon(dealer), ["HICCUP"]);
});
