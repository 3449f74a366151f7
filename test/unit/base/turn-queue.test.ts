// SPDX-License-Identifier: MIT
/** Tasks for the end of a turn: in order, a few at a time, and none is lost when one fails. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { TurnQueue, type TurnTask } from "../../../src/base/turn-queue.ts";

/** A source whose turns a test ends: what was deferred first, then what waits for the next turn. */
class Turns {
  deferred: (() => void)[] = [];
  yielded: (() => void)[] = [];
  readonly queue = new TurnQueue(this);

  defer(callback: () => void): void {
    this.deferred.push(callback);
  }

  yieldTurn(callback: () => void): void {
    this.yielded.push(callback);
  }

  /** Ends the turn and begins the next one. */
  end(): void {
    for (const callback of this.deferred.splice(0)) callback();
    for (const callback of this.yielded.splice(0)) this.deferred.push(callback);
  }
}

function note(done: number[], number: number, act: () => void = () => {}): TurnTask {
  return {
    turnEnded() {
      done.push(number);
      act();
    },
  };
}

function upTo(count: number): number[] {
  return [...Array(count).keys()];
}

test("few tasks are all done at the end of the turn", () => {
  const turns = new Turns();
  const done: number[] = [];
  for (const i of upTo(5)) turns.queue.push(note(done, i));
  assert.deepEqual(done, []);
  assert.equal(turns.deferred.length, 1);
  turns.end();
  assert.deepEqual(done, upTo(5));
  assert.equal(turns.deferred.length + turns.yielded.length, 0, "an idle queue asks for no turn");
  turns.queue.push(note(done, 5));
  turns.end();
  assert.deepEqual(done, upTo(6));
});

test("many tasks take several turns, with others in between", () => {
  const turns = new Turns();
  const done: number[] = [];
  for (const i of upTo(100)) turns.queue.push(note(done, i));
  turns.end();
  assert.ok(done.length > 0 && done.length < 100);
  for (const i of upTo(100)) turns.queue.push(note(done, 100 + i));
  for (let i = 0; done.length < 200; i += 1) {
    assert.ok(i < 100);
    turns.end();
  }
  assert.deepEqual(done, upTo(200));
});

test("a task that brings another has it done in the same turn, or the next", () => {
  const turns = new Turns();
  const done: number[] = [];
  turns.queue.push(note(done, 0, () => turns.queue.push(note(done, 1))));
  turns.end();
  assert.deepEqual(done, [0, 1]);
  const again = note(done, 2, () => turns.queue.push(again));
  turns.queue.push(again);
  turns.end();
  assert.ok(done.length < 100, "no task keeps a turn from its end");
});

test("a task that fails fails alone", () => {
  const turns = new Turns();
  const done: number[] = [];
  const failing = note(done, 0, () => {
    throw new Error("no");
  });
  turns.queue.push(failing);
  turns.queue.push(note(done, 1));
  assert.throws(() => turns.end());
  turns.end();
  turns.end();
  assert.deepEqual(done, [0, 1]);
});
