// SPDX-License-Identifier: MIT
/** High-water marks as libzmq's test_hwm, test_sockopt_hwm and test_hwm_pubsub pin them. */
import assert from "node:assert/strict";
import { boundTo, type OpenEither, receiveSoon, sendNow, testBoth } from "../support/implementations.ts";

/** How many messages a sender takes without waiting. */
async function capacity(push: ReturnType<OpenEither>, most = 10_000): Promise<number> {
  let count = 0;
  while (count < most && (await sendNow(push as never, "x"))) count += 1;
  return count;
}

async function drain(pull: ReturnType<OpenEither>): Promise<number> {
  let count = 0;
  while ((await receiveSoon(pull as never, 0)) !== undefined) count += 1;
  return count;
}

testBoth("inproc: the marks of both sides add up, 2000 with the defaults", async (open) => {
  const [push, pull] = [open("push"), open("pull")];
  await pull.bind("inproc://a");
  push.connect("inproc://a");
  assert.equal(await capacity(push), 2000);
  assert.equal(await drain(pull), 2000);
  await push.send("one more");
  assert.equal(await drain(pull), 1);
});

for (const [order, send, receive, expected] of [
  ["bind first", 1, 1, 2],
  ["bind first", 1, 0, 10_000],
  ["bind first", 0, 1, 10_000],
  ["connect first", 1, 1, 2],
  ["connect first", 1, 0, 10_000],
  ["connect first", 0, 1, 10_000],
] as const) {
  testBoth(`inproc, ${order}: ${send} to send and ${receive} to receive hold ${expected}`, async (open) => {
    const push = open("push", { sendHighWaterMark: send });
    const pull = open("pull", { receiveHighWaterMark: receive });
    if (order === "bind first") await pull.bind("inproc://a");
    push.connect("inproc://a");
    if (order === "connect first") await pull.bind("inproc://a");
    assert.equal(await capacity(push), expected);
    assert.equal(await drain(pull), expected);
  });
}

testBoth("inproc: a connecter whose peer has not bound yet has only its own mark", async (open) => {
  const push = open("push", { sendHighWaterMark: 1 });
  push.connect("inproc://a");
  assert.equal(await capacity(push), 1);
  const pull = open("pull", { receiveHighWaterMark: 1 });
  await pull.bind("inproc://a");
  // libzmq's connecter may not have heard of it yet.
  const more = await capacity(push);
  assert.ok(more <= 1);
  assert.equal(await drain(pull), 1 + more);
});

testBoth("a mark changed before the connect counts, 2 and 2 hold 4", async (open) => {
  const [push, pull] = [open("push"), open("pull")];
  push.sendHighWaterMark = 2;
  pull.receiveHighWaterMark = 2;
  await push.bind("inproc://a");
  pull.connect("inproc://a");
  assert.equal(await capacity(push), 4);
});

testBoth("a mark raised after the connect counts at once, 5 and 1 hold 6", async (open) => {
  const push = open("push", { sendHighWaterMark: 1 });
  const pull = open("pull", { receiveHighWaterMark: 1 });
  await push.bind("inproc://a");
  pull.connect("inproc://a");
  // libzmq's binder sees the connection only once it has looked.
  assert.ok(await sendNow(push, "x"));
  assert.equal(await drain(pull), 1);
  push.sendHighWaterMark = 5;
  const held = await capacity(push);
  // The one that was read may not be acknowledged yet.
  assert.ok(held === 6 || held === 5, `${held} fit`);
});

testBoth("a mark lowered while the pipe is full counts once there is room again", async (open) => {
  const push = open("push", { sendHighWaterMark: 100 });
  const pull = open("pull", { receiveHighWaterMark: 100 });
  await push.bind("inproc://a");
  pull.connect("inproc://a");
  assert.equal(await capacity(push), 200);
  push.sendHighWaterMark = 70;
  assert.equal(await sendNow(push, "x"), false);
  assert.equal(await drain(pull), 200);
  push.sendTimeout = 3000;
  await push.send("room");
  const held = 1 + (await capacity(push));
  assert.ok(held <= 171, `${held} fit`);
  let received = 0;
  while (received < held && (await receiveSoon(pull)) !== undefined) received += 1;
  assert.equal(received, held);
});

for (const wildcard of ["tcp://127.0.0.1:*", "ipc://*", "inproc://a"]) {
  for (const mark of [1000, 100]) {
    testBoth(`${wildcard}: as many messages as an XPUB's mark of ${mark} are all delivered`, async (open) => {
      const [xpub, sub] = [open("xpub"), open("sub")];
      sub.connect(await boundTo(xpub, wildcard));
      xpub.sendHighWaterMark = mark;
      sub.subscribe("");
      assert.deepEqual(await receiveSoon(xpub), ["\u0001"]);
      for (let i = 0; i < mark; i += 1) assert.ok(await sendNow(xpub, String(i)));
      for (let i = 0; i < mark; i += 1) assert.deepEqual(await receiveSoon(sub), [String(i)]);
    });
  }

  testBoth(`${wildcard}: an XPUB that drops nothing says when it is full, and loses none of 6000`, async (open) => {
    const xpub = open("xpub", { noDrop: true, sendHighWaterMark: 2000 });
    const sub = open("sub");
    sub.connect(await boundTo(xpub, wildcard));
    xpub.sendHighWaterMark = 2000;
    sub.subscribe("");
    assert.deepEqual(await receiveSoon(xpub), ["\u0001"]);
    let received = 0;
    for (let sent = 0; sent < 6000; ) {
      if (await sendNow(xpub, String(sent))) sent += 1;
      else {
        assert.deepEqual(await receiveSoon(sub), [String(received)]);
        received += 1;
      }
    }
    for (; received < 6000; received += 1) assert.deepEqual(await receiveSoon(sub), [String(received)]);
  });
}

testBoth("marks count what has not been received: 9999 and then 1100 pass where 11024 fit", async (open) => {
  const pub = open("pub", { sendHighWaterMark: 11_024 });
  const sub = open("sub", { receiveHighWaterMark: 11_024 });
  const endpoint = await boundTo(pub);
  sub.connect(endpoint);
  sub.subscribe("");
  // The publisher cannot be asked who has subscribed: it is tried until something arrives.
  while ((await receiveSoon(sub, 5)) === undefined) await pub.send("probe");
  while ((await receiveSoon(sub, 50)) !== undefined);
  for (const count of [9999, 1100]) {
    for (let i = 0; i < count; i += 1) assert.ok(await sendNow(pub, String(i)));
    for (let i = 0; i < count; i += 1) assert.deepEqual(await receiveSoon(sub), [String(i)]);
  }
});
