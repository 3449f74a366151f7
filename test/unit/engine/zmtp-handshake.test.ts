// SPDX-License-Identifier: MIT
/** The beginning of a connection, octet by octet: greeting, versions, mechanisms, and the many ways in which it can fail. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { AuthenticationError, ProtocolError, ZmqError } from "../../../src/base/errors.ts";
import type { Negotiation } from "../../../src/engine/dialect.ts";
import { streamDialect } from "../../../src/engine/stream-dialect.ts";
import { ZmtpEngine } from "../../../src/engine/zmtp-engine.ts";
import { PlainClient, PlainServer } from "../../../src/security/plain.ts";
import { EngineRig, type RigOptions } from "../../support/engine-rig.ts";
import { octets, text } from "../../support/pattern-host.ts";
import {
  command,
  frame,
  frame1,
  greeting,
  greeting2,
  hex,
  message,
  property,
  ready,
  SIGNATURE,
} from "../../support/zmtp-octets.ts";

function rigOf(options: Partial<RigOptions> = {}): EngineRig {
  const rig = new EngineRig({
    createEngine: (connection, setup, host) => new ZmtpEngine(connection, setup, host, streamDialect),
    ...options,
  });
  rig.engine.start();
  return rig;
}

/** What a version looks like from the peer's side, and what this side answers. */
const versions = [
  { name: "3.1", says: greeting(1) + ready("PAIR"), hears: greeting(1) + ready("PAIR"), frame: message },
  { name: "3.0", says: greeting(0) + ready("PAIR"), hears: greeting(1) + ready("PAIR"), frame: message },
  { name: "3.7", says: greeting(7) + ready("PAIR"), hears: greeting(1) + ready("PAIR"), frame: message },
  {
    name: "2.0",
    says: greeting2(0) + frame(""),
    hears: `${SIGNATURE}0300${frame("")}`,
    frame: message,
  },
  {
    name: "2.0, revision 0",
    says: greeting2(0, 0) + frame1(""),
    hears: `${SIGNATURE}0300${frame1("")}`,
    frame: frame1,
  },
  { name: "1.0", says: frame1(""), hears: SIGNATURE, frame: frame1 },
] as const;

for (const version of versions) {
  test(`a peer that speaks ZMTP ${version.name} is greeted, and exchanges messages`, () => {
    for (const step of [0, 1, 3]) {
      const rig = rigOf();
      rig.send("queued");
      const says = version.says + version.frame("hello");
      if (step === 0) rig.arrive(says);
      else for (let i = 0; i < says.length; i += step * 2) rig.arrive(says.slice(i, i + step * 2));
      assert.equal(rig.sent(), version.hears + version.frame("queued"), `in steps of ${step}`);
      assert.deepEqual(rig.receiveAll(), [["hello"]]);
      assert.ok(!rig.isOver);
      assert.ok(rig.peer !== undefined);
      assert.equal(rig.peer.wantsEverything, version.name === "1.0");
      assert.equal(rig.clock.running, 0, "the handshake's timer is stopped");
    }
  });
}

test("routing ids are announced by REQ, DEALER and ROUTER, and to peers before 3.0 by every type", () => {
  for (const type of ["REQ", "DEALER", "ROUTER"]) {
    const rig = rigOf({ type, options: { routingId: octets("me") } });
    rig.arrive(greeting(), ready("ROUTER", "you"));
    assert.ok(rig.sent().endsWith(ready(type, "me")));
    assert.equal(text(rig.peer?.routingId as Uint8Array), "you");
  }
  const rep = rigOf({ type: "REP", options: { routingId: octets("me") } });
  rep.arrive(greeting());
  assert.ok(rep.sent().endsWith(ready("REP")));
  const old = rigOf({ type: "REP", options: { routingId: octets("me") } });
  old.arrive(greeting2(3), frame("you"));
  assert.ok(old.sent().endsWith(frame("me")));
  assert.equal(text(old.peer?.routingId as Uint8Array), "you");
});

test("to a peer that speaks ZMTP 1.0 the signature is the header of the routing id, which follows it bare", () => {
  const rig = rigOf({ type: "DEALER", options: { routingId: octets("me") } });
  rig.arrive(frame1("you"));
  assert.equal(rig.sent(), `ff00000000000000037f${hex("me")}`);
  assert.equal(text(rig.peer?.routingId as Uint8Array), "you");
});

test("the session hears the peer's type and address, and every property", () => {
  const rig = rigOf({ properties: [["X-Hello", octets("world")]] });
  rig.arrive(greeting(), command("READY", property("socket-TYPE", "PAIR") + property("X-App", "1")));
  assert.equal(rig.peer?.socketType, "PAIR");
  assert.equal(rig.peer?.address, "192.0.2.7:5555");
  assert.equal(text(rig.peer?.metadata.get("X-App") as Uint8Array), "1");
  assert.ok(rig.sent().includes(hex(property("X-Hello", "world"))));
});

test("a peer that names no socket type is let in", () => {
  const rig = rigOf();
  rig.arrive(greeting(), command("READY"));
  assert.ok(!rig.isOver);
  assert.ok(rig.peer !== undefined && rig.peer.socketType === undefined);
});

test("a command without octets is refused when it has come, and nothing after it is waited for", () => {
  const rig = rigOf();
  rig.arrive(greeting(), "0400");
  const error = rig.ended?.error;
  assert.ok(error instanceof ProtocolError);
  assert.equal(error.protocolError, "ZMTP_MALFORMED_COMMAND_UNSPECIFIED");
});

test("a peer that the session turns away loses its connection, still within the handshake", () => {
  const rig = rigOf();
  rig.onHandshake = () => {
    throw new ProtocolError("ZMTP_INVALID_METADATA", "no such peer");
  };
  rig.arrive(greeting(), ready("REQ"), message("x"));
  assert.equal(rig.ended?.duringHandshake, true);
  assert.ok(rig.ended?.error instanceof ProtocolError);
  assert.deepEqual(rig.receiveAll(), []);
  assert.ok(rig.connection.isEnded);
});

test("where the session has nobody to serve the peer, the connection goes without a word", () => {
  const rig = rigOf();
  rig.onHandshake = () => false;
  rig.arrive(greeting(), ready("PAIR"), message("x"));
  assert.ok(!rig.isOver);
  assert.ok(rig.connection.isDestroyed);
  assert.equal(rig.clock.running, 0);
});

const broken: [name: string, octets: string[], code: string][] = [
  ["a mechanism that this side does not use", [greeting(1, "CURVE")], "ZMTP_MECHANISM_MISMATCH"],
  ["a mechanism of another case", [greeting(1, "null")], "ZMTP_MECHANISM_MISMATCH"],
  ["a message before the handshake is done", [greeting(), message("early")], "ZMTP_UNEXPECTED_COMMAND"],
  ["a command that has no place there", [greeting(), command("HELLO")], "ZMTP_UNEXPECTED_COMMAND"],
  ["a command without a name", [greeting(), frame("\u0000", 4)], "ZMTP_MALFORMED_COMMAND_UNSPECIFIED"],
  ["READY with half a property", [greeting(), command("READY", "\u000bSock")], "ZMTP_MALFORMED_COMMAND_READY"],
  ["an ERROR", [greeting(), command("ERROR", "\u0002no")], "ZMTP_UNSPECIFIED"],
  ["an ERROR without its reason", [greeting(), command("ERROR")], "ZMTP_MALFORMED_COMMAND_ERROR"],
  ["a command where a routing id must come", [greeting2(0), command("READY")], "ZMTP_UNSPECIFIED"],
  ["a frame of no length in ZMTP 1.0", ["00", "00"], "ZMTP_UNSPECIFIED"],
];

for (const [name, says, code] of broken) {
  test(`${name} ends the connection`, () => {
    const rig = rigOf();
    rig.arrive(...says);
    assert.equal(rig.ended?.duringHandshake, true, name);
    assert.ok(rig.ended?.error instanceof ProtocolError);
    assert.equal(rig.ended.error.protocolError, code);
    assert.equal(rig.clock.running, 0);
    rig.arrive("00", "ff");
    rig.connection.lose();
  });
}

test("before the handshake is done, a frame longer than 64 KiB is refused without waiting for it", () => {
  for (const length of ["0000000000010001", "00000000ffffffff", "7fffffffffffffff", "ffffffffffffffff"]) {
    const rig = rigOf();
    rig.arrive(greeting(), `06${length}`);
    assert.equal(rig.ended?.error?.code, "EMSGSIZE");
    assert.ok(rig.ended?.error instanceof ProtocolError);
  }
});

test("a socket that asks for security refuses peers that know none", () => {
  for (const says of [greeting2(0), frame1("")]) {
    const rig = rigOf({ requiresSecurity: true });
    rig.arrive(says);
    assert.ok(rig.ended?.error instanceof ProtocolError);
  }
});

test("a handshake has its time, whatever the peer sends meanwhile", () => {
  for (const says of ["", SIGNATURE, greeting(), greeting2(0)]) {
    const rig = rigOf({ options: { handshakeInterval: 100 } });
    rig.arrive(says);
    rig.clock.advance(99);
    assert.ok(!rig.isOver);
    rig.clock.advance(1);
    assert.equal(rig.ended?.error?.code, "ETIMEDOUT");
    assert.equal(rig.ended?.duringHandshake, true);
    assert.equal(rig.clock.running, 0);
  }
});

test("a handshake interval of 0 lets the peer take any time", () => {
  const rig = rigOf({ options: { handshakeInterval: 0 } });
  assert.equal(rig.clock.running, 0);
  rig.clock.advance(1e9);
  rig.arrive(greeting(), ready("PAIR"), message("x"));
  assert.deepEqual(rig.receive(), ["x"]);
});

test("a connection that is lost during the handshake is reported as such", () => {
  const rig = rigOf();
  rig.arrive(greeting());
  rig.connection.lose(new ZmqError("ECONNRESET", "reset"));
  assert.deepEqual([rig.ended?.error?.code, rig.ended?.duringHandshake], ["ECONNRESET", true]);
  assert.equal(rig.clock.running, 0);
});

test("PLAIN: the server asks the authenticator, then lets the client in", () => {
  const server = rigOf({ mechanism: () => new PlainServer(), requiresSecurity: true });
  server.arrive(greeting(1, "PLAIN"), command("HELLO", "\u0004user\u0004word"));
  assert.deepEqual(server.question?.credentials.map(text), ["user", "word"]);
  assert.deepEqual([server.question?.mechanism, server.question?.address], ["PLAIN", "192.0.2.7:5555"]);
  assert.equal(server.sent(), greeting(1, "PLAIN"));
  server.question?.reply({ status: 200, text: "OK", userId: octets("u1"), metadata: new Map([["Rank", octets("7")]]) });
  assert.equal(server.sent(), command("WELCOME"));
  server.arrive(command("INITIATE", property("Socket-Type", "PAIR")) + message("x"));
  assert.equal(server.sent(), ready("PAIR"));
  assert.deepEqual(server.receive(), ["x"]);
  assert.equal(text(server.peer?.metadata.get("User-Id") as Uint8Array), "u1");
  assert.equal(text(server.peer?.metadata.get("Rank") as Uint8Array), "7");
});

test("PLAIN: 400 and 500 are told to the client, 300 just ends the connection", () => {
  for (const status of [300, 400, 500]) {
    const server = rigOf({ mechanism: () => new PlainServer() });
    server.arrive(greeting(1, "PLAIN"), command("HELLO", "\u0001u\u0001p"));
    server.sent();
    server.question?.reply({ status, text: "no", userId: octets(""), metadata: new Map() });
    assert.equal(server.sent(), status === 300 ? "" : command("ERROR", `\u0003${status}`));
    assert.ok(server.ended?.error instanceof AuthenticationError);
    assert.equal(server.ended.error.status, status);
    assert.ok(server.connection.isEnded, "what was said last still leaves");
  }
});

test("PLAIN: a client that is refused hears with which status", () => {
  const client = rigOf({ mechanism: () => new PlainClient("user", "word") });
  client.arrive(greeting(1, "PLAIN"));
  assert.ok(client.sent().endsWith(command("HELLO", "\u0004user\u0004word")));
  client.arrive(command("ERROR", "\u0003400"));
  assert.ok(client.ended?.error instanceof AuthenticationError);
  assert.equal(client.ended.error.status, 400);
});

test("without an authenticator a PLAIN server lets nobody in", () => {
  const server = rigOf({ mechanism: () => new PlainServer() });
  server.arrive(greeting(1, "PLAIN"), command("HELLO", "\u0001u\u0001p"));
  server.question?.reply(undefined);
  assert.equal(server.ended?.error?.code, "EFAULT");
});

test("an authenticator that fails ends the handshake; one that answers too late changes nothing", () => {
  const server = rigOf({ mechanism: () => new PlainServer() });
  server.arrive(greeting(1, "PLAIN"), command("HELLO", "\u0001u\u0001p"));
  server.question?.failed(new ZmqError("EPIPE", "gone"));
  assert.equal(server.ended?.error?.code, "EPIPE");
  const late = rigOf({ mechanism: () => new PlainServer() });
  late.arrive(greeting(1, "PLAIN"), command("HELLO", "\u0001u\u0001p"));
  late.clock.advance(30000);
  assert.equal(late.ended?.error?.code, "ETIMEDOUT");
  assert.ok(late.hasTakenBack);
  late.question?.reply({ status: 200, text: "OK", userId: octets(""), metadata: new Map() });
  late.question?.failed(new ZmqError("EPIPE", "gone"));
});

test("while the authenticator thinks, a peer cannot fill this side's memory", () => {
  const server = rigOf({ mechanism: () => new PlainServer() });
  server.arrive(greeting(1, "PLAIN"), command("HELLO", "\u0001u\u0001p"));
  const flood = Buffer.alloc(65536);
  for (let i = 0; i < 50; i += 1) server.connection.receive(flood);
  assert.ok(server.connection.isPaused);
  assert.ok(server.connection.unread > 45);
  server.question?.reply({ status: 200, text: "OK", userId: octets(""), metadata: new Map() });
  assert.ok(server.ended?.error instanceof ProtocolError, "and then what it sent is judged");
});

test("a client that sends ahead while the authenticator thinks loses nothing", () => {
  const server = rigOf({ mechanism: () => new PlainServer() });
  const ahead = command("INITIATE", property("Socket-Type", "PAIR")) + message("x".repeat(200000)) + message("last");
  server.arrive(greeting(1, "PLAIN"), command("HELLO", "\u0001u\u0001p"));
  for (let i = 0; i < ahead.length; i += 50000) server.arrive(ahead.slice(i, i + 50000));
  server.question?.reply({ status: 200, text: "OK", userId: octets(""), metadata: new Map() });
  assert.equal(server.receiveAll().length, 2);
  assert.ok(!server.isOver);
  assert.equal(server.connection.isPaused, false);
});

test("a dialect without a greeting begins with the mechanism's handshake", () => {
  const protocol = { version: "3.1", mechanism: "NULL", asServer: false, major: 3, minor: 1 } as const;
  const negotiate = (): Negotiation => ({ signature: new Uint8Array(0), next: () => ({ protocol }) });
  const dialect = { ...streamDialect, negotiate };
  const rig = rigOf({ createEngine: (...parts) => new ZmtpEngine(...parts, dialect) });
  assert.equal(rig.sent(), ready("PAIR"));
  rig.arrive(ready("PAIR") + message("hello"));
  assert.equal(rig.peer?.socketType, "PAIR");
});
