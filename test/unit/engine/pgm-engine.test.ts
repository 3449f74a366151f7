// SPDX-License-Identifier: MIT
/** Publishers and subscribers over PGM: one stream cut into packets, joining in the middle, several sources, pressure, and the end. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { NAK, NCF, ODATA, RDATA, readUint16, SPM, SPMR } from "../../../src/wire/pgm.ts";
import { FAST, FakeNetwork, SLOW } from "../../support/pgm-network.ts";

test("nobody shakes hands, and messages arrive in order", () => {
  const net = new FakeNetwork();
  const [pub, sub] = [net.join("PUB"), net.join("SUB")];
  assert.equal(pub.peer?.wantsEverything, true);
  for (let i = 0; i < 10; i += 1) pub.send(`a${i}`, "", "b");
  net.clock.advance(10);
  assert.deepEqual(
    sub.receiveAll(),
    Array.from({ length: 10 }, (_, i) => [`a${i}`, "", "b"]),
  );
});

test("messages of one turn share a packet, which says where its first one begins", () => {
  const net = new FakeNetwork();
  const pub = net.join("PUB");
  pub.send("ab");
  pub.send("c");
  net.clock.advance(1);
  pub.send("d");
  net.clock.advance(1);
  const data = net.seen
    .filter((packet) => packet.type === ODATA)
    .map((packet) => Buffer.from(packet.data).toString("hex"));
  assert.deepEqual(data, ["000003006162020063", "0000020064"]);
});

test("a long message goes on in the next packets, and they say that none begins there", () => {
  const net = new FakeNetwork();
  const [pub, sub] = [net.join("PUB"), net.join("SUB")];
  pub.send("x".repeat(3000));
  pub.send("y");
  net.clock.advance(10);
  const data = net.seen.filter((packet) => packet.type === ODATA);
  assert.deepEqual(
    data.map((packet) => [packet.data.length, readUint16(packet.data, 0)]),
    [
      [1428, 0],
      [1428, 0xffff],
      // 3010 octets of the first message, of which 2852 are in the first two.
      [163, 158],
    ],
  );
  assert.deepEqual(sub.receiveAll(), [["x".repeat(3000)], ["y"]]);
});

test("a message of 5 MB, whose large part is not copied before it leaves", () => {
  const net = new FakeNetwork();
  const [pub, sub] = [net.join("PUB"), net.join("SUB")];
  const body = new Uint8Array(5_000_000).map((_, i) => i * 7);
  pub.write([Buffer.from("big"), body]);
  pub.send("after");
  net.clock.advance(1000);
  const [big, next] = [sub.near.read() as Uint8Array[], sub.receive()];
  assert.ok(Buffer.from(big[1] as Uint8Array).equals(body));
  assert.deepEqual(next, ["after"]);
});

test("who joins late begins with the first message that begins", () => {
  const net = new FakeNetwork();
  const pub = net.join("PUB", { ...SLOW, rate: 800 });
  pub.send("x".repeat(300_000));
  pub.send("y");
  net.clock.advance(1000);
  const sub = net.join("SUB");
  net.clock.advance(5000);
  assert.deepEqual(sub.receiveAll(), [["y"]]);
  assert.ok(net.sent(SPMR) > 0);
  assert.equal(sub.losses.length, 0);
});

test("several sources, each with a stream of its own", () => {
  const net = new FakeNetwork();
  const [one, two, sub] = [net.join("PUB"), net.join("XPUB"), net.join("XSUB")];
  for (let i = 0; i < 50; i += 1) {
    one.send("1".repeat(1000), `${i}`);
    two.send("2".repeat(1000), `${i}`);
    net.clock.advance(1);
  }
  net.clock.advance(10);
  const all = sub.receiveAll() as string[][];
  for (const first of ["1", "2"]) {
    const numbers = all.filter(([body]) => body?.startsWith(first)).map(([, number]) => Number(number));
    assert.deepEqual(
      numbers,
      Array.from({ length: 50 }, (_, i) => i),
    );
  }
});

test("a packet that was lost is asked for, confirmed and repaired", () => {
  const net = new FakeNetwork();
  const [pub, sub] = [net.join("PUB"), net.join("SUB")];
  net.clock.advance(5);
  net.loses = (packet) => packet.type === ODATA && packet.sequence === 1;
  for (const text of ["a", "b", "c"]) {
    pub.send(text);
    net.clock.advance(1);
  }
  net.clock.advance(1);
  assert.deepEqual(sub.receiveAll(), [["a"]]);
  net.clock.advance(60);
  assert.deepEqual(sub.receiveAll(), [["b"], ["c"]]);
  assert.deepEqual([net.sent(NAK), net.sent(NCF), net.sent(RDATA)], [1, 1, 1]);
  assert.equal(sub.losses.length, 0);
});

test("the last packet, when it was lost, is missed when the next SPM comes", () => {
  const net = new FakeNetwork();
  const [sub, pub] = [net.join("SUB"), net.join("PUB")];
  net.clock.advance(5);
  net.loses = (packet) => packet.type === ODATA;
  pub.send("last");
  net.clock.advance(90);
  assert.deepEqual(sub.receiveAll(), []);
  net.clock.advance(100);
  assert.deepEqual(sub.receiveAll(), [["last"]]);
});

test("of many who miss the same packet, few ask", () => {
  const net = new FakeNetwork();
  const subs = Array.from({ length: 20 }, () => net.join("SUB"));
  const pub = net.join("PUB");
  net.clock.advance(5);
  net.loses = (packet) => packet.type === ODATA && packet.sequence === 0;
  pub.send("a");
  pub.send("b".repeat(2000));
  net.clock.advance(300);
  for (const sub of subs) assert.equal(sub.receiveAll().length, 2);
  assert.ok(net.sent(NAK) < 15, `${net.sent(NAK)} NAKs`);
});

test("a loss that cannot be repaired is told, and the stream goes on where a message begins", () => {
  const net = new FakeNetwork();
  const tiny = { ...FAST, recoveryInterval: 0 };
  const [pub, sub] = [net.join("PUB", tiny), net.join("SUB")];
  net.clock.advance(5);
  net.loses = (packet) => packet.type === ODATA && packet.sequence === 1;
  for (let i = 0; i < 6; i += 1) {
    pub.send(`${i}`, "x".repeat(1000));
    net.clock.advance(1);
  }
  net.clock.advance(500);
  const all = (sub.receiveAll() as string[][]).map(([number]) => number);
  assert.deepEqual(all, ["0", "2", "3", "4", "5"]);
  assert.deepEqual(sub.losses, [{ packets: 1, source: "0102030405011234" }]);
});

test("where nobody answers, it gives up after fifty rounds", () => {
  const net = new FakeNetwork();
  const [pub, sub] = [net.join("PUB"), net.join("SUB")];
  net.clock.advance(5);
  net.loses = (packet) => (packet.type === ODATA && packet.sequence === 1) || packet.type === NAK;
  for (const text of ["a", "b", "c"]) {
    pub.send(text);
    net.clock.advance(1);
  }
  net.clock.advance(9000);
  assert.deepEqual([sub.receiveAll(), sub.losses.length], [[["a"]], 0]);
  net.clock.advance(6000);
  assert.deepEqual([sub.receiveAll(), sub.losses.length], [[["c"]], 1]);
  assert.equal(net.sent(NAK), 50);
});

test("the rate holds, on average and from the start", () => {
  const net = new FakeNetwork();
  const pub = net.join("PUB", SLOW);
  for (let i = 0; i < 100; i += 1) pub.send("x".repeat(1400));
  net.clock.advance(1000);
  const octets = (): number =>
    net.seen.reduce((sum, { type, data }) => sum + (type === ODATA ? data.length + 24 + 28 : 0), 0);
  const before = octets();
  // A second's worth may go at once.
  assert.ok(before >= 12_500 && before <= 12_500 * 2 + 1600, `${before} octets in the first second`);
  net.clock.advance(4000);
  const rate = (octets() - before) / 4;
  assert.ok(rate > 12_000 && rate < 13_000, `${rate} octets a second`);
});

test("after a silence no more goes at once than at the start", () => {
  const net = new FakeNetwork();
  const pub = net.join("PUB", SLOW);
  net.clock.advance(60_000);
  for (let i = 0; i < 100; i += 1) pub.send("x".repeat(1400));
  net.clock.advance(1000);
  assert.ok(net.sent(ODATA) <= (12_500 * 2) / 1450 + 1, `${net.sent(ODATA)} packets in the first second`);
});

test("a pipe without room stops the source's stream, not others, and nothing is lost", () => {
  const net = new FakeNetwork();
  const pub = net.join("PUB");
  const sub = net.join("SUB", FAST, { inbound: 10 });
  for (let i = 0; i < 100; i += 1) {
    pub.send(`${i}`, "x".repeat(700));
    if (i % 10 === 9) net.clock.advance(1);
  }
  net.clock.advance(100);
  const all: unknown[] = [];
  for (let turn = 0; turn < 50; turn += 1) {
    all.push(...(sub.receiveAll() as string[][]).map(([number]) => number));
    net.clock.advance(200);
  }
  assert.deepEqual(
    all,
    Array.from({ length: 100 }, (_, i) => `${i}`),
  );
  assert.equal(sub.losses.length, 0);
});

test("what no publisher sends is dropped, and the next message is fine", () => {
  const net = new FakeNetwork();
  const [pub, sub] = [net.join("PUB"), net.join("SUB", FAST, { options: { maxMessageSize: 10 } })];
  net.clock.advance(5);
  pub.send("small");
  net.clock.advance(1);
  pub.send("too large for it");
  net.clock.advance(1);
  pub.send("fine");
  net.inject(new Uint8Array(3));
  net.inject(new Uint8Array(1500).fill(4));
  net.clock.advance(10);
  assert.deepEqual(sub.receiveAll(), [["small"], ["fine"]]);
  assert.equal(sub.losses.length, 1);
});

test("heartbeats follow data, less and less often", () => {
  const net = new FakeNetwork();
  const pub = net.join("PUB");
  assert.equal(net.sent(SPM), 3);
  pub.send("a");
  net.clock.advance(450);
  assert.equal(net.sent(SPM), 7);
  net.clock.advance(1300);
  assert.equal(net.sent(SPM), 8);
  net.clock.advance(7000);
  assert.equal(net.sent(SPM), 9);
  pub.send("b");
  net.clock.advance(110);
  assert.equal(net.sent(SPM), 10);
});

test("what is left is sent before the end, and the goodbye behind it", () => {
  const net = new FakeNetwork();
  const [pub, sub] = [net.join("PUB", SLOW), net.join("SUB", SLOW)];
  for (let i = 0; i < 30; i += 1) pub.send("x".repeat(1400));
  pub.near.close();
  assert.equal(pub.isOver, false);
  net.clock.advance(10_000);
  assert.deepEqual([pub.ended, sub.receiveAll().length], [{ error: undefined, duringHandshake: false }, 30]);
  assert.deepEqual(
    net.seen.slice(-3).map((packet) => packet.isLast),
    [true, true, true],
  );
  sub.near.close();
  assert.equal(sub.isOver, true);
  net.clock.advance(60_000);
  assert.equal(net.clock.running, 0);
});

test("a source that has gone is forgotten", () => {
  const net = new FakeNetwork();
  const [pub, sub] = [net.join("PUB"), net.join("SUB")];
  pub.send("a");
  net.clock.advance(10);
  pub.engine.stop();
  net.clock.advance(400_000);
  assert.deepEqual(sub.receiveAll(), [["a"]]);
  assert.equal(net.clock.running, 0);
});
