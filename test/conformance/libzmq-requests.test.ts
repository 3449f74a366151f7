// SPDX-License-Identifier: MIT
/** REQ and REP, DEALER, PUSH and PULL as libzmq's test_req_*, test_reqrep_*, test_conflate and test_spec_pushpull pin them. */
import assert from "node:assert/strict";
import { boundTo, freeEndpoint, receiveSoon, sendNow, testBoth, testOurs } from "../support/implementations.ts";

testBoth(
  "a correlated request begins with an id of four octets, and only the reply that carries it counts",
  async (open) => {
    const router = open("router");
    const req = open("req", { correlate: true });
    req.connect(await boundTo(router));
    await req.send(["ABC", "DEF"]);
    const [routingId, id, delimiter, ...body] = await router.receive();
    assert.deepEqual([id?.length, delimiter?.length, body.map(String)], [4, 0, ["ABC", "DEF"]]);
    const wrong = Buffer.from(id as Buffer);
    wrong[0] = (wrong[0] as number) ^ 0xff;
    const envelope = routingId as Buffer;
    await router.send([envelope, wrong, "", "DATA"]);
    await router.send([envelope, id as Buffer, "", "GHI"]);
    assert.deepEqual(await receiveSoon(req), ["GHI"]);
  },
);

// On a busy machine npm zeromq now and then misses the reply here.
testOurs("a relaxed request may be sent again while a reply is awaited; older replies do not count", async (open) => {
  const req = open("req", { relaxed: true, correlate: true });
  const endpoint = await boundTo(req);
  const connected = (async () => {
    let count = 0;
    for await (const { type } of req.events) {
      if (type === "handshake") count += 1;
      if (count === 4) return;
    }
  })();
  const reps = [open("rep"), open("rep"), open("rep"), open("rep")];
  for (const rep of reps) rep.connect(endpoint);
  await connected;
  const [first, second] = [
    await asked(req, "A", reps),
    // The first service was chosen, so this one goes to another.
    await asked(req, "C", reps),
  ];
  assert.notEqual(first, second);
  await first.send("WRONG");
  await second.send("OK");
  assert.deepEqual(await receiveSoon(req), ["OK"]);
  const third = await asked(req, "E", reps);
  await third.send(["F", "G"]);
  assert.deepEqual(await receiveSoon(req), ["F", "G"]);
});

type Answering = {
  receiveTimeout: number;
  receive(): Promise<Buffer[]>;
  send(message: string | string[]): Promise<void>;
};

/** Sends a request; gives the service that got it. */
async function asked<R extends Answering>(
  req: { send(message: string): Promise<void>; sendTimeout: number },
  text: string,
  reps: readonly R[],
): Promise<R> {
  req.sendTimeout = 3000;
  await req.send(text);
  for (let round = 0; round < 300; round += 1) {
    for (const rep of reps) {
      const got = await receiveSoon(rep, 1).catch(() => undefined);
      if (got?.[0] === text) return rep;
    }
  }
  throw new Error(`nobody got ${text}`);
}

testBoth("a relaxed request that was sent before anybody was there goes out when somebody is", async (open) => {
  const [req, rep] = [open("req", { relaxed: true, correlate: true, reconnectInterval: 10 }), open("rep")];
  const endpoint = await freeEndpoint();
  req.connect(endpoint);
  await req.send("early");
  await req.send("later");
  await rep.bind(endpoint);
  let got = await receiveSoon(rep);
  await rep.send("reply");
  if (got?.[0] === "early") {
    got = await receiveSoon(rep);
    await rep.send("reply");
  }
  assert.deepEqual(got, ["later"]);
  assert.deepEqual(await receiveSoon(req), ["reply"]);
});

testBoth("a REQ without peers waits", async (open) => {
  const req = open("req");
  await boundTo(req);
  assert.equal(await sendNow(req, "ABC"), false);
  for (const type of ["dealer", "push"] as const) {
    const socket = open(type);
    await boundTo(socket);
    assert.equal(await sendNow(socket, "ABC"), false, type);
  }
});

testBoth("a REP may answer a requester that has gone, and serves the next", async (open) => {
  const rep = open("rep");
  const endpoint = await boundTo(rep, "ipc://*");
  const [first, second] = [open("req"), open("req")];
  first.connect(endpoint);
  await first.send("1");
  assert.deepEqual(await receiveSoon(rep), ["1"]);
  await first.close();
  await rep.send("to nobody");
  second.connect(endpoint);
  await second.send("2");
  assert.deepEqual(await receiveSoon(rep), ["2"]);
  await rep.send("to the second");
  assert.deepEqual(await receiveSoon(second), ["to the second"]);
});

testBoth("an envelope of any depth comes back with the reply; a request without its end is skipped", async (open) => {
  const [rep, dealer] = [open("rep"), open("dealer")];
  dealer.connect(await boundTo(rep));
  await dealer.send(["no", "delimiter"]);
  await dealer.send(["X", "Y", "", "A", "B"]);
  assert.deepEqual(await receiveSoon(rep), ["A", "B"]);
  await rep.send(["C", "D"]);
  assert.deepEqual(await receiveSoon(dealer), ["X", "Y", "", "C", "D"]);
});

testBoth("a chain of REQ, ROUTER, DEALER and REP passes messages of two parts there and back", async (open) => {
  const [req, router, dealer, rep] = [open("req"), open("router"), open("dealer"), open("rep")];
  req.connect(await boundTo(router));
  rep.connect(await boundTo(dealer));
  await req.send(["ABC", "DEF"]);
  await dealer.send(await router.receive());
  assert.deepEqual(await receiveSoon(rep), ["ABC", "DEF"]);
  await rep.send(["GHI", "JKL"]);
  await router.send(await dealer.receive());
  assert.deepEqual(await receiveSoon(req), ["GHI", "JKL"]);
});

testBoth("replies that are none are dropped, and the next good one counts", async (open) => {
  const [router, req] = [open("router"), open("req")];
  req.connect(await boundTo(router));
  await req.send("r");
  const [id, delimiter] = (await router.receive()) as [Buffer, Buffer];
  await router.send(id);
  await router.send([id, delimiter, "good"]);
  assert.deepEqual(await receiveSoon(req), ["good"]);
});

testBoth("conflate: only the newest of twenty messages is received", async (open) => {
  const [push, pull] = [open("push"), open("pull", { conflate: true })];
  push.connect(await boundTo(pull));
  for (let i = 0; i < 20; i += 1) await push.send(String(i));
  // Until the last one has overtaken the others.
  await new Promise((resolve) => setTimeout(resolve, 50));
  const got: string[] = [];
  for (let next = await receiveSoon(pull, 20); next !== undefined; next = await receiveSoon(pull, 20))
    got.push(...next);
  assert.deepEqual(got, ["19"]);
});

testBoth("messages go round the receivers, and come from all senders in turn", async (open) => {
  const push = open("push");
  const pulls = [open("pull"), open("pull"), open("pull")];
  for (const pull of pulls) {
    push.connect(await boundTo(pull));
    await push.send("greeting");
    // A receiver that is known to be there is in the round.
  }
  for (let i = 0; i < 30; i += 1) await push.send(String(i));
  const counts: number[] = [];
  for (const pull of pulls) {
    let count = 0;
    while ((await receiveSoon(pull, 50)) !== undefined) count += 1;
    counts.push(count);
  }
  assert.equal(
    counts.reduce((sum, each) => sum + each),
    33,
  );
  assert.ok(
    counts.every((each) => each >= 10),
    counts.join(),
  );
});

testOurs("a message whose receiver goes away half way is delivered whole or not at all", async (open) => {
  const push = open("push", { sendHighWaterMark: 5 });
  const endpoint = await boundTo(push);
  for (let round = 0; round < 5; round += 1) {
    const pull = open("pull", { receiveHighWaterMark: 2, reconnectInterval: -1 });
    pull.connect(endpoint);
    push.sendTimeout = 3000;
    await push.send(["head", "first", "tail"]);
    let sent = 0;
    for (; sent < 200; sent += 1) if (!(await sendNow(push, ["head", Buffer.alloc(300_000, sent), "tail"]))) break;
    assert.ok(sent < 200);
    const got = await receiveSoon(pull);
    assert.deepEqual([got?.length, got?.[0], got?.[2]], [3, "head", "tail"]);
    const another = round % 2 === 0 ? await receiveSoon(pull) : undefined;
    if (another !== undefined) assert.deepEqual([another.length, another[0], another[2]], [3, "head", "tail"]);
    await pull.close();
  }
});
