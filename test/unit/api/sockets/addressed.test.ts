// SPDX-License-Identifier: MIT
/** How the details of a message are given, in every form; with SERVER and RADIO, which have them. */
import assert from "node:assert/strict";
import { test } from "node:test";
import type { Server } from "../../../../src/index.ts";
import { join, type Open, receiveTexts, texts, withSockets } from "../../../support/sockets.ts";

async function serverWithClient(
  open: Open,
): Promise<{ server: Server; client: ReturnType<typeof client>; id: number }> {
  const client = () => open("client");
  const [server, one] = [open("server"), client()];
  await join(server, one);
  await one.send("hello");
  const [, { routingId }] = await server.receive();
  return { server, client: one, id: routingId };
}

test("a received message can be sent as it is, by every way of sending", () =>
  withSockets(async (open) => {
    const { server, client } = await serverWithClient(open);
    await client.sendBatch(["1", "2", "3", "4"]);
    await server.send(await server.receive());
    const second = await server.receive();
    assert.equal(server.trySend(second), true);
    await server.sendBatch([await server.receive(), await server.receive()]);
    for (const text of ["1", "2", "3", "4"]) assert.deepEqual(await receiveTexts(client), [text]);
  }));

test("what the options of one message say counts more than what the message says", () =>
  withSockets(async (open) => {
    const { server, client, id } = await serverWithClient(open);
    const other = open("client");
    await join(server, other);
    await other.send("x");
    const message = await server.receive();
    await server.send([...message], { routingId: id });
    assert.deepEqual(await receiveTexts(client), ["x"]);
  }));

test("sendBatch takes details for all, for each, and for both", () =>
  withSockets(async (open) => {
    const { server, client, id } = await serverWithClient(open);
    await server.sendBatch(["1", ["2"], ["3", { routingId: id }]], { routingId: id });
    for (const text of ["1", "2", "3"]) assert.deepEqual(await receiveTexts(client), [text]);
    await assert.rejects(server.sendBatch(["4"]), TypeError);
    await assert.rejects(server.sendBatch(["5", "6"], { routingId: id, timeout: 1, signal: AbortSignal.abort() }), {
      code: "ECANCELED",
    });
    const failing = server.sendBatch([
      ["7", { routingId: id }],
      ["8", { routingId: 1 }],
      ["9", { routingId: id }],
    ]);
    await assert.rejects(failing, { code: "EHOSTUNREACH" });
    assert.deepEqual(await receiveTexts(client), ["7"]);
    assert.equal(client.tryReceive(), undefined);
  }));

test("parts of every kind are taken, and every wrong form is refused before anything is sent", () =>
  withSockets(async (open) => {
    const { server, client, id } = await serverWithClient(open);
    const to = { routingId: id };
    for (const part of ["text", Buffer.from("octets"), new Uint16Array([0x4141]), 5, true, null])
      await server.send(part, to);
    const received = [];
    for (let i = 0; i < 6; i += 1) received.push(...texts(await client.receive()));
    assert.deepEqual(received, ["text", "octets", "AA", "5", "true", ""]);
    const send = server.send.bind(server) as (...args: unknown[]) => Promise<void>;
    await assert.rejects(send(undefined, to), TypeError);
    await assert.rejects(send([undefined], to), TypeError);
    await assert.rejects(send("x"), { name: "TypeError", message: /Options/ });
    await assert.rejects(send("x", null), TypeError);
    await assert.rejects(send("x", {}), { code: "EINVAL" });
    await assert.rejects(send(["a", "b"], to), { code: "EINVAL" });
    await assert.rejects(send([], to), { code: "EINVAL" });
    assert.throws(() => server.trySend(["a", "b"], to), { code: "EINVAL" });
    for (const routingId of [0, -1, 1.5, 2 ** 32, Number.NaN]) {
      await assert.rejects(server.send("x", { routingId }), { code: "EINVAL" });
    }
    await assert.rejects(send("x", { routingId: "1" }), TypeError);
    assert.equal(client.tryReceive(), undefined);
  }));

test("the application's small buffers can be used again after send, also while the message waits", () =>
  withSockets(async (open) => {
    const [radio, dish] = [open("radio"), open("dish")];
    dish.join("g");
    await radio.bind("inproc://buffers");
    dish.connect("inproc://buffers");
    const [group, part] = [Buffer.from("g"), Buffer.from("x")];
    await radio.send(part, { group });
    group.fill(0);
    part.fill(0);
    assert.deepEqual(await dish.receive(), [Buffer.from("x"), { group: Buffer.from("g") }]);
  }));

test("a closed socket refuses, and whenWritable too", () =>
  withSockets(async (open) => {
    const { server, id } = await serverWithClient(open);
    await server.whenWritable();
    await server.close();
    await assert.rejects(server.send("x", { routingId: id }), { code: "EBADF" });
    await assert.rejects(server.whenWritable(), { code: "EBADF" });
    assert.throws(() => server.trySend("x", { routingId: id }), { code: "EBADF" });
  }));
