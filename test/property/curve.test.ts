// SPDX-License-Identifier: MIT
/**
 * CURVE's laws: what one side seals the other opens, as the plain twin does; what was touched anywhere, cut off, lengthened,
 * sent twice or in another order is refused, and so is every command of a handshake that is not as it was sent.
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { ProtocolError } from "../../src/base/errors.ts";
import { CurveArmour } from "../../src/security/curve-armour.ts";
import { NONCES, PeerCount } from "../../src/security/curve-octets.ts";
import type { Command } from "../../src/wire/command.ts";
import { COMMAND, MORE } from "../../src/wire/frame.ts";
import { pairing, sealedBy, shakeHands } from "../support/curve.ts";
import { openPlainly, sealPlainly } from "../twins/curve.ts";

const both = await pairing();
const { crypto } = both.library;

const parts = fc.array(
  fc.record({
    flags: fc.constantFrom(0, MORE, COMMAND, MORE | COMMAND),
    body: fc.oneof(fc.uint8Array({ maxLength: 100 }), fc.uint8Array({ minLength: 2000, maxLength: 5000 })),
  }),
  { maxLength: 8 },
);

/** RFC 26: more is 1, a command 2. */
function inBox(flags: number): number {
  return (flags & MORE ? 1 : 0) + (flags & COMMAND ? 2 : 0);
}

/** Both ends of one direction, with a key that the twin may know. */
function ends(): { key: Uint8Array; from: CurveArmour; to: CurveArmour } {
  const key = crypto.random(32);
  const sending = { key, prefix: NONCES.fromClient };
  const receiving = { key, prefix: NONCES.fromServer };
  return {
    key,
    from: new CurveArmour(crypto, sending, 3, receiving, new PeerCount()),
    to: new CurveArmour(crypto, receiving, 2, sending, new PeerCount()),
  };
}

test("armour seals and opens as its plain twin does", () => {
  fc.assert(
    fc.property(parts, (list) => {
      const { key, from, to } = ends();
      let count = 3n;
      for (const { flags, body } of list) {
        const sealed = Buffer.from(sealedBy(from, body, flags));
        assert.ok(sealed.equals(sealPlainly(crypto, key, "CurveZMQMESSAGEC", count, inBox(flags), body)), "sealed");
        const plain = openPlainly(crypto, key, "CurveZMQMESSAGEC", count - 1n, sealed);
        const opened = Buffer.from(to.open(sealed));
        assert.ok(opened.equals(Buffer.from(body)) && to.flags === flags, "opened");
        assert.ok(plain?.body.equals(opened) && plain.flags === inBox(flags), "opened plainly");
        count += 1n;
      }
    }),
    { numRuns: 50 },
  );
});

test("a MESSAGE of which one bit was turned is refused, whichever it is", () => {
  const { from } = ends();
  const sealed = sealedBy(from, Buffer.from("some words"), 1);
  for (let bit = 0; bit < sealed.length * 8; bit += 1) {
    const { to } = shake(from);
    const touched = Uint8Array.from(sealed);
    touched[bit >> 3] = (touched[bit >> 3] as number) ^ (1 << (bit & 7));
    assert.throws(() => to.open(touched), ProtocolError, `bit ${bit}`);
  }
  assert.equal(Buffer.from(shake(from).to.open(Uint8Array.from(sealed))).toString(), "some words");

  /** Another receiver of the same direction, which has had nothing yet. */
  function shake(armour: CurveArmour): { to: CurveArmour } {
    const { sending } = armour as unknown as { sending: { key: Uint8Array; prefix: Uint8Array } };
    return { to: new CurveArmour(crypto, { ...sending, prefix: NONCES.fromServer }, 2, sending, new PeerCount()) };
  }
});

test("a MESSAGE that was cut off anywhere, or lengthened, is refused", () => {
  const armour = shakeHands(both);
  const sealed = sealedBy(armour.client, Buffer.from("some words"));
  for (let length = 0; length < sealed.length; length += 1) {
    const { client, server } = shakeHands(both);
    const cut = sealedBy(client, Buffer.from("some words")).subarray(0, length);
    assert.throws(() => server.open(cut), ProtocolError, `${length} octets`);
  }
  for (const more of [1, 16, 100]) {
    const { client, server } = shakeHands(both);
    const longer = Buffer.concat([sealedBy(client, Buffer.from("some words")), Buffer.alloc(more)]);
    assert.throws(() => server.open(longer), ProtocolError, `${more} octets more`);
  }
});

test("a MESSAGE opens once, after those before it, for its own connection and direction only", () => {
  const { client, server } = shakeHands(both);
  const [first, second, third] = ["1", "2", "3"].map((text) => sealedBy(client, Buffer.from(text)));
  const copy = (frame: Uint8Array | undefined): Uint8Array => Uint8Array.from(frame as Uint8Array);
  server.open(copy(second));
  for (const old of [first, second]) {
    assert.throws(() => server.open(copy(old)), { protocolError: "ZMTP_INVALID_SEQUENCE" });
  }
  assert.throws(() => client.open(copy(third)), { protocolError: "ZMTP_CRYPTOGRAPHIC" });
  assert.throws(() => shakeHands(both).server.open(copy(third)), { protocolError: "ZMTP_CRYPTOGRAPHIC" });
  assert.equal(Buffer.from(server.open(copy(third))).toString(), "3");
});

test("a handshake of which one bit of one command was turned does not end well, whichever it is", () => {
  const turned = fc.tuple(fc.nat(3), fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }), fc.nat(7));
  fc.assert(
    fc.property(turned, ([index, where, bit]) => {
      const { client, server } = both.begin();
      server.go();
      let command = client.go() as Command;
      for (let i = 0; i < 4; i += 1) {
        let data = command.data;
        if (i === index) {
          data = Uint8Array.from(data);
          const at = Math.floor(where * data.length);
          // Zeros that only make a HELLO long: nobody looks at them.
          if (command.name === "HELLO" && at >= 2 && at < 74) return;
          data[at] = (data[at] as number) ^ (1 << bit);
        }
        const to = i % 2 === 0 ? server : client;
        if (i === index) {
          assert.throws(() => to.go({ name: command.name, data }), ProtocolError, command.name);
          return;
        }
        command = to.go({ name: command.name, data }) as Command;
      }
    }),
    { numRuns: 150 },
  );
});
