// SPDX-License-Identifier: MIT
/** PEER (RFC 51): as SERVER, and it connects. What both have in common is in `server.test.ts`. */
import assert from "node:assert/strict";
import test from "node:test";
import { encodeNumber, numberIn, type Server } from "../../../src/pattern/server.ts";
import { FarEnd, octets, PatternHost, text } from "../../support/pattern-host.ts";

function receiveAll(host: PatternHost): [number, string][] {
  const all: [number, string][] = [];
  for (let message = host.pattern.receive(); message !== undefined; message = host.pattern.receive()) {
    all.push([numberIn(message[0] as Uint8Array), text(message[1] as Uint8Array)]);
  }
  return all;
}

test("a peer that was connected to has a number at once, and what is sent to it waits for the connection", () => {
  const host = new PatternHost("PEER");
  const peer = new FarEnd(host, { isLocal: true });
  const number = (host.pattern as Server).lastConnected;
  assert.ok(number > 0);
  assert.ok(host.pattern.send([encodeNumber(number), octets("early")]));
  peer.connect();
  assert.deepEqual(peer.receiveAll(), [["early"]]);
  peer.send("answer");
  assert.deepEqual(receiveAll(host), [[number, "answer"]]);
});

test("the last connected is not changed by peers that come by themselves", () => {
  const host = new PatternHost("PEER");
  const pattern = host.pattern as Server;
  assert.equal(pattern.lastConnected, 0);
  const first = new FarEnd(host, { isLocal: true });
  const number = pattern.lastConnected;
  new FarEnd(host);
  assert.equal(pattern.lastConnected, number);
  first.leave();
  new FarEnd(host, { isLocal: true });
  assert.notEqual(pattern.lastConnected, number);
});

test("a lost connection keeps the number; the hiccup message tells of it, and the disconnect message of peers that had connected", () => {
  const host = new PatternHost("PEER", { hiccupMessage: octets("lost"), disconnectMessage: octets("gone") });
  const connectedTo = new FarEnd(host, { isLocal: true });
  const number = (host.pattern as Server).lastConnected;
  connectedTo.connect();
  connectedTo.reconnect();
  assert.deepEqual(receiveAll(host), [[number, "lost"]]);
  connectedTo.send("again");
  assert.deepEqual(receiveAll(host), [[number, "again"]]);
  connectedTo.leave();
  const comer = new FarEnd(host);
  comer.leave();
  assert.deepEqual(
    receiveAll(host).map(([, content]) => content),
    ["gone"],
  );
});

test("errors name the type", () => {
  const host = new PatternHost("PEER");
  assert.throws(() => host.send("id", "a", "b"), { code: "EINVAL", message: /PEER/ });
});
