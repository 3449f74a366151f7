// SPDX-License-Identifier: MIT
/** udp:// through sockets: addresses as they are bound, what is dropped, IPv6, names, options that cannot be, and closing. */
import assert from "node:assert/strict";
import { createSocket } from "node:dgram";
import { once } from "node:events";
import { test } from "node:test";
import { toOpenMetrics } from "../../../src/index.ts";
import { bound, receiveTexts, withSockets } from "../../support/sockets.ts";

const portOf = (endpoint: string): number => Number(endpoint.slice(endpoint.lastIndexOf(":") + 1));

test("a wildcard becomes a port; the port is free once the socket is closed or unbound", () =>
  withSockets(async (open) => {
    const [first, second, third] = [open("dish"), open("dgram"), open("dgram")];
    const endpoint = await bound(first, "udp://127.0.0.1:*");
    assert.match(endpoint, /^udp:\/\/127\.0\.0\.1:[1-9]\d*$/);
    await assert.rejects(second.bind(endpoint), { code: "EADDRINUSE", address: endpoint });
    assert.throws(() => second.bindSync(endpoint), { code: "EADDRINUSE" });
    await first.unbind(endpoint);
    await second.bind(endpoint);
    await second.close();
    third.bindSync(endpoint);
  }));

test("what is dropped is told, on its way out and in", () =>
  withSockets(async (open) => {
    const [radio, dish] = [open("radio"), open("dish")];
    const endpoint = await bound(dish, "udp://127.0.0.1:*");
    dish.join("g");
    const tooLong = once(radio.events as never, "datagram:drop");
    radio.connect(endpoint);
    await radio.send("x".repeat(8191), { group: "g" });
    const [{ error }] = (await tooLong) as [{ error: Error & { code: string } }];
    assert.equal(error.code, "EMSGSIZE");
    const stranger = createSocket("udp4");
    const drop = once(dish.events as never, "datagram:drop");
    stranger.send(Buffer.from("ff", "hex"), portOf(endpoint), "127.0.0.1");
    const [event] = (await drop) as [{ error: Error & { code: string } }];
    assert.equal(event.error.code, "EPROTO");
    stranger.close();
    await radio.send("x".repeat(8190), { group: "g" });
    assert.equal((await dish.receive({ timeout: 5000 }))[0].length, 8190);
    assert.deepEqual(radio.statistics().datagramsDropped, { EMSGSIZE: 1 });
    assert.deepEqual(dish.statistics().datagramsDropped, { EPROTO: 1 });
    assert.match(toOpenMetrics(dish.statistics()), /^zeromq_datagrams_dropped_total\{code="EPROTO"\} 1$/m);
  }));

test("what finds no room is counted, and so is what nobody has joined", () =>
  withSockets(async (open) => {
    const [radio, dish] = [open("radio"), open("dish", { receiveHighWaterMark: 2 })];
    const endpoint = await bound(dish, "udp://127.0.0.1:*");
    dish.join("g");
    radio.connect(endpoint);
    const drops = once(dish.events as never, "datagram:drop");
    while (dish.statistics().datagramsDropped["ENOBUFS"] === undefined) {
      await radio.send("x", { group: "g" });
      await new Promise(setImmediate);
    }
    const [{ error }] = (await drops) as [{ error: Error & { code: string } }];
    assert.match(error.message, /receiveHighWaterMark/);
    while (dish.tryReceive() !== undefined) continue;
    const { received } = dish.statistics();
    await radio.send("nobody's", { group: "other" });
    await radio.send("ours", { group: "g" });
    for (;;) if (String((await dish.receive({ timeout: 5000 }))[0]) === "ours") break;
    assert.ok(dish.statistics().received >= received + 2);
  }));

test("an address that a DGRAM cannot send to is told, and the next message leaves", () =>
  withSockets(async (open) => {
    const socket = open("dgram");
    const endpoint = await bound(socket, "udp://127.0.0.1:*");
    const codes: string[] = [];
    socket.events.on("datagram:drop", ({ error }) => codes.push(error.code));
    for (const to of ["somewhere:5", "127.0.0.1", "127.0.0.1:0", "127.0.0.1:70000", "", "[::1]:5", "\0"])
      await socket.send([to, "x"]);
    await socket.send([endpoint.slice(6), "myself"]);
    assert.deepEqual(await receiveTexts(socket), [endpoint.slice(6), "myself"]);
    assert.deepEqual(codes, Array(7).fill("EINVAL"));
  }));

test("IPv6, and both at once", () =>
  withSockets(async (open) => {
    const [six, four] = [open("dgram", { ipv6: true }), open("dgram")];
    const port = portOf(await bound(six, "udp://*:*"));
    const other = (await bound(four, "udp://127.0.0.1:*")).slice(6);
    await six.send([other, "from six"]);
    assert.deepEqual(await receiveTexts(four), [`127.0.0.1:${port}`, "from six"]);
    await four.send([`127.0.0.1:${port}`, "from four"]);
    assert.deepEqual(await receiveTexts(six), [other, "from four"]);
    await six.send([`[::1]:${port}`, "myself"]);
    assert.deepEqual(await receiveTexts(six), [`[::1]:${port}`, "myself"]);
  }));

test("a RADIO looks names up; what is sent before waits", () =>
  withSockets(async (open) => {
    const [radio, dish] = [open("radio"), open("dish")];
    dish.join("g");
    const port = portOf(await bound(dish, "udp://127.0.0.1:*"));
    radio.connect(`udp://localhost:${port}`);
    await radio.send("first", { group: "g" });
    assert.equal(String((await dish.receive({ timeout: 5000 }))[0]), "first");
  }));

test("closing sends what was sent before", () =>
  withSockets(async (open) => {
    const [radio, dish] = [open("radio", { linger: 1000 }), open("dish")];
    dish.join("g");
    radio.connect(await bound(dish, "udp://127.0.0.1:*"));
    for (let i = 0; i < 20; i += 1) await radio.send(String(i), { group: "g" });
    await radio.close();
    for (let i = 0; i < 20; i += 1) assert.equal(String((await dish.receive({ timeout: 5000 }))[0]), String(i));
  }));

test("options that datagrams cannot honour are refused", () =>
  withSockets(async (open) => {
    const dish = open("dish", { plainServer: true });
    await assert.rejects(dish.bind("udp://127.0.0.1:*"), { code: "ENOTSUP", message: /no handshake/ });
    const radio = open("radio", { plainUsername: "a", plainPassword: "b" });
    assert.throws(() => radio.connect("udp://127.0.0.1:1"), { code: "ENOTSUP" });
    await assert.rejects(open("dish").bind("udp://nothing-here;239.0.0.1:*"), { code: "ENODEV" });
  }));
