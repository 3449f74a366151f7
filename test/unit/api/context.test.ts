// SPDX-License-Identifier: MIT
/** Contexts: names of their own, defaults for their sockets, a limit on how many may be open. */
import assert from "node:assert/strict";
import { test } from "node:test";
import * as zmq from "../../../src/index.ts";
import { receiveTexts, withSockets } from "../../support/sockets.ts";

test("sockets are made by the names that their types have in other languages, as the package's own classes", () =>
  withSockets(async (open) => {
    for (const [type, expected, id] of [
      ["pair", zmq.Pair, 0],
      ["pub", zmq.Publisher, 1],
      ["sub", zmq.Subscriber, 2],
      ["req", zmq.Request, 3],
      ["rep", zmq.Reply, 4],
      ["dealer", zmq.Dealer, 5],
      ["router", zmq.Router, 6],
      ["pull", zmq.Pull, 7],
      ["push", zmq.Push, 8],
      ["xpub", zmq.XPublisher, 9],
      ["xsub", zmq.XSubscriber, 10],
      ["stream", zmq.Stream, 11],
    ] as const) {
      const socket = open(type);
      assert.ok(socket instanceof expected && socket instanceof zmq.Socket);
      assert.equal(socket.type, id);
      assert.equal(socket.context, open.context);
      const loud = open.context.socket(type.toUpperCase() as typeof type);
      assert.ok(loud instanceof expected);
      await loud.close();
    }
  }));

test("an unknown type is EINVAL, and names the known ones", () => {
  for (const type of ["rooter", "", "constructor", "toString", undefined, 5]) {
    assert.throws(() => new zmq.Context().socket(type as never), { code: "EINVAL", message: /there are pair, pub/ });
  }
});

test("any socket option can be a default of the context; each type takes those that it has", () =>
  withSockets(
    async (open) => {
      const push = open("push");
      assert.deepEqual([push.linger, push.sendHighWaterMark, push.maxMessageSize], [5, 7, 100]);
      const router = open("router", { sendHighWaterMark: 3 });
      assert.deepEqual([router.sendHighWaterMark, router.mandatory, router.receiveHighWaterMark], [3, true, 1000]);
      assert.equal(open("sub").linger, 5);
      assert.equal("mandatory" in push, false);
    },
    { defaults: { linger: 5, sendHighWaterMark: 7, maxMessageSize: 100, mandatory: true } },
  ));

test("defaults are checked when the context is made", () => {
  assert.throws(() => new zmq.Context({ defaults: { lingre: 0 } }), {
    code: "EINVAL",
    message: /"lingre"/,
  });
  assert.throws(() => new zmq.Context({ defaults: { linger: -2 } }), { code: "EINVAL" });
  assert.throws(() => new zmq.Context({ defaults: { linger: "0" } }), TypeError);
});

test("ipv6 and blocky are defaults too: not blocky, nothing lingers", () =>
  withSockets(async () => {
    const context = new zmq.Context({ ipv6: true, blocky: false });
    const push = context.socket("push");
    assert.deepEqual([push.ipv6, push.linger], [true, 0]);
    context.ipv6 = false;
    context.blocky = true;
    const other = context.socket("push");
    assert.deepEqual([other.ipv6, other.linger], [false, -1]);
    assert.equal(context.socket("sub").linger, 0);
  }, {}));

test("as many sockets as maxSockets may be open; a closed one makes room", async () => {
  const context = new zmq.Context({ maxSockets: 3 });
  const open = [context.socket("pair"), context.socket("pair"), context.socket("pair")];
  assert.throws(() => context.socket("pair"), { code: "EMFILE", message: /maxSockets/ });
  assert.throws(() => context.socket("push", { linger: "no" as never }), { code: "EMFILE" });
  await open[0]?.close();
  assert.throws(() => context.socket("push", { linger: "no" as never }), TypeError);
  const again = context.socket("pair");
  for (const each of [...open, again]) await each.close();
});

test("options of the context are checked", () => {
  const context = new zmq.Context();
  assert.deepEqual(
    [context.maxSockets, context.maxSocketsLimit, context.ipv6, context.blocky],
    [1023, 65535, false, true],
  );
  for (const value of [0, -1, 1.5, 65536, Number.NaN]) {
    assert.throws(() => new zmq.Context({ maxSockets: value }), { code: "EINVAL" });
  }
  assert.throws(() => new zmq.Context({ maxSockets: "5" as never }), TypeError);
  assert.throws(() => new zmq.Context({ ipv6: 1 as never }), { name: "TypeError", message: /must be a boolean/ });
  assert.throws(() => new zmq.Context({ blocky: "no" as never }), TypeError);
  assert.throws(() => new zmq.Context(5 as never), { name: "TypeError", message: "Options must be an object" });
  assert.throws(() => new zmq.Context({ nonsense: 1 } as never), TypeError);
  assert.throws(() => Object.assign(context, { maxSocketsLimit: 1 }), TypeError);
  assert.throws(() => Object.assign(context, { nonsense: 1 }), TypeError);
});

test("names within the process belong to one context", () =>
  withSockets(async (open) => {
    await open("pull").bind("inproc://x");
    const elsewhere = new zmq.Context().socket("pull");
    await elsewhere.bind("inproc://x");
    const push = open("push");
    push.connect("inproc://x");
    await push.send("here");
    assert.equal(elsewhere.tryReceive(), undefined);
    await elsewhere.close();
  }));

test("the global context serves sockets that are given none", async () => {
  const pair = new zmq.Pair();
  assert.equal(pair.context, zmq.context);
  const other = new zmq.Pair({ context: undefined });
  await pair.bind("inproc://global");
  other.connect("inproc://global");
  await other.send("x");
  assert.deepEqual(await receiveTexts(pair), ["x"]);
  await pair.close();
  await other.close();
});
