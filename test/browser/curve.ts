// SPDX-License-Identifier: MIT
/**
 * CURVE in pages and workers, as clients of servers of this library: questions and subscriptions, what is on the wire, and who does not get in.
 * libzmq cannot be asked: it knows mechanisms only by names that browsers do not allow (RFC 45).
 */
import assert from "node:assert/strict";
import { curveKeyPair, Publisher, Reply } from "../../src/index.ts";
import { RecordingRelay } from "../support/recording-relay.ts";
import type { Place } from "./browsers.ts";

const keys = curveKeyPair();
const own = curveKeyPair();
const curveServer = { curveServer: true, curveSecretKey: keys.secretKey, linger: 0 } as const;

/** With the server's key alone, so that the page is anybody. */
async function asks(place: Place): Promise<void> {
  await using reply = new Reply(curveServer);
  await reply.bind("ws://127.0.0.1:*");
  await using relay = await RecordingRelay.before((reply.lastEndpoint as string).replace("ws:", "tcp:"));
  const asked = place.run(
    async ({ Request }, { to, curveServerKey }) => {
      const request = new Request({ linger: 0, curveServerKey });
      request.connect(to);
      await request.send("a question that is secret");
      const [answer] = await request.receive();
      await request.close();
      return new TextDecoder().decode(answer);
    },
    { to: relay.endpoint.replace("tcp:", "ws:"), curveServerKey: keys.publicKey },
  );
  const [question] = await reply.receive();
  assert.equal(String(question), "a question that is secret");
  await reply.send("an answer that is secret");
  assert.equal(await asked, "an answer that is secret");
  assert.match(String(relay.toServer), /Sec-WebSocket-Protocol: ZWS2\.0-CURVE\r\n/i);
  assert.ok(relay.toClient.includes("\x07MESSAGE"));
  // What clients send is masked.
  for (const seen of [relay.toClient, unmasked(relay.toServer)]) assert.ok(!seen.includes("secret"));
  assert.ok(unmasked(relay.toServer).includes("\x07MESSAGE"));
}

/** All that follows the request's head, with the masks of its frames taken off (RFC 6455 §5.2). */
function unmasked(octets: Buffer): Buffer {
  const found: Buffer[] = [];
  let at = octets.indexOf("\r\n\r\n") + 4;
  while (at < octets.length) {
    const short = (octets[at + 1] as number) & 0x7f;
    const isLong = short === 126;
    assert.ok(short < 127);
    const length = isLong ? octets.readUInt16BE(at + 2) : short;
    const start = at + (isLong ? 4 : 2);
    const mask = octets.subarray(start, start + 4);
    at = start + 4 + length;
    found.push(Buffer.from(octets.subarray(start + 4, at).map((octet, i) => octet ^ (mask[i % 4] as number))));
  }
  return Buffer.concat(found);
}

/** The subscription travels sealed as well; keys are given as octets. */
async function subscribes(place: Place): Promise<void> {
  const allowed: unknown[] = [];
  await using publisher = new Publisher({
    ...curveServer,
    authorize: ({ publicKey }: { publicKey?: unknown }) => {
      allowed.push(publicKey);
      return true;
    },
  });
  await publisher.bind("ws://127.0.0.1:*");
  let isHeard = false;
  const heard = place
    .run(
      async ({ Subscriber, z85 }, { to, server, pair }) => {
        const subscriber = new Subscriber({
          linger: 0,
          curveServerKey: z85.decode(server),
          curvePublicKey: z85.decode(pair.publicKey),
          curveSecretKey: z85.decode(pair.secretKey),
        });
        subscriber.subscribe("a");
        subscriber.connect(to);
        const parts = await subscriber.receive();
        const shown = subscriber.curveServerKey === server;
        await subscriber.close();
        return [...parts.map((part) => new TextDecoder().decode(part)), shown];
      },
      { to: publisher.lastEndpoint as string, server: keys.publicKey, pair: own },
    )
    .finally(() => {
      isHeard = true;
    });
  while (!isHeard) {
    await publisher.send(["b", "not for the page"]);
    await publisher.send(["a", "for the page"]);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  assert.deepEqual(await heard, ["a", "for the page", true]);
  assert.deepEqual(allowed, [own.publicKey]);
}

/** How handshakes end, each with other options. */
function outcomes(place: Place, to: string, options: object[]): Promise<string[]> {
  return place.run(
    async ({ Request }, { endpoint, all }) => {
      const found: string[] = [];
      for (const each of all) {
        const request = new Request({ linger: 0, ...each });
        const told = new Promise<string>((resolve) => {
          request.events.on("handshake", () => resolve("in"));
          for (const type of ["handshake:error:protocol", "handshake:error:auth", "handshake:error:other"] as const) {
            request.events.on(type, ({ error }) => resolve(`${type} ${error.code}`));
          }
        });
        request.connect(endpoint);
        found.push(await told);
        await request.close();
      }
      return found;
    },
    { endpoint: to, all: options },
  );
}

/** The server cannot open the HELLO, and says nothing; it tells of it itself. */
async function wrongServer(place: Place): Promise<void> {
  await using reply = new Reply(curveServer);
  const refused = new Promise<string | undefined>((resolve) => {
    reply.events.on("handshake:error:protocol", ({ error }) => resolve(error.code));
  });
  await reply.bind("ws://127.0.0.1:*");
  const options = [
    { curveServerKey: own.publicKey },
    { curveServerKey: keys.publicKey, curvePublicKey: own.publicKey },
  ];
  const [wrong, half] = await outcomes(place, reply.lastEndpoint as string, options);
  assert.match(wrong as string, /^handshake:error:/);
  assert.equal(half, "handshake:error:protocol ERR_ZMTP_CRYPTOGRAPHIC");
  assert.equal(await refused, "ERR_ZMTP_CRYPTOGRAPHIC");
}

async function authorised(place: Place): Promise<void> {
  await using reply = new Reply({
    ...curveServer,
    authorize: ({ publicKey }: { publicKey?: unknown }) => publicKey === own.publicKey,
  });
  await reply.bind("ws://127.0.0.1:*");
  const curveServerKey = keys.publicKey;
  const pair = { curvePublicKey: own.publicKey, curveSecretKey: own.secretKey };
  const found = await outcomes(place, reply.lastEndpoint as string, [{ curveServerKey }, { curveServerKey, ...pair }]);
  assert.deepEqual(found, ["handshake:error:auth EACCES", "in"]);
}

async function longMessages(place: Place): Promise<void> {
  await using reply = new Reply(curveServer);
  await reply.bind("ws://127.0.0.1:*");
  const asked = place.run(
    async ({ Request }, { to, curveServerKey }) => {
      const request = new Request({ linger: 0, curveServerKey });
      request.connect(to);
      const sum = (octets: Uint8Array = new Uint8Array()): number => octets.reduce((all, octet) => all + octet, 0);
      const found: number[] = [];
      for (const length of [0, 1, 255, 256, 100_000]) {
        await request.send([new Uint8Array(length).fill(3), "end"]);
        found.push(sum((await request.receive())[0]));
      }
      await request.close();
      return found;
    },
    { to: reply.lastEndpoint as string, curveServerKey: keys.publicKey },
  );
  for (let i = 0; i < 5; i += 1) await reply.send(await reply.receive());
  assert.deepEqual(await asked, [0, 3, 765, 768, 300_000]);
}

async function refusals(place: Place): Promise<void> {
  const codes = await place.run(async ({ Request }) => {
    const found: unknown[] = [];
    const wrong = ["short", "_".repeat(40), new Uint8Array(31)];
    for (const options of [...wrong.map((curveServerKey) => ({ curveServerKey })), { curveServer: true }]) {
      try {
        found.push(await new Request(options).close());
      } catch (error) {
        found.push((error as { code?: string; name: string }).code ?? (error as Error).name);
      }
    }
    return found;
  }, undefined);
  assert.deepEqual(codes, ["EINVAL", "EINVAL", "EINVAL", "TypeError"]);
}

/** What is done, and where. */
export const curveScenarios: readonly (readonly [
  name: string,
  place: "page" | "worker",
  scenario: (place: Place) => Promise<void>,
])[] = [
  ["a page asks, and nobody on the way can read it", "page", asks],
  ["a worker asks, and nobody on the way can read it", "worker", asks],
  ["a page subscribes, with keys of its own", "page", subscribes],
  ["a worker subscribes, with keys of its own", "worker", subscribes],
  ["a page with a wrong key of its server is told", "page", wrongServer],
  ["who may come in is known by its key", "page", authorised],
  ["long messages, in both directions", "worker", longMessages],
  ["keys that are none are refused at once", "worker", refusals],
];
