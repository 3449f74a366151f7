// SPDX-License-Identifier: MIT
/** Which options of a TCP connection this runtime has calls for, and that these are called. */
import assert from "node:assert/strict";
import { Socket } from "node:net";
import { test } from "node:test";
import { applyNetOptions, whyUnsupported } from "../../../src/transport/net-features.ts";
import type { TransportOptions } from "../../../src/transport/transport.ts";
import { withSockets } from "../../support/sockets.ts";

const options: TransportOptions = {
  backlog: 100,
  ipv6: false,
  tcpKeepalive: -1,
  tcpKeepaliveIdle: -1,
  tcpKeepaliveInterval: -1,
  tcpKeepaliveCount: -1,
  typeOfService: 0,
  tcpAcceptFilter: [],
  useFd: -1,
};

/** The calls that a connection gets for some options. */
function callsFor(changes: Partial<TransportOptions>): unknown[][] {
  const calls: unknown[][] = [];
  const note =
    (name: string) =>
    (...parameters: unknown[]): void => {
      calls.push([name, ...parameters]);
    };
  const socket = {
    setNoDelay: note("noDelay"),
    setKeepAlive: note("keepAlive"),
    setTypeOfService: note("typeOfService"),
  };
  applyNetOptions(socket as unknown as Socket, { ...options, ...changes });
  return calls;
}

test("a connection never waits for more to send, and otherwise stays as the system has it", () => {
  assert.deepEqual(callsFor({}), [["noDelay", true]]);
});

test("keepalive is turned on and off, with a delay in milliseconds", () => {
  assert.deepEqual(callsFor({ tcpKeepalive: 0, tcpKeepaliveIdle: 5 }).slice(1), [["keepAlive", false]]);
  assert.deepEqual(callsFor({ tcpKeepalive: 1 }).slice(1), [["keepAlive", true, 0]]);
  assert.deepEqual(callsFor({ tcpKeepalive: 1, tcpKeepaliveIdle: 5 }).slice(1), [["keepAlive", true, 5000]]);
});

test("interval and count of probes go into the newer form of the call", () => {
  const keepalive = { tcpKeepalive: 1, tcpKeepaliveIdle: 5 };
  assert.deepEqual(callsFor({ ...keepalive, tcpKeepaliveInterval: 2 }).slice(1), [
    ["keepAlive", { enable: true, initialDelay: 5000, interval: 2000 }],
  ]);
  assert.deepEqual(callsFor({ ...keepalive, tcpKeepaliveInterval: 2, tcpKeepaliveCount: 3 }).slice(1), [
    ["keepAlive", { enable: true, initialDelay: 5000, interval: 2000, count: 3 }],
  ]);
  assert.deepEqual(callsFor({ tcpKeepaliveInterval: 2 }).slice(1), [], "only where keepalive is on");
});

test("the type of service is one octet", () => {
  assert.deepEqual(callsFor({ typeOfService: 0x128 }).slice(1), [["typeOfService", 0x28]]);
});

test("what the runtime has no call for says so, and what it has is taken", () =>
  withSockets(async (open) => {
    const has = {
      tcpKeepaliveInterval: Socket.prototype.setKeepAlive.length > 2,
      typeOfService: "setTypeOfService" in Socket.prototype,
    };
    const push = open("push");
    for (const [name, isThere] of Object.entries({ ...has, tcpKeepaliveCount: has.tcpKeepaliveInterval })) {
      assert.equal(whyUnsupported(name) === undefined, isThere, name);
      const set = (value: number): void => void Object.assign(push, { [name]: value });
      if (isThere) set(5);
      else assert.throws(() => set(5), { code: "ENOTSUP", message: /Node\.js 26/ });
      set((push as unknown as Record<string, number>)[name] as number);
    }
    assert.equal(whyUnsupported("backlog"), undefined);
    assert.equal(whyUnsupported("loopbackFastPath") === undefined, process.platform !== "win32");
  }));
