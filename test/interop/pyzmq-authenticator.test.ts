// SPDX-License-Identifier: MIT
/**
 * Our clients before pyzmq's own authenticator: lists of addresses, passwords by domain, folders of certificates; what it says
 * of who came in is on pyzmq's messages. pyzmq's clients before our servers are in `plain.test.ts` and `curve.test.ts`.
 */
import assert from "node:assert/strict";
import test, { type TestContext } from "node:test";
import { CURVE_SERVER, curveClient, STRANGER } from "../support/curve-keys.ts";
import type { Peer, PeerSocketOptions } from "../support/peers/peer.ts";
import { startPeer } from "../support/peers/start-peer.ts";
import { missing } from "../support/peers/toolchain.ts";
import { type Open, within, withSockets } from "../support/sockets.ts";
import { withFolder } from "../support/tcp.ts";

const PASSWORD: PeerSocketOptions = { plainUsername: "admin", plainPassword: "secret" };

/** A pyzmq process with a fresh authenticator, and what opens sockets of ours. */
async function withAuthenticator(t: TestContext, run: (open: Open, python: Peer) => Promise<void>): Promise<void> {
  const lack = missing("python");
  if (lack !== undefined) return t.skip(lack);
  await using python = await startPeer("python");
  await python.authenticator("start");
  await withSockets((open) => run(open, python));
}

/** One client of ours before one pyzmq server: what that is told of the client's user, or the status that the client hears. */
async function enter(
  [open, python]: [Open, Peer],
  server: PeerSocketOptions,
  client: PeerSocketOptions,
): Promise<string | undefined> {
  await using pull = await python.socket("pull", server);
  const push = open("push", client);
  const outcome = new Promise<number | undefined>((resolve) => {
    push.events.once("handshake", () => resolve(undefined));
    push.events.once("handshake:error:auth", ({ error }) => resolve((error as { status?: number }).status));
  });
  push.connect(await pull.bind("tcp://127.0.0.1:0"));
  const status = await within(5000, "the handshake", outcome);
  if (status !== undefined) return String(status);
  await push.send("in");
  const [user, ...message] = await pull.takeWith("User-Id");
  assert.equal(message.join(), "in");
  return user;
}

test("pyzmq's authenticator lets our clients in by address, or not", (t) =>
  withAuthenticator(t, async (...both) => {
    const [, python] = both;
    await python.authenticator("allow", "127.0.0.1");
    assert.equal(await enter(both, { zapDomain: "d" }, {}), "anonymous");
    await python.authenticator("stop");
    await python.authenticator("start");
    await python.authenticator("allow", "192.0.2.1");
    assert.equal(await enter(both, { zapDomain: "d" }, {}), "400");
    await python.authenticator("stop");
    await python.authenticator("start");
    await python.authenticator("deny", "127.0.0.1");
    assert.equal(await enter(both, { zapDomain: "d" }, {}), "400");
    assert.equal(await enter(both, {}, {}), undefined, "NULL without a domain asks nobody");
  }));

test("pyzmq's authenticator knows our clients by name and password, in the domain of the server", (t) =>
  withAuthenticator(t, async (...both) => {
    const [, python] = both;
    await python.authenticator("plain", "global", "admin=secret", "other=words");
    const server = { plainServer: true, zapDomain: "global" };
    assert.equal(await enter(both, server, PASSWORD), "admin");
    assert.equal(await enter(both, server, { plainUsername: "other", plainPassword: "words" }), "other");
    assert.equal(await enter(both, server, { ...PASSWORD, plainPassword: "wrong" }), "400");
    assert.equal(await enter(both, server, { ...PASSWORD, plainUsername: "nobody" }), "400");
    assert.equal(await enter(both, { ...server, zapDomain: "elsewhere" }, PASSWORD), "400", "another domain");
    await python.authenticator("plain", "global", "admin=changed");
    assert.equal(await enter(both, server, PASSWORD), "400", "passwords that have changed");
    assert.equal(await enter(both, server, { ...PASSWORD, plainPassword: "changed" }), "admin");
    await python.authenticator("deny", "127.0.0.1");
    assert.equal(await enter(both, server, { ...PASSWORD, plainPassword: "changed" }), "400", "a denied address");
  }));

test("pyzmq's authenticator knows our clients by a folder of its certificates", (t) =>
  withAuthenticator(t, (...both) =>
    withFolder(async (folder) => {
      const [, python] = both;
      const [publicKey = "", secretKey = ""] = await python.authenticator("certificate", folder, "client");
      await python.authenticator("curve", "global", folder);
      const server = { ...CURVE_SERVER, zapDomain: "global" };
      // pyzmq's user id of a CURVE client is its key in Z85.
      assert.equal(await enter(both, server, curveClient({ publicKey, secretKey })), publicKey);
      assert.equal(await enter(both, server, curveClient(STRANGER)), "400", "a key that has no certificate");
      assert.equal(await enter(both, { ...server, zapDomain: "other" }, curveClient({ publicKey, secretKey })), "400");
      const another = await python.authenticator("certificate", folder, "another");
      await python.authenticator("curve", "global", folder);
      const pair = { publicKey: another[0] ?? "", secretKey: another[1] ?? "" };
      assert.equal(await enter(both, server, curveClient(pair)), pair.publicKey, "a certificate that has come");
      await python.authenticator("curve", "global", "*");
      assert.equal(await enter(both, server, curveClient(STRANGER)), STRANGER.publicKey, "any key");
    }),
  ));
