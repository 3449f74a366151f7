// SPDX-License-Identifier: MIT
/** Connections as libzmq's test_immediate, test_reconnect_*, test_term_endpoint, test_*wildcard and their kin pin them. */
import assert from "node:assert/strict";
import { rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  bindAgain,
  boundTo,
  eventOf,
  freeEndpoint,
  receiveSoon,
  sendNow,
  testBoth,
  testOurs,
} from "../support/implementations.ts";
import { hasIpv6 } from "../support/tcp.ts";

const withIpv6 = await hasIpv6();

/** libzmq's sockets see what happens to their connections only while they are used. */
async function attend(socket: Parameters<typeof receiveSoon>[0]): Promise<void> {
  await receiveSoon(socket, 20);
}

testBoth("without immediate, half of the messages wait for a peer that is not there", async (open) => {
  const [there, push] = [open("pull"), open("push")];
  const endpoint = await boundTo(there);
  push.connect(endpoint);
  push.connect(await freeEndpoint());
  for (let i = 0; i < 10; i += 1) await push.send(String(i));
  const got: string[] = [];
  for (let i = 0; i < 5; i += 1) got.push(...((await receiveSoon(there)) as string[]));
  assert.equal(await receiveSoon(there, 20), undefined);
  assert.ok(got.every((each) => Number(each) % 2 === Number(got[0]) % 2));
});

testBoth("with immediate, all messages go to the peer that is there", async (open) => {
  const there = open("pull");
  const push = open("push", { immediate: true });
  push.connect(await freeEndpoint());
  push.connect(await boundTo(there));
  for (let i = 0; i < 10; i += 1) await push.send(String(i));
  for (let i = 0; i < 10; i += 1) assert.deepEqual(await receiveSoon(there), [String(i)]);
});

testBoth("with immediate, a send without a connection waits, and goes on when the peer is back", async (open) => {
  const dealer = open("dealer", { immediate: true, reconnectInterval: 10 });
  const other = open("dealer");
  const endpoint = await boundTo(other);
  dealer.connect(endpoint);
  await dealer.send("1");
  assert.deepEqual(await receiveSoon(other), ["1"]);
  const lost = eventOf(dealer, "disconnect");
  await other.unbind(endpoint);
  await attend(other);
  await lost;
  while (await sendNow(dealer, "lost"));
  dealer.sendTimeout = 3000;
  const waiting = dealer.send("2");
  await bindAgain(other, endpoint);
  await waiting;
  let got = await receiveSoon(other);
  while (got?.[0] === "lost") got = await receiveSoon(other);
  assert.deepEqual(got, ["2"]);
});

testBoth("what is sent before the other side binds arrives", async (open) => {
  const [push, pull] = [open("push", { reconnectInterval: 10 }), open("pull")];
  const endpoint = await freeEndpoint();
  push.connect(endpoint);
  for (const each of ["foobar", "baz", "buzz"]) await push.send(each);
  await pull.bind(endpoint);
  for (const each of ["foobar", "baz", "buzz"]) assert.deepEqual(await receiveSoon(pull), [each]);
});

for (const wildcard of ["tcp://127.0.0.1:*", ...(withIpv6 ? ["tcp://[::1]:*"] : []), "ipc://*"]) {
  testBoth(
    `${wildcard}: with a reconnectInterval of −1 a lost connection stays lost, until it is made anew`,
    async (open) => {
      const ipv6 = wildcard.includes("::1");
      const [a, b] = [open("pair", { ipv6 }), open("pair", { ipv6, reconnectInterval: -1 })];
      const endpoint = await boundTo(a, wildcard);
      b.connect(endpoint);
      await b.send("1");
      assert.deepEqual(await receiveSoon(a), ["1"]);
      const lost = eventOf(b, "disconnect");
      await a.unbind(endpoint);
      await attend(a);
      await lost;
      const other = open("pair", { ipv6 });
      await (wildcard.startsWith("ipc") ? boundTo(other, wildcard) : bindAgain(other, endpoint));
      while (await sendNow(b, "lost"));
      assert.equal(await receiveSoon(other, 50), undefined);
      b.connect(other.lastEndpoint as string);
      b.sendTimeout = 3000;
      await b.send("2");
      assert.deepEqual(await receiveSoon(other), ["2"]);
    },
  );
}

testBoth("after unbind, and after disconnect, there is nobody to send to", async (open) => {
  const [push, pull] = [open("push"), open("pull")];
  const endpoint = await boundTo(push);
  pull.connect(endpoint);
  await push.send("1");
  assert.deepEqual(await receiveSoon(pull), ["1"]);
  await push.unbind(endpoint);
  // libzmq ends the connections a moment later.
  while (await sendNow(push, "lost"));
  const [second, receiver] = [open("push"), open("pull")];
  const there = await boundTo(receiver);
  second.connect(there);
  await second.send("2");
  assert.deepEqual(await receiveSoon(receiver), ["2"]);
  second.disconnect(there);
  while (await sendNow(second, "lost"));
});

for (const wildcard of [
  "tcp://127.0.0.1:*",
  "tcp://*:*",
  "tcp://*:0",
  "ipc://*",
  ...(withIpv6 ? ["tcp://[::1]:*"] : []),
]) {
  testBoth(
    `${wildcard}: the real endpoint can be connected, disconnected and unbound, the wildcard cannot`,
    async (open) => {
      const ipv6 = wildcard.includes("::1");
      const [a, b] = [open("pair", { ipv6 }), open("pair", { ipv6 })];
      const endpoint = await boundTo(a, wildcard);
      assert.notEqual(endpoint, wildcard);
      await assert.rejects(async () => a.unbind(wildcard), { code: "ENOENT" });
      b.connect(endpoint.replace("0.0.0.0", "127.0.0.1"));
      await b.send("x");
      assert.deepEqual(await receiveSoon(a), ["x"]);
      b.disconnect(endpoint.replace("0.0.0.0", "127.0.0.1"));
      await a.unbind(endpoint);
      await assert.rejects(async () => a.unbind(endpoint), { code: "ENOENT" });
    },
  );
}

testBoth("lastEndpoint is each endpoint that was bound", async (open) => {
  const rep = open("rep");
  const first = await boundTo(rep);
  const second = await boundTo(rep);
  assert.notEqual(first, second);
  await rep.bind("inproc://named");
  assert.equal(rep.lastEndpoint, "inproc://named");
});

testBoth("connect takes names and addresses, and refuses what is none", async (open) => {
  const pair = open("pair");
  pair.connect("tcp://localhost:1234");
  pair.connect("tcp://[::1]:1234");
  pair.connect("tcp://127.0.0.1:0;127.0.0.1:1234");
  for (const endpoint of [
    "tcp://localhost:invalid",
    "tcp://in val id:1234",
    "tcp://",
    "tcp://localhost:*",
    "tcp://localhost",
  ]) {
    assert.throws(() => pair.connect(endpoint), { code: "EINVAL" }, endpoint);
  }
  assert.throws(() => pair.connect("invalid://localhost:1234"), { code: "EPROTONOSUPPORT" });
});

testBoth("connect takes a source, by address or interface, with or without a port", async (open) => {
  const router = open("router");
  const endpoint = await boundTo(router);
  const destination = endpoint.slice("tcp://".length);
  for (const source of ["127.0.0.1:0", "127.0.0.2:0", "lo:0"]) {
    const dealer = open("dealer", { routingId: source });
    dealer.connect(`tcp://${source};${destination}`);
    await dealer.send("x");
    assert.deepEqual(await receiveSoon(router), [source, "x"]);
  }
});

testBoth("an ipc path that another socket binds after the first has closed is found again", async (open) => {
  const path = join(tmpdir(), `zt-rebind-${process.pid}-${Math.random().toString(36).slice(2)}`);
  const [first, second] = [open("push"), open("push")];
  const pull = open("pull", { reconnectInterval: 10 });
  await first.bind(`ipc://${path}`);
  pull.connect(`ipc://${path}`);
  await first.send("42");
  assert.deepEqual(await receiveSoon(pull), ["42"]);
  await first.close();
  await second.bind(`ipc://${path}`);
  await second.send("42");
  assert.deepEqual(await receiveSoon(pull), ["42"]);
  await second.close();
  rmSync(path, { force: true });
});

testBoth("an abstract ipc name keeps its @, and needs more than that", async (open) => {
  const name = `ipc://@zt-${process.pid}-${Math.random().toString(36).slice(2)}`;
  const [a, b] = [open("pair"), open("pair")];
  assert.equal(await boundTo(a, name), name);
  b.connect(name);
  await b.send("x");
  assert.deepEqual(await receiveSoon(a), ["x"]);
  await assert.rejects(async () => a.bind("ipc://@"), { code: "EINVAL" });
});

testBoth("an ipc path of 108 octets is too long", async (open) => {
  const pair = open("pair");
  const endpoint = `ipc:///tmp/${"x".repeat(108 - 5)}`;
  await assert.rejects(async () => pair.bind(endpoint), { code: "ENAMETOOLONG" });
});

testBoth(
  "connecting twice to one place is one connection for REQ, and alternates between three others",
  async (open) => {
    const req = open("req");
    const reps = [open("rep"), open("rep"), open("rep")];
    for (const rep of reps) {
      const endpoint = await boundTo(rep);
      req.connect(endpoint);
      req.connect(endpoint);
    }
    const served = new Set<number>();
    for (let i = 0; i < 3; i += 1) {
      await req.send(String(i));
      const answers = reps.map(async (rep, index) => {
        const request = await receiveSoon(rep, 100);
        if (request === undefined) return;
        served.add(index);
        await rep.send(request);
      });
      assert.deepEqual(await receiveSoon(req), [String(i)]);
      await Promise.all(answers);
    }
    assert.equal(served.size, 3);
  },
);

for (const [what, reconnectStop, expected] of [
  ["refused", 1, ["connect:delay", "close", "connect:stop", "end"]],
  ["refused, any number of times", 0, ["connect:delay", "close", "connect:retry", "connect:delay", "close"]],
] as const) {
  testOurs(`events of an attempt that is ${what}, with reconnectStop ${reconnectStop}`, async (open) => {
    const sub = open("sub", { reconnectStop, reconnectInterval: 1 });
    const seen: string[] = [];
    const reading = (async () => {
      for await (const { type } of sub.events) seen.push(type);
    })();
    sub.connect(await freeEndpoint());
    while (seen.length < expected.length - (reconnectStop === 1 ? 1 : 0)) await new Promise(setImmediate);
    if (reconnectStop === 1) assert.equal(sub.works.core.endpoints.size, 0);
    await sub.close();
    await reading;
    assert.deepEqual(seen.slice(0, expected.length), expected);
  });
}
