// SPDX-License-Identifier: MIT
import assert from "node:assert/strict";
import { test } from "node:test";
import { ByteQueue } from "../../../src/base/bytes.ts";
import { GreetingNegotiation, type GreetingSetup, type PeerProtocol } from "../../../src/wire/greeting.ts";
import { loadVectors, octets, splits, type Vector } from "../../vectors/load.ts";

interface Expectation {
  sent: string;
  protocol: PeerProtocol;
  rest: number;
}

const DEALER: GreetingSetup = { mechanism: "NULL", socketTypeId: 5, routingIdLength: 0 };

/** Runs a negotiation until it has an outcome, as an engine does. */
function negotiate(setup: GreetingSetup, chunks: readonly Buffer[]): Expectation {
  const negotiation = new GreetingNegotiation(setup);
  const input = new ByteQueue();
  const sent: Uint8Array[] = [];
  let protocol: PeerProtocol | undefined;
  for (const chunk of chunks) {
    input.push(chunk);
    while (protocol === undefined) {
      const step = negotiation.next(input);
      if (step === undefined) break;
      if ("send" in step) sent.push(step.send);
      else protocol = step.protocol;
    }
  }
  assert.ok(protocol !== undefined, "no outcome");
  return { sent: Buffer.concat(sent).toString("hex"), protocol, rest: input.length };
}

for (const vector of loadVectors<Expectation>("greeting") as (Vector<Expectation> & { ours?: GreetingSetup })[]) {
  test(`${vector.name} (${vector.source})`, () => {
    const expected = { ...vector.expect, sent: octets(vector.expect.sent).toString("hex") };
    for (const chunks of splits(octets(vector.hex))) {
      assert.deepEqual(negotiate(vector.ours ?? DEALER, chunks), expected);
    }
  });
}

test("the signature carries the length of our routing id plus one, which ZMTP 1.0 reads as a frame's length", () => {
  const signature = (routingIdLength: number): string =>
    Buffer.from(new GreetingNegotiation({ ...DEALER, routingIdLength }).signature).toString("hex");
  assert.equal(signature(0), "ff00000000000000017f");
  assert.equal(signature(5), "ff00000000000000067f");
  assert.equal(signature(255), "ff00000000000001007f");
});

test("each part of our greeting goes out at the earliest octet that allows it", () => {
  const negotiation = new GreetingNegotiation(DEALER);
  const input = new ByteQueue();
  const theirs = octets("ff 00*8 7f 03 01 4e554c4c 00*16 00 00*31");
  const sentAt = new Map<number, number>();
  for (let i = 0; i < theirs.length; i += 1) {
    input.push(theirs.subarray(i, i + 1));
    const step = negotiation.next(input);
    if (step !== undefined && "send" in step) sentAt.set(i + 1, step.send.length);
    if (i + 1 < theirs.length) assert.ok(step === undefined || "send" in step);
    else assert.ok(step !== undefined && "protocol" in step);
  }
  assert.deepEqual(
    [...sentAt],
    [
      [10, 1],
      [11, 53],
    ],
  );
});

test("two of us agree on ZMTP 3.1", () => {
  const sides = [DEALER, { ...DEALER, mechanism: "CURVE", routingIdLength: 7 }].map((setup) => {
    const negotiation = new GreetingNegotiation(setup);
    return { negotiation, input: new ByteQueue(), outcome: undefined as PeerProtocol | undefined };
  });
  const [a, b] = sides as [(typeof sides)[0], (typeof sides)[0]];
  a.input.push(b.negotiation.signature);
  b.input.push(a.negotiation.signature);
  for (let turn = 0; turn < 10; turn += 1) {
    const [self, other] = turn % 2 === 0 ? [a, b] : [b, a];
    const step = self.outcome === undefined ? self.negotiation.next(self.input) : undefined;
    if (step !== undefined && "send" in step) other.input.push(step.send);
    else if (step !== undefined) self.outcome = step.protocol;
  }
  assert.deepEqual(a.outcome, { version: "3.1", mechanism: "CURVE", asServer: false, major: 3, minor: 1 });
  assert.deepEqual(b.outcome, { version: "3.1", mechanism: "NULL", asServer: false, major: 3, minor: 1 });
});

test("a peer that wants TLS is told apart from one with ZMTP 1.0", () => {
  const next = (...octets: number[]): unknown => {
    const input = new ByteQueue();
    input.push(Uint8Array.from(octets));
    return new GreetingNegotiation(DEALER).next(input);
  };
  assert.equal(next(0x16), undefined);
  assert.deepEqual(next(0x16, 0), { protocol: { version: "1.0" } });
  assert.throws(() => next(0x16, 3), /the peer speaks TLS; it connects with tls\+tcp:/);
});
