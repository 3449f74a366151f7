// SPDX-License-Identifier: MIT
/** Keys and certificates of tls+tcp: renewed while the socket is bound, in every form, and what is said of bad ones. */
import assert from "node:assert/strict";
import { inspect } from "node:util";
import { metadataOf, type ZmqError } from "../../../src/index.ts";
import { Authority } from "../../support/certificates.ts";
import { bound, join, married, nextEvent, receiveTexts } from "../../support/sockets.ts";
import { ANY, alice, as, authority, check, next, server, serves, trust } from "../../support/tls.ts";

check("certificates are renewed without a new bind, and connections that stand go on", async (open) => {
  const router = open("router", { ...as(server), tlsTrust: trust, tlsRequireClient: true, messageDetails: true });
  const first = open("dealer", { ...as(alice), tlsTrust: trust, messageDetails: true });
  await join(router, first, ANY);
  const renewed = authority.issue({ subject: "/CN=renewed" });
  Object.assign(router, as(renewed));
  const second = open("dealer", { ...as(alice), tlsTrust: trust, messageDetails: true });
  second.connect(router.lastEndpoint as string);
  for (const [dealer, subject] of [
    [first, "O=Acme,CN=server"],
    [second, "CN=renewed"],
  ] as const) {
    await dealer.send("who?");
    const [id] = await router.receive();
    await router.send([id as Buffer, "I"]);
    assert.equal(metadataOf(await dealer.receive()).get("Tls-Subject"), subject);
  }
  // A client shows its new one with its next connection.
  Object.assign(second, as(authority.issue({ subject: "/CN=bob" })));
  const [back, lost] = [married(second), nextEvent(second, "disconnect")];
  await router.unbind(router.lastEndpoint as string);
  await lost;
  await router.bind(router.lastEndpoint as string);
  await back;
  await second.send("who?");
  assert.equal(metadataOf(await router.receive()).get("Tls-Subject"), "CN=bob");
});

check("a key that does not go with its certificate lets nobody in until that is mended", async (open) => {
  const pull = open("pull", as(server));
  await bound(pull, ANY);
  pull.tlsKey = alice.key;
  const told = next(pull, "accept:error");
  const push = open("push", { tlsTrust: trust, reconnectInterval: 10 });
  push.connect(pull.lastEndpoint as string);
  const { error, remote } = await told;
  assert.equal(error.code, "EINVAL");
  assert.match(error.message, /tlsKey does not belong to tlsCertificate/);
  assert.match(remote, /^tls\+tcp:\/\/127\.0\.0\.1:\d+$/);
  pull.tlsKey = server.key;
  pull.tlsCertificate = server.certificate;
  await push.send("mended");
  assert.deepEqual(await receiveTexts(pull), ["mended"]);
});

check("chains, several authorities, octets and encrypted keys", async (open) => {
  const { key, certificate } = authority.issue({ isIndirect: true });
  const secret = authority.issue({ passphrase: "open sesame" });
  const pull = open("pull", { tlsKey: Buffer.from(key), tlsCertificate: Buffer.from(certificate) });
  await bound(pull, ANY);
  const push = open("push", { tlsTrust: [new Authority().certificate, Buffer.from(trust)] });
  push.connect(pull.lastEndpoint as string);
  await push.send("by a chain");
  assert.deepEqual(await receiveTexts(pull), ["by a chain"]);
  const other = open("pull", { ...as(secret), tlsPassphrase: "open sesame" });
  await bound(other, ANY);
  await serves(open, other);
});

check("bind and connect say what is wrong with certificates and keys, and show nothing of them", async (open) => {
  const encrypted = authority.issue({ passphrase: "open sesame" });
  const damaged = server.certificate.replace(/\n[A-Za-z0-9+/]{10}/, "\nAAAAAAAAAA");
  const cases: readonly (readonly [options: object, says: RegExp, both: boolean])[] = [
    [{}, /a server needs a certificate; set tlsKey and tlsCertificate/, false],
    [{ tlsKey: server.key }, /tlsKey is set, and tlsCertificate is not/, true],
    [{ tlsCertificate: server.certificate }, /tlsCertificate is set, and tlsKey is not/, true],
    [{ ...as(server), tlsKey: alice.key }, /tlsKey does not belong to tlsCertificate/, true],
    [{ ...as(server), tlsCertificate: damaged }, /certificate 1 of tlsCertificate is damaged/, true],
    [{ ...as(server), tlsTrust: [trust, damaged] }, /certificate 2 of tlsTrust is damaged/, true],
    [as(encrypted), /tlsKey is encrypted; set tlsPassphrase/, true],
    [{ ...as(encrypted), tlsPassphrase: "close" }, /tlsPassphrase does not open tlsKey/, true],
    [{ ...as(server), tlsKey: server.key.replace(/\n[^\n]{10}/, "\nAAAAAAAAAA") }, /tlsKey is damaged/, true],
    [
      { ...as(server), tlsRequireClient: true },
      /tlsRequireClient needs to know whose certificates are good; set tlsTrust/,
      false,
    ],
  ];
  for (const [options, says, both] of cases) {
    const socket = open("pair", options);
    const expected = (use: string) => (error: ZmqError) => {
      assert.equal(error.code, "EINVAL");
      assert.equal(error.syscall, use);
      assert.match(error.address ?? "", /^tls\+tcp:\/\//);
      assert.match(error.message, says);
      assert.doesNotMatch(inspect(error, { depth: 9 }), /BEGIN|open sesame/);
      return true;
    };
    await assert.rejects(socket.bind(ANY), expected("bind"));
    assert.throws(() => socket.bindSync(ANY), expected("bind"));
    if (both) assert.throws(() => socket.connect("tls+tcp://127.0.0.1:1"), expected("connect"));
  }
});

check("a socket that is printed shows neither keys nor passphrases", async (open) => {
  const { key, certificate } = authority.issue({ passphrase: "open sesame" });
  const pull = open("pull", { tlsKey: key, tlsCertificate: certificate, tlsPassphrase: "open sesame" });
  await bound(pull, ANY);
  const shown = inspect(pull, { depth: 30, showHidden: true });
  for (const secret of ["open sesame", "PRIVATE KEY"]) assert.ok(!shown.includes(secret), secret);
  assert.ok(!JSON.stringify(Object.values(pull.works.core.options).map(String)).includes("PRIVATE KEY"));
  assert.deepEqual([pull.tlsKey, pull.tlsPassphrase], [key, "open sesame"], "who asks for them is given them");
});

check(
  "a client whose key does not go with its certificate any more tries again, and leaves no connection behind",
  async (open) => {
    const pull = open("pull", as(server));
    const endpoint = await bound(pull, ANY);
    const push = open("push", { ...as(alice), tlsTrust: trust, reconnectInterval: 10 });
    push.connect(endpoint);
    await push.send("1");
    assert.deepEqual(await receiveTexts(pull), ["1"]);
    push.tlsKey = server.key;
    const failed = next(push, "close");
    await pull.unbind(endpoint);
    await pull.bind(endpoint);
    const cut = next(pull, "handshake:error:other");
    const { error } = await failed;
    assert.deepEqual([error?.code, error?.message], ["EINVAL", "tlsKey does not belong to tlsCertificate"]);
    await cut;
    push.tlsKey = alice.key;
    await push.send("2");
    assert.deepEqual(await receiveTexts(pull), ["2"]);
  },
);
