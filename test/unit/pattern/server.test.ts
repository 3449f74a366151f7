// SPDX-License-Identifier: MIT
/** SERVER (RFC 41): peers by number. */
import assert from "node:assert/strict";
import test from "node:test";
import { encodeNumber, numberIn, type Server } from "../../../src/pattern/server.ts";
import { FarEnd, octets, PatternHost, text } from "../../support/pattern-host.ts";

function receiveNumbered(host: PatternHost): [number, string] | undefined {
  const message = host.pattern.receive();
  return message && [numberIn(message[0] as Uint8Array), text(message[1] as Uint8Array)];
}

function sendTo(host: PatternHost, number: number, ...parts: string[]): boolean {
  return host.pattern.send([encodeNumber(number), ...parts.map(octets)]);
}

function numberOf(host: PatternHost, client: FarEnd): number {
  client.send("who am I?");
  return receiveNumbered(host)?.[0] ?? 0;
}

test("numbers are octets, and no number is 0", () => {
  for (const number of [1, 255, 256, 0x7fffffff, 0x80000000, 0xffffffff]) {
    assert.equal(numberIn(encodeNumber(number)), number);
  }
  assert.deepEqual([...encodeNumber(0x01020304)], [1, 2, 3, 4]);
  assert.equal(numberIn(new Uint8Array(3)), 0);
  assert.equal(numberIn(new Uint8Array(5).fill(1)), 0);
});

test("SHALL create a routing id for each peer, unlike the others, from 1 to 2^32 − 1, and route by it", () => {
  const host = new PatternHost("SERVER");
  const clients = [new FarEnd(host), new FarEnd(host), new FarEnd(host)];
  const numbers = clients.map((client) => numberOf(host, client));
  assert.equal(new Set(numbers).size, 3);
  assert.ok(numbers.every((number) => Number.isInteger(number) && number >= 1 && number <= 0xffffffff));
  for (const [i, number] of numbers.entries()) assert.ok(sendTo(host, number, `for ${i}`));
  assert.deepEqual(
    clients.map((client) => client.receiveAll()),
    [[["for 0"]], [["for 1"]], [["for 2"]]],
  );
});

test("numbers begin at random", () => {
  const first = Array.from({ length: 4 }, () => {
    const host = new PatternHost("SERVER");
    return numberOf(host, new FarEnd(host));
  });
  assert.ok(new Set(first).size > 1);
});

test("numbers pass over 0 and over those that are in use", () => {
  const host = new PatternHost("SERVER");
  const server = host.pattern as unknown as { nextNumber: number };
  server.nextNumber = 0xffffffff;
  assert.deepEqual([numberOf(host, new FarEnd(host)), numberOf(host, new FarEnd(host))], [0xffffffff, 1]);
  server.nextNumber = 0xffffffff;
  assert.equal(numberOf(host, new FarEnd(host)), 2);
});

test("SHALL receive from its peers using a fair-queuing strategy", () => {
  const host = new PatternHost("SERVER");
  for (const i of [0, 1]) {
    const client = new FarEnd(host);
    for (let n = 0; n < 2; n += 1) client.send(`${i}.${n}`);
  }
  const received = Array.from({ length: 4 }, () => receiveNumbered(host)?.[1]);
  assert.deepEqual(received, ["0.0", "1.0", "0.1", "1.1"]);
});

test("nobody has a number that was not given: EHOSTUNREACH, 0 among them, and that of a peer that has left", () => {
  const host = new PatternHost("SERVER");
  const client = new FarEnd(host);
  const number = numberOf(host, client);
  assert.throws(() => sendTo(host, number ^ 1, "x"), { code: "EHOSTUNREACH" });
  assert.throws(() => sendTo(host, 0, "x"), { code: "EHOSTUNREACH" });
  assert.throws(() => host.pattern.send([octets("id"), octets("x")]), { code: "EHOSTUNREACH" });
  client.send("unread");
  client.leave();
  assert.throws(() => sendTo(host, number, "x"), { code: "EHOSTUNREACH", message: new RegExp(`${number}`) });
  assert.deepEqual(receiveNumbered(host), [number, "unread"]);
});

test("a full peer holds back its messages only, and the socket counts as writable", () => {
  const host = new PatternHost("SERVER");
  const [full, free] = [new FarEnd(host, { outbound: 1 }), new FarEnd(host, { outbound: 1 })];
  const [one, other] = [numberOf(host, full), numberOf(host, free)];
  assert.deepEqual([sendTo(host, one, "1"), sendTo(host, one, "2"), sendTo(host, other, "3")], [true, false, true]);
  assert.equal(host.pattern.canSend(), true);
  full.receiveAll();
  assert.equal(sendTo(host, one, "2"), true);
});

test("messages of several parts are refused when sent, and dropped when received", () => {
  const host = new PatternHost("SERVER");
  const client = new FarEnd(host);
  const number = numberOf(host, client);
  assert.throws(() => sendTo(host, number, "a", "b"), { code: "EINVAL" });
  assert.throws(() => sendTo(host, number), { code: "EINVAL" });
  client.send("a", "b");
  client.send("a", "b", "c");
  assert.equal(host.pattern.canReceive(), false);
  client.send("whole");
  assert.deepEqual(receiveNumbered(host), [number, "whole"]);
  assert.equal(receiveNumbered(host), undefined);
});

test("the disconnect message comes from a peer that had been connected, behind its last message", () => {
  const host = new PatternHost("SERVER", { disconnectMessage: octets("bye"), helloMessage: octets("hi") });
  const client = new FarEnd(host);
  const number = numberOf(host, client);
  assert.deepEqual(client.receiveAll(), [["hi"]]);
  client.send("last");
  client.leave();
  assert.deepEqual(
    [receiveNumbered(host), receiveNumbered(host)],
    [
      [number, "last"],
      [number, "bye"],
    ],
  );
  const never = new FarEnd(host, { isLocal: true });
  never.leave();
  assert.equal(receiveNumbered(host), undefined);
});

test("disconnectPeer ends one connection and no other", () => {
  const host = new PatternHost("SERVER");
  const [client, other] = [new FarEnd(host), new FarEnd(host)];
  const number = numberOf(host, client);
  const server = host.pattern as Server;
  server.disconnectPeer(number);
  assert.deepEqual([client.isLeft, other.isLeft], [true, false]);
  assert.throws(() => sendTo(host, number, "x"), { code: "EHOSTUNREACH" });
  assert.throws(() => server.disconnectPeer(number), { code: "EHOSTUNREACH" });
  assert.throws(() => server.disconnectPeer(0), { code: "EHOSTUNREACH" });
});
