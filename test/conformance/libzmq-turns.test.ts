// SPDX-License-Identifier: MIT
/**
 * Whose turn it is, as libzmq's test_spec_* pin it: senders are heard in turn, receivers are served in turn, and who has nobody
 * waits. Also test_reqrep_*, test_timeo and what test_req_relaxed says of being writable.
 */
import assert from "node:assert/strict";
import { boundTo, freeEndpoint, type OpenEither, receiveSoon, sendNow, testBoth } from "../support/implementations.ts";
import { hasIpv6 } from "../support/tcp.ts";

type Type = Parameters<OpenEither>[0];
/** What all of these tests do with sockets, whatever their types. */
type Plain = ReturnType<typeof plain>;

function plain(open: OpenEither, type: Type, options: object = {}) {
  return open(type as "dealer", options as never);
}

for (const [type, peer, envelope] of [
  ["pull", "push", []],
  ["dealer", "dealer", []],
  ["router", "dealer", []],
  ["rep", "dealer", [""]],
  ["sub", "pub", []],
] as const) {
  testBoth(`${type}: peers that all have sent are heard in turn`, async (open) => {
    const receiver = plain(open, type);
    if (type === "sub") (receiver as unknown as { subscribe(): void }).subscribe();
    const names = ["A", "B", "C"];
    const senders: Plain[] = [];
    for (const name of names) {
      const sender = plain(open, peer, type === "router" ? { routingId: name } : {});
      senders.push(sender);
      await sender.bind(`inproc://${name}`);
      receiver.connect(`inproc://${name}`);
    }
    for (const [index, sender] of senders.entries()) {
      // A publisher within the process has heard of the subscription once it has looked.
      for (let i = 0; i < 10; i += 1) await sender.send([...envelope, names[index] as string]);
    }
    for (let round = 0; round < 10; round += 1) {
      const heard: (string | undefined)[] = [];
      for (let i = 0; i < names.length; i += 1) {
        heard.push((await receiveSoon(receiver))?.at(-1));
        if (type === "rep") await receiver.send("reply");
      }
      assert.deepEqual(heard.toSorted(), names, `round ${round}`);
    }
  });
}

for (const [type, peer] of [
  ["push", "pull"],
  ["dealer", "dealer"],
  ["req", "rep"],
] as const) {
  testBoth(`${type}: peers are served in turn, each message by one of them`, async (open) => {
    const sender = plain(open, type);
    const receivers: Plain[] = [];
    for (const name of ["A", "B", "C"]) {
      const receiver = plain(open, peer);
      receivers.push(receiver);
      await receiver.bind(`inproc://${name}`);
      sender.connect(`inproc://${name}`);
    }
    for (let i = 0; i < 9; i += 1) {
      await sender.send(String(i));
      const receiver = receivers[i % 3] as Plain;
      assert.deepEqual(await receiveSoon(receiver), [String(i)]);
      if (type !== "req") continue;
      await receiver.send("reply");
      assert.deepEqual(await receiveSoon(sender), ["reply"]);
    }
    for (const receiver of receivers) {
      if (type !== "req") assert.equal(await receiveSoon(receiver, 5), undefined);
    }
  });
}

testBoth("a request is framed by an empty part, and nothing else", async (open) => {
  const [router, req] = [open("router"), open("req", { routingId: "R" })];
  req.connect(await boundTo(router));
  await req.send(["A", "B"]);
  assert.deepEqual(await receiveSoon(router), ["R", "", "A", "B"]);
});

testBoth("a REQ is writable when it may send: not while it waits, unless it is relaxed", async (open) => {
  const [strict, relaxed] = [open("req"), open("req", { relaxed: true, correlate: true })];
  for (const [index, req] of [strict, relaxed].entries()) {
    const rep = open("rep");
    await rep.bind(`inproc://${index}`);
    assert.equal(req.writable, false);
    req.connect(`inproc://${index}`);
    assert.equal(req.writable, true);
    await req.send("x");
    assert.equal(req.writable, req === relaxed);
    assert.equal(req.readable, false);
    assert.deepEqual(await receiveSoon(rep), ["x"]);
    await rep.send("y");
    assert.deepEqual(await receiveSoon(req), ["y"]);
    assert.equal(req.writable, true);
  }
});

testBoth("a receive gives up with EAGAIN when its time is up, not before and not much later", async (open) => {
  const dealer = open("dealer", { receiveTimeout: 250, sendTimeout: 250 });
  await dealer.bind("inproc://time");
  const before = performance.now();
  await assert.rejects(dealer.receive(), { code: "EAGAIN" });
  const elapsed = performance.now() - before;
  assert.ok(elapsed > 240 && elapsed < 1250, `${elapsed} ms`);
  await assert.rejects(dealer.send("x"), { code: "EAGAIN" });
  const other = open("dealer");
  other.connect("inproc://time");
  await dealer.send("x");
  assert.deepEqual(await receiveSoon(other), ["x"]);
});

const withIpv6 = await hasIpv6();

for (const wildcard of ["inproc://x", "ipc://*", "tcp://127.0.0.1:*", ...(withIpv6 ? ["tcp://[::1]:*"] : [])]) {
  testBoth(`${wildcard}: requests and replies; disconnect and unbind take the endpoint`, async (open) => {
    const ipv6 = wildcard.includes("::1");
    const [rep, req] = [open("rep", { ipv6 }), open("req", { ipv6 })];
    const endpoint = await boundTo(rep, wildcard);
    req.connect(endpoint);
    for (const message of [["one"], ["of", "several", "parts"], [""]]) {
      await req.send(message);
      assert.deepEqual(await receiveSoon(rep), message);
      await rep.send(message);
      assert.deepEqual(await receiveSoon(req), message);
    }
    req.disconnect(endpoint);
    await rep.unbind(endpoint);
    assert.equal(await sendNow(req, "nobody is there"), false);
  });
}

for (const host of ["127.0.0.1", ...(withIpv6 ? ["[::1]"] : [])]) {
  testBoth(`${host}: two requesters use the same source ports, crosswise, towards two services`, async (open) => {
    const ipv6 = host !== "127.0.0.1";
    const options = { ipv6, reconnectInterval: 10 };
    const reps = [open("rep", options), open("rep", options)] as const;
    const places = [await boundTo(reps[0], `tcp://${host}:*`), await boundTo(reps[1], `tcp://${host}:*`)].map((each) =>
      each.slice("tcp://".length),
    );
    const ports = [await freeEndpoint(), await freeEndpoint()].map((each) => each.slice(each.lastIndexOf(":") + 1));
    const reqs = [open("req", options), open("req", options)] as const;
    const endpoints: string[][] = [];
    for (const [index, req] of reqs.entries()) {
      const mine = places.map((place, i) => `tcp://${host}:${ports[(i + index) % 2]};${place}`);
      for (const endpoint of mine) req.connect(endpoint);
      endpoints.push(mine);
    }
    for (const req of [reqs[0], reqs[1], reqs[0]]) {
      for (const rep of reps) {
        await req.send("x");
        assert.deepEqual(await receiveSoon(rep), ["x"]);
        await rep.send("y");
        assert.deepEqual(await receiveSoon(req), ["y"]);
      }
    }
    for (const [index, req] of reqs.entries()) for (const each of endpoints[index] ?? []) req.disconnect(each);
  });
}

testBoth("tcp by the name localhost", async (open) => {
  const [a, b] = [open("pair"), open("pair")];
  const port = (await boundTo(a)).split(":").at(-1);
  b.connect(`tcp://localhost:${port}`);
  await b.send("x");
  assert.deepEqual(await receiveSoon(a), ["x"]);
  await a.send(["y", "z"]);
  assert.deepEqual(await receiveSoon(b), ["y", "z"]);
});
