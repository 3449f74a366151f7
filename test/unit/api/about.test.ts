// SPDX-License-Identifier: MIT
/** What the package says of itself is so. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { type Capability, capability, Dealer, has, strerror, version, ZmqError } from "../../../src/index.ts";

const native = await import("zeromq").catch(() => undefined);

test("version is libzmq's, in three numbers, as npm zeromq has it", () => {
  assert.match(version, /^4\.\d+\.\d+$/);
  if (native !== undefined) assert.equal(version, native.version);
});

test("a transport that capability promises can be used, one that it denies cannot", async () => {
  for (const scheme of ["ipc", "pgm", "tipc", "norm", "vmci", "vsock", "ws", "wss"] as const) {
    await using socket = new Dealer({ linger: 0 });
    const code = await socket.bind(`${scheme}://*`).then(
      () => "",
      (error: ZmqError) => error.code,
    );
    assert.equal(code !== "EPROTONOSUPPORT", capability[scheme], scheme);
  }
});

test("capability has all names that npm zeromq has", () => {
  const names: (keyof Capability)[] = ["ipc", "pgm", "tipc", "norm", "curve", "gssapi", "draft"];
  for (const name of names) assert.equal(typeof capability[name], "boolean", name);
  assert.equal(capability.curve, "curveServer" in Dealer.prototype);
  assert.ok(Object.isFrozen(capability));
});

test("has: libzmq's names in any case; false for what there is not", () => {
  assert.equal(has("ipc"), true);
  assert.equal(has("IPC"), true);
  assert.equal(has("WS"), capability.ws);
  for (const name of ["norm", "telepathy", "toString", ""]) assert.equal(has(name), false, name);
});

test("strerror: by number and by code", () => {
  assert.equal(strerror("EFSM"), "Operation cannot be accomplished in current state");
  assert.equal(strerror(156384763), strerror("EFSM"));
  assert.equal(strerror(new ZmqError("EAGAIN").errno), strerror("EAGAIN"));
  assert.equal(strerror(4711), "Unknown error 4711");
});
