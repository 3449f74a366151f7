// SPDX-License-Identifier: MIT
/** RFC 23 where it differs from RFC 37, and RFC 24 (PLAIN). The sentences are in `sentences/rfc23-24.ts`. */
import assert from "node:assert/strict";
import { type Sut, turns, until } from "./implementation.ts";
import { clause, type Lab, ON_THE_WIRE } from "./laboratory.ts";
import { encodeProperties, greeting, octets, parseProperties } from "./wire-octets.ts";
import { type WirePeer } from "./wire-peer.ts";

const wire = { over: ON_THE_WIRE };
const old = { minor: 0 };

// ── RFC 23 ───────────────────────────────────────────────────────────────────────────────────────────────────────

clause(
  "23/greeting/higher-versions",
  async (lab) => {
    const peer = await lab.wire(await lab.bound("PULL"));
    peer.write(greeting(old));
    assert.deepEqual([...(await peer.read(64)).subarray(10, 12)], [3, 1]);
    assert.equal((await peer.command())[0], "READY");
  },
  wire,
);

clause(
  "23/null/both-ready",
  async (lab) => {
    const accepting = await lab.wire(await lab.bound("PULL"));
    await accepting.introduce({ type: "PUSH", ...old });
    const listener = await lab.listen();
    const connecting = lab.open("PUSH");
    connecting.api.connect(listener.endpoint);
    await (await listener.accept()).introduce({ type: "PULL", ...old });
    await connecting.next("handshake");
  },
  wire,
);

clause(
  "23/null/ready-first",
  async (lab) => {
    const peer = await lab.wire(await lab.bound("PULL"));
    peer.write(greeting(old));
    await peer.read(64);
    assert.equal((await peer.command())[0], "READY"); // this side has not sent its own
  },
  wire,
);

clause(
  "23/null/no-names",
  async (lab) => {
    const sut = await lab.bound("ROUTER");
    const peer = await lab.wire(sut);
    peer.write(greeting(old));
    peer.sendCommand("READY", encodeProperties({ "SOCKET-TYPE": "DEALER", IDENTITY: "named" }));
    peer.send("hello");
    assert.deepEqual(await sut.receive(), ["named", "hello"]);
    const nameless = await lab.wire(sut);
    nameless.write(greeting(old));
    nameless.sendCommand("READY", "\0\0\0\0\x01v");
    await nameless.ended();
  },
  { ...wire, notOnLibzmq: "it compares names with regard to case, and takes names without a letter" },
);

clause(
  "23/pubsub/subscribe",
  async (lab) => {
    const sut = await lab.bound("SUB");
    const peer = await lab.wire(sut);
    await peer.introduce({ type: "PUB", ...old });
    await sut.next("handshake");
    for (const topic of ["", "topic", "t".repeat(300)]) {
      sut.api.subscribe(octets(topic));
      sut.touch();
      assert.deepEqual(await peer.receive(), [`\x01${topic}`]);
    }
  },
  wire,
);

clause(
  "23/pubsub/unsubscribe",
  async (lab) => {
    const sut = await lab.bound("SUB");
    const peer = await lab.wire(sut);
    await peer.introduce({ type: "PUB", ...old });
    await sut.next("handshake");
    sut.touch();
    for (const topic of ["", "topic", "t".repeat(300)]) {
      sut.api.subscribe(octets(topic));
      sut.api.unsubscribe(octets(topic));
      assert.deepEqual([await peer.receive(), await peer.receive()], [[`\x01${topic}`], [`\x00${topic}`]]);
    }
  },
  wire,
);

clause(
  "23/pubsub/publisher-filters",
  async (lab) => {
    const sut = await lab.bound("XPUB");
    const peer = await lab.wire(sut);
    await peer.introduce({ type: "SUB", ...old });
    peer.send("\x01wanted");
    assert.deepEqual(await sut.receive(), ["\x01wanted"]);
    for (const topic of ["unwanted", "wanted", "", "wanted too"]) await sut.send(topic);
    assert.deepEqual([await peer.receive(), await peer.receive()], [["wanted"], ["wanted too"]]);
  },
  wire,
);

clause(
  "23/pubsub/additive",
  async (lab) => {
    const sut = await lab.bound("SUB");
    const peer = await lab.wire(sut);
    await peer.introduce({ type: "PUB", ...old });
    await sut.next("handshake");
    sut.touch();
    for (const topic of ["A", "A", ""]) {
      sut.api.subscribe(octets(topic));
      assert.deepEqual(await peer.receive(), [`\x01${topic}`]);
    }
    sut.api.unsubscribe(octets("A")); // one is left
    sut.api.unsubscribe(octets(""));
    assert.deepEqual(await peer.receive(), ["\x00"]);
    for (const topic of ["B", "A", "AB", ""]) peer.send(topic);
    assert.deepEqual([await sut.receive(), await sut.receive()], [["A"], ["AB"]]);
  },
  wire,
);

// ── RFC 24 ───────────────────────────────────────────────────────────────────────────────────────────────────────

/** The server's side on libzmq, with authenticators in programs of their own, is in `test/interop/plain.test.ts`. */
const server24 = {
  ...wire,
  notOnLibzmq: "an authenticator that comes and goes within the program makes it abort, or wait for ever, now and then",
};

const HELLO = "\x04user\x08password";

/** A client under test, after the greetings. */
async function client(lab: Lab, type: "PUSH" | "DEALER" = "DEALER"): Promise<{ sut: Sut; peer: WirePeer }> {
  const sut = lab.open(type, { plainUsername: "user", plainPassword: "password" });
  const listener = await lab.listen();
  sut.api.connect(listener.endpoint);
  const peer = await listener.accept();
  peer.write(greeting({ mechanism: "PLAIN", asServer: 1 }));
  peer.theirGreeting = await peer.read(64);
  return { sut, peer };
}

/** A server under test, which lets in whoever shows the right password, after the greetings. */
async function server(lab: Lab, type: "PUSH" | "DEALER" = "DEALER"): Promise<{ sut: Sut; peer: WirePeer }> {
  const options = await lab.authenticator(([, , , , , ...credentials]) => credentials.join() === "PLAIN,user,password");
  const sut = await lab.bound(type, { ...options, plainServer: true });
  const peer = await lab.wire(sut);
  peer.write(greeting({ mechanism: "PLAIN" }));
  peer.theirGreeting = await peer.read(64);
  return { sut, peer };
}

clause(
  "24/plain/hello",
  async (lab) => {
    const { peer } = await client(lab);
    assert.equal(peer.theirGreeting.toString("latin1", 12, 32), "PLAIN".padEnd(20, "\0"));
    assert.equal((await peer.frame()).body.toString("latin1"), `\x05HELLO${HELLO}`);
  },
  wire,
);

clause(
  "24/plain/welcome",
  async (lab) => {
    const { peer } = await server(lab);
    peer.sendCommand("HELLO", HELLO);
    assert.deepEqual(await peer.command(), ["WELCOME", ""]);
  },
  server24,
);

clause(
  "24/plain/reject",
  async (lab) => {
    const { sut, peer } = await server(lab);
    peer.sendCommand("HELLO", "\x04user\x05wrong");
    await until(() => peer.waiting > 0 || peer.hasEnded);
    const answer = (await peer.read(peer.waiting)).toString("latin1");
    assert.ok(["", "\x04\x0a\x05ERROR\x03400"].includes(answer), answer);
    const error = (await sut.next("handshake:error")).error as { status?: number } | undefined;
    assert.equal(error?.status, 400);
    assert.equal(sut.seen("handshake"), 0);
  },
  server24,
);

clause(
  "24/plain/initiate",
  async (lab) => {
    const { peer } = await client(lab);
    assert.equal((await peer.command())[0], "HELLO");
    peer.sendCommand("WELCOME");
    const [name, data] = await peer.command();
    assert.equal(name, "INITIATE");
    assert.deepEqual(parseProperties(octets(data)), { "Socket-Type": "DEALER", Identity: "" });
  },
  wire,
);

clause(
  "24/plain/ready",
  async (lab) => {
    const { sut, peer } = await server(lab);
    peer.sendCommand("HELLO", HELLO);
    assert.equal((await peer.command())[0], "WELCOME");
    peer.sendCommand("INITIATE", encodeProperties({ "Socket-Type": "DEALER" }));
    const [name, data] = await peer.command();
    assert.equal(name, "READY");
    assert.deepEqual(parseProperties(octets(data)), { "Socket-Type": "DEALER", Identity: "" });
    await sut.next("handshake");
    peer.send("hello");
    assert.deepEqual(await sut.receive(), ["hello"]);
  },
  server24,
);

clause(
  "24/plain/client-messages",
  async (lab) => {
    const { sut, peer } = await client(lab, "PUSH");
    await sut.send("queued");
    assert.equal((await peer.command())[0], "HELLO");
    peer.sendCommand("WELCOME");
    assert.equal((await peer.command())[0], "INITIATE");
    await turns();
    assert.equal(peer.waiting, 0, "nothing before READY");
    peer.sendCommand("READY", encodeProperties({ "Socket-Type": "PULL" }));
    assert.deepEqual(await peer.receive(), ["queued"]);
  },
  wire,
);

clause(
  "24/plain/server-messages",
  async (lab) => {
    const { sut, peer } = await server(lab, "PUSH");
    const sending = sut.send("for whoever comes");
    peer.sendCommand("HELLO", HELLO);
    assert.equal((await peer.command())[0], "WELCOME");
    peer.sendCommand("INITIATE", encodeProperties({ "Socket-Type": "PULL" }));
    assert.equal((await peer.command())[0], "READY");
    assert.deepEqual(await peer.receive(), ["for whoever comes"]);
    await sending;
  },
  server24,
);

clause(
  "24/plain/order",
  async (lab) => {
    const metadata = encodeProperties({ "Socket-Type": "DEALER" });
    for (const name of ["READY", "HELLO", "INITIATE"]) {
      const { peer } = await client(lab);
      assert.equal((await peer.command())[0], "HELLO");
      peer.sendCommand(name, metadata);
      await peer.ended();
    }
    if (lab.implementation.name === "libzmq") return; // as in `server24`
    for (const [name, data] of [
      ["INITIATE", metadata],
      ["READY", metadata],
      ["WELCOME", ""],
      ["HELLO", "\x04use"],
    ] as const) {
      const { peer } = await server(lab);
      peer.sendCommand(name, data);
      await peer.ended();
    }
    const { sut, peer } = await server(lab);
    peer.sendCommand("HELLO", HELLO);
    assert.equal((await peer.command())[0], "WELCOME");
    peer.send("too early");
    await peer.ended();
    assert.equal(sut.seen("handshake"), 0);
  },
  wire,
);
