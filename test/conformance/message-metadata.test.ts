// SPDX-License-Identifier: MIT
/**
 * The properties of messages, after libzmq's test_metadata, test_app_meta and test_stream: what the handshake, the
 * authenticator and the transport say. That libzmq reads ours the same is shown by `interop/app-metadata.test.ts`.
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import { metadataOf, peerOf } from "../../src/index.ts";
import { encodeProperties } from "../../src/wire/metadata.ts";
import { bound, join, type Open, withSockets } from "../support/sockets.ts";

/** An authenticator that lets everybody in, as `anonymous`, and says `Hello: World` of them. */
async function authenticate(open: Open): Promise<void> {
  const handler = open("router");
  await handler.bind("inproc://zeromq.zap.01");
  void (async () => {
    const metadata = encodeProperties([["Hello", Buffer.from("World")]]);
    for await (const [id, delimiter, version, requestId] of handler) {
      const envelope = [id, delimiter, version, requestId] as Buffer[];
      await handler.send([...envelope, "200", "OK", "anonymous", metadata]);
    }
  })();
}

test("test_metadata: User-Id, Socket-Type, Peer-Address and the authenticator's properties are on each message", () =>
  withSockets(async (open) => {
    await authenticate(open);
    const server = open("dealer", { zapDomain: "DOMAIN", messageDetails: true });
    const client = open("dealer", { metadata: { "X-App": "1" } });
    await join(server, client);
    await client.send("This is a message");
    const metadata = metadataOf(await server.receive());
    assert.deepEqual(Object.fromEntries(metadata), {
      "X-App": "1",
      Hello: "World",
      "User-Id": "anonymous",
      "Socket-Type": "DEALER",
      "Peer-Address": "127.0.0.1",
    });
    assert.equal(metadata.get("No Such"), undefined);
  }));

test("test_metadata: the user name of PLAIN, on the message that a ROUTER gives with an id before it", () =>
  withSockets(async (open) => {
    await authenticate(open);
    const server = open("router", { plainServer: true, messageDetails: true });
    const client = open("dealer", { plainUsername: "admin", plainPassword: "secret", routingId: "D" });
    await join(server, client);
    await client.send("x");
    const message = await server.receive();
    assert.equal(metadataOf(message).get("User-Id"), "anonymous");
    assert.equal(metadataOf(message).get("Routing-Id"), "D");
    assert.equal(String(peerOf(message)?.metadata.get("User-Id")), "anonymous");
    assert.deepEqual(server.peers()[0]?.metadata, peerOf(message)?.metadata);
  }));

test("test_stream: the address of a plain peer", () =>
  withSockets(async (open) => {
    const [server, client] = [open("stream", { messageDetails: true }), open("stream")];
    client.connect(await bound(server));
    const notice = await server.receive();
    assert.equal(metadataOf(notice).get("Peer-Address"), "127.0.0.1");
    const [id] = await client.receive();
    await client.send([id ?? "", "octets"]);
    assert.equal(peerOf(await server.receive()), peerOf(notice));
  }));
