// SPDX-License-Identifier: MIT
/** Endpoints that are given up: what `reconnectAttempts` and `reconnectStop` do, and what an application hears of it. */
import assert from "node:assert/strict";
import { createServer } from "node:net";
import { test } from "node:test";
import type { Event, Socket } from "../../../src/index.ts";
import { withSockets } from "../../support/sockets.ts";

/** A port on which nobody listens. */
async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as { port: number };
  await new Promise((resolve) => server.close(resolve));
  return port;
}

function stopOf(socket: Socket): Promise<Event & { type: "connect:stop" }> {
  return new Promise((resolve) => socket.events.on("connect:stop", resolve));
}

test("after so many failed attempts the endpoint is given up, an event says so, and sends wait for another peer", () =>
  withSockets(async (open) => {
    const push = open("push", { reconnectInterval: 1, reconnectAttempts: 3 });
    const address = `tcp://127.0.0.1:${await freePort()}`;
    let closes = 0;
    push.events.on("close", () => {
      closes += 1;
    });
    const stopped = stopOf(push);
    push.connect(address);
    await push.send("into the queue of the peer that never comes");
    const { stop, attempts, error, reason, ...rest } = await stopped;
    assert.deepEqual([stop, attempts, error?.code, rest.address], ["attempts", 3, "ECONNREFUSED", address]);
    assert.match(reason ?? "", /given up/);
    assert.equal(closes, 3);
    assert.throws(() => push.disconnect(address), { code: "ENOENT" });
    assert.equal(push.statistics().dropped.lost, 1);
    const waiting = push.send("waits");
    const pull = open("pull");
    await pull.bind("inproc://other");
    push.connect("inproc://other");
    await waiting;
    assert.equal(String(await pull.receive()), "waits");
  }));

test("a success in between starts the count over; names say when to stop", () =>
  withSockets(async (open) => {
    const pull = open("pull");
    await pull.bind("tcp://127.0.0.1:*");
    const address = pull.lastEndpoint as string;
    const push = open("push", { reconnectInterval: 1, reconnectAttempts: 2 });
    const other = open("push", { reconnectInterval: 1, reconnectStop: ["disconnect"] });
    assert.deepEqual(other.reconnectStop, ["disconnect"]);
    const both = [stopOf(push), stopOf(other)];
    const met = [push, other].map((socket) => new Promise((resolve) => socket.events.on("handshake", resolve)));
    push.connect(address);
    other.connect(address);
    await Promise.all(met);
    await pull.close();
    const [first, second] = await Promise.all(both);
    assert.deepEqual([first?.stop, first?.attempts], ["attempts", 2]);
    assert.deepEqual([second?.stop, second?.attempts], ["disconnect", 0]);
  }));

test("nothing is said of an endpoint that the application itself ends", () =>
  withSockets(async (open) => {
    const push = open("push", { reconnectInterval: 1, reconnectAttempts: 1 });
    const told: string[] = [];
    push.events.on("connect:stop", ({ stop }) => told.push(stop));
    const pull = open("pull");
    await pull.bind("tcp://127.0.0.1:*");
    const met = new Promise((resolve) => push.events.on("handshake", resolve));
    push.connect(pull.lastEndpoint as string);
    await met;
    const gone = new Promise((resolve) => pull.events.on("disconnect", resolve));
    push.disconnect(pull.lastEndpoint as string);
    await gone;
    assert.deepEqual(told, []);
  }));
