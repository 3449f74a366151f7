// SPDX-License-Identifier: MIT
/**
 * PGM's laws: whatever octets come, the reader gives a packet within them or nothing; and whatever the network loses, a subscriber
 * gets each message of each source in order, or is told that packets are lost.
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import { blankData, NAK, nak, ODATA, RDATA, readPacket, sealData, sourceNamed, spm } from "../../src/wire/pgm.ts";
import { FAST, FakeNetwork, GROUP } from "../support/pgm-network.ts";
import { fc, runs } from "./runs.ts";

const source = sourceNamed("0102030405061234", 7500);

/** A packet in which some octets are others, with or without a checksum. */
const almost = fc
  .tuple(
    fc.oneof(
      fc.uint8Array({ maxLength: 40 }).map((data) => {
        const octets = blankData(source, 5, data.length);
        octets.set(data, 24);
        return sealData(octets, ODATA, 1);
      }),
      fc.array(fc.nat(), { minLength: 1, maxLength: 63 }).map((list) => nak(NAK, source, list, GROUP, GROUP)),
      fc.boolean().map((isLast) => spm(source, { sequence: 1, trail: 0, lead: 5, address: GROUP, isLast })),
    ),
    fc.array(fc.tuple(fc.nat(400), fc.nat(255)), { maxLength: 4 }),
    fc.nat(400),
  )
  .map(([octets, changes, end]) => {
    const copy = Uint8Array.from(octets);
    for (const [at, value] of changes) copy[at % copy.length] = value;
    // No checksum: whatever the changes, they are looked at.
    if (copy[4] !== ODATA && copy[4] !== RDATA) copy.fill(0, 6, 8);
    else if (copy.length >= 24) sealData(copy, copy[4], 1);
    return copy.subarray(0, Math.max(0, copy.length - (end > 300 ? end - 300 : 0)));
  });

test("whatever comes, a packet is within its octets, or it is nothing", () => {
  fc.assert(
    fc.property(fc.oneof(fc.uint8Array({ maxLength: 80 }), almost), (octets) => {
      const packet = readPacket(octets);
      if (packet === undefined) return;
      assert.ok(
        packet.data.length <= octets.length && packet.data.buffer.byteLength <= Math.max(octets.buffer.byteLength, 0),
      );
      assert.ok(packet.others.length <= 62);
      assert.match(packet.source, /^[0-9a-f]{16}$/);
    }),
    runs(2000),
  );
});

test("whatever comes, nobody fails, and a good publisher is still heard", () => {
  fc.assert(
    fc.property(fc.array(almost, { maxLength: 30 }), (junk) => {
      const net = new FakeNetwork();
      const [sub, pub] = [net.join("SUB"), net.join("PUB")];
      pub.send("found");
      net.clock.advance(200);
      const good = net.seen.at(-1)?.source;
      assert.deepEqual(sub.receiveAll(), [["found"]]);
      for (const octets of junk) {
        // Who takes the good publisher's name speaks for it: PGM has nothing against that.
        if (readPacket(octets)?.source !== good) net.inject(octets);
        net.clock.advance(7);
      }
      sub.receiveAll();
      pub.send("fine");
      net.clock.advance(200);
      assert.deepEqual(sub.receiveAll(), [["fine"]]);
      pub.engine.stop();
      sub.engine.stop();
      // The goodbye travels.
      net.clock.advance(5);
      assert.equal(net.clock.running, 0);
    }),
    runs(100),
  );
});

/** What a network does to each packet, the same way each time. */
const weather = fc.record({
  seed: fc.integer(),
  percent: fc.integer({ min: 1, max: 20 }),
  sizes: fc.array(fc.nat(4000), { minLength: 20, maxLength: 120 }),
  sources: fc.integer({ min: 1, max: 3 }),
});

for (const [window, recoveryInterval] of [
  ["a long window", 100],
  ["a window of five packets", 0.07],
] as const) {
  test(`with ${window}, all is delivered in order, or reported`, () => {
    fc.assert(
      fc.property(weather, ({ seed, percent, sizes, sources }) => {
        let state = seed | 1;
        const random = (): number => {
          state ^= state << 13;
          state ^= state >>> 17;
          state ^= state << 5;
          return (state >>> 0) / 2 ** 32;
        };
        const net = new FakeNetwork();
        const subs = [net.join("SUB"), net.join("SUB")];
        const pubs = Array.from({ length: sources }, () => net.join("PUB", { ...FAST, recoveryInterval }));
        net.clock.advance(5);
        net.loses = () => random() * 100 < percent;
        sizes.forEach((size, i) => {
          for (const pub of pubs) pub.write([Buffer.from(`${i}`), new Uint8Array(size).fill(i)]);
          if (i % 3 === 0) net.clock.advance(2);
        });
        net.clock.advance(40_000);
        for (const sub of subs) {
          const all: number[] = [];
          for (let message = sub.near.read(); message !== undefined; message = sub.near.read()) {
            const [number, body] = message as Uint8Array[];
            const i = Number(Buffer.from(number as Uint8Array).toString());
            assert.ok(Buffer.from(body as Uint8Array).equals(Buffer.alloc(sizes[i] as number, i)));
            all.push(i);
          }
          const counts = new Map<number, number>();
          for (const i of all) counts.set(i, (counts.get(i) ?? 0) + 1);
          for (const count of counts.values()) assert.ok(count <= sources, "a message came twice");
          if (sources === 1)
            assert.deepEqual(
              all,
              all.toSorted((a, b) => a - b),
            );
          if (sub.losses.length === 0) assert.equal(all.length, sizes.length * sources);
          if (recoveryInterval === 100) assert.equal(sub.losses.length, 0);
        }
      }),
      runs(30),
    );
  });
}

test("what arrives twice, or in any order, is delivered once and in order", () => {
  fc.assert(
    fc.property(
      fc.shuffledSubarray([1, 2, 3, 4, 5, 6, 7, 8], { minLength: 8 }),
      fc.array(fc.integer({ min: 0, max: 8 })),
      (order, again) => {
        const net = new FakeNetwork();
        const sub = net.join("SUB");
        const packet = (i: number): Uint8Array => {
          const octets = blankData(source, (0xfffffffc + i) >>> 0, 5);
          octets.set([0, 0, 2, 0, 48 + i], 24);
          return sealData(octets, ODATA, 0xfffffffc);
        };
        for (const i of [0, ...order, ...again]) net.inject(packet(i));
        assert.deepEqual(
          sub.receiveAll(),
          Array.from({ length: 9 }, (_, i) => [`${i}`]),
        );
        sub.engine.stop();
      },
    ),
    runs(200),
  );
});
