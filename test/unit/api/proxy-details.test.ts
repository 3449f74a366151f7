// SPDX-License-Identifier: MIT
/** Proxies between sockets whose messages have something beside their part; the numbers of libzmq's behaviour are in `message-form.test.ts`. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { Proxy } from "../../../src/index.ts";
import { receiveTexts, withSockets } from "../../support/sockets.ts";

test("DISH and RADIO: groups stay with their messages, and a capture socket gets the parts", () =>
  withSockets(async (open) => {
    const [front, back, capture, watcher] = [open("dish"), open("radio"), open("push"), open("pull")];
    const [radio, dish] = [open("radio"), open("dish")];
    await front.bind("inproc://front");
    await back.bind("inproc://back");
    await watcher.bind("inproc://capture");
    capture.connect("inproc://capture");
    front.join("a", "b");
    dish.join("b");
    radio.connect("inproc://front");
    dish.connect("inproc://back");
    const proxy = new Proxy(front, back, { capture });
    const run = proxy.run();
    await radio.sendBatch([
      ["1", { group: "a" }],
      ["2", { group: "b" }],
      ["3", { group: "c" }],
    ]);
    assert.deepEqual(await dish.receive(), [Buffer.from("2"), { group: Buffer.from("b") }]);
    assert.deepEqual([await receiveTexts(watcher), await receiveTexts(watcher)], [["1"], ["2"]]);
    proxy.terminate();
    await run;
  }));

test("SERVER and DEALER: questions pass; an answer is for nobody, and ends the proxy as it ends libzmq's", () =>
  withSockets(async (open) => {
    const [front, back, client, worker] = [open("server"), open("dealer"), open("client"), open("dealer")];
    await front.bind("inproc://front");
    await back.bind("inproc://back");
    client.connect("inproc://front");
    worker.connect("inproc://back");
    const run = new Proxy(front, back).run();
    const ended = assert.rejects(run, { code: "EHOSTUNREACH" });
    await client.send("question");
    assert.deepEqual(await receiveTexts(worker), ["question"]);
    await worker.send("answer");
    await ended;
  }));

test("GATHER and SCATTER, and a SERVER with itself: what comes goes on", () =>
  withSockets(async (open) => {
    const [front, back, scatter, gather] = [open("gather"), open("scatter"), open("scatter"), open("gather")];
    await front.bind("inproc://front");
    await back.bind("inproc://back");
    scatter.connect("inproc://front");
    gather.connect("inproc://back");
    const streamer = new Proxy(front, back);
    const run = streamer.run();
    await scatter.send("job");
    assert.deepEqual(await receiveTexts(gather), ["job"]);
    streamer.terminate();
    await run;
    const [server, client] = [open("server"), open("client")];
    await server.bind("inproc://echo");
    client.connect("inproc://echo");
    const echo = new Proxy(server, server);
    const echoing = echo.run();
    await client.send("back to me");
    assert.deepEqual(await receiveTexts(client), ["back to me"]);
    echo.terminate();
    await echoing;
  }));
