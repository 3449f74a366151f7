// SPDX-License-Identifier: MIT
/**
 * Authenticators of every shape (RFC 27): which sockets they may be, what each is told of the peer's address and of the asking
 * socket, and what becomes of those who wait when one comes or goes. What they may answer is in `libzmq-zap.test.ts`.
 */
import assert from "node:assert/strict";
import { join } from "node:path";
import { metadataOf } from "../../src/index.ts";
import { CURVE_SERVER, curveClient, STRANGER } from "../support/curve-keys.ts";
import { testBothWatched, testOursWatched } from "../support/event-watch.ts";
import { boundTo, receiveSoon, testBoth, testOurs } from "../support/implementations.ts";
import { DOMAIN, MECHANISMS } from "../support/mechanisms.ts";
import { gate, within } from "../support/sockets.ts";
import { hasIpv6, withFolder } from "../support/tcp.ts";
import { answerZap, readQuestion, zapReply } from "../support/zap.ts";

const [, PLAIN] = MECHANISMS;
assert.ok(PLAIN !== undefined);

testBoth("a REP as authenticator answers one after another, and everybody gets in", async (open) => {
  const handler = open("rep");
  await handler.bind("inproc://zeromq.zap.01");
  const users: string[] = [];
  void (async () => {
    for await (const parts of handler) {
      const question = readQuestion(parts);
      users.push(String(question.credentials[0]));
      await handler.send(zapReply(question, 200));
    }
  })().catch(() => {});
  const server = open("pull", PLAIN.server);
  const endpoint = await boundTo(server);
  const names = Array.from({ length: 20 }, (_, i) => `user ${i}`);
  for (const name of names) {
    const client = open("push", { plainUsername: name, plainPassword: "-" });
    client.connect(endpoint);
    await client.send(name);
  }
  const heard: string[] = [];
  while (heard.length < names.length) heard.push(...((await receiveSoon(server)) as string[]));
  assert.deepEqual(heard.sort(), [...names].sort());
  assert.deepEqual(users.sort(), [...names].sort());
});

testBoth("a ROUTER as authenticator answers in any order, each client as it says", async (open) => {
  const all = gate();
  let waiting = 0;
  await answerZap(open, async (question) => {
    if (++waiting === 8) all.resolve();
    await all.promise;
    // The last who asked is answered first.
    for (let turns = 10 * Number(question.credentials[0]); turns < 80; turns += 1) await Promise.resolve();
    return zapReply(question, Number(question.credentials[0]) % 2 === 0 ? 200 : 400);
  });
  const server = open("pull", PLAIN.server);
  const endpoint = await boundTo(server);
  for (let i = 0; i < 8; i += 1) {
    const client = open("push", { plainUsername: String(i), plainPassword: "-" });
    client.connect(endpoint);
    void client.send(String(i)).catch(() => {});
  }
  const heard: string[] = [];
  while (heard.length < 4) heard.push(...((await receiveSoon(server)) as string[]));
  assert.deepEqual(heard.sort(), ["0", "2", "4", "6"]);
  assert.equal(await receiveSoon(server, 20), undefined);
});

testBothWatched("an envelope that is not the asker's: ERR_ZAP_UNSPECIFIED", async (open, observe) => {
  const handler = open("router");
  observe(handler);
  await handler.bind("inproc://zeromq.zap.01");
  const server = open("dealer", PLAIN.server);
  const watch = observe(server);
  const client = open("dealer", { ...PLAIN.client, reconnectInterval: 10_000 });
  client.connect(await boundTo(server));
  const [peer] = await handler.receive();
  await handler.send([peer as Buffer, "x", "1.0", "1", "200", "", "", ""]);
  const [, , failed] = await watch.next("bind", "accept", "handshake:error:protocol");
  assert.equal(failed?.error?.code, "ERR_ZAP_UNSPECIFIED");
});

testOursWatched(
  "without a domain PLAIN cannot enforce one: bind and connect say so, where libzmq aborts the process",
  async (open) => {
    const server = open("dealer", { plainServer: true, zapEnforceDomain: true });
    const isTold = { code: "EINVAL", message: /zapDomain/ };
    await assert.rejects(server.bind("tcp://127.0.0.1:*"), isTold);
    assert.throws(() => server.connect("tcp://127.0.0.1:1"), isTold);
    server.zapDomain = "at last";
    await server.bind("tcp://127.0.0.1:*");
  },
);

testOursWatched(
  "a socket of a type that cannot answer is no authenticator: EFAULT, not silence",
  async (open, observe) => {
    for (const type of ["pull", "pub", "pair", "dealer", "server"] as const) {
      const handler = open(type);
      await handler.bind("inproc://zeromq.zap.01");
      const server = open("dealer", PLAIN.server);
      const watch = observe(server);
      const client = open("dealer", { ...PLAIN.client, reconnectInterval: -1 });
      client.connect(await boundTo(server));
      const [, , failed] = await watch.next("bind", "accept", "handshake:error:other", "disconnect");
      assert.equal(failed?.error?.code, "EFAULT");
      assert.match(failed?.error?.message ?? "", /REP|ROUTER/);
      await handler.close();
    }
  },
);

testBoth("CURVE that enforces a domain without one asks nobody: it only hides what is said", async (open) => {
  const { asked } = await answerZap(open, (question) => zapReply(question, 400));
  const server = open("pull", { ...CURVE_SERVER });
  server.zapEnforceDomain = true;
  const client = open("push", curveClient(STRANGER));
  client.connect(await boundTo(server));
  await client.send("in");
  assert.deepEqual(await receiveSoon(server), ["in"]);
  assert.deepEqual(asked, []);
});

testBoth("each server's question has its own domain and its own routing id, of any octets", async (open) => {
  const { asked } = await answerZap(open, (question) => zapReply(question, 200));
  for (const [zapDomain, routingId] of [
    ["one", Buffer.from([1, 0, 255])],
    ["zwei ☃", Buffer.alloc(255, 7)],
    ["d".repeat(200), "x"],
  ] as const) {
    const [server, client] = [open("dealer", { zapDomain, routingId: routingId as string }), open("dealer")];
    client.connect(await boundTo(server));
    await client.send("in");
    assert.deepEqual(await receiveSoon(server), ["in"]);
    const last = asked.at(-1);
    assert.equal(last?.domain, zapDomain);
    assert.deepEqual(last?.routingId, Buffer.from(routingId));
  }
});

testBoth("the authenticator is told the peer's address without its port, and IPv6 without brackets", async (open) => {
  const { asked } = await answerZap(open, (question) => zapReply(question, 200));
  const wildcards = (await hasIpv6()) ? ["tcp://127.0.0.1:*", "tcp://[::1]:*"] : ["tcp://127.0.0.1:*"];
  for (const wildcard of wildcards) {
    const server = open("pull", { zapDomain: DOMAIN, ipv6: wildcard.includes("[") });
    const client = open("push", { ipv6: true });
    client.connect(await boundTo(server, wildcard));
    await client.send("in");
    assert.deepEqual(await receiveSoon(server), ["in"]);
  }
  assert.deepEqual(
    asked.map(({ address }) => address),
    ["127.0.0.1", "::1"].slice(0, wildcards.length),
  );
});

testBoth("over ipc the peer's address begins with localhost", (open) =>
  withFolder(async (folder) => {
    const { asked } = await answerZap(open, (question) => zapReply(question, 200));
    const [server, client] = [open("pull", { zapDomain: DOMAIN }), open("push")];
    await server.bind(`ipc://${join(folder, "s")}`);
    client.connect(`ipc://${join(folder, "s")}`);
    await client.send("in");
    assert.deepEqual(await receiveSoon(server), ["in"]);
    // libzmq has the user, group and process of the peer after it; no JavaScript runtime can ask for those.
    assert.match(asked[0]?.address ?? "", /^localhost(:\d+:\d+:\d+)?$/);
  }),
);

testOurs("an IPv4 peer of an IPv6 socket is told as IPv4, so that lists of addresses need it once", async (open) => {
  const { asked } = await answerZap(open, (question) => zapReply(question, 200));
  const [server, client] = [open("pull", { zapDomain: DOMAIN, ipv6: true }), open("push")];
  await server.bind("tcp://*:*");
  client.connect(`tcp://127.0.0.1:${server.lastEndpoint?.split(":").at(-1)}`);
  await client.send("in");
  assert.deepEqual(await receiveSoon(server), ["in"]);
  assert.equal(asked[0]?.address, "127.0.0.1");
});

testBoth("inproc peers are asked nothing, whatever the domain", async (open) => {
  const { asked } = await answerZap(open, (question) => zapReply(question, 400));
  const [server, client] = [open("pull", PLAIN.server), open("push")];
  await server.bind("inproc://inside");
  client.connect("inproc://inside");
  await client.send("in");
  assert.deepEqual(await receiveSoon(server), ["in"]);
  assert.deepEqual(asked, []);
});

testBoth(
  "whoever binds asks: the side that connects has no domain, and a domain on both sides asks twice",
  async (open) => {
    const { asked } = await answerZap(open, (question) => zapReply(question, 200));
    const [server, client] = [
      open("pull", { zapDomain: "of the server" }),
      open("push", { zapDomain: "of the client" }),
    ];
    client.connect(await boundTo(server));
    await client.send("in");
    assert.deepEqual(await receiveSoon(server), ["in"]);
    assert.deepEqual(asked.map(({ domain }) => domain).sort(), ["of the client", "of the server"]);
  },
);

testBothWatched("an authenticator that comes late lets in those who try again", async (open, observe) => {
  const server = open("pull", PLAIN.server);
  const watch = observe(server);
  const client = open("push", { ...PLAIN.client, reconnectInterval: 20 });
  client.connect(await boundTo(server));
  await watch.next("bind", "accept", "handshake:error:other", "disconnect");
  await answerZap(open, (question) => zapReply(question, 200), observe);
  await watch.until("handshake");
  await client.send("in");
  assert.deepEqual(await receiveSoon(server), ["in"]);
});

testOurs("who was let in stays when the authenticator goes, and the next asks the next authenticator", async (open) => {
  const first = await answerZap(open, (question) => zapReply(question, 200, { userId: "by the first" }));
  const server = open("pull", { ...PLAIN.server, messageDetails: true });
  const endpoint = await boundTo(server);
  const enter = async (text: string): Promise<string | undefined> => {
    const client = open("push", PLAIN.client);
    client.connect(endpoint);
    await client.send(text);
    const message = await within(3000, text, server.receive());
    assert.equal(String(message[0]), text);
    return metadataOf(message).get("User-Id");
  };
  assert.equal(await enter("one"), "by the first");
  await first.close();
  await answerZap(open, (question) => zapReply(question, 200, { userId: "by the second" }));
  assert.equal(await enter("two"), "by the second");
});

testOurs("a hundred wait for an authenticator that goes: each hears of it, and none is kept", async (open) => {
  const all = gate();
  let count = 0;
  const handler = await answerZap(open, () => void (++count === 100 && all.resolve()));
  const server = open("router", PLAIN.server);
  const endpoint = await boundTo(server);
  let failed = 0;
  const over = gate();
  server.events.on("handshake:error:other", ({ error }) => {
    assert.equal((error as { code?: string }).code, "EPIPE");
    if (++failed === 100) over.resolve();
  });
  for (let i = 0; i < 100; i += 1) open("dealer", { ...PLAIN.client, reconnectInterval: -1 }).connect(endpoint);
  await within(5000, "the questions", all.promise);
  await handler.close();
  await within(5000, "the failures", over.promise);
  assert.deepEqual(server.peers(), []);
});

for (const { name, server: ofServer, client: ofClient } of MECHANISMS) {
  testOurs(`${name}: the user and the properties that the authenticator says are on every message`, async (open) => {
    const metadata = Buffer.from("\x05Hello\0\0\0\x05World\x05Level\0\0\0\x01\xff", "latin1");
    await answerZap(open, (question) => zapReply(question, 200, { userId: "alice", metadata }));
    const server = open("pull", { ...ofServer, messageDetails: true });
    const client = open("push", { ...ofClient, metadata: { "X-App": "mine", "X-Hello": "peer" } });
    client.connect(await boundTo(server));
    for (const text of ["first", "second"]) {
      await client.send(text);
      const message = await server.receive();
      const told = metadataOf(message);
      assert.deepEqual([told.get("User-Id"), told.get("Hello"), told.get("X-App")], ["alice", "World", "mine"]);
      assert.equal(told.get("Socket-Type"), "PUSH");
      assert.equal(told.get("Peer-Address"), "127.0.0.1");
    }
  });

  testOurs(`${name}: what a peer says of itself cannot pass for what the authenticator said`, async (open) => {
    await answerZap(open, (question) => zapReply(question, 200, { userId: "bob" }));
    const server = open("pull", { ...ofServer, messageDetails: true });
    const client = open("push", { ...ofClient, metadata: { "X-User-Id": "root" } });
    client.connect(await boundTo(server));
    await client.send("x");
    assert.equal(metadataOf(await server.receive()).get("User-Id"), "bob");
  });
}
