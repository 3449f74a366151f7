// SPDX-License-Identifier: MIT
/** Heartbeats (RFC 37): PING and PONG octet by octet, and a libzmq peer that is frozen and comes back to life. */
import assert from "node:assert/strict";
import { kill } from "node:process";
import test from "node:test";
import { Context } from "../../src/index.ts";
import { RawListener, RawPeer } from "../support/peers/raw-peer.ts";
import { startPeer } from "../support/peers/start-peer.ts";
import { missing } from "../support/peers/toolchain.ts";
import { versions } from "./old-versions.ts";

const patience = { timeout: 15000 };
const [newest] = versions;
const types = { peer: "PUSH", tested: "PULL" };

test(
  "PING is answered by PONG with the same context, of up to 16 octets, between messages too",
  patience,
  async (t) => {
    for (const kind of ["here", "c"] as const) {
      const lack = missing(kind);
      if (lack !== undefined) return t.skip(lack);
      await using peer = await startPeer(kind);
      await using pull = await peer.socket("pull");
      await using raw = await RawPeer.connect(await pull.bind("tcp://127.0.0.1:0"));
      await newest?.open(raw, types);
      await raw.write("04 07 04 'PING' 0000");
      await raw.expect("04 05 04 'PONG'", "an empty context");
      await raw.write("00 01 'a' 04 17 04 'PING' 0000 '0123456789abcdef' 00 01 'b'");
      await raw.expect("04 15 04 'PONG' '0123456789abcdef'", "a context of 16 octets");
      assert.deepEqual([`${await pull.take()}`, `${await pull.take()}`], ["a", "b"]);
    }
  },
);

test("a peer that does not answer PING loses its connection and is connected anew", patience, async () => {
  await using listener = await RawListener.open();
  const options = { heartbeatInterval: 30, heartbeatTimeout: 60, heartbeatTimeToLive: 1000, reconnectInterval: 1 };
  const pull = new Context({ defaults: { linger: 0 } }).socket("pull", options);
  try {
    pull.connect(listener.endpoint);
    for (const life of ["first", "second"]) {
      await using raw = await listener.accept();
      await newest?.open(raw, types);
      await raw.expect("04 07 04 'PING' 000a", `PING with a time to live in tenths of a second, in the ${life} life`);
      await raw.closed();
    }
  } finally {
    await pull.close();
  }
});

test("a peer whose time to live runs out is let go", patience, async () => {
  const pull = new Context({ defaults: { linger: 0 } }).socket("pull");
  try {
    await pull.bind("tcp://127.0.0.1:0");
    await using raw = await RawPeer.connect(pull.lastEndpoint ?? "");
    await newest?.open(raw, types);
    await raw.write("04 07 04 'PING' 0001");
    await raw.expect("04 05 04 'PONG'", "PONG");
    await raw.closed();
  } finally {
    await pull.close();
  }
});

test("a frozen libzmq peer is noticed by its silence, and served again when it thaws", patience, async (t) => {
  const lack = missing("c");
  if (lack !== undefined) return t.skip(lack);
  await using peer = await startPeer("c");
  await using router = await peer.socket("router");
  const dealer = new Context({ defaults: { linger: 0 } }).socket("dealer", {
    heartbeatInterval: 50,
    heartbeatTimeout: 150,
    reconnectInterval: 10,
  });
  const next = (type: "disconnect" | "handshake"): Promise<unknown> =>
    new Promise((resolve) => dealer.events.on(type, resolve));
  try {
    const handshake = next("handshake");
    dealer.connect(await router.bind("tcp://127.0.0.1:0"));
    await handshake;
    const lost = next("disconnect");
    assert.ok(peer.pid !== undefined);
    kill(peer.pid, "SIGSTOP");
    await lost;
    kill(peer.pid, "SIGCONT");
    await dealer.send("after the thaw");
    const [echoed] = await Promise.all([dealer.receive(), router.echo(1)]);
    assert.equal(`${echoed}`, "after the thaw");
  } finally {
    if (peer.pid !== undefined) kill(peer.pid, "SIGCONT");
    await dealer.close();
  }
});

test("libzmq's heartbeats find this library alive: an idle connection stays", patience, async (t) => {
  const lack = missing("c");
  if (lack !== undefined) return t.skip(lack);
  await using peer = await startPeer("c");
  const router = new Context({ defaults: { linger: 0 } }).socket("router");
  try {
    let handshakes = 0;
    router.events.on("handshake", () => handshakes++);
    await router.bind("tcp://127.0.0.1:0");
    await using dealer = await peer.socket("dealer", {
      heartbeatInterval: 50,
      heartbeatTimeout: 300,
      heartbeatTimeToLive: 300,
    });
    await dealer.connect(router.lastEndpoint ?? "");
    // Another connection of libzmq's measures the time, twice the first one's patience: it is answered by nobody.
    await using silent = await RawListener.open();
    await using stopwatch = await peer.socket("dealer", { heartbeatInterval: 100, heartbeatTimeout: 500 });
    await stopwatch.connect(silent.endpoint);
    await using raw = await silent.accept();
    await newest?.open(raw, { peer: "ROUTER", tested: "DEALER" });
    await raw.closed();
    await dealer.put("hello");
    assert.equal(`${(await router.receive())[1]}`, "hello");
    assert.equal(handshakes, 1);
  } finally {
    await router.close();
  }
});
