// SPDX-License-Identifier: MIT
/** A poller, as libzmq's test_poller has it: what it waits for, whom it favours (nobody), what it refuses. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { POLLIN, POLLOUT, Poller } from "../../../src/index.ts";
import { type Open, stateOf, turns, withSockets } from "../../support/sockets.ts";

/** Two pairs of sockets that are connected. */
async function pairs(open: Open) {
  const made = ["inproc://one", "inproc://two"].map((name) => ({ name, near: open("pair"), far: open("pair") }));
  for (const { name, near, far } of made) {
    await near.bind(name);
    far.connect(name);
  }
  const [one, two] = made;
  assert.ok(one !== undefined && two !== undefined);
  return { one, two };
}

test("waits for a message, and says whose it is; until it is received it says so again", () =>
  withSockets(async (open) => {
    const { one, two } = await pairs(open);
    const poller = new Poller<string>();
    poller.add(one.near, POLLIN, "one");
    poller.add(two.near, POLLIN, "two");
    assert.equal(poller.size, 2);
    const ready = poller.wait();
    assert.equal(await stateOf(ready), "pending");
    await two.far.send("x");
    const event = { socket: two.near, events: POLLIN, readable: true, writable: false, data: "two" };
    assert.deepEqual(await ready, event);
    assert.deepEqual(await poller.wait(), event);
    await two.near.receive();
    await assert.rejects(poller.wait({ timeout: 0 }), { code: "EAGAIN" });
  }));

test("waits for room to send", () =>
  withSockets(async (open) => {
    const push = open("push", { sendHighWaterMark: 1 });
    const pull = open("pull", { receiveHighWaterMark: 1 });
    const poller = new Poller();
    poller.add(push, POLLOUT);
    const ready = poller.wait();
    assert.equal(await stateOf(ready), "pending");
    await push.bind("inproc://room");
    pull.connect("inproc://room");
    assert.deepEqual(await ready, { socket: push, events: POLLOUT, readable: false, writable: true, data: undefined });
    while (push.trySend("x"));
    const again = poller.wait();
    assert.equal(await stateOf(again), "pending");
    while (pull.tryReceive() !== undefined);
    assert.equal((await again).writable, true);
  }));

test("both at once, and only what was asked for", () =>
  withSockets(async (open) => {
    const { one } = await pairs(open);
    const poller = new Poller();
    poller.add(one.near, POLLIN | POLLOUT);
    assert.equal((await poller.wait()).events, POLLOUT);
    await one.far.send("x");
    assert.equal((await poller.wait()).events, POLLIN | POLLOUT);
    poller.modify(one.near, POLLIN);
    assert.equal((await poller.wait()).events, POLLIN);
    poller.modify(one.near, 0);
    await assert.rejects(poller.wait({ timeout: 1 }), { code: "EAGAIN" });
  }));

test("nobody is favoured: of several that stay ready each has its turn", () =>
  withSockets(async (open) => {
    const { one, two } = await pairs(open);
    const poller = new Poller<number>();
    const all = [one.near, one.far, two.near, two.far];
    for (const [index, socket] of all.entries()) poller.add(socket, POLLOUT, index);
    const order: (number | undefined)[] = [];
    for (let i = 0; i < 8; i += 1) order.push((await poller.wait()).data);
    assert.deepEqual(order, [0, 1, 2, 3, 0, 1, 2, 3]);
    const some = async (limit?: number) => (await poller.waitAll(limit)).map(({ data }) => data);
    assert.deepEqual(await some(3), [0, 1, 2]);
    assert.deepEqual(await some(3), [3, 0, 1]);
    assert.deepEqual((await some()).sort(), [0, 1, 2, 3]);
  }));

test("what is added, changed or taken away while it waits counts at once", () =>
  withSockets(async (open) => {
    const { one, two } = await pairs(open);
    const poller = new Poller();
    poller.add(one.near);
    const first = poller.wait();
    await two.far.send("x");
    poller.add(two.near);
    assert.equal((await first).socket, two.near);
    poller.remove(two.near);
    const second = poller.wait();
    assert.equal(await stateOf(second), "pending");
    poller.modify(one.near, POLLOUT);
    assert.equal((await second).events, POLLOUT);
    poller.modify(one.near, POLLIN);
    const third = poller.wait();
    poller.remove(one.near);
    await assert.rejects(third, { code: "EFAULT" });
  }));

test("timeout and signal give up, and take nothing", () =>
  withSockets(async (open) => {
    const { one } = await pairs(open);
    const poller = new Poller();
    await assert.rejects(poller.wait(), { code: "EFAULT" });
    await assert.rejects(poller.wait({ timeout: 1 }), { code: "EAGAIN" });
    poller.add(one.near);
    await assert.rejects(poller.wait({ timeout: 5 }), { code: "EAGAIN" });
    const controller = new AbortController();
    const waiting = poller.wait({ signal: controller.signal });
    controller.abort();
    await assert.rejects(waiting, { name: "AbortError" });
    await one.far.send("x");
    await assert.rejects(poller.wait({ signal: controller.signal }), { name: "AbortError" });
    assert.equal((await poller.wait({ timeout: 5 })).readable, true);
  }));

test("a socket that is closed, or whose context ends, ends the wait", () =>
  withSockets(async (open) => {
    const { one, two } = await pairs(open);
    const poller = new Poller();
    poller.add(one.near);
    poller.add(two.near);
    const waiting = poller.wait();
    const closed = one.near.close();
    await assert.rejects(waiting, { code: "EBADF" });
    await closed;
    await assert.rejects(poller.wait(), { code: "EBADF" });
    poller.remove(one.near);
    const ending = poller.wait();
    open.context.shutdown();
    await assert.rejects(ending, { code: "ETERM" });
  }));

test("several may wait at one poller, and receives at the same sockets", () =>
  withSockets(async (open) => {
    const { one } = await pairs(open);
    const poller = new Poller();
    poller.add(one.near);
    const both = [poller.wait(), poller.wait()];
    const received = one.near.receive();
    await one.far.send("for the receive");
    assert.equal(String(await received), "for the receive");
    await turns();
    assert.equal(await stateOf(Promise.race(both)), "pending");
    await one.far.send("for both");
    for (const each of both) assert.equal((await each).socket, one.near);
  }));

test("what it refuses", () =>
  withSockets(async (open) => {
    const socket = open("pair");
    const poller = new Poller();
    for (const other of [undefined, null, {}]) assert.throws(() => poller.add(other as never), TypeError);
    assert.throws(() => poller.modify(socket, POLLIN), { code: "EINVAL" });
    assert.throws(() => poller.remove(socket), { code: "EINVAL" });
    for (const events of [16, -1, 1.5]) assert.throws(() => poller.add(socket, events), { code: "EINVAL" });
    assert.throws(() => poller.add(socket, "in" as never), TypeError);
    assert.equal(poller.size, 0);
    poller.add(socket);
    assert.throws(() => poller.add(socket, POLLOUT), { code: "EINVAL" });
    for (const limit of [0, -1, Number.NaN]) await assert.rejects(poller.waitAll(limit), { code: "EINVAL" });
  }));
