// SPDX-License-Identifier: MIT
/** How both sides of a WebSocket connection find out what they speak, and how runs are spelt. */
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { test } from "node:test";
import { ByteQueue } from "../../../src/base/bytes.ts";
import type { Negotiation } from "../../../src/engine/dialect.ts";
import { ZwsDialect, type ZwsSetup } from "../../../src/engine/zws-dialect.ts";
import type { PeerProtocol } from "../../../src/wire/greeting.ts";
import { PoisonedSlabs } from "../../support/engine-rig.ts";

const crypto = {
  digest: (text: string): string => createHash("sha1").update(text).digest("base64"),
  nextMask: (): number => 0x01020304,
  createKey: (): string => "dGhlIHNhbXBsZSBub25jZQ==",
};
const greeting = (mechanism: string) => ({ mechanism, socketTypeId: 0, routingIdLength: 0 });
const dialect = (setup: Partial<ZwsSetup> = {}): ZwsDialect => new ZwsDialect({ crypto, closing: () => {}, ...setup });

/** One side, and what it has to say. */
class Side {
  readonly input = new ByteQueue();
  readonly sent: Uint8Array[];
  protocol: PeerProtocol | undefined;
  private readonly negotiation: Negotiation;

  constructor(negotiation: Negotiation) {
    this.negotiation = negotiation;
    this.sent = [negotiation.signature];
  }

  take(octets: Uint8Array): void {
    this.input.push(octets);
    while (this.protocol === undefined) {
      const step = this.negotiation.next(this.input);
      if (step === undefined) return;
      if ("send" in step) this.sent.push(step.send);
      else this.protocol = step.protocol;
    }
  }

  get said(): Buffer {
    return Buffer.concat(this.sent.splice(0));
  }
}

function client(mechanism = "NULL"): Side {
  const target = { host: "localhost:1", path: "/feed" };
  return new Side(dialect({ target }).negotiate(greeting(mechanism)));
}

function server(mechanism = "NULL", setup: Partial<ZwsSetup> = {}): Side {
  return new Side(dialect(setup).negotiate(greeting(mechanism)));
}

test("both sides agree on the mechanism that both have", () => {
  for (const mechanism of ["NULL", "PLAIN", "CURVE"]) {
    const paths: string[] = [];
    const [asking, answering] = [client(mechanism), server(mechanism, { asked: ({ path }) => paths.push(path) })];
    for (const octet of asking.said) answering.take(Uint8Array.of(octet));
    for (const octet of answering.said) asking.take(Uint8Array.of(octet));
    for (const { protocol } of [asking, answering]) {
      assert.deepEqual(protocol, { version: "3.0", mechanism, asServer: false, major: 3, minor: 0 });
    }
    assert.deepEqual(paths, ["/feed"]);
  }
});

test("a client without a mechanism is taken for one of ZMTP 2.0, by sockets without one", () => {
  const ask = (): Buffer => Buffer.from(String(client().said).replace("ZWS2.0/NULL,ZWS2.0", "chat, ZWS2.0"));
  const answering = server();
  answering.take(ask());
  assert.equal(answering.protocol?.version, "2.0");
  assert.match(String(answering.said), /Sec-WebSocket-Protocol: ZWS2.0\r\n/);
  const secure = server("CURVE");
  assert.throws(() => secure.take(ask()), { code: "ERR_WS_UNSPECIFIED" });
  assert.match(String(secure.said), /^HTTP\/1\.1 400 [^]*ZWS2\.0\/CURVE/);
});

test("different mechanisms end in an answer that says which there are", () => {
  const [asking, answering] = [client("PLAIN"), server("NULL")];
  assert.throws(() => answering.take(asking.said), /speaks none, but ZWS2\.0\/NULL or ZWS2\.0/);
  assert.throws(() => asking.take(answering.said), /400 Bad Request/);
});

test("a peer of another kind is told apart, and named", () => {
  assert.throws(() => server().take(Buffer.of(0xff, 0)), /ZMTP/);
  assert.throws(() => server().take(Buffer.of(0x16, 3)), /wss/);
  assert.throws(() => client().take(Buffer.of(0xff, 0)), /tcp:\/\//);
  assert.throws(() => client().take(Buffer.of(0x15, 3)), /wss/);
  assert.throws(() => client().take(Buffer.from("SSH-2.0")), /no ws:\/\/ endpoint/);
});

test("the farewell is a close, masked where a client says it", () => {
  const slabs = new PoisonedSlabs();
  assert.deepEqual(Buffer.from(dialect().farewell(slabs)), Buffer.of(0x88, 0));
  const target = { host: "a", path: "/" };
  assert.deepEqual(Buffer.from(dialect({ target }).farewell(slabs)), Buffer.of(0x88, 0x80, 1, 2, 3, 4));
});
