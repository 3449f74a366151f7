// SPDX-License-Identifier: MIT
/**
 * PLAIN (RFC 24) octet by octet, both sides, in this library and in libzmq: what each says, and what each wrong octet of the other
 * side is called. Who is let in is in `libzmq-security.test.ts`, what authenticators may do in `libzmq-zap.test.ts`.
 */
import assert from "node:assert/strict";
import { testBothWatched, testOursWatched } from "../support/event-watch.ts";
import { boundTo, isOurs, receiveSoon } from "../support/implementations.ts";
import { RawListener, RawPeer } from "../support/peers/raw-peer.ts";
import { answerZap, zapReply } from "../support/zap.ts";
import { command, frame, greeting, property } from "../support/zmtp-octets.ts";

const HELLO = command("HELLO", "\x05admin\x06secret");
const INITIATE = command("INITIATE", property("Socket-Type", "DEALER") + property("Identity", ""));
const READY = command("READY", property("Socket-Type", "DEALER") + property("Identity", ""));
const WELCOME = command("WELCOME");

testBothWatched("a PLAIN server says WELCOME and READY as RFC 24 has them", async (open) => {
  const { asked } = await answerZap(open, (question) => zapReply(question, 200));
  const server = open("dealer", { plainServer: true, routingId: "s" });
  await using peer = await RawPeer.connect(await boundTo(server));
  await peer.write(greeting(1, "PLAIN"));
  assert.equal((await peer.read(64)).subarray(12, 32).toString(), "PLAIN".padEnd(20, "\0"));
  await peer.write(HELLO);
  await peer.expect(WELCOME, "WELCOME");
  assert.deepEqual(asked[0]?.credentials.map(String), ["admin", "secret"]);
  await peer.write(INITIATE);
  await peer.expect(command("READY", property("Socket-Type", "DEALER") + property("Identity", "s")), "READY");
  await peer.write(frame("in"));
  assert.deepEqual(await receiveSoon(server), ["in"]);
});

testBothWatched("a PLAIN client says HELLO and INITIATE as RFC 24 has them", async (open, observe) => {
  await using listener = await RawListener.open();
  const client = open("dealer", { plainUsername: "admin", plainPassword: "secret", routingId: "c" });
  const watch = observe(client);
  client.connect(listener.endpoint);
  await using peer = await listener.accept();
  await peer.write(greeting(1, "PLAIN", 1));
  await peer.read(64);
  await peer.expect(HELLO, "HELLO");
  await peer.write(WELCOME);
  await peer.expect(command("INITIATE", property("Socket-Type", "DEALER") + property("Identity", "c")), "INITIATE");
  await peer.write(READY);
  await watch.next("connect:delay", "connect", "handshake");
  await client.send("in");
  await peer.expect(frame("in"), "the message");
});

for (const [what, octets, code, asks] of [
  ["HELLO with nothing in it", command("HELLO"), "MALFORMED_COMMAND_HELLO", 0],
  ["HELLO whose name is cut off", command("HELLO", "\x06admin"), "MALFORMED_COMMAND_HELLO", 0],
  ["HELLO without a password", command("HELLO", "\x05admin"), "MALFORMED_COMMAND_HELLO", 0],
  ["HELLO whose password is cut off", command("HELLO", "\x05admin\x07secret"), "MALFORMED_COMMAND_HELLO", 0],
  ["HELLO with an octet too many", command("HELLO", "\x05admin\x06secret!"), "MALFORMED_COMMAND_HELLO", 0],
  ["INITIATE before HELLO", INITIATE, "UNEXPECTED_COMMAND", 0],
  ["a misspelled HELLO", command("HELLA", "\x05admin\x06secret"), "UNEXPECTED_COMMAND", 0],
  ["HELLO twice", HELLO, "UNEXPECTED_COMMAND", 1],
  ["READY instead of INITIATE", READY, "UNEXPECTED_COMMAND", 1],
] as const) {
  testBothWatched(`a PLAIN server gets ${what}: ERR_ZMTP_${code}`, async (open, observe) => {
    const { asked } = await answerZap(open, (question) => zapReply(question, 200), observe);
    const server = open("dealer", { plainServer: true });
    const watch = observe(server);
    await using peer = await RawPeer.connect(await boundTo(server));
    await peer.write(greeting(1, "PLAIN"));
    await peer.read(64);
    if (asks === 1) {
      await peer.write(HELLO);
      await peer.expect(WELCOME, "WELCOME");
    }
    await peer.write(octets + frame("sneaky"));
    const [, , failed] = await watch.next("bind", "accept", "handshake:error:protocol");
    assert.equal(failed?.error?.code, `ERR_ZMTP_${code}`);
    assert.equal(asked.length, asks);
    if (isOurs(server)) await peer.closed();
    assert.equal(await receiveSoon(server, 10), undefined);
  });
}

for (const [what, octets, code] of [
  ["WELCOME with something in it", command("WELCOME", "x"), "MALFORMED_COMMAND_WELCOME"],
  ["READY before WELCOME", READY, "UNEXPECTED_COMMAND"],
  ["WELCOME twice", WELCOME + WELCOME, "UNEXPECTED_COMMAND"],
  ["a HELLO", HELLO, "UNEXPECTED_COMMAND"],
  ["ERROR that is cut off", frame("\x5eRROR\x09no", 4), "MALFORMED_COMMAND_ERROR"],
] as const) {
  testBothWatched(`a PLAIN client gets ${what}: ERR_ZMTP_${code}`, async (open, observe) => {
    await using listener = await RawListener.open();
    const client = open("dealer", { plainUsername: "admin", plainPassword: "secret", reconnectInterval: 10_000 });
    const watch = observe(client);
    client.connect(listener.endpoint);
    await using peer = await listener.accept();
    await peer.write(greeting(1, "PLAIN", 1));
    await peer.read(64);
    await peer.expect(HELLO, "HELLO");
    await peer.write(octets);
    const failed = await watch.until("handshake:error:protocol");
    assert.equal(failed.error?.code, `ERR_ZMTP_${code}`);
    if (isOurs(client)) await peer.closed();
  });
}

/** libzmq's PLAIN clients know ERROR only as its servers spell it: see `wire/command.ts`. This library knows both. */
for (const [spelling, name, check] of [
  ["libzmq's", "\x5eRROR", testBothWatched],
  ["RFC 24's", "\x05ERROR", testOursWatched],
] as const) {
  for (const status of [300, 400, 500]) {
    check(`a PLAIN client gets ${spelling} ERROR ${status}: handshake:error:auth`, async (open, observe) => {
      await using listener = await RawListener.open();
      const client = open("dealer", { plainUsername: "admin", plainPassword: "secret", reconnectInterval: 10_000 });
      const watch = observe(client);
      client.connect(listener.endpoint);
      await using peer = await listener.accept();
      await peer.write(greeting(1, "PLAIN", 1));
      await peer.read(64);
      await peer.expect(HELLO, "HELLO");
      await peer.write(frame(`${name}\x03${status}`, 4));
      assert.equal((await watch.until("handshake:error:auth")).error?.status, status);
    });
  }
}

testOursWatched("a PLAIN server gets INITIATE whose properties are cut off: its code", async (open, observe) => {
  await answerZap(open, (question) => zapReply(question, 200), observe);
  const server = open("dealer", { plainServer: true });
  const watch = observe(server);
  await using peer = await RawPeer.connect(await boundTo(server));
  await peer.write(greeting(1, "PLAIN") + HELLO + command("INITIATE", "\x0bSocket-Type\0\0\0\x09x"));
  const [, , failed] = await watch.next("bind", "accept", "handshake:error:protocol", "disconnect");
  assert.equal(failed?.error?.code, "ERR_ZMTP_MALFORMED_COMMAND_INITIATE");
  await peer.closed();
});
