// SPDX-License-Identifier: MIT
/** Events of handshakes that fail, each kind: which come and with which codes. Each sequence is held against libzmq too. What authenticators do: `libzmq-zap.test.ts`. */
import assert from "node:assert/strict";
import { addresses, type Seen, testBothWatched, testOursWatched, times } from "../support/event-watch.ts";
import { boundTo } from "../support/implementations.ts";
import { RawPeer } from "../support/peers/raw-peer.ts";
import { command, frame, greeting, greeting2, property, ready } from "../support/zmtp-octets.ts";

const NULL = greeting(0);

for (const [what, octets, type, code] of [
  ["that says nothing and leaves", "", "handshake:error:other", "EPIPE"],
  ["that leaves within the greeting", NULL.slice(0, 30), "handshake:error:other", "EPIPE"],
  ["that leaves after the greeting", NULL, "handshake:error:other", "EPIPE"],
  ["with another mechanism", greeting(0, "PLAIN"), "handshake:error:protocol", "ERR_ZMTP_MECHANISM_MISMATCH"],
  [
    "with a mechanism that there is not",
    greeting(0, "MAGIC"),
    "handshake:error:protocol",
    "ERR_ZMTP_MECHANISM_MISMATCH",
  ],
  ["with another command", NULL + command("HELLO"), "handshake:error:protocol", "ERR_ZMTP_UNEXPECTED_COMMAND"],
  ["that sends a message instead", NULL + frame("hi"), "handshake:error:protocol", "ERR_ZMTP_UNEXPECTED_COMMAND"],
  [
    "whose ERROR is cut off",
    `${NULL}${command("ERROR", "\x09no")}`,
    "handshake:error:protocol",
    "ERR_ZMTP_MALFORMED_COMMAND_ERROR",
  ],
] as const) {
  testBothWatched(`a peer ${what}: ${type} ${code}, then disconnect`, async (open, observe) => {
    const server = open("dealer");
    const watch = observe(server);
    const endpoint = await boundTo(server);
    const peer = await RawPeer.connect(endpoint);
    await watch.next("bind", "accept");
    if (octets !== "") await peer.write(octets);
    if (type === "handshake:error:other") peer.end();
    const events = await watch.next(type, "disconnect");
    assert.deepEqual(addresses(events), times(endpoint, 2));
    assert.equal(events[0]?.error?.code, code);
    if (type === "handshake:error:protocol") assert.match(events[0]?.error?.message ?? "", /^ZMTP protocol error/);
    peer.end();
    await watch.close("close");
  });
}

testBothWatched("a peer that refuses: its status", async (open, observe) => {
  for (const [status, text] of [
    [300, "Temporary error"],
    [400, "Authentication failure"],
    [500, "Internal error"],
  ] as const) {
    const server = open("dealer");
    const watch = observe(server);
    const endpoint = await boundTo(server);
    const peer = await RawPeer.connect(endpoint);
    await peer.write(NULL + command("ERROR", `\x03${status}`));
    const [, , refused] = await watch.next("bind", "accept", "handshake:error:auth");
    assert.equal(refused?.error?.status, status);
    assert.ok(refused?.error?.message.startsWith(text));
    peer.end();
    await watch.next("disconnect");
  }
});

testBothWatched("a handshake that takes too long", async (open, observe) => {
  const server = open("dealer", { handshakeInterval: 20 });
  const watch = observe(server);
  await using peer = await RawPeer.connect(await boundTo(server));
  await watch.next("bind", "accept", "handshake:error:other", "disconnect");
  await peer.closed();
});

testBothWatched("a connection that is lost after its handshake", async (open, observe) => {
  const server = open("dealer");
  const watch = observe(server);
  const peer = await RawPeer.connect(await boundTo(server));
  await peer.write(NULL + ready("DEALER"));
  await watch.next("bind", "accept", "handshake");
  peer.end();
  await watch.next("disconnect");
  assert.deepEqual(watch.seen, []);
});

testBothWatched("both sides of a mechanism mismatch are told", async (open, observe) => {
  const [server, client] = [open("dealer"), open("dealer", { plainUsername: "a", plainPassword: "b" })];
  const [ofServer, ofClient] = [observe(server), observe(client)];
  client.connect(await boundTo(server));
  const ours = await ofServer.next("bind", "accept", "handshake:error:protocol", "disconnect");
  const theirs = await ofClient.next("connect:delay", "connect", "handshake:error:protocol", "disconnect");
  for (const { error } of [ours[2], theirs[2]] as Seen[]) assert.equal(error?.code, "ERR_ZMTP_MECHANISM_MISMATCH");
});

// ── Where this library tells more than libzmq ──

testOursWatched(
  "a peer that does not fit is told of with the reason, where libzmq only has disconnect",
  async (open, observe) => {
    for (const [octets, code] of [
      [NULL + ready("PUB"), "ERR_ZMTP_INVALID_METADATA"],
      [NULL + command("READY", property("Socket-Type", "DEALER").slice(0, -1)), "ERR_ZMTP_MALFORMED_COMMAND_READY"],
    ] as const) {
      const server = open("dealer");
      const watch = observe(server);
      await using peer = await RawPeer.connect(await boundTo(server));
      await peer.write(octets);
      const events = await watch.next("bind", "accept", "handshake:error:protocol", "disconnect");
      assert.deepEqual([events[2]?.error?.code, events[3]?.error?.code], [code, code]);
      assert.equal(events[3]?.reason, events[3]?.error?.message);
      await peer.closed();
    }
  },
);

testOursWatched(
  "peers of ZMTP 2.0, and bare ones of STREAM, have their handshake too, where libzmq tells of one that failed",
  async (open, observe) => {
    for (const [type, octets] of [
      ["dealer", `${greeting2(5)}0000`],
      ["stream", "00"],
    ] as const) {
      const server = open(type);
      const watch = observe(server);
      const peer = await RawPeer.connect(await boundTo(server));
      await peer.write(octets);
      await watch.next("bind", "accept", "handshake");
      peer.end();
      await watch.next("disconnect");
    }
  },
);
