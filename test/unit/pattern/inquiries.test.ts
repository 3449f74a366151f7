// SPDX-License-Identifier: MIT
/** Requests beside the turns of a REQ: told apart by number, sent again to the next peer, taken back where they never left. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { Inquiry, numberOf } from "../../../src/pattern/inquiries.ts";
import { FarEnd, octets, PatternHost, text } from "../../support/pattern-host.ts";

function ask(host: PatternHost, ...body: string[]): Inquiry {
  const inquiry = new Inquiry(body.map(octets));
  assert.equal(host.pattern.ask?.(inquiry), true);
  return inquiry;
}

function answerOf(inquiry: Inquiry): string[] | undefined {
  return inquiry.answer?.map(text);
}

const open = (): PatternHost => new PatternHost("REQ");

test("a request goes out with a number before the delimiter, and takes the answer that carries it", () => {
  const host = open();
  const peer = new FarEnd(host);
  const inquiry = ask(host, "a", "b");
  const [id, ...rest] = peer.receive() as string[];
  assert.equal(numberOf(octets(id as string)), inquiry.id);
  assert.deepEqual(rest, ["", "a", "b"]);
  peer.send(id as string, "", "c", "d");
  assert.equal(host.pattern.nextSettled?.(), inquiry);
  assert.deepEqual(answerOf(inquiry), ["c", "d"]);
  assert.equal(host.pattern.nextSettled?.(), undefined);
});

test("many are under way at once, at all peers, and answers come in any order", () => {
  const host = open();
  const peers = [new FarEnd(host), new FarEnd(host)];
  const inquiries = ["0", "1", "2", "3"].map((each) => ask(host, each));
  const requests = peers.flatMap((peer) => (peer.receiveAll() as string[][]).map((request) => ({ peer, request })));
  assert.deepEqual(
    requests.map(({ request }) => request[2]),
    ["0", "2", "1", "3"],
  );
  for (const { peer, request } of requests.toReversed()) peer.send(...request);
  while (host.pattern.nextSettled?.() !== undefined);
  assert.deepEqual(inquiries.map(answerOf), [["0"], ["1"], ["2"], ["3"]]);
});

test("an answer is taken once, from the peer that was asked, with number, delimiter and something behind", () => {
  const host = open();
  const [peer, stranger] = [new FarEnd(host), new FarEnd(host)];
  const inquiry = ask(host, "x");
  const [id = ""] = peer.receive() as string[];
  stranger.send(id, "", "forged");
  peer.send(id, "");
  peer.send(id, "no delimiter", "x");
  peer.send("", "no number");
  peer.send("abcde", "", "no number either");
  peer.send(
    id.replace(/^./, (first) => (first === "0" ? "1" : "0")),
    "",
    "another number",
  );
  assert.equal(host.pattern.nextSettled?.(), undefined);
  peer.send(id, "", "right");
  peer.send(id, "", "again");
  assert.equal(host.pattern.nextSettled?.(), inquiry);
  assert.equal(host.pattern.nextSettled?.(), undefined);
  assert.deepEqual(answerOf(inquiry), ["right"]);
});

test("what was given up takes no answer, and is taken back where it never left", () => {
  const host = open();
  const peer = new FarEnd(host);
  const [late, unread] = [ask(host, "late"), ask(host, "unread")];
  const [id = ""] = peer.receive() as string[];
  host.pattern.abandon?.(late);
  host.pattern.abandon?.(unread);
  assert.deepEqual(peer.receiveAll(), []);
  const next = ask(host, "next");
  peer.send(id, "", "the late answer");
  assert.equal(host.pattern.nextSettled?.(), undefined);
  assert.equal(next.answer, undefined);
});

test("taking back makes room", () => {
  const host = open();
  new FarEnd(host, { outbound: 2 });
  const inquiries = [ask(host, "0"), ask(host, "1")];
  const third = new Inquiry([octets("2")]);
  assert.equal(host.pattern.ask?.(third), false);
  host.pattern.abandon?.(inquiries[0] as Inquiry);
  assert.equal(host.pattern.ask?.(third), true);
});

test("asked again, it goes to the next peer under the same number, and the answer to either is the answer", () => {
  for (const answering of [0, 1]) {
    const host = open();
    const peers = [new FarEnd(host), new FarEnd(host)] as const;
    const inquiry = ask(host, "x");
    const request = peers[0].receive() as string[];
    assert.equal(host.pattern.ask?.(inquiry), true);
    assert.deepEqual(peers[1].receive(), request);
    (peers[answering] as FarEnd).send(...request);
    assert.equal(host.pattern.nextSettled?.(), inquiry);
    assert.deepEqual(answerOf(inquiry), ["x"]);
  }
});

test("asked again before the first peer had it, only the second gets it", () => {
  const host = open();
  const peers = [new FarEnd(host, { isLocal: true }), new FarEnd(host)] as const;
  const inquiry = ask(host, "x");
  assert.equal(host.pattern.ask?.(inquiry), true);
  assert.deepEqual(peers[0].receiveAll(), []);
  assert.equal(peers[1].receiveAll().length, 1);
});

test("when the connection is lost, a request that had left is lost, and one that had not comes back", () => {
  const host = open();
  const peer = new FarEnd(host, { isLocal: true });
  peer.connect();
  const [left, waiting] = [ask(host, "left"), ask(host, "waiting")];
  const request = peer.receive() as string[];
  peer.disconnect();
  const settled = [host.pattern.nextSettled?.(), host.pattern.nextSettled?.()];
  assert.deepEqual(settled, [left, waiting]);
  assert.deepEqual([left.lostAt, waiting.lostAt], ["", undefined]);
  assert.deepEqual(peer.receiveAll(), []);
  // A ROUTER that knows this socket by its routing id can still answer once it is there again.
  peer.reconnect();
  peer.send(...request);
  assert.equal(host.pattern.nextSettled?.(), left);
  assert.deepEqual(answerOf(left), ["left"]);
});

test("when the peer has gone for good, its requests are lost, after the answers it had given", () => {
  const host = open();
  const peer = new FarEnd(host);
  const [answered, lost] = [ask(host, "answered"), ask(host, "lost")];
  peer.send(...(peer.receive() as string[]));
  peer.receive();
  peer.leave();
  assert.equal(host.pattern.nextSettled?.(), answered);
  assert.equal(host.pattern.nextSettled?.(), lost);
  assert.equal(lost.lostAt, "");
  // The same peer may come again as another connection.
  const again = new FarEnd(host);
  again.send(String.fromCharCode(...lost.idFrame), "", "late");
  assert.equal(host.pattern.nextSettled?.(), lost);
});

test("requests in turn and requests beside the turns do not meet", () => {
  for (const options of [{}, { correlate: true }]) {
    const host = new PatternHost("REQ", options);
    const peer = new FarEnd(host);
    const first = ask(host, "beside 1");
    host.send("in turn");
    const second = ask(host, "beside 2");
    const requests = peer.receiveAll() as string[][];
    assert.equal(requests.length, 3);
    for (const request of requests.toReversed()) peer.send(...request);
    while (host.pattern.nextSettled?.() !== undefined);
    assert.deepEqual([answerOf(first), answerOf(second)], [["beside 1"], ["beside 2"]]);
    assert.deepEqual(host.receive(), ["in turn"]);
    assert.throws(() => host.receive(), { code: "EFSM" });
  }
});

test("what came while nothing was awaited does not hide what comes later", () => {
  const host = open();
  const peer = new FarEnd(host);
  const request = ask(host, "x");
  const [id = ""] = peer.receive() as string[];
  peer.send(id, "", "1");
  assert.equal(host.pattern.nextSettled?.(), request);
  peer.send(id, "", "1 again");
  const next = ask(host, "y");
  const before = host.activations;
  peer.send(...(peer.receive() as string[]));
  assert.ok(host.activations > before);
  assert.equal(host.pattern.nextSettled?.(), next);
});

test("without room nothing is asked", () => {
  const host = open();
  const inquiry = new Inquiry([octets("x")]);
  assert.equal(host.pattern.ask?.(inquiry), false);
  new FarEnd(host);
  assert.equal(host.pattern.ask?.(inquiry), true);
});
