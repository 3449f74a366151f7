// SPDX-License-Identifier: MIT
/** Handshakes of tls+tcp that fail: both sides hear why, nothing is sent, and one bad peer disturbs nobody. */
import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { connect as connectTcp } from "node:net";
import { connect as connectTls } from "node:tls";
import { TlsError } from "../../../src/index.ts";
import { Authority, selfSigned } from "../../support/certificates.ts";
import { bound, receiveTexts, within } from "../../support/sockets.ts";
import {
  ANY,
  alice,
  as,
  authority,
  check,
  failure,
  next,
  portOf,
  server,
  serves,
  tlsClient,
  trust,
} from "../../support/tls.ts";

check(
  "a client refuses a server of another authority, and the runtime's authorities are trusted where none are named",
  async (open) => {
    const pull = open("pull", as(server));
    await bound(pull, ANY);
    for (const tlsTrust of [new Authority().certificate, null]) {
      const push = open("push", { tlsTrust, reconnectInterval: -1 });
      const failed = next(push, "handshake:error:other");
      const there = failure(pull);
      push.connect(pull.lastEndpoint as string);
      const { error } = await failed;
      assert.ok(error instanceof TlsError);
      assert.equal(error.code, "ERR_TLS_UNKNOWN_AUTHORITY");
      assert.equal(error.tlsError, "UNKNOWN_AUTHORITY");
      assert.equal(error.errno, 13);
      assert.match(error.message, /^TLS with 127\.0\.0\.1:\d+: its certificate does not come from an authority/);
      assert.equal(await there, "ERR_TLS_CUT_OFF");
    }
    await serves(open, pull);
  },
);

check("a client refuses an expired certificate, and one of nobody's making", async (open) => {
  const expired = authority.issue({ days: -1 });
  for (const [identity, code] of [
    [expired, "ERR_TLS_CERTIFICATE_EXPIRED"],
    [selfSigned("server"), "ERR_TLS_UNKNOWN_AUTHORITY"],
  ] as const) {
    const pull = open("pull", as(identity));
    await bound(pull, ANY);
    const push = open("push", { tlsTrust: trust, reconnectInterval: -1 });
    const failed = failure(push);
    push.connect(pull.lastEndpoint as string);
    assert.equal(await failed, code);
  }
});

check("the name in the certificate must be the endpoint's, or the one that was asked for", async (open) => {
  const elsewhere = authority.issue({ names: "DNS:feed.example,DNS:*.acme.example" });
  const pull = open("pull", as(elsewhere));
  await bound(pull, ANY);
  for (const tlsServerName of [null, "other.example", "a.b.acme.example", "127.0.0.1", "feed.example.evil"]) {
    const push = open("push", { tlsTrust: trust, tlsServerName, reconnectInterval: -1 });
    const failed = failure(push);
    push.connect(pull.lastEndpoint as string);
    assert.equal(await failed, "ERR_TLS_WRONG_NAME", `${tlsServerName}`);
  }
  for (const tlsServerName of ["feed.example", "feed.example.", "eu.acme.example"]) {
    const push = open("push", { tlsTrust: trust, tlsServerName });
    push.connect(pull.lastEndpoint as string);
    await push.send(tlsServerName);
    assert.deepEqual(await receiveTexts(pull), [tlsServerName]);
  }
});

check("a host name, IPv4 and IPv6 addresses are found in the certificate", async (open) => {
  const pull = open("pull", { ...as(server), ipv6: true });
  await bound(pull, "tls+tcp://*:*");
  for (const host of ["localhost", "127.0.0.1", "[::1]"]) {
    const push = open("push", { tlsTrust: trust, ipv6: host !== "127.0.0.1" });
    push.connect(`tls+tcp://${host}:${portOf(pull)}`);
    await push.send(host);
    assert.deepEqual(await receiveTexts(pull), [host]);
  }
});

check("a server that requires certificates lets nobody in without a good one", async (open) => {
  const pull = open("pull", { ...as(server), tlsTrust: trust, tlsRequireClient: true });
  await bound(pull, ANY);
  const expired = authority.issue({ days: -1 });
  const foreign = new Authority().issue();
  const cases = [
    [{}, "ERR_TLS_NO_CERTIFICATE", "ERR_TLS_CERTIFICATE_REQUIRED"],
    [as(foreign), "ERR_TLS_UNKNOWN_AUTHORITY", "EPIPE"],
    [as(expired), "ERR_TLS_CERTIFICATE_EXPIRED", "EPIPE"],
  ] as const;
  for (const [identity, here, there] of cases) {
    const push = open("push", { tlsTrust: trust, reconnectInterval: -1, ...identity });
    const codes = Promise.all([failure(pull), failure(push)]);
    push.connect(pull.lastEndpoint as string);
    await push.send("must not come in");
    assert.deepEqual(await codes, [here, there]);
    await serves(open, pull);
  }
});

check("a session that is taken up again does not let anybody in without a certificate", async (open) => {
  const pull = open("pull", { ...as(server), tlsTrust: trust, tlsRequireClient: true });
  await bound(pull, ANY);
  let session: Buffer | undefined;
  for (const maxVersion of ["TLSv1.3", "TLSv1.2"] as const) {
    const good = connectTls({
      port: portOf(pull),
      host: "127.0.0.1",
      ca: trust,
      key: alice.key,
      cert: alice.certificate,
      maxVersion,
    });
    good.on("session", (given) => {
      session = given;
    });
    await once(good, "secureConnect");
    session ??= good.getSession();
    good.destroy();
    const bad = connectTls({
      port: portOf(pull),
      host: "127.0.0.1",
      ca: trust,
      maxVersion,
      ...(session && { session }),
    });
    bad.on("error", () => {});
    let greeted = false;
    bad.on("data", () => {
      greeted = true;
    });
    await new Promise((resolve) => bad.once("close", resolve));
    assert.equal(greeted, false, maxVersion);
  }
  await serves(open, pull);
});

check("peers that do not speak TLS are told of on both sides, and disturb nobody", async (open) => {
  const pull = open("pull", as(server));
  await bound(pull, ANY);
  const plain = open("push", { reconnectInterval: -1 });
  const codes = Promise.all([failure(pull), failure(plain)]);
  plain.connect(`tcp://127.0.0.1:${portOf(pull)}`);
  assert.deepEqual(await codes, ["ERR_TLS_NOT_SPOKEN", "EPIPE"]);
  for (const octets of ["GET / HTTP/1.1\r\n\r\n", "\u0000".repeat(100), "\u0016\u0003\u0001\u0000\u0005hello", "x"]) {
    const told = failure(pull);
    const raw = connectTcp(portOf(pull), "127.0.0.1").on("error", () => {});
    raw.end(octets);
    assert.match(await told, /^ERR_TLS_(NOT_SPOKEN|CUT_OFF|UNSPECIFIED|NOTHING_IN_COMMON)$/, octets.slice(0, 10));
  }
  await serves(open, pull);
});

check("a client of TLS learns that a tcp endpoint is none, and so does the other side", async (open) => {
  const pull = open("pull");
  await bound(pull);
  const push = open("push", { tlsTrust: trust, reconnectInterval: -1 });
  const code = failure(push);
  const there = next(pull, "handshake:error:protocol");
  push.connect(`tls+tcp://127.0.0.1:${portOf(pull)}`);
  assert.equal(await code, "ERR_TLS_NOT_SPOKEN");
  assert.match((await there).error.message, /the peer speaks TLS; it connects with tls\+tcp:\/\//);
});

check("versions of TLS below tlsMinVersion are refused", async (open) => {
  const pull = open("pull", { ...as(server), tlsMinVersion: "1.3" });
  await bound(pull, ANY);
  const told = failure(pull);
  await assert.rejects(tlsClient(portOf(pull), { maxVersion: "TLSv1.2" }));
  assert.equal(await told, "ERR_TLS_NOTHING_IN_COMMON");
  const old = open("pull", as(server));
  await bound(old, ANY);
  const client = await tlsClient(portOf(old), { maxVersion: "TLSv1.2" });
  assert.equal(client.getProtocol(), "TLSv1.2");
  client.destroy();
});

check("a peer that is silent, or stops in the middle, has handshakeInterval", async (open) => {
  for (const type of ["pull", "stream"] as const) {
    const socket = open(type, { ...as(server), handshakeInterval: 100 });
    await bound(socket, ANY);
    for (const octets of ["", "\u0016\u0003\u0001\u0002\u0000\u0001"]) {
      const told = failure(socket);
      const raw = connectTcp(portOf(socket), "127.0.0.1");
      raw.write(Buffer.from(octets, "latin1"));
      assert.equal(await told, "ETIMEDOUT");
      raw.resume();
      await once(raw, "close");
    }
  }
});

check("a client tries again until the server's certificate is good", async (open) => {
  const pull = open("pull", as(authority.issue({ days: -1 })));
  await bound(pull, ANY);
  const push = open("push", { tlsTrust: trust, reconnectInterval: 10 });
  const failed = failure(push);
  push.connect(pull.lastEndpoint as string);
  await push.send("waited");
  assert.equal(await failed, "ERR_TLS_CERTIFICATE_EXPIRED");
  Object.assign(pull, as(server));
  assert.deepEqual(await receiveTexts(pull), ["waited"]);
});

check("nothing is sent before the server has shown who it is", async (open) => {
  const pull = open("pull", as(selfSigned("eve")));
  await bound(pull, ANY);
  const push = open("push", { tlsTrust: trust, reconnectInterval: -1 });
  push.connect(pull.lastEndpoint as string);
  const failed = failure(push);
  await push.send("secret");
  await failed;
  assert.equal(push.peers()[0]?.sent ?? 0, 0);
});

check(
  "whatever comes in the place of a handshake, or after it, costs its sender the connection, and nobody else anything",
  async (open) => {
    const pull = open("pull", { ...as(server), handshakeInterval: 300 });
    await bound(pull, ANY);
    const records = [0x14, 0x15, 0x16, 0x17, 0x18, 0xff];
    const attacks = Array.from({ length: 120 }, async (_, i) => {
      const octets = randomBytes(1 + ((i * 37) % 600));
      // Most look like a record of TLS, some like the first message of a handshake.
      if (i % 4 > 0) octets.set([records[i % 6] as number, 3, i % 5].slice(0, octets.length));
      if (i % 4 > 1 && octets.length > 9)
        octets.set([0, octets.length - 5 > 255 ? 1 : 0, (octets.length - 5) % 256, i % 24].slice(1), 3);
      const raw = connectTcp(portOf(pull), "127.0.0.1").on("error", () => {});
      raw.resume();
      raw.write(octets);
      await new Promise((resolve) => raw.once("close", resolve));
    });
    const inside = Array.from({ length: 20 }, async (_, i) => {
      const socket = await tlsClient(portOf(pull));
      socket.on("error", () => {}).resume();
      // As ZMTP 1.0 has it, nearly anything is a peer; this is a greeting of later versions, and nothing after it makes sense.
      socket.write(Buffer.concat([Buffer.from("ff00000000000000017f03", "hex"), randomBytes(i * 200)]));
      await new Promise((resolve) => socket.once("close", resolve));
    });
    await within(10_000, "the end of all", Promise.all([...attacks, ...inside]));
    await serves(open, pull);
  },
);

check("connections that say nothing count as handshakes from the beginning, and keep nobody out", async (open) => {
  const pull = open("pull", { ...as(server), maxHandshakes: 5 });
  await bound(pull, ANY);
  const idlers = Array.from({ length: 20 }, () => connectTcp(portOf(pull), "127.0.0.1").on("error", () => {}));
  const closed = idlers.map((raw) => new Promise((resolve) => raw.resume().once("close", resolve)));
  await within(5000, "the end of all but five", Promise.all(closed.slice(0, 15)));
  await serves(open, pull);
  for (const raw of idlers) raw.destroy();
});
