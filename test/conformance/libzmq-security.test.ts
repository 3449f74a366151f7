// SPDX-License-Identifier: MIT
/**
 * Who is let in, as libzmq's test_security_null, test_security_plain and test_security_no_zap_handler pin it. What an authenticator
 * answers, and what both sides are told, is in `libzmq-handshake-events.test.ts`.
 */
import assert from "node:assert/strict";
import { boundTo, eventOf, type OpenEither, receiveSoon, testBoth } from "../support/implementations.ts";
import { RawPeer } from "../support/peers/raw-peer.ts";
import { within } from "../support/sockets.ts";

/** An authenticator that lets one domain in, and one name with its password. */
async function authenticate(open: OpenEither): Promise<string[][]> {
  const handler = open("rep");
  await handler.bind("inproc://zeromq.zap.01");
  const asked: string[][] = [];
  void (async () => {
    for await (const request of handler) {
      const [version, id, domain, address, routingId, mechanism, ...credentials] = request.map(String);
      asked.push([domain, address, routingId, mechanism, ...credentials] as string[]);
      const isGood = mechanism === "NULL" ? domain === "TEST" : credentials.join() === "admin,password";
      await handler.send([version as string, id as string, isGood ? "200" : "400", "text", "anonymous", ""]);
    }
  })().catch(() => {});
  return asked;
}

/** A question and its answer: both sides have let each other in. */
async function bounce(server: ReturnType<typeof openDealer>, client: ReturnType<typeof openDealer>): Promise<void> {
  await client.send(["12345678ABCDEFGH", "2"]);
  assert.deepEqual(await receiveSoon(server), ["12345678ABCDEFGH", "2"]);
  await server.send("back");
  assert.deepEqual(await receiveSoon(client), ["back"]);
}

function openDealer(open: OpenEither, options: object = {}) {
  return open("dealer", options);
}

testBoth("NULL without a domain asks nobody, and lets everybody in", async (open) => {
  const asked = await authenticate(open);
  const [server, client] = [openDealer(open), openDealer(open)];
  client.connect(await boundTo(server));
  await bounce(server, client);
  assert.deepEqual(asked, []);
});

testBoth("NULL with a domain asks, and lets in whom the authenticator lets in", async (open) => {
  const asked = await authenticate(open);
  for (const zapDomain of ["WRONG", "TEST"]) {
    const [server, client] = [openDealer(open, { zapDomain }), openDealer(open)];
    const refused = eventOf(server, zapDomain === "WRONG" ? "handshake:error:auth" : "handshake");
    client.connect(await boundTo(server));
    await within(3000, zapDomain, refused);
    if (zapDomain === "TEST") await bounce(server, client);
  }
  assert.deepEqual(asked, [
    ["WRONG", "127.0.0.1", "", "NULL"],
    ["TEST", "127.0.0.1", "", "NULL"],
  ]);
});

testBoth("PLAIN: the right name and password come in, and the authenticator is told whom they want", async (open) => {
  const asked = await authenticate(open);
  const server = openDealer(open, { routingId: "IDENT", zapDomain: "test", plainServer: true });
  const client = openDealer(open, { plainUsername: "admin", plainPassword: "password" });
  client.connect(await boundTo(server));
  await bounce(server, client);
  assert.deepEqual(asked, [["test", "127.0.0.1", "IDENT", "PLAIN", "admin", "password"]]);
});

for (const [what, options] of [
  ["a wrong password", { plainUsername: "admin", plainPassword: "wrong" }],
  ["a client that takes itself for a server", { plainServer: true, zapDomain: "test" }],
  ["a client without PLAIN", {}],
] as const) {
  testBoth(`PLAIN: ${what} is not let in, and nothing of it is heard`, async (open) => {
    await authenticate(open);
    const server = openDealer(open, { zapDomain: "test", plainServer: true, handshakeInterval: 200 });
    const client = openDealer(open, { ...options, reconnectInterval: -1, handshakeInterval: 200 });
    const gone = eventOf(server, "disconnect");
    client.connect(await boundTo(server));
    await client.send("sneaky");
    await within(3000, "the end", gone);
    assert.equal(await receiveSoon(server, 20), undefined);
  });
}

for (const [what, options] of [
  ["PLAIN", { plainServer: true }],
  ["NULL with a domain", { zapDomain: "TEST" }],
] as const) {
  testBoth(`${what}: a peer of a version without authentication is not heard`, async (open) => {
    await authenticate(open);
    const server = openDealer(open, options);
    await using peer = await RawPeer.connect(await boundTo(server));
    await peer.write("01 00 08 00 'sneaky' 00");
    await within(3000, "the end", peer.closed());
    assert.equal(await receiveSoon(server, 20), undefined);
  });
}

for (const zapEnforceDomain of [false, true]) {
  const outcome = zapEnforceDomain ? "nobody is let in" : "everybody is let in";
  testBoth(
    `a domain without an authenticator: ${outcome} when it is ${zapEnforceDomain ? "" : "not "}enforced`,
    async (open) => {
      const [server, client] = [openDealer(open, { zapDomain: "TEST", zapEnforceDomain }), openDealer(open)];
      const told = eventOf(server, zapEnforceDomain ? "handshake:error:other" : "handshake");
      client.connect(await boundTo(server));
      await within(3000, "the handshake", told);
      if (!zapEnforceDomain) await bounce(server, client);
    },
  );
}
