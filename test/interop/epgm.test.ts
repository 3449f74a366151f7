// SPDX-License-Identifier: MIT
/**
 * epgm between two hosts, each in a network namespace of its own: publishers and subscribers of ours and of libzmq's, in each role, with
 * packets lost at random on the way. What they have in common with those of pgm is in `support/multicast.ts`.
 */
import assert from "node:assert/strict";
import { type TestContext, test } from "node:test";
import {
  COUNT,
  type How,
  hops,
  joinLate,
  loop,
  lossesOf,
  OURS,
  ROLES,
  sendAll,
  THEIRS,
  transfer,
  wireFor,
} from "../support/multicast.ts";
import { whyNoNamespaces } from "../support/namespaces.ts";

const skip = whyNoNamespaces() ?? false;
const options = { skip, timeout: 60_000 };
const EPGM: How = { scheme: "epgm" };
const EPGM_V6: How = { ...EPGM, isV6: true };

// Each is on a network of its own, and mostly waits.
test("epgm", { concurrency: 4 }, async (t) => {
  const running: Promise<void>[] = [];
  const on = (name: string, run: (t: TestContext) => Promise<void>): void =>
    void running.push(t.test(name, options, run));

  on("a loss that nobody can repair is told, and what comes after it is whole", tellLoss);
  on("what is lost is repaired within the recoveryInterval, though nobody is heard for long", repairLate);
  on("the rate is held", holdRate);
  for (const [roles, from, to] of ROLES) {
    for (const percent of [1, 20])
      on(`${roles}, with ${percent} % of all packets lost both ways`, (t) => transfer(t, from, to, percent, EPGM));
    on(`${roles}, over IPv6, with 5 % of all packets lost both ways`, (t) => transfer(t, from, to, 5, EPGM_V6));
    on(`${roles}: who joins late gets what is sent from then on`, (t) => joinLate(t, from, to, EPGM));
  }
  // Not to libzmq's: it mixes up the parts of messages that come from several publishers at the same time.
  for (const [roles, from, to] of ROLES.filter((role) => role[2] === OURS)) {
    on(`${roles}, from two publishers of one group and host`, async (t) => {
      const wire = wireFor(t);
      using sub = to.subscribe(wire, 1, EPGM, 2);
      using one = from.publish(wire, 0, EPGM, 300, "one");
      using two = from.publish(wire, 0, EPGM, 300, "two");
      await Promise.all([sub, one, two].map((task) => task.prints(/READY/)));
      sendAll(one, two);
      assert.equal((await sub.prints(/GOT (.*)/))[1], "300,300 true");
    });
  }
  on("multicastLoop: this machine does not hear what others do", (t) => loop(t, EPGM));
  on("multicastMaxTransportDataUnit is what packets have at most", limitPackets);
  on("multicastHops is in every packet", (t) => hops(t, EPGM));
  on("multicastHops is in every packet, over IPv6", (t) => hops(t, EPGM_V6));
  await Promise.all(running);
});

/** No NAK arrives, and the publisher's window is a fifth of a second's worth. */
async function tellLoss(t: TestContext): Promise<void> {
  const how = { ...EPGM, recoveryInterval: 200 };
  const wire = wireFor(t);
  using sub = OURS.subscribe(wire, 1, how);
  using pub = OURS.publish(wire, 0, how, COUNT);
  await Promise.all([sub.prints(/READY/), pub.prints(/READY/)]);
  wire.lose(0, 100);
  wire.lose(1, 5);
  pub.tell("go");
  await sub.prints(/LOSS \d+ [0-9a-f]{16}/);
  wire.lose(1, 0);
  wire.lose(0, 0);
  await pub.prints(/SENT/);
  pub.tell("end");
  const [, count, isSound] = await sub.prints(/GOT (\d+) (\w+)/);
  assert.ok(Number(count) < COUNT && Number(count) > 0, `${count} of ${COUNT}`);
  assert.equal(isSound, "true");
}

/** No NAK arrives either until all is sent, but the publisher keeps ten seconds' worth. */
async function repairLate(t: TestContext): Promise<void> {
  const wire = wireFor(t);
  const counts = wire.count(1, "meta l4proto udp");
  using sub = OURS.subscribe(wire, 1, EPGM);
  await sub.prints(/READY/);
  using pub = OURS.publish(wire, 0, EPGM, COUNT);
  await pub.prints(/READY/);
  wire.lose(0, 100);
  wire.lose(1, 20);
  sendAll(pub);
  await pub.prints(/SENT/);
  const [before] = counts();
  wire.lose(1, 0);
  wire.lose(0, 0);
  assert.equal((await sub.prints(/GOT (.*)/))[1], `${COUNT} true`);
  assert.equal(await lossesOf(sub), 0);
  assert.ok((counts()[0]?.packets ?? 0) > (before?.packets ?? 0));
}

/** Both sides agree on it. */
async function limitPackets(t: TestContext): Promise<void> {
  const how = { ...EPGM, multicastMaxTransportDataUnit: 600 };
  const wire = wireFor(t);
  const packets = `ip saddr ${wire.addresses[0]} meta l4proto udp`;
  const counts = wire.count(1, `${packets} ip length > 600`, `${packets} ip length > 550`);
  using sub = THEIRS.subscribe(wire, 1, how);
  using pub = OURS.publish(wire, 0, how, 100);
  await Promise.all([sub.prints(/READY/), pub.prints(/READY/)]);
  sendAll(pub);
  assert.equal((await sub.prints(/GOT (.*)/))[1], "100 true");
  const [larger, large] = counts();
  assert.equal(larger?.packets, 0);
  assert.ok((large?.packets ?? 0) > 80, `${large?.packets} packets`);
}

/** A slow machine takes longer, and so may send more: only what is faster than the rate fails. */
async function holdRate(t: TestContext): Promise<void> {
  const how = { ...EPGM, rate: 2000 };
  const wire = wireFor(t);
  const counts = wire.count(1, `ip saddr ${wire.addresses[0]} meta l4proto udp`);
  using sub = OURS.subscribe(wire, 1, how);
  using pub = OURS.publish(wire, 0, how, 300);
  await Promise.all([sub.prints(/READY/), pub.prints(/READY/)]);
  const started = performance.now();
  sendAll(pub);
  await sub.prints(/GOT 300 true/);
  const allowed = 65536 + ((performance.now() - started) * how.rate) / 8 + 1500;
  const [sent] = counts();
  assert.ok(
    (sent?.octets ?? 0) > 200_000 && (sent?.octets ?? 0) <= allowed,
    `${sent?.octets} octets, ${allowed} allowed`,
  );
}
