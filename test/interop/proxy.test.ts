// SPDX-License-Identifier: MIT
/** A proxy between peers on libzmq, steered by one of them over tcp. */
import assert from "node:assert/strict";
import { test } from "node:test";
import type * as Native from "zeromq";
import { Dealer, Proxy, Publisher, Reply, Router } from "../../src/index.ts";
import { withSockets } from "../support/sockets.ts";

const native = await import("zeromq").catch(() => undefined);

test("libzmq's peers talk through a proxy, watch it and steer it", { skip: native === undefined }, () =>
  withSockets(async () => {
    const zmq = native as typeof Native;
    const at = "tcp://127.0.0.1:*";
    await using front = new Router({ linger: 0 });
    await using back = new Dealer({ linger: 0 });
    await using capture = new Publisher({ linger: 0 });
    await using control = new Reply({ linger: 0 });
    for (const socket of [front, back, capture, control]) await socket.bind(at);
    const [client, worker] = [new zmq.Request({ linger: 0 }), new zmq.Reply({ linger: 0 })];
    const [spy, steering] = [new zmq.Subscriber({ linger: 0 }), new zmq.Request({ linger: 0 })];
    try {
      const proxy = new Proxy(front, back, { capture, control });
      const run = proxy.run();
      client.connect(front.lastEndpoint as string);
      worker.connect(back.lastEndpoint as string);
      steering.connect(control.lastEndpoint as string);
      const isWatched = new Promise((resolve) => capture.events.once("handshake", resolve));
      spy.subscribe();
      spy.connect(capture.lastEndpoint as string);
      await isWatched;
      await client.send(["12345", "67"]);
      assert.deepEqual((await worker.receive()).map(String), ["12345", "67"]);
      await worker.send("8");
      assert.deepEqual((await client.receive()).map(String), ["8"]);
      const command = async (text: string): Promise<Buffer[]> => {
        await steering.send(text);
        return steering.receive();
      };
      const numbers = (await command("STATISTICS")).map((each) => Number(each.readBigUInt64LE()));
      // Parts and octets, with the delimiter and a routing id of five octets.
      assert.deepEqual(numbers, [4, 12, 3, 6, 3, 6, 4, 12]);
      for (const text of ["PAUSE", "RESUME"]) assert.deepEqual((await command(text)).map(String), [""]);
      await client.send("again");
      assert.deepEqual((await worker.receive()).map(String), ["again"]);
      // Its subscription may have come after the first of them.
      while (String((await spy.receive()).at(-1)) !== "again");
      assert.deepEqual((await command("TERMINATE")).map(String), [""]);
      await run;
      assert.ok(front.closed && back.closed);
    } finally {
      for (const socket of [client, worker, spy, steering]) socket.close();
    }
  }),
);
