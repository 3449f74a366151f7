// SPDX-License-Identifier: MIT
/** Sockets within the process as libzmq's test_inproc_connect, test_disconnect_inproc and test_pair_inproc pin them. */
import assert from "node:assert/strict";
import { receiveSoon, sendNow, testBoth, testOurs } from "../support/implementations.ts";

for (const order of ["bind first", "connect first"]) {
  testBoth(`${order}: what is sent before as well as after arrives`, async (open) => {
    const [connecter, binder] = [open("pair"), open("pair")];
    if (order === "bind first") await binder.bind("inproc://a");
    connecter.connect("inproc://a");
    await connecter.send("foobar");
    await connecter.send("baz");
    if (order === "connect first") await binder.bind("inproc://a");
    assert.deepEqual([await receiveSoon(binder), await receiveSoon(binder)], [["foobar"], ["baz"]]);
    await binder.send("back");
    assert.deepEqual(await receiveSoon(connecter), ["back"]);
  });
}

testBoth("ten connecters that came first are all served by one binder", async (open) => {
  const pushes = Array.from({ length: 10 }, () => open("push"));
  for (const push of pushes) {
    push.connect("inproc://a");
    await push.send("foobar");
  }
  const pull = open("pull");
  await pull.bind("inproc://a");
  for (let i = 0; i < 10; i += 1) assert.deepEqual(await receiveSoon(pull), ["foobar"]);
  assert.equal(await receiveSoon(pull, 10), undefined);
});

for (const order of ["bind first", "connect first"]) {
  testBoth(`${order}: routing ids are exchanged`, async (open) => {
    const router = open("router");
    const dealer = open("dealer", { routingId: "conn" });
    if (order === "bind first") await router.bind("inproc://a");
    dealer.connect("inproc://a");
    await dealer.send("foobar");
    if (order === "connect first") await router.bind("inproc://a");
    assert.deepEqual(await receiveSoon(router), ["conn", "foobar"]);
    await router.send(["conn", "foobar"]);
    assert.deepEqual(await receiveSoon(dealer), ["foobar"]);
  });
}

testBoth("a subscriber that connected first gets what is published after the bind", async (open) => {
  const [sub, pub] = [open("sub"), open("pub")];
  sub.connect("inproc://a");
  sub.subscribe("foo");
  await pub.bind("inproc://a");
  while ((await receiveSoon(sub, 2)) === undefined) await pub.send("foobar");
});

testBoth("a name that nobody binds is connected all the same, and closing is no matter", async (open) => {
  const push = open("push");
  push.connect("inproc://nobody");
  assert.ok(await sendNow(push, "lost"));
});

testBoth("a name can be bound once, and again after unbind", async (open) => {
  const [first, second, push] = [open("pull"), open("pull"), open("push")];
  await first.bind("inproc://a");
  await assert.rejects(async () => second.bind("inproc://a"), { code: "EADDRINUSE" });
  await first.unbind("inproc://a");
  await second.bind("inproc://a");
  push.connect("inproc://a");
  await push.send("x");
  assert.deepEqual(await receiveSoon(second), ["x"]);
  assert.equal(await receiveSoon(first, 5), undefined);
});

testBoth("unknown names are ENOENT for unbind and disconnect", async (open) => {
  const pair = open("pair");
  await assert.rejects(async () => pair.unbind("inproc://a"), { code: "ENOENT" });
  assert.throws(() => pair.disconnect("inproc://a"), { code: "ENOENT" });
});

// npm zeromq's publisher does not wake up for what a disconnect within the process leaves.
testOurs("a subscriber that disconnects takes its subscription with it, time and again", async (open) => {
  const [xpub, sub] = [open("xpub"), open("sub")];
  sub.subscribe("foo");
  await xpub.bind("inproc://a");
  for (let round = 0; round < 3; round += 1) {
    sub.connect("inproc://a");
    assert.deepEqual(await receiveSoon(xpub), ["\u0001foo"]);
    await xpub.send(["foo", "this is foo!"]);
    assert.deepEqual(await receiveSoon(sub), ["foo", "this is foo!"]);
    sub.disconnect("inproc://a");
    assert.deepEqual(await receiveSoon(xpub), ["\u0000foo"]);
  }
});

testBoth("messages of a PAIR that has closed are still received", async (open) => {
  const [a, b] = [open("pair"), open("pair")];
  await a.bind("inproc://a");
  b.connect("inproc://a");
  await b.send("last words");
  await b.close();
  assert.deepEqual(await receiveSoon(a), ["last words"]);
});
