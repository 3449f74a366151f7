// SPDX-License-Identifier: MIT
/**
 * `request()` with servers over other implementations: a REP and a ROUTER that answer late, twice, in another order, or are killed in
 * the middle and started again. A request gets its own answer or an error, and the REQ is never wedged.
 */
import assert from "node:assert/strict";
import test from "node:test";
import { Request } from "../../src/index.ts";
import type { PeerKind } from "../support/peers/peer.ts";
import { lastPeer } from "../support/peers/peer.ts";
import { lastingEndpoint } from "../support/peers/raw-peer.ts";
import { startPeer } from "../support/peers/start-peer.ts";
import { missing } from "../support/peers/toolchain.ts";
import { texts } from "../support/sockets.ts";

const request = (): Request => new Request({ linger: 0, reconnectInterval: 10 });

async function answersLate(kind: PeerKind): Promise<void> {
  await using peer = await startPeer(kind);
  const rep = await peer.socket("rep");
  await using req = request();
  req.connect(await rep.bind("tcp://127.0.0.1:0"));
  const patience = new AbortController();
  const late = assert.rejects(req.request("late", patience), { code: "ECANCELED" });
  assert.deepEqual((await rep.take()).map(String), ["late"]);
  patience.abort();
  await late;
  const next = req.request(["next", "part"]);
  await rep.put("the late answer");
  assert.deepEqual((await rep.take()).map(String), ["next", "part"]);
  await rep.put("the right", "answer");
  assert.deepEqual(texts(await next), ["the right", "answer"]);
  const all = Promise.all(["0", "1", "2"].map((each) => req.request(each)));
  await rep.echo(3);
  assert.deepEqual((await all).map(String), ["0", "1", "2"]);
  await req.send("in turn");
  await rep.echo(1);
  assert.deepEqual(texts(await req.receive()), ["in turn"]);
}

async function answersTwice(kind: PeerKind): Promise<void> {
  await using peer = await startPeer(kind);
  const router = await peer.socket("router");
  await using req = request();
  req.connect(await router.bind("tcp://127.0.0.1:0"));
  const first = req.request("first");
  const [, one] = (await router.take()) as [Buffer, Buffer];
  await router.put(lastPeer, one, "", "1");
  await router.put(lastPeer, one, "", "1 again");
  assert.deepEqual(texts(await first), ["1"]);
  const [second, third] = [req.request("second"), req.request("third")];
  const [, two] = (await router.take()) as [Buffer, Buffer];
  const [, three, delimiter, body] = (await router.take()) as [Buffer, Buffer, Buffer, Buffer];
  assert.deepEqual([delimiter.length, String(body)], [0, "third"]);
  await router.put(lastPeer, three, "", "3");
  await router.put(lastPeer, one, "", "1 once more");
  await router.put(lastPeer, two, "", "2");
  assert.deepEqual([texts(await second), texts(await third)], [["2"], ["3"]]);
}

async function isKilled(kind: PeerKind): Promise<void> {
  const endpoint = await lastingEndpoint();
  await using req = request();
  await using peer = await startPeer(kind);
  const rep = await peer.socket("rep");
  await rep.bind(endpoint);
  req.connect(endpoint);
  const lost = assert.rejects(req.request("lost"), { code: "ECONNRESET" });
  const answer = req.request("sent again", { retries: 1 });
  assert.deepEqual((await rep.take()).map(String), ["lost"]);
  await peer.kill();
  await lost;
  await assert.rejects(req.request("given up", { timeout: 30 }), { code: "EAGAIN" });
  await using second = await startPeer(kind);
  const restarted = await second.socket("rep");
  await restarted.bind(endpoint);
  // What was given up while nobody was there does not come; what is still awaited does.
  assert.deepEqual((await restarted.take()).map(String), ["sent again"]);
  await restarted.put("answer");
  assert.deepEqual(texts(await answer), ["answer"]);
  const next = req.request("next");
  await restarted.echo(1);
  assert.deepEqual(texts(await next), ["next"]);
}

const kinds: readonly PeerKind[] = ["c", "python", "zeromq.js", "jeromq"];
for (const kind of kinds) {
  const skip = missing(kind);
  test(`${kind}: a server that answers late`, { skip }, () => answersLate(kind));
  test(`${kind}: a server that answers twice, and in another order`, { skip }, () => answersTwice(kind));
  test(`${kind}: a server that is killed and started again`, { skip }, () => isKilled(kind));
}
