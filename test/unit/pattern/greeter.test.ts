// SPDX-License-Identifier: MIT
/** Greeter: the hello on every connection, the probe once for each pipe. */
import assert from "node:assert/strict";
import test from "node:test";
import { FarEnd, octets, PatternHost } from "../../support/pattern-host.ts";

test("a hello comes first on every connection", () => {
  const host = new PatternHost("DEALER", { helloMessage: octets("hello") });
  const peer = new FarEnd(host, { isLocal: true });
  host.send("request");
  peer.connect();
  assert.deepEqual(peer.receiveAll(), [["hello"], ["request"]]);
  peer.reconnect();
  assert.deepEqual(peer.receiveAll(), [["hello"]]);
});

test("an accepted peer is greeted once", () => {
  for (const type of ["DEALER", "ROUTER", "REP"]) {
    const host = new PatternHost(type, { helloMessage: octets("hello") });
    assert.deepEqual(new FarEnd(host).receiveAll(), [["hello"]], type);
  }
});

test("an empty hello is none", () => {
  const host = new PatternHost("DEALER", { helloMessage: octets("") });
  assert.deepEqual(new FarEnd(host).receiveAll(), []);
});

test("a probe is an empty message on each new pipe, accepted or connected", () => {
  for (const type of ["DEALER", "ROUTER", "REQ"]) {
    for (const isLocal of [false, true]) {
      const host = new PatternHost(type, { probeRouter: true });
      const peer = new FarEnd(host, { isLocal });
      if (isLocal) peer.connect();
      assert.deepEqual(peer.receiveAll(), [[""]], type);
      if (isLocal) peer.reconnect();
      assert.deepEqual(peer.receiveAll(), [], type);
    }
  }
});

test("REP does not probe", () => {
  const host = new PatternHost("REP", { probeRouter: true });
  assert.deepEqual(new FarEnd(host).receiveAll(), []);
});
