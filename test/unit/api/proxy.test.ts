// SPDX-License-Identifier: MIT
import assert from "node:assert/strict";
import { test } from "node:test";
import {
  Context,
  Dealer,
  Pair,
  Proxy,
  Publisher,
  Pull,
  Push,
  Reply,
  Request,
  Router,
  Subscriber,
  XPublisher,
  XSubscriber,
} from "../../../src/index.ts";
import { turns } from "../../support/sockets.ts";

test("ROUTER and DEALER: a shared queue of requests, replies find their way back", async () => {
  await using front = new Router({ linger: 0 });
  await using back = new Dealer({ linger: 0 });
  await front.bind("tcp://127.0.0.1:0");
  await back.bind("tcp://127.0.0.1:0");
  const proxy = new Proxy(front, back);
  const run = proxy.run();
  await using worker = new Reply({ linger: 0 });
  worker.connect(back.lastEndpoint ?? "");
  const working = (async () => {
    for await (const parts of worker) await worker.send(["echo", ...parts]);
  })();
  for (let i = 0; i < 20; i += 1) {
    await using client = new Request({ linger: 0 });
    client.connect(front.lastEndpoint ?? "");
    await client.send([String(i), "body"]);
    assert.deepEqual((await client.receive()).map(String), ["echo", String(i), "body"]);
  }
  proxy.terminate();
  await run;
  assert.ok(front.closed && back.closed);
  await worker.close();
  await working;
});

test("XSUB and XPUB: subscriptions go up, messages come down", async () => {
  await using front = new XSubscriber({ linger: 0 });
  await using back = new XPublisher({ linger: 0 });
  await front.bind("inproc://up");
  await back.bind("inproc://down");
  const proxy = new Proxy(front, back);
  const run = proxy.run();
  await using publisher = new XPublisher({ linger: 0 });
  publisher.connect("inproc://up");
  await using subscriber = new Subscriber({ linger: 0 });
  subscriber.connect("inproc://down");
  subscriber.subscribe("a");
  assert.deepEqual((await publisher.receive()).map(String), ["\x01a"]);
  await publisher.send(["b", "not wanted"]);
  await publisher.send(["a", "wanted"]);
  assert.deepEqual((await subscriber.receive()).map(String), ["a", "wanted"]);
  proxy.terminate();
  await run;
});

test("PULL and PUSH: one direction only; while paused, messages wait and none is lost", async () => {
  await using front = new Pull({ linger: 0 });
  await using back = new Push({ linger: 0 });
  await front.bind("inproc://in");
  await back.bind("inproc://out");
  const proxy = new Proxy(front, back);
  const run = proxy.run();
  await using source = new Push({ linger: 0 });
  source.connect("inproc://in");
  await using sink = new Pull({ linger: 0 });
  sink.connect("inproc://out");
  await source.send("1");
  assert.equal(String((await sink.receive())[0]), "1");
  proxy.pause();
  for (let i = 2; i <= 50; i += 1) await source.send(String(i));
  proxy.resume();
  for (let i = 2; i <= 50; i += 1) assert.equal(String((await sink.receive())[0]), String(i));
  proxy.terminate();
  await run;
});

test("nobody receives: a proxy takes no more than its back-end has room for, and nothing is lost", async () => {
  const pull = { linger: 0, receiveHighWaterMark: 5 };
  const push = { linger: 0, sendHighWaterMark: 5 };
  await using front = new Pull(pull);
  await using back = new Push(push);
  await front.bind("inproc://in");
  await back.bind("inproc://out");
  const proxy = new Proxy(front, back);
  const run = proxy.run();
  await using source = new Push(push);
  source.connect("inproc://in");
  let sent = 0;
  const fill = () => {
    while (source.trySend(String(sent))) sent += 1;
  };
  // No back-end at all: everything waits before the proxy.
  fill();
  assert.equal(sent, 10);
  await using sink = new Pull(pull);
  sink.connect("inproc://out");
  await source.whenWritable();
  fill();
  let received = 0;
  for (; received < sent; received += 1) {
    assert.equal(String((await sink.receive())[0]), String(received));
    if (received < 500) fill();
  }
  assert.ok(sent >= 500 && sink.tryReceive() === undefined);
  proxy.terminate();
  await run;
});

test("a message for a peer without room waits for that peer, and those behind it wait too", async () => {
  const marks = { linger: 0, sendHighWaterMark: 1, receiveHighWaterMark: 1 };
  await using front = new Pull({ linger: 0 });
  await using back = new Router({ ...marks, mandatory: true });
  await front.bind("inproc://in");
  await back.bind("inproc://out");
  await using slow = new Dealer({ ...marks, routingId: "slow" });
  await using quick = new Dealer({ ...marks, routingId: "quick" });
  slow.connect("inproc://out");
  quick.connect("inproc://out");
  const proxy = new Proxy(front, back);
  const run = proxy.run();
  await using source = new Push({ linger: 0 });
  source.connect("inproc://in");
  for (let i = 0; i < 10; i += 1) await source.send(["slow", String(i)]);
  await source.send(["quick", "last"]);
  const last = quick.receive();
  for (let i = 0; i < 10; i += 1) assert.deepEqual((await slow.receive()).map(String), [String(i)]);
  assert.deepEqual((await last).map(String), ["last"]);
  proxy.terminate();
  await run;
});

test("REP and REQ: the two directions take turns", async () => {
  await using front = new Reply({ linger: 0 });
  await using back = new Request({ linger: 0 });
  await front.bind("inproc://in");
  await back.bind("inproc://out");
  const proxy = new Proxy(front, back);
  const run = proxy.run();
  await using worker = new Reply({ linger: 0 });
  worker.connect("inproc://out");
  await using client = new Request({ linger: 0 });
  client.connect("inproc://in");
  for (let i = 0; i < 5; i += 1) {
    await client.send(String(i));
    await worker.send(["echo", ...(await worker.receive())]);
    assert.deepEqual((await client.receive()).map(String), ["echo", String(i)]);
  }
  proxy.terminate();
  await run;
});

test("messages that go round between two proxies without end leave the rest of the program its turns", async () => {
  const sockets = [
    new Pull({ linger: 0 }),
    new Push({ linger: 0 }),
    new Pull({ linger: 0 }),
    new Push({ linger: 0 }),
  ] as const;
  const [leftIn, leftOut, rightIn, rightOut] = sockets;
  await leftIn.bind("inproc://left");
  await rightIn.bind("inproc://right");
  leftOut.connect("inproc://right");
  rightOut.connect("inproc://left");
  const proxies = [new Proxy(leftIn, leftOut), new Proxy(rightIn, rightOut)];
  const runs = proxies.map((proxy) => proxy.run());
  await using source = new Push({ linger: 0 });
  source.connect("inproc://left");
  await source.send("round and round");
  for (let turns = 0; turns < 3; turns += 1) await new Promise((resolve) => setImmediate(resolve));
  for (const proxy of proxies) proxy.terminate();
  await Promise.all(runs);
});

test("a proxy ends when one of its sockets is closed", async () => {
  const front = new Pull({ linger: 0 });
  const back = new Push({ linger: 0 });
  await front.bind("inproc://ends-in");
  await back.bind("inproc://ends-out");
  const proxy = new Proxy(front, back);
  const run = proxy.run();
  await front.close();
  await run;
  assert.ok(back.closed);
});

test("a proxy that is paused ends as well when one of its sockets is closed, or the context terminated", async () => {
  for (const isTermination of [false, true]) {
    const context = new Context();
    const front = new Pull({ linger: 0, context });
    const back = new Push({ linger: 0, context });
    await front.bind("inproc://ends-in");
    await back.bind("inproc://ends-out");
    const proxy = new Proxy(front, back);
    const run = proxy.run();
    proxy.pause();
    if (isTermination) await context.terminate();
    else await back.close();
    await run;
    assert.ok(front.closed && back.closed);
  }
});

test("statistics: nothing before, then messages, parts and octets of both sides, and no more while it is paused", async () => {
  await using front = new Router({ linger: 0 });
  await using back = new Dealer({ linger: 0 });
  await front.bind("inproc://in");
  await back.bind("inproc://out");
  const proxy = new Proxy(front, back);
  const none = { messages: 0, parts: 0, octets: 0 };
  const nothing = { received: none, sent: none };
  assert.deepEqual(proxy.statistics(), { frontEnd: nothing, backEnd: nothing });
  const run = proxy.run();
  await using worker = new Reply({ linger: 0 });
  worker.connect("inproc://out");
  await using client = new Request({ linger: 0, routingId: "abc" });
  client.connect("inproc://in");
  await client.send(["12345", "67"]);
  await worker.receive();
  // The id, the delimiter and both parts.
  const there = { messages: 1, parts: 4, octets: 10 };
  assert.deepEqual(proxy.statistics().frontEnd, { received: there, sent: none });
  assert.deepEqual(proxy.statistics().backEnd, { received: none, sent: there });
  await worker.send("1");
  await client.receive();
  const back1 = { messages: 1, parts: 3, octets: 4 };
  assert.deepEqual(proxy.statistics(), {
    frontEnd: { received: there, sent: back1 },
    backEnd: { received: back1, sent: there },
  });
  proxy.pause();
  await client.send("waits");
  await turns();
  assert.equal(proxy.statistics().frontEnd.received.messages, 1);
  proxy.resume();
  await worker.receive();
  assert.equal(proxy.statistics().frontEnd.received.messages, 2);
  proxy.terminate();
  await run;
  assert.equal(proxy.statistics().backEnd.sent.messages, 2);
});

test("capture: a copy of every message of both directions; where it has no room, the proxy waits and loses nothing", async () => {
  await using front = new Pair({ linger: 0 });
  await using back = new Pair({ linger: 0 });
  await using capture = new Push({ linger: 0, sendHighWaterMark: 2 });
  await using client = new Pair({ linger: 0 });
  await using worker = new Pair({ linger: 0 });
  await using spy = new Pull({ linger: 0, receiveHighWaterMark: 2 });
  await front.bind("inproc://in");
  await back.bind("inproc://out");
  await capture.bind("inproc://spy");
  client.connect("inproc://in");
  worker.connect("inproc://out");
  const proxy = new Proxy(front, back, { capture });
  const run = proxy.run();
  await client.send(["1", "to the worker"]);
  await turns();
  assert.equal(worker.tryReceive(), undefined, "nobody captures yet");
  spy.connect("inproc://spy");
  assert.deepEqual((await worker.receive()).map(String), ["1", "to the worker"]);
  await worker.send("2");
  assert.equal(String(await client.receive()), "2");
  assert.deepEqual([String(await spy.receive()), String(await spy.receive())], ["1,to the worker", "2"]);
  for (let i = 0; i < 20; i += 1) await client.send(String(i));
  await turns();
  let passed = 0;
  while (worker.tryReceive() !== undefined) passed += 1;
  assert.ok(passed >= 2 && passed < 20, `${passed} passed`);
  for (let i = 0; i < 20; i += 1) assert.equal(String(await spy.receive()), String(i));
  for (; passed < 20; passed += 1) assert.equal(String(await worker.receive()), String(passed));
  proxy.terminate();
  await run;
  assert.equal(capture.closed, false);
});

test("a publisher that captures drops what nobody wants to see, and never holds anything up", async () => {
  await using front = new Pull({ linger: 0 });
  await using back = new Push({ linger: 0 });
  await using capture = new Publisher({ linger: 0 });
  await using source = new Push({ linger: 0 });
  await using sink = new Pull({ linger: 0 });
  await front.bind("inproc://in");
  await back.bind("inproc://out");
  source.connect("inproc://in");
  sink.connect("inproc://out");
  const proxy = new Proxy(front, back, { capture });
  const run = proxy.run();
  for (let i = 0; i < 3000; i += 1) await source.send(String(i));
  for (let i = 0; i < 3000; i += 1) assert.equal(String(await sink.receive()), String(i));
  proxy.terminate();
  await run;
});

test("one socket for both: a REP answers with what it receives, a ROUTER and a DEALER too", async () => {
  for (const [type, peer] of [
    [Reply, Request],
    [Router, Dealer],
    [Dealer, Dealer],
  ] as const) {
    await using echo = new type({ linger: 0 });
    await using client = new peer({ linger: 0 });
    await echo.bind("inproc://echo");
    client.connect("inproc://echo");
    const proxy = new Proxy(echo, echo);
    const run = proxy.run();
    for (let i = 0; i < 3; i += 1) {
      await client.send(["round", String(i)]);
      assert.deepEqual((await client.receive()).map(String), ["round", String(i)]);
    }
    assert.equal(proxy.statistics().frontEnd.received.messages, 3);
    assert.equal(proxy.statistics().backEnd.sent.messages, 3);
    proxy.terminate();
    await run;
  }
});

test("what a proxy refuses", async () => {
  assert.throws(() => new Proxy({} as Pull, new Push()), new TypeError("Front-end must be a socket object"));
  assert.throws(() => new Proxy(new Pull(), {} as Push), new TypeError("Back-end must be a socket object"));
  const options = [{ capture: {} as Push }, { control: {} as Pull }];
  for (const each of options) assert.throws(() => new Proxy(new Pull(), new Push(), each), TypeError);
  for (const each of [{ capture: new Pull() }, { control: new Push() }])
    assert.throws(() => new Proxy(new Pull(), new Push(), each), { code: "ENOTSUP" });
  const front = new Pull();
  const back = new Publisher();
  const proxy = new Proxy(front, back);
  await assert.rejects(proxy.run(), { code: "EINVAL", message: "Front-end socket must be bound or connected" });
  await front.bind("inproc://front");
  await assert.rejects(proxy.run(), { code: "EINVAL", message: "Back-end socket must be bound or connected" });
  assert.throws(() => proxy.terminate(), { code: "EBADF" });
  await back.close();
  await assert.rejects(proxy.run(), { code: "EBADF" });
  await front.close();
});
