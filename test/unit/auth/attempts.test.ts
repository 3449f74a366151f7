// SPDX-License-Identifier: MIT
/** How often an address may try: what fails is counted, what succeeds is given back, and memory is bounded. */
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { ATTEMPT_LIMITS, Attempts } from "../../../src/auth/attempts.ts";

const LIMITS = { burst: 3, perSecond: 2, pendingPerAddress: 100, pending: 100 };

/** Tries so often, at one moment; how many were let through, all with the same end. */
function tries(attempts: Attempts, address: string, count: number, now: number, isAdmitted = false): number {
  let through = 0;
  for (let i = 0; i < count; i += 1) {
    const attempt = attempts.begin(address, now);
    if (attempt === undefined) continue;
    through += 1;
    attempt.end(isAdmitted, now);
  }
  return through;
}

test("so many may fail at once, and so many more each second", () => {
  const attempts = new Attempts(LIMITS);
  assert.equal(tries(attempts, "192.0.2.1", 10, 0), 3);
  assert.equal(tries(attempts, "192.0.2.1", 10, 499), 0);
  assert.equal(tries(attempts, "192.0.2.1", 10, 500), 1);
  assert.equal(tries(attempts, "192.0.2.1", 10, 1500), 2);
  assert.equal(tries(attempts, "192.0.2.1", 10, 100_000), 3);
});

test("attempts that succeed cost nothing, and leave nothing behind", () => {
  const attempts = new Attempts(LIMITS);
  assert.equal(tries(attempts, "192.0.2.1", 1000, 0, true), 1000);
  assert.equal(attempts.addresses, 0);
});

test("addresses are counted apart: IPv6 by the network of a host, mapped IPv4 as IPv4", () => {
  const attempts = new Attempts(LIMITS);
  assert.equal(tries(attempts, "2001:db8::1", 10, 0), 3);
  assert.equal(tries(attempts, "2001:db8::2:1", 10, 0), 0);
  assert.equal(tries(attempts, "2001:db8:0:1::1", 10, 0), 3);
  assert.equal(tries(attempts, "192.0.2.1", 10, 0), 3);
  assert.equal(tries(attempts, "::ffff:192.0.2.1", 10, 0), 0);
  assert.equal(tries(attempts, "localhost", 10, 0), 3);
  assert.equal(attempts.addresses, 4);
});

test("questions that wait are bounded, for one address and for all", () => {
  const attempts = new Attempts({ burst: 100, perSecond: 0, pendingPerAddress: 2, pending: 3 });
  const first = attempts.begin("192.0.2.1", 0);
  assert.ok(first !== undefined && attempts.begin("192.0.2.1", 0) !== undefined);
  assert.equal(attempts.begin("192.0.2.1", 0), undefined);
  assert.ok(attempts.begin("192.0.2.2", 0) !== undefined);
  assert.equal(attempts.begin("192.0.2.3", 0), undefined);
  assert.equal(attempts.pending, 3);
  first.end(true, 0);
  first.end(true, 0);
  assert.equal(attempts.pending, 2);
  assert.ok(attempts.begin("192.0.2.3", 0) !== undefined);
});

test("more addresses than are remembered: those that were quiet longest are forgotten", () => {
  const attempts = new Attempts(LIMITS);
  for (let i = 0; i < 50_000; i += 1) {
    if (i % 100 === 0) tries(attempts, "192.0.2.1", 1, 0);
    tries(attempts, `10.${i >> 16}.${(i >> 8) & 255}.${i & 255}`, 1, 0);
  }
  assert.equal(attempts.addresses, 10_000);
  assert.equal(tries(attempts, "192.0.2.1", 1, 0), 0, "who goes on is remembered");
});

test("law: never more failures than the burst and what time gives back", () => {
  const step = fc.record({ wait: fc.integer({ min: 0, max: 2000 }), isAdmitted: fc.boolean() });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
      const attempts = new Attempts(LIMITS);
      let [now, failures] = [0, 0];
      for (const { wait, isAdmitted } of steps) {
        now += wait;
        const through = tries(attempts, "192.0.2.1", 1, now, isAdmitted);
        if (!isAdmitted) failures += through;
        assert.ok(failures <= LIMITS.burst + (now / 1000) * LIMITS.perSecond + 1e-6);
      }
      assert.equal(attempts.pending, 0);
    }),
  );
});

test("what is allowed where nothing else is said", () => {
  assert.deepEqual(ATTEMPT_LIMITS, { burst: 60, perSecond: 1, pendingPerAddress: 64, pending: 1024 });
});
