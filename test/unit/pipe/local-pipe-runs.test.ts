// SPDX-License-Identifier: MIT
/** Runs in a pipe: they count as their messages do, grow until something else happens, and wake nobody by themselves. */
import assert from "node:assert/strict";
import { test } from "node:test";
import type { TurnQueue, TurnTask } from "../../../src/base/turn-queue.ts";
import { createPipePair, type LocalPipe } from "../../../src/pipe/local-pipe.ts";
import { type Message, Subscription } from "../../../src/pipe/message.ts";
import { type Framing, Run, type RunWriter } from "../../../src/pipe/run.ts";
import { octets } from "../../support/pattern-host.ts";

const single: Framing = {
  sizeOf: () => 1,
  write: ([part], target, position) => {
    target[position] = (part as Uint8Array)[0] as number;
    return position + 1;
  },
  read: (all) => [...all].map((octet) => [Uint8Array.of(octet)]),
};
const message: Message = [octets("x")];

interface Ends {
  near: LocalPipe;
  far: LocalPipe;
  told: string[];
  waiting: TurnTask[];
  tasks: TurnQueue;
}

/** `limit`: what may wait. `reads`: the reader takes what it is told of at once. */
function pair(limit = 0, reads = false): Ends {
  const [near, far] = createPipePair({ inbound: 0, outbound: limit });
  const told: string[] = [];
  const nothing = (): void => {};
  const wakes = (what: string) => () => {
    told.push(what);
    if (reads) while (far.read() !== undefined);
  };
  const rest = { connected: nothing, disconnected: nothing, hiccuped: nothing, closed: nothing };
  near.owner = { ...rest, closing: nothing, readActivated: nothing, writeActivated: () => told.push("writable") };
  far.owner = {
    ...rest,
    closing: () => told.push("closing"),
    writeActivated: nothing,
    readActivated: wakes("readable"),
    flush: wakes("flush"),
  };
  far.takeRuns(single);
  const waiting: TurnTask[] = [];
  const tasks = { push: (task: TurnTask) => waiting.push(task) } as unknown as TurnQueue;
  return { near, far, told, waiting, tasks };
}

function begin(ends: Ends, count = 1): { run: Run; writer: RunWriter; room: number } {
  const writer: RunWriter = { run: undefined, lastSize: 0 };
  const run = new Run(single, writer, message, 1);
  const room = ends.near.writeRun(run, ends.tasks);
  for (let i = 0; i < count; i += 1) run.add(message, 1);
  return { run, writer, room };
}

test("the writer sees in what framing the reader takes runs", () => {
  const { near, far } = pair();
  assert.equal(near.framing, single);
  assert.equal(far.framing, undefined);
  far.takeRuns(undefined);
  assert.equal(near.framing, undefined);
});

test("where only the last message is kept there are no runs", () => {
  const { near, far } = pair();
  near.keepLastOnly();
  far.takeRuns(single);
  assert.equal(near.framing, undefined);
});

test("a run wakes nobody, and its pipe waits once for the end of the turn", () => {
  const ends = pair();
  const { run } = begin(ends);
  begin(ends);
  assert.deepEqual(ends.told, []);
  assert.deepEqual(ends.waiting, [ends.near]);
  ends.near.turnEnded();
  assert.deepEqual(ends.told, ["flush"]);
  assert.equal(ends.far.read(), run);
  ends.near.turnEnded();
  assert.deepEqual(ends.told, ["flush"], "the reader knows");
});

test("a reader that is not starved need not be woken", () => {
  const ends = pair();
  ends.near.write([octets("a")]);
  assert.deepEqual(ends.told, ["readable"]);
  begin(ends);
  assert.deepEqual(ends.waiting, []);
  ends.near.wakeReader();
  assert.deepEqual(ends.told, ["readable"]);
});

test("each message of a run counts, also those that come after it was written", () => {
  const ends = pair(3);
  const { run, room } = begin(ends, 2);
  assert.equal(room, 3);
  assert.equal(ends.near.checkWrite(), true);
  run.add(message, 1);
  assert.equal(ends.near.checkWrite(), false);
  assert.equal(begin(ends).room, 0);
  assert.equal(ends.near.write(message), false);
  ends.near.wakeReader();
  assert.equal(ends.far.read(), run);
  assert.deepEqual(ends.told, ["readable", "writable"]);
  assert.equal(begin(ends).room, 3);
});

test("a run is closed when it is read, or something follows it", () => {
  const events: ((ends: Ends) => void)[] = [
    ({ far }) => far.read(),
    ({ near }) => near.write(message),
    ({ near }) => near.writeSubscription(new Subscription("subscribe", octets("x"))),
    (ends) => begin(ends),
    ({ near }) => near.setHighWaterMarks(0, 5),
    ({ near }) => near.close(),
  ];
  for (const event of events) {
    const ends = pair();
    const { run, writer } = begin(ends);
    assert.equal(writer.run, run);
    event(ends);
    assert.equal(writer.run, undefined, String(event));
  }
});

test("a message behind a run does not overtake it", () => {
  const ends = pair();
  const taken: Message[] = [];
  Object.assign(ends.far.owner, { take: (each: Message) => taken.push(each) > 0 });
  const { run } = begin(ends);
  ends.near.write(message);
  assert.deepEqual(taken, []);
  assert.deepEqual(ends.told, ["readable"]);
  assert.equal(ends.far.read(), run);
  assert.equal(ends.far.read(), message);
});

test("a message behind a run that was taken at once is offered", () => {
  const ends = pair(0, true);
  const taken: Message[] = [];
  Object.assign(ends.far.owner, { take: (each: Message) => taken.push(each) > 0 });
  begin(ends);
  ends.near.write(message);
  assert.deepEqual(ends.told, ["readable"]);
  assert.deepEqual(taken, [message]);
});

test("what a run took from the mark it gives back when the reader has read everything", () => {
  const ends = pair(10);
  begin(ends, 3);
  assert.ok(ends.far.read() instanceof Run);
  assert.equal(begin(ends, 0).room, 10);
});

test("runs that wait behind one another are acknowledged by the half", () => {
  const ends = pair(10);
  for (let i = 0; i < 4; i += 1) begin(ends, 2);
  assert.equal(begin(ends, 0).room, 2);
  assert.ok(ends.far.read() instanceof Run);
  assert.equal(begin(ends, 0).room, 2);
  ends.far.read();
  ends.far.read();
  assert.equal(begin(ends, 0).room, 8);
});

test("a close tells the reader first of what it has not been told of", () => {
  const ends = pair();
  const { run } = begin(ends);
  ends.near.close();
  assert.deepEqual(ends.told, ["readable", "closing"]);
  assert.equal(ends.far.read(), run);
});

test("a pipe whose other end is closed takes no run", () => {
  const ends = pair();
  ends.far.close();
  assert.equal(begin(ends).room, 0);
  ends.near.turnEnded();
  assert.deepEqual(ends.told, []);
});
