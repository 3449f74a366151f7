// SPDX-License-Identifier: MIT
/** All addresses of a name: who is connected when they change, when they are asked for, and what ends it. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { ZmqError } from "../../../src/base/errors.ts";
import type { Session } from "../../../src/session/session.ts";
import { NameGroup } from "../../../src/socket/name-group.ts";
import { FakeClock } from "../../support/fake-clock.ts";

class Rig {
  readonly clock: FakeClock = new FakeClock();
  addresses: string[] | Error = [];
  asked = 0;
  readonly log: string[] = [];
  readonly lost = new Map<string, () => void>();
  readonly sessions = new Map<string, Session>();
  readonly group: NameGroup;

  constructor(interval = 30_000, pause = 100) {
    this.group = new NameGroup(
      "tcp://name:1",
      {
        clock: this.clock,
        resolve: async () => {
          this.asked += 1;
          if (this.addresses instanceof Error) throw this.addresses;
          return this.addresses.map((endpoint) => ({ endpoint }));
        },
        join: ({ endpoint }, lost) => {
          this.log.push(`+${endpoint}`);
          this.lost.set(endpoint, lost);
          const session = { endpoint } as Session;
          this.sessions.set(endpoint, session);
          return session;
        },
        leave: ({ endpoint }) => this.log.push(`-${endpoint}`),
        failed: ({ code }) => this.log.push(code),
      },
      { interval, pause },
    );
  }

  /** Has the answer arrive, and gives what happened. */
  async answered(): Promise<string[]> {
    for (let i = 0; i < 5; i += 1) await Promise.resolve();
    return this.log.splice(0);
  }
}

test("each address is connected once; new ones come, those that are gone go, at the interval", async () => {
  const rig = new Rig();
  rig.addresses = ["a", "b"];
  rig.group.start();
  assert.deepEqual(await rig.answered(), ["+a", "+b"]);
  rig.addresses = ["b", "c"];
  rig.clock.advance(29_999);
  assert.deepEqual(await rig.answered(), []);
  rig.clock.advance(1);
  assert.deepEqual(await rig.answered(), ["-a", "+c"]);
  rig.clock.advance(30_000);
  assert.deepEqual(await rig.answered(), []);
  assert.equal(rig.asked, 3);
});

test("a peer that is lost has the name asked for anew, not more often than the pause allows", async () => {
  const rig = new Rig(0);
  rig.addresses = ["a"];
  rig.group.start();
  await rig.answered();
  rig.clock.advance(1000);
  assert.equal(rig.asked, 1, "without an interval only then");
  rig.addresses = ["b"];
  rig.lost.get("a")?.();
  rig.clock.advance(0);
  assert.deepEqual(await rig.answered(), ["-a", "+b"]);
  rig.lost.get("b")?.();
  rig.lost.get("b")?.();
  rig.clock.advance(99);
  assert.equal(rig.asked, 2);
  rig.clock.advance(1);
  await rig.answered();
  assert.equal(rig.asked, 3);
});

test("a name that cannot be resolved is told, asked for again, and ends no connection", async () => {
  const rig = new Rig();
  rig.addresses = ["a"];
  rig.group.start();
  await rig.answered();
  rig.addresses = new ZmqError("EHOSTUNREACH");
  rig.clock.advance(30_000);
  assert.deepEqual(await rig.answered(), ["EHOSTUNREACH"]);
  rig.addresses = ["a", "b"];
  rig.clock.advance(100);
  assert.deepEqual(await rig.answered(), ["+b"]);
});

test("an address that was given up is not tried again until it has been away", async () => {
  const rig = new Rig();
  rig.addresses = ["a", "b"];
  rig.group.start();
  await rig.answered();
  assert.equal(rig.group.forget(rig.sessions.get("a") as Session), true);
  assert.equal(rig.group.forget({ endpoint: "a" } as Session), false);
  rig.clock.advance(30_000);
  assert.deepEqual(await rig.answered(), []);
  rig.addresses = ["b"];
  rig.clock.advance(30_000);
  await rig.answered();
  rig.addresses = ["a", "b"];
  rig.clock.advance(30_000);
  assert.deepEqual(await rig.answered(), ["+a"]);
});

test("closing ends all connections and all questions, also the one under way", async () => {
  const rig = new Rig();
  rig.addresses = ["a"];
  rig.group.start();
  await rig.answered();
  rig.addresses = ["a", "b"];
  rig.clock.advance(30_000);
  rig.group.close();
  assert.deepEqual(await rig.answered(), ["-a"]);
  assert.equal(rig.clock.running, 0);
});
