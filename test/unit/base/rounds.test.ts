// SPDX-License-Identifier: MIT
/** Rounds: one moment for all with the same interval, few in a turn, no timer for nobody. */
import assert from "node:assert/strict";
import { test } from "node:test";
import type { RoundTask } from "../../../src/base/rounds.ts";
import { FakeClock } from "../../support/fake-clock.ts";

function task(clock: FakeClock, times: number[] = []): RoundTask & { times: number[] } {
  const begin = clock.now();
  return { times, roundCame: () => void times.push(clock.now() - begin) };
}

test("all with the same interval are done at the same moments, whenever they joined", () => {
  const clock = new FakeClock();
  const [first, second, other] = [task(clock), task(clock), task(clock)];
  clock.rounds.add(100, first);
  clock.advance(70);
  clock.rounds.add(100, second);
  clock.rounds.add(1000, other);
  assert.equal(clock.running, 2);
  clock.advance(250);
  assert.deepEqual(first.times, [100, 200, 300]);
  assert.deepEqual(second.times, first.times);
  assert.deepEqual(other.times, []);
});

test("who leaves is left out at once, and no timer runs for nobody", () => {
  const clock = new FakeClock();
  const stays = task(clock);
  const leaves = task(clock);
  const both = {
    roundCame: () => {
      clock.rounds.remove(100, leaves);
    },
  };
  for (const each of [both, leaves, stays]) clock.rounds.add(100, each);
  clock.advance(100);
  assert.deepEqual([leaves.times, stays.times], [[], [100]]);
  clock.rounds.remove(100, both);
  clock.rounds.remove(100, stays);
  clock.rounds.remove(100, stays);
  clock.rounds.remove(50, stays);
  assert.equal(clock.running, 0);
  clock.rounds.add(100, stays);
  clock.advance(50);
  assert.deepEqual(stays.times, [100]);
  clock.advance(50);
  assert.deepEqual(stays.times, [100, 200]);
});

test("the rest of the program has its turn between many, and a slow round takes the next one's place", () => {
  const clock = new FakeClock();
  const begin = clock.now();
  let done = 0;
  const turns: number[] = [];
  for (let i = 0; i < 40; i += 1) {
    clock.rounds.add(10, {
      roundCame: () => {
        done += 1;
        if (done === 1) clock.defer(() => turns.push(done));
      },
    });
  }
  clock.advance(10);
  assert.equal(done, 40);
  assert.equal(turns.length, 1);
  assert.ok((turns[0] as number) < 40, `the turn came after ${turns[0]}`);
  clock.advance(10);
  assert.equal(done, 80);
  assert.equal(clock.now(), begin + 20);
});
