// SPDX-License-Identifier: MIT
/** Endpoints of a socket: what unbind and disconnect end, what they leave, and connecting again. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { bound, join, married, nextEvent, receiveTexts, turns, within, withSockets } from "../../support/sockets.ts";

test("unbind ends the connections that came through it, and no others", () =>
  withSockets(async (open) => {
    const pull = open("pull");
    const [first, second] = [open("push", { reconnectInterval: -1 }), open("push")];
    const endpoint = await join(pull, first);
    await join(pull, second);
    const lost = nextEvent(first, "disconnect");
    await pull.unbind(endpoint);
    await within(2000, "the loss", lost);
    await second.send("still here");
    assert.deepEqual(await receiveTexts(pull), ["still here"]);
    assert.equal(first.works.core.endpoints.size, 0, "with no reconnecting the endpoint is gone as well");
  }));

test("disconnect ends one endpoint, delivers what was sent to it, and leaves the others", () =>
  withSockets(async (open) => {
    const [a, b] = [open("pull"), open("pull")];
    const push = open("push", { linger: -1 });
    const endpoint = await join(a, push);
    await push.send("to a");
    push.disconnect(endpoint);
    assert.throws(() => push.disconnect(endpoint), { code: "ENOENT" });
    assert.equal(push.writable, false);
    await join(b, push);
    await push.send("to b");
    assert.deepEqual([await receiveTexts(a), await receiveTexts(b)], [["to a"], ["to b"]]);
  }));

test("disconnect ends every connection to that endpoint", () =>
  withSockets(async (open) => {
    const pull = open("pull");
    const push = open("push");
    const endpoint = await bound(pull);
    let count = 0;
    const both = new Promise<void>((resolve) => {
      pull.events.on("handshake", () => {
        count += 1;
        if (count === 2) resolve();
      });
    });
    push.connect(endpoint);
    push.connect(endpoint);
    await within(2000, "two connections", both);
    const lost = nextEvent(pull, "disconnect");
    push.disconnect(endpoint);
    await within(2000, "the end", lost);
    assert.equal(push.writable, false);
    assert.throws(() => push.disconnect(endpoint), { code: "ENOENT" });
  }));

test("a socket that was disconnected connects again", () =>
  withSockets(async (open) => {
    const [router, dealer] = [open("router"), open("dealer", { routingId: "D" })];
    const endpoint = await join(router, dealer);
    for (let i = 0; i < 5; i += 1) {
      const gone = nextEvent(router, "disconnect");
      dealer.disconnect(endpoint);
      await within(2000, "the end", gone);
      const both = married(router, dealer);
      dealer.connect(endpoint);
      await within(2000, "the handshake", both);
      await dealer.send(String(i));
      assert.deepEqual(await receiveTexts(router), ["D", String(i)]);
    }
  }));

test("a socket connects before anybody has bound, and again whenever the other side comes back", () =>
  withSockets(async (open) => {
    const first = open("pull");
    const endpoint = await bound(first);
    await first.close();
    const push = open("push", { reconnectInterval: 5 });
    push.connect(endpoint);
    for (let i = 0; i < 4; i += 1) {
      const pull = open("pull");
      const both = married(pull, push);
      await pull.bind(endpoint);
      await within(3000, "the handshake", both);
      await push.send(String(i));
      assert.deepEqual(await receiveTexts(pull), [String(i)]);
      const lost = nextEvent(push, "disconnect");
      await pull.close();
      await within(2000, "the loss", lost);
    }
  }));

test("inproc: unbind gives the name back and leaves the connections; disconnect ends them", () =>
  withSockets(async (open) => {
    const [pull, push] = [open("pull"), open("push")];
    await pull.bind("inproc://x");
    push.connect("inproc://x");
    await pull.unbind("inproc://x");
    await push.send("still here");
    assert.deepEqual(await receiveTexts(pull), ["still here"]);
    const other = open("pull");
    await other.bind("inproc://x");
    push.disconnect("inproc://x");
    assert.equal(push.writable, false);
    push.connect("inproc://x");
    await push.send("to the other");
    assert.deepEqual(await receiveTexts(other), ["to the other"]);
    assert.throws(() => pull.disconnect("inproc://x"), { code: "ENOENT" });
    await assert.rejects(pull.unbind("inproc://x"), { code: "ENOENT" });
  }));

test("options are those of the moment of bind and connect", () =>
  withSockets(async (open) => {
    const pull = open("pull", { maxMessageSize: 5 });
    const small = await bound(pull);
    pull.maxMessageSize = -1;
    const large = await bound(pull);
    const [toSmall, toLarge] = [open("push", { reconnectInterval: -1 }), open("push")];
    let both = married(pull, toSmall);
    toSmall.connect(small);
    await both;
    both = married(pull, toLarge);
    toLarge.connect(large);
    await both;
    const lost = nextEvent(toSmall, "disconnect");
    await toSmall.send("too long");
    await within(2000, "the refusal", lost);
    await toLarge.send("as long as it likes");
    assert.deepEqual(await receiveTexts(pull), ["as long as it likes"]);
  }));

test("hundreds of connects and disconnects leave nothing behind", () =>
  withSockets(async (open) => {
    const pull = open("pull");
    const endpoint = await bound(pull);
    const push = open("push");
    for (let i = 0; i < 200; i += 1) {
      push.connect(endpoint);
      if (i % 3 === 0) await turns(1);
      push.disconnect(endpoint);
    }
    const core = push.works.core as unknown as { pipes: Set<unknown>; sessions: Map<unknown, unknown> };
    while (core.sessions.size > 0) await turns(1);
    assert.deepEqual([core.pipes.size, push.works.core.endpoints.size], [0, 0]);
    push.connect(endpoint);
    await push.send("x");
    assert.deepEqual(await receiveTexts(pull), ["x"]);
  }));

test("a listener that cannot be closed in order is told of, and holds up neither unbind nor close", () =>
  withSockets(async (open) => {
    for (const way of ["unbind", "close"] as const) {
      const pull = open("pull");
      const endpoint = await bound(pull);
      const core = pull.works.core as unknown as { endpoints: { entries: Set<{ listener: object }> } };
      const [entry] = core.endpoints.entries;
      assert.ok(entry !== undefined);
      const listener = entry.listener as { close(): Promise<void> };
      entry.listener = { endpoint, close: () => listener.close().then(() => Promise.reject(new Error("no"))) };
      const told = nextEvent(pull, "close:error");
      await within(2000, way, way === "unbind" ? pull.unbind(endpoint) : pull.close());
      assert.equal(await within(2000, "the event", told), endpoint);
    }
  }));

test("a bind fails where the options ask for a mechanism that cannot be: no peer finds that out", () =>
  withSockets(async (open) => {
    const pull = open("pull");
    const { options } = pull.works.core;
    // As `gssapiServer` without `gssapiPlainText` leaves them.
    Object.assign(options, { mechanism: "gssapi", isSecurityServer: true, gssapiPlainText: false });
    await assert.rejects(pull.bind("tcp://127.0.0.1:*"), { code: "ENOTSUP" });
    assert.throws(() => pull.bindSync("tcp://127.0.0.1:*"), { code: "ENOTSUP" });
    assert.equal(pull.works.core.endpoints.size, 0);
  }));
