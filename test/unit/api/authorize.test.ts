// SPDX-License-Identifier: MIT
/** The option `authorize`: who comes in, what is asked, and what becomes of each answer, with NULL and with PLAIN. */
import assert from "node:assert/strict";
import { test } from "node:test";
import type { AuthorizeOption } from "../../../src/auth/authorization.ts";
import type { AuthorizationQuestion, Verdict } from "../../../src/auth/question.ts";
import type { EventOfType, Socket } from "../../../src/index.ts";
import { metadataOf } from "../../../src/index.ts";
import {
  bound,
  join,
  married,
  type Open,
  receiveTexts,
  stateOf,
  turns,
  within,
  withSockets,
} from "../../support/sockets.ts";

const PLAIN = { plainUsername: "ann", plainPassword: "open sesame" } as const;

/** The next event of a type, with all that it carries. */
function event<T extends "handshake:error:auth" | "handshake:error:other">(
  socket: Socket,
  type: T,
): Promise<EventOfType<T>> {
  return within(5000, type, new Promise((resolve) => socket.events.once(type, resolve)));
}

/** A PLAIN server that decides so, and a client that tries; what the server is told. */
async function refusal(
  open: Open,
  authorize: AuthorizeOption,
): Promise<{ status: number; text: string; cause: unknown; seen: string }> {
  const server = open("rep", { plainServer: true, authorize });
  const client = open("req", { ...PLAIN, reconnectInterval: -1 });
  const endpoint = await bound(server);
  const atServer = event(server, "handshake:error:auth");
  const atClient = Promise.race([event(client, "handshake:error:auth"), event(client, "handshake:error:other")]);
  client.connect(endpoint);
  const { error } = await atServer;
  const { error: told } = await atClient;
  const seen = String((told as { status?: number }).status ?? told.code);
  return { status: error.status, text: error.message, cause: error.cause, seen };
}

test("three lines protect a socket: who is known comes in, and messages say who it was", () =>
  withSockets(async (open) => {
    const server = open("rep", {
      plainServer: true,
      messageDetails: true,
      authorize: async ({ username, password }) => username === "ann" && password === "open sesame",
    });
    const client = open("req", PLAIN);
    await join(server, client);
    await client.send("hello");
    const message = await server.receive();
    assert.equal(metadataOf(message).get("User-Id"), "ann");
    assert.equal(server.peers()[0]?.isConnected, true);
  }));

test("NULL is decided by the address and by what the peer says of itself", () =>
  withSockets(async (open) => {
    const asked: AuthorizationQuestion[] = [];
    const server = open("rep", {
      zapDomain: "things",
      messageDetails: true,
      authorize: (question) => {
        asked.push(question);
        return question.metadata.get("X-Token") === "secret" && { userId: "thing", metadata: { "X-Role": "sensor" } };
      },
    });
    const good = open("req", { metadata: { "X-Token": "secret" }, routingId: "r" });
    const endpoint = await join(server, good);
    await good.send("hello");
    const details = metadataOf(await server.receive());
    assert.deepEqual(
      [details.get("User-Id"), details.get("X-Role"), details.get("X-Token")],
      ["thing", "sensor", "secret"],
    );
    const [question] = asked;
    assert.ok(question !== undefined);
    const { mechanism, domain, address, port, publicKey, username, password, principal, metadata, signal } = question;
    assert.deepEqual([mechanism, domain, address, typeof port], ["NULL", "things", "127.0.0.1", "number"]);
    assert.deepEqual([publicKey, username, password, principal], [undefined, undefined, undefined, undefined]);
    assert.deepEqual([metadata.get("Socket-Type"), metadata.get("Identity"), signal.aborted], ["REQ", "r", false]);

    const bad = open("req", { metadata: { "X-Token": "guess" } });
    const refused = event(bad, "handshake:error:auth");
    bad.connect(endpoint);
    assert.equal((await refused).error.status, 400);
  }));

test("with NULL both sides may ask about each other", () =>
  withSockets(async (open) => {
    const seen: string[] = [];
    const authorize = ({ metadata }: AuthorizationQuestion): boolean => seen.push(String(metadata.get("X-Name"))) > 0;
    const one = open("pair", { authorize, metadata: { "X-Name": "one" } });
    const other = open("pair", { authorize, metadata: { "X-Name": "other" } });
    await join(one, other);
    assert.deepEqual(seen.toSorted(), ["one", "other"]);
    await one.send("a");
    assert.deepEqual(await receiveTexts(other), ["a"]);
  }));

test("the side that connects refuses too, and nothing that was sent meanwhile is delivered", () =>
  withSockets(async (open) => {
    const puller = open("pull", { authorize: () => false });
    const pusher = open("push");
    const endpoint = await bound(pusher);
    const refused = event(puller, "handshake:error:auth");
    puller.connect(endpoint);
    await pusher.send("for nobody");
    assert.equal((await refused).error.status, 400);
    assert.equal(puller.tryReceive(), undefined);
  }));

test("whatever is no clear yes is a no", () =>
  withSockets(async (open) => {
    for (const verdict of [
      false,
      undefined,
      null,
      1,
      "yes",
      {},
      { id: 3, name: "ann" },
      [],
      { status: 201 },
      { status: "200" },
    ]) {
      const { status, seen } = await refusal(open, () => verdict as Verdict);
      assert.deepEqual([status, seen], [400, "400"], JSON.stringify(verdict));
    }
  }));

test("a refusal has the status and the reason that were given; 300 is not told", () =>
  withSockets(async (open) => {
    for (const [status, seen] of [
      [300, "EPIPE"],
      [400, "400"],
      [500, "500"],
    ] as const) {
      const told = await refusal(open, () => ({ status, reason: `because of ${status}` }));
      assert.deepEqual([told.status, told.seen], [status, seen]);
      assert.match(told.text, new RegExp(`because of ${status}`));
    }
  }));

test("what throws or rejects is 500, with the reason in the event, and nothing is unhandled", () =>
  withSockets(async (open) => {
    const mistakes: (() => Verdict | Promise<Verdict>)[] = [
      () => {
        throw new Error("no database");
      },
      () => Promise.reject(new Error("no database")),
    ];
    for (const authorize of mistakes) {
      const { status, text, cause, seen } = await refusal(open, authorize);
      assert.deepEqual([status, seen], [500, "500"]);
      assert.match(text, /authorize failed: no database/);
      assert.equal((cause as Error).message, "no database");
    }
    const nonsense = await refusal(open, () => ({ userId: 5 }) as unknown as Verdict);
    assert.deepEqual([nonsense.status, nonsense.seen], [500, "500"]);
    const badName = await refusal(open, () => ({ metadata: { "not a name": "x" } }));
    assert.match(badName.text, /not a name/);
  }));

test("it alone decides: a ZAP handler of the context is not asked", () =>
  withSockets(async (open) => {
    const handler = open("rep");
    await handler.bind("inproc://zeromq.zap.01");
    const server = open("rep", { plainServer: true, zapDomain: "global", authorize: () => true });
    await join(server, open("req", PLAIN));
    assert.equal(handler.tryReceive(), undefined);
  }));

test("a slow answer is waited for as long as handshakeInterval, and then nobody waits for it", () =>
  withSockets(async (open) => {
    let asked: AuthorizationQuestion | undefined;
    const server = open("rep", {
      plainServer: true,
      handshakeInterval: 50,
      authorize: (question) => {
        asked = question;
        return new Promise(() => {});
      },
    });
    const client = open("req", { ...PLAIN, reconnectInterval: -1 });
    const endpoint = await bound(server);
    const failed = event(server, "handshake:error:other");
    client.connect(endpoint);
    await failed;
    assert.equal(asked?.signal.aborted, true);
  }));

test("a question whose connection is gone is aborted", () =>
  withSockets(async (open) => {
    const question = new Promise<AuthorizationQuestion>((resolve) => {
      const server = open("rep", { plainServer: true, authorize: (each) => (resolve(each), new Promise(() => {})) });
      void bound(server).then((endpoint) => {
        client.connect(endpoint);
      });
    });
    const client = open("req", PLAIN);
    const { signal } = await within(5000, "the question", question);
    assert.equal(signal.aborted, false);
    const aborted = new Promise<void>((resolve) => {
      signal.addEventListener("abort", () => resolve());
    });
    await client.close();
    await within(5000, "the abort", aborted);
  }));

test("only so many questions of one address wait at a time: the others are asked to come again", () =>
  withSockets(async (open) => {
    let answer = (): void => {};
    const whether = new Promise<boolean>((resolve) => {
      answer = () => resolve(true);
    });
    let questions = 0;
    const server = open("router", {
      plainServer: true,
      authorize: () => {
        questions += 1;
        return whether;
      },
    });
    const endpoint = await bound(server);
    const turnedAway = event(server, "handshake:error:auth");
    const clients = Array.from({ length: 70 }, () => open("dealer", { ...PLAIN, reconnectInterval: 20 }));
    const all = married(...clients);
    for (const client of clients) client.connect(endpoint);
    assert.equal((await turnedAway).error.status, 300);
    assert.ok(questions <= 64, `${questions} questions`);
    answer();
    await within(10_000, "all clients", all);
  }));

test("a set of keys admits nobody without CURVE", () =>
  withSockets(async (open) => {
    const { status, text } = await refusal(open, new Set(["Yne@$w-vo<fVvi]a<NY6T1ed:M$fCG*[IaLV{hID"]));
    assert.equal(status, 400);
    assert.match(text, /only CURVE clients/);
  }));

test("a client of PLAIN that sets it is told so, rather than to admit a server that nobody was asked about", () =>
  withSockets(async (open) => {
    const server = open("rep", { plainServer: true, authorize: () => true });
    const client = open("req", { ...PLAIN, authorize: () => true });
    const endpoint = await bound(server);
    const failed = event(client, "handshake:error:auth");
    client.connect(endpoint);
    assert.match((await failed).error.message, /plainServer or curveServer/);
  }));

test("sockets without a handshake cannot have it", () =>
  withSockets(async (open) => {
    const stream = open("stream", { authorize: () => true });
    await assert.rejects(stream.bind("tcp://127.0.0.1:*"), { code: "EINVAL" });
    assert.throws(() => stream.connect("tcp://127.0.0.1:1"), { code: "EINVAL" });
    const router = open("router", { authorize: () => true, routerRaw: true });
    assert.throws(() => router.bindSync("tcp://127.0.0.1:*"), { code: "EINVAL" });
  }));

test("what is set is what is read; null takes it away; anything else is a TypeError", () =>
  withSockets(async (open) => {
    const authorize = (): boolean => true;
    const server = open("rep", { authorize });
    assert.equal(server.authorize, authorize);
    server.authorize = null;
    assert.equal(server.authorize, null);
    await join(server, open("req"));
    for (const wrong of [1, true, "Yne@$w-vo<fVvi]a<NY6T1ed:M$fCG*[IaLV{hID", {}, ["short"], new Set([1])]) {
      assert.throws(() => Object.assign(server, { authorize: wrong }), TypeError, JSON.stringify(wrong));
    }
  }));

test("peers of ZMTP before 3.0 know no security and are refused", () =>
  withSockets(async (open) => {
    const { connect } = await import("node:net");
    const server = open("pull", { authorize: () => true });
    const endpoint = await bound(server);
    const failed = new Promise((resolve) => server.events.once("handshake:error:protocol", resolve));
    const old = connect(Number(endpoint.split(":").at(-1)), "127.0.0.1");
    // ZMTP 1.0: the length of a routing id, its flags, the id.
    old.write(Buffer.of(2, 0, 65));
    await within(5000, "the refusal", failed);
    old.destroy();
    await turns();
    assert.equal(await stateOf(server.receive()), "pending");
  }));
