// SPDX-License-Identifier: MIT
/** The endpoints of browsers, in the place of those of sockets. */
import assert from "node:assert/strict";
import { test } from "node:test";
import type { Socket } from "../../../src/api/socket.ts";
import { Endpoints } from "../../../src/slim/endpoints.ts";
import { bound, married, receiveTexts, within, withSockets } from "../../support/sockets.ts";

/** A socket with the endpoints of a page. */
function page<S extends Socket>(socket: S): S {
  const { core } = socket.works;
  Object.assign(core, { endpoints: new Endpoints(core) });
  return socket;
}

test("within a page: bind, connect, unbind and disconnect, and what is left", () =>
  withSockets(async (open) => {
    const [pull, push] = [page(open("pull")), page(open("push"))];
    pull.bindSync("inproc://x");
    push.connect("inproc://x");
    assert.deepEqual([pull.lastEndpoint, push.lastEndpoint], ["inproc://x", "inproc://x"]);
    await pull.unbind("inproc://x");
    assert.equal(pull.works.core.endpoints.size, 0);
    await push.send("still here");
    assert.deepEqual(await receiveTexts(pull), ["still here"]);
    const other = page(open("pull"));
    await other.bind("inproc://x");
    push.disconnect("inproc://x");
    assert.equal(push.writable, false);
    push.connect("inproc://x");
    await push.send("to the other");
    assert.deepEqual(await receiveTexts(other), ["to the other"]);
    await other.close();
    assert.equal(push.works.core.endpoints.size, 0, "a partner that has gone takes its endpoint along");
    await assert.rejects(pull.unbind("inproc://x"), { code: "ENOENT", message: /no such endpoint is bound/ });
    assert.throws(() => push.disconnect("inproc://x"), { code: "ENOENT", message: /no such endpoint is connected/ });
  }));

test("an endpoint over the network goes with its session", () =>
  withSockets(async (open) => {
    const pull = open("pull");
    const endpoint = await bound(pull);
    const push = page(open("push"));
    const both = married(pull, push);
    push.connect(endpoint);
    await within(2000, "the handshake", both);
    assert.deepEqual([push.lastEndpoint, push.works.core.endpoints.size], [endpoint, 1]);
    await push.send("x");
    assert.deepEqual(await receiveTexts(pull), ["x"]);
    push.disconnect(endpoint);
    assert.deepEqual([push.writable, push.works.core.endpoints.size], [false, 0]);
    const again = page(open("push", { reconnectInterval: -1 }));
    const met = married(pull, again);
    again.connect(endpoint);
    await within(2000, "the handshake", met);
    const gone = new Promise((resolve) => again.events.on("connect:stop", resolve));
    await pull.close();
    await within(2000, "the end", gone);
    assert.equal(again.works.core.endpoints.size, 0);
  }));

test("closing ends all of them, and frees the names", () =>
  withSockets(async (open) => {
    const [pull, push] = [page(open("pull")), page(open("push", { linger: 0 }))];
    await pull.bind("inproc://x");
    push.connect("inproc://x");
    push.connect("tcp://127.0.0.1:1");
    await push.close();
    await pull.close();
    await page(open("pull")).bind("inproc://x");
  }));

test("what is no endpoint, and what no page has, says so", () =>
  withSockets(async (open) => {
    const pull = page(open("pull"));
    for (const endpoint of ["x", "inproc://", "://x"]) {
      assert.throws(() => pull.connect(endpoint), { code: "EINVAL", syscall: "connect", address: endpoint });
    }
    await assert.rejects(pull.bind("vsock://1:1"), { code: "EPROTONOSUPPORT", message: /a browser has ws/ });
    assert.throws(() => pull.disconnect("vsock://1:1"), { code: "EPROTONOSUPPORT" });
    const told = new Promise<string>((resolve) => pull.events.on("bind:error", ({ address }) => resolve(address)));
    assert.throws(() => pull.bindSync("tcp://nowhere"), { code: "EINVAL" });
    assert.equal(await within(2000, "the event", told), "nowhere");
  }));

test("types that connect once to an endpoint have one session for it", () =>
  withSockets(async (open) => {
    for (const [type, count] of [
      ["sub", 1],
      ["push", 2],
    ] as const) {
      const socket = page(open(type, { linger: 0 }));
      socket.connect("tcp://127.0.0.1:1");
      socket.connect("tcp://127.0.0.1:1");
      assert.equal(socket.works.core.endpoints.size, count);
    }
  }));
