// SPDX-License-Identifier: MIT
/** STREAM in its first use. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { receiveTexts, texts, withSockets } from "../../../support/sockets.ts";

test("STREAM tells of peers that come and go, passes octets, and closes with an empty part", () =>
  withSockets(async (open) => {
    const [server, client] = [open("stream"), open("stream")];
    await server.bind("tcp://127.0.0.1:*");
    client.connect(server.lastEndpoint as string, { routingId: "S" });
    const [id, empty] = await server.receive({ timeout: 2000 });
    assert.equal(empty?.length, 0);
    assert.deepEqual(await receiveTexts(client), ["S", ""]);
    await client.send(["S", "octets"]);
    assert.deepEqual(texts(await server.receive({ timeout: 2000 }))[1], "octets");
    await server.send([id, ""]);
    assert.deepEqual(await receiveTexts(client), ["S", ""]);
  }));
