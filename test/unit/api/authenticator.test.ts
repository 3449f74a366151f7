// SPDX-License-Identifier: MIT
/** The authenticator before sockets: as their `authorize`, and as the ZAP handler of their context. */
import assert from "node:assert/strict";
import { mkdtempSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import {
  type AuthenticatedPeer,
  Authenticator,
  type AuthenticatorNoticeDetails,
  type AuthenticatorOptions,
  Certificate,
  metadataOf,
  type Socket,
} from "../../../src/index.ts";
import {
  bound,
  join as joined,
  married,
  nextEvent,
  type Open,
  turns,
  within,
  withSockets,
} from "../../support/sockets.ts";

const ANN = { plainUsername: "ann", plainPassword: "open sesame" } as const;
const GUESS = { plainUsername: "ann", plainPassword: "guess" } as const;

/** Which of the two a client meets: `"in"`, or the status with which it is refused. */
async function outcome(server: Socket, client: Socket, endpoint: string): Promise<string> {
  const refused = new Promise<string>((resolve) => {
    server.events.once("handshake:error:auth", ({ error }) => resolve(String(error.status)));
  });
  const inside = nextEvent(server, "handshake").then(() => "in");
  client.connect(endpoint);
  return within(5000, "an outcome", Promise.race([refused, inside]));
}

/** A PLAIN server, alone with its authenticator or with the handler of its context, and how clients fare. */
async function tryAll(
  open: Open,
  options: AuthenticatorOptions,
  how: "authorize" | "serve",
  ...clients: readonly object[]
): Promise<string[]> {
  const authenticator = new Authenticator(options);
  if (how === "serve") await authenticator.serve(open.context);
  const server = open("rep", { plainServer: true, ...(how === "serve" ? {} : { authorize: authenticator }) });
  const endpoint = await bound(server);
  const outcomes: string[] = [];
  for (const each of clients) {
    outcomes.push(await outcome(server, open("req", { reconnectInterval: -1, ...each }), endpoint));
  }
  await authenticator.close();
  return outcomes;
}

for (const how of ["authorize", "serve"] as const) {
  test(`${how}: passwords, addresses and domains decide`, () =>
    withSockets(async (open) => {
      const passwords = { ann: "open sesame" };
      const local = { ...ANN };
      for (const [options, expected] of [
        [{}, ["400", "400"]],
        [{ passwords }, ["in", "400"]],
        [{ passwords, allow: "127.0.0.0/8" }, ["in", "400"]],
        [{ passwords, allow: ["192.0.2.1"] }, ["400", "400"]],
        [{ passwords, deny: "127.0.0.1" }, ["400", "400"]],
        [{ passwords, deny: "192.0.2.0/24" }, ["in", "400"]],
        [{ passwords, domains: { other: {} } }, ["in", "400"]],
        [{ passwords, domains: { "": { passwords: { ann: "guess" } } } }, ["400", "in"]],
        [{ passwords, authorize: () => false }, ["400", "400"]],
        [{ authorize: ({ password }) => password === "guess" }, ["400", "in"]],
        [{ passwords: () => Promise.reject(new Error("down")) }, ["500", "500"]],
      ] as [AuthenticatorOptions, string[]][]) {
        assert.deepEqual(await tryAll(open, options, how, local, GUESS), expected, JSON.stringify(options));
      }
    }));
}

test("as a ZAP handler it gives messages their user id, and it is the one of its context", () =>
  withSockets(async (open) => {
    const authenticator = new Authenticator({ passwords: { ann: "open sesame" } });
    await authenticator.serve(open.context);
    await assert.rejects(new Authenticator().serve(open.context), { code: "EADDRINUSE" });
    const server = open("rep", { plainServer: true, messageDetails: true });
    const client = open("req", ANN);
    await joined(server, client);
    await client.send("hello");
    assert.equal(metadataOf(await server.receive()).get("User-Id"), "ann");
    await authenticator.close();
    await new Authenticator().serve(open.context);
  }));

test("NULL: a handler lets in whom no list rules out, as zauth; a socket that asks by itself wants a clear yes", () =>
  withSockets(async (open) => {
    const authenticator = new Authenticator();
    await authenticator.serve(open.context);
    const server = open("pull", { zapDomain: "things" });
    const strict = open("pull", { authorize: authenticator });
    assert.equal(await outcome(server, open("push"), await bound(server)), "in");
    const endpoint = await bound(strict);
    assert.equal(await outcome(strict, open("push"), endpoint), "400");
    authenticator.allow("127.0.0.1");
    assert.equal(await outcome(strict, open("push"), endpoint), "in");
    authenticator.forget("127.0.0.1").deny("127.0.0.1");
    assert.equal(await outcome(server, open("push"), server.lastEndpoint as string), "400");
  }));

test("a folder of certificates: who is put into it comes in, with the metadata; who is taken out does not", async () => {
  const folder = mkdtempSync(join(tmpdir(), "zeromq-ts-keys-"));
  try {
    await withSockets(async (open) => {
      const [ofServer, ofAnn, ofBob] = [0, 1, 2].map((n) => Certificate.generate({ name: `number ${n}` })) as [
        Certificate,
        Certificate,
        Certificate,
      ];
      const authenticator = new Authenticator({ certificates: folder, recheckInterval: 0 });
      const server = open("rep", {
        curveServer: true,
        ...ofServer.options,
        messageDetails: true,
        authorize: authenticator,
      });
      const endpoint = await bound(server);
      const client = (certificate: Certificate): ReturnType<typeof open<"req">> =>
        open("req", { curveServerKey: ofServer.publicKey, ...certificate.options });
      await ofAnn.savePublic(join(folder, "ann"));
      const ann = client(ofAnn);
      assert.equal(await outcome(server, ann, endpoint), "in");
      await ann.send("hello");
      const details = metadataOf(await server.receive());
      assert.deepEqual([details.get("User-Id"), details.get("name")], [ofAnn.publicKey, "number 1"]);
      await server.send("");
      assert.equal(await outcome(server, client(ofBob), endpoint), "400");
      await ofBob.savePublic(join(folder, "bob"));
      assert.equal(await outcome(server, client(ofBob), endpoint), "in");
      renameSync(join(folder, "ann"), join(folder, "ann_secret"));
      assert.equal(await outcome(server, client(ofAnn), endpoint), "400");
    });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

test("key and credentials together: a client with a known key must show its token too, and both travel in private", () =>
  withSockets(async (open) => {
    const [ofServer, ofClient] = [Certificate.generate(), Certificate.generate()];
    const tokens = new Map([[ofClient.publicKey, "t0k3n"]]);
    const server = open("rep", {
      curveServer: true,
      ...ofServer.options,
      authorize: ({ publicKey = "", metadata }) =>
        metadata.has("X-Token") && tokens.get(publicKey) === metadata.get("X-Token"),
    });
    const endpoint = await bound(server);
    const keys = { curveServerKey: ofServer.publicKey, ...ofClient.options };
    assert.equal(await outcome(server, open("req", keys), endpoint), "400");
    assert.equal(await outcome(server, open("req", { ...keys, metadata: { "X-Token": "guess" } }), endpoint), "400");
    assert.equal(await outcome(server, open("req", { ...keys, metadata: { "X-Token": "t0k3n" } }), endpoint), "in");
  }));

test("whoever fails too often has to wait, and is told nothing; others come in meanwhile", () =>
  withSockets(async (open) => {
    const authenticator = new Authenticator({
      passwords: { ann: "open sesame" },
      rateLimit: { burst: 3, perSecond: 0 },
    });
    const server = open("rep", { plainServer: true, authorize: authenticator });
    const endpoint = await bound(server);
    const tries: string[] = [];
    for (const each of [GUESS, ANN, ANN, GUESS, ANN, GUESS, ANN, GUESS]) {
      tries.push(await outcome(server, open("req", { reconnectInterval: -1, ...each }), endpoint));
    }
    assert.deepEqual(tries, ["400", "in", "in", "400", "in", "400", "300", "300"]);
    const other = open("req", ANN);
    const inside = nextEvent(server, "handshake");
    other.connect(endpoint.replace("tcp://", "tcp://127.0.0.2:0;"));
    await within(5000, "the other", inside);
    const { allowed, denied, limited, failed, pending, addresses } = authenticator.statistics();
    assert.deepEqual([allowed, denied, limited, failed, pending, addresses], [4, 3, 2, 0, 0, 1]);
    const unlimited = new Authenticator({ rateLimit: false });
    const asked = { address: "192.0.2.1", domain: "", mechanism: "PLAIN", signal: new AbortController().signal };
    for (let i = 0; i < 200; i += 1) await unlimited.authorize(asked as never);
    assert.deepEqual(unlimited.statistics(), {
      allowed: 0,
      denied: 200,
      limited: 0,
      failed: 0,
      pending: 0,
      addresses: 0,
    });
  }));

test("what it tells: whom it let in, whom not and why, and never a password", () =>
  withSockets(async (open) => {
    const authenticator = new Authenticator({
      passwords: (name) => (name === "ann" ? true : Promise.reject(new Error("down"))),
    });
    const allowed: AuthenticatorNoticeDetails["allowed"][] = [];
    const denied: AuthenticatorNoticeDetails["denied"][] = [];
    const never = (peer: AuthenticatedPeer): void => assert.fail(JSON.stringify(peer));
    authenticator.on("allowed", (each) => allowed.push(each)).on("denied", (each) => denied.push(each));
    authenticator.on("allowed", never).off("allowed", never);
    const server = open("rep", { plainServer: true, zapDomain: "d", authorize: authenticator });
    const endpoint = await bound(server);
    await outcome(server, open("req", ANN), endpoint);
    await outcome(server, open("req", { plainUsername: "bob", plainPassword: "open sesame" }), endpoint);
    const peer = { mechanism: "PLAIN", domain: "d", address: "127.0.0.1", publicKey: undefined };
    assert.deepEqual(allowed, [{ ...peer, username: "ann", userId: "ann" }]);
    const [{ error, ...refusal } = { error: undefined }] = denied;
    assert.deepEqual(refusal, { ...peer, username: "bob", status: 500, reason: "authorize failed: down" });
    assert.equal((error as Error).message, "down");
    assert.doesNotMatch(JSON.stringify([allowed, denied]), /sesame/);
  }));

test("a file that cannot be read is told, and lets nobody in; once it is there it does", async () => {
  const folder = mkdtempSync(join(tmpdir(), "zeromq-ts-passwords-"));
  try {
    await withSockets(async (open) => {
      const passwordFile = join(folder, "passwords");
      const authenticator = new Authenticator({ passwordFile, certificates: join(folder, "none"), recheckInterval: 0 });
      const problems: string[] = [];
      authenticator.on("problem", ({ path }) => problems.push(path));
      const server = open("rep", { plainServer: true, authorize: authenticator });
      const endpoint = await bound(server);
      assert.equal(await outcome(server, open("req", ANN), endpoint), "400");
      assert.deepEqual(problems, [passwordFile]);
      writeFileSync(passwordFile, "ann=open sesame\n");
      assert.equal(await outcome(server, open("req", ANN), endpoint), "in");
    });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

test("a handler keeps no program alive, ends with its context, and answers what is no question with 400", () =>
  withSockets(async (open) => {
    const authenticator = new Authenticator();
    await authenticator.serve(open.context);
    const asker = open("req");
    asker.connect("inproc://zeromq.zap.01");
    for (const [request, text] of [
      [["1.0", "7"], /6 parts/],
      [["2.0", "7", "", "", "", "NULL"], /version 1.0/],
      [["1.0", "7", "", "", "", "CURVE"], /0 parts of credentials/],
      [["1.0", "7", "", "", "", "PLAIN", "a", "b", "c"], /3 parts/],
    ] as const) {
      await asker.send([...request]);
      const answer = (await asker.receive()).map(String);
      assert.deepEqual([answer.length, answer[0], answer[1], answer[2]], [6, "1.0", "7", "400"]);
      assert.match(answer[3] as string, text);
    }
    await asker.send(["1.0", "8", "d", "192.0.2.1", "id", "NULL"]);
    assert.deepEqual((await asker.receive()).map(String), ["1.0", "8", "200", "OK", "", ""]);
    await open.context.terminate();
    await turns();
    await authenticator.close();
  }));

test("options that are wrong are told at once", () => {
  for (const options of [
    { allow: "nonsense" },
    { deny: ["1.2.3.4/40"] },
    { rateLimit: { burst: -1 } },
    { recheckInterval: -1 },
  ]) {
    assert.throws(() => new Authenticator(options), { code: "EINVAL" }, JSON.stringify(options));
  }
  for (const options of [null, { passwords: "x" }, { rules: {} }, { rateLimit: { bust: 1 } }, { keys: ["x"] }]) {
    assert.throws(() => new Authenticator(options as AuthenticatorOptions), TypeError, JSON.stringify(options));
  }
  assert.throws(() => new Authenticator().configure(5 as unknown as string, {}), TypeError);
});

test("an application's own function may ask an authenticator, and say more", () =>
  withSockets(async (open) => {
    const authenticator = new Authenticator({ passwords: { ann: "open sesame" } });
    const server = open("rep", {
      plainServer: true,
      authorize: async (question) => question.port !== undefined && authenticator.authorize(question),
    });
    const both = married(server);
    const client = open("req", ANN);
    client.connect(await bound(server));
    await within(5000, "the client", both);
  }));
