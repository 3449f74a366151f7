// SPDX-License-Identifier: MIT
/** The pipe within a thread: marks counted as libzmq counts them, activations, conflation, and the order of its end. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { createPipePair, type LocalPipe } from "../../../src/pipe/local-pipe.ts";
import { type Message, Subscription } from "../../../src/pipe/message.ts";
import type { PipeOwner } from "../../../src/pipe/pipe.ts";
import { octets, peerNamed, show } from "../../support/pattern-host.ts";

/** Notes what an end is told. */
class Log implements PipeOwner {
  readonly told: string[] = [];
  readActivated(): void {
    this.told.push("readable");
  }
  writeActivated(): void {
    this.told.push("writable");
  }
  connected(): void {
    this.told.push("connected");
  }
  disconnected(): void {
    this.told.push("disconnected");
  }
  hiccuped(): void {
    this.told.push("hiccuped");
  }
  closing(): void {
    this.told.push("closing");
  }
  closed(): void {
    this.told.push("closed");
  }
  takeTold(): string[] {
    return this.told.splice(0);
  }
}

interface Ends {
  /** Writes. */
  near: LocalPipe;
  /** Reads. */
  far: LocalPipe;
  nearLog: Log;
  farLog: Log;
}

function pair(outbound = 0, inbound = 0): Ends {
  const [near, far] = createPipePair({ inbound, outbound });
  const [nearLog, farLog] = [new Log(), new Log()];
  near.owner = nearLog;
  far.owner = farLog;
  return { near, far, nearLog, farLog };
}

function message(text = "x"): Message {
  return [octets(text)];
}

function fill(pipe: LocalPipe, most = 10_000): number {
  let count = 0;
  while (count < most && pipe.write(message(String(count)))) count += 1;
  return count;
}

function subscription(topic: string): Subscription {
  return new Subscription("subscribe", octets(topic));
}

test("exactly as many messages as the mark fit; 0 is no limit", () => {
  for (const mark of [1, 2, 3, 4, 5, 10, 1000]) assert.equal(fill(pair(mark).near), mark);
  assert.equal(fill(pair(0).near), 10_000);
});

test("a blocked writer wakes when the reader has taken ⌊(mark + 1) / 2⌋, and not one earlier", () => {
  for (const [mark, step] of [
    [1, 1],
    [2, 1],
    [3, 2],
    [4, 2],
    [5, 3],
    [10, 5],
    [1000, 500],
  ] as const) {
    const { near, far, nearLog } = pair(mark);
    fill(near);
    for (let i = 1; i < step; i += 1) far.read();
    assert.equal(near.checkWrite(), false);
    assert.deepEqual(nearLog.takeTold(), [], `mark ${mark}`);
    far.read();
    assert.deepEqual(nearLog.takeTold(), ["writable"], `mark ${mark}`);
    assert.equal(fill(near), step);
  }
});

test("what was written is taken back while nobody has read it, from any place, and makes room", () => {
  const { near, far, nearLog } = pair(3);
  const [first, second, third] = [message("1"), message("2"), message("3")];
  for (const each of [first, second, third]) near.write(each);
  assert.equal(near.checkWrite(), false);
  assert.equal(near.retract(second), true);
  assert.deepEqual(nearLog.takeTold(), ["writable"]);
  assert.equal(near.retract(second), false);
  assert.equal(far.read(), first);
  assert.equal(near.retract(first), false);
  assert.equal(near.retract(message("3")), false, "the message itself, not one that is alike");
  assert.equal(near.retract(third), true);
  assert.equal(far.read(), undefined);
  // Counted as if they had never been written.
  far.read();
  for (let round = 0; round < 5; round += 1) {
    const left = fill(near);
    assert.ok(left >= 2 && left <= 3);
    while (far.read() !== undefined);
  }
});

test("what was handed over at once, or to an end that is closed, is not taken back", () => {
  const taken = pair();
  taken.far.owner = Object.assign(new Log(), { take: () => true });
  const passed = message();
  taken.near.write(passed);
  assert.equal(taken.near.retract(passed), false);
  const { near, far } = pair();
  const lost = message();
  near.write(lost);
  far.close();
  assert.equal(near.retract(lost), false);
});

test("a writer is woken only when it found no room", () => {
  const { near, far, nearLog } = pair(2);
  near.write(message());
  near.write(message());
  far.read();
  far.read();
  assert.deepEqual(nearLog.told, []);
  assert.ok(near.write(message()));
});

test("a reader is woken only when it found nothing, once", () => {
  const { near, far, farLog } = pair();
  near.write(message("1"));
  near.write(message("2"));
  assert.deepEqual(farLog.takeTold(), ["readable"]);
  far.read();
  near.write(message("3"));
  far.read();
  far.read();
  near.write(message("4"));
  assert.deepEqual(farLog.takeTold(), [], "it has not found it empty yet");
  far.read();
  assert.equal(far.checkRead(), false);
  near.write(message("5"));
  assert.deepEqual(farLog.takeTold(), ["readable"]);
});

test("both directions have their own marks", () => {
  const { near, far } = pair(2, 3);
  assert.equal(fill(near), 2);
  assert.equal(fill(far), 3);
});

test("subscriptions outside the mark are always taken; those of the network count", () => {
  const { near, far } = pair(2);
  fill(near);
  for (let i = 0; i < 100; i += 1) near.writeSubscription(subscription(String(i)));
  assert.equal(far.readable, 102);
  assert.equal(near.write(subscription("counted")), false);
  const other = pair(2);
  assert.ok(other.near.write(subscription("a")));
  assert.ok(other.near.write(subscription("b")));
  assert.equal(other.near.write(subscription("c")), false);
  other.far.read();
  assert.ok(other.near.write(subscription("c")));
});

test("subscriptions outside the mark do not make room when they are read", () => {
  const { near, far, nearLog } = pair(1);
  near.writeSubscription(subscription("a"));
  fill(near);
  far.read();
  assert.deepEqual(nearLog.told, []);
  far.read();
  assert.deepEqual(nearLog.told, ["writable"]);
});

test("items come in the order in which they were written, subscriptions among messages", () => {
  const { near, far } = pair();
  near.write(message("1"));
  near.writeSubscription(subscription("a"));
  near.write(message("2"));
  near.writeSubscription(new Subscription("cancel", octets("a")));
  assert.deepEqual([far.read(), far.read(), far.read(), far.read(), far.read()].map(show), [
    ["1"],
    "+a",
    ["2"],
    "-a",
    undefined,
  ]);
});

test("a raised mark lets a blocked writer go on at once", () => {
  const { near, nearLog } = pair(2);
  fill(near);
  near.setHighWaterMarks(0, 5);
  assert.deepEqual(nearLog.takeTold(), ["writable"]);
  assert.equal(fill(near), 3);
  near.setHighWaterMarks(0, 0);
  assert.equal(fill(near, 100), 100);
});

test("a lowered mark takes effect while the pipe is full, and drops nothing", () => {
  const { near, far } = pair(5);
  fill(near);
  near.setHighWaterMarks(0, 2);
  for (let i = 0; i < 3; i += 1) {
    far.read();
    assert.equal(near.checkWrite(), false, `${i + 1} read`);
  }
  far.read();
  assert.equal(far.readable, 1);
  assert.ok(near.write(message()));
  assert.equal(near.write(message()), false);
});

test("a lowered mark counts what was read under the old one", () => {
  const { near, far } = pair(1000);
  for (let i = 0; i < 400; i += 1) near.write(message());
  while (far.read() !== undefined);
  near.setHighWaterMarks(0, 100);
  assert.equal(fill(near), 100);
});

test("marks change again and again, and the pipe never sticks", () => {
  const { near, far } = pair(7);
  let seed = 3;
  let [sent, got] = [0, 0];
  for (let round = 0; round < 3000; round += 1) {
    seed = (seed * 1103515245 + 12345) & 0x7fffffff;
    if (seed % 7 === 0) near.setHighWaterMarks(0, (seed >> 8) % 12);
    for (let i = (seed >> 4) % 9; i > 0; i -= 1) if (near.write(message(String(sent)))) sent += 1;
    for (let i = (seed >> 12) % 9; i > 0; i -= 1) {
      const item = far.read();
      if (item === undefined) break;
      assert.deepEqual(show(item), [String(got)]);
      got += 1;
    }
    if (far.readable > 0) continue;
    assert.ok(near.checkWrite(), "an empty pipe has room");
  }
});

test("marks of both sides add up; without a limit on one side there is none", () => {
  const { near, far } = pair(2, 4);
  far.setHighWaterMarks(3, 5);
  assert.equal(fill(near), 5);
  assert.equal(fill(far), 9);
  far.setHighWaterMarks(0, 5);
  assert.equal(fill(near, 100), 100);
});

test("conflated, a pipe keeps the newest message only, and nobody is ever blocked", () => {
  const { near, far, farLog } = pair(1, 1);
  near.keepLastOnly();
  assert.equal(fill(near, 20), 20);
  assert.deepEqual([show(far.read()), far.read()], [["19"], undefined]);
  near.write(message("next"));
  assert.deepEqual(farLog.takeTold(), ["readable", "readable"]);
  assert.equal(fill(far, 20), 20);
  assert.deepEqual(show(near.read()), ["19"]);
});

test("the other side hears of connections, with the peer, and of their loss", () => {
  const { near, far, nearLog } = pair();
  far.connect(peerNamed("p"));
  assert.equal(Buffer.from(near.peer?.routingId ?? []).toString(), "p");
  far.disconnect();
  far.connect(peerNamed("q"));
  assert.equal(Buffer.from(near.peer?.routingId ?? []).toString(), "q");
  assert.deepEqual(nearLog.told, ["connected", "disconnected", "connected"]);
});

test("a hiccup drops the subscriptions that wait and keeps the messages, in order and within the mark", () => {
  const { near, far, nearLog } = pair(3);
  near.write(message("1"));
  near.writeSubscription(subscription("a"));
  near.write(subscription("b"));
  near.write(message("2"));
  assert.equal(near.checkWrite(), false);
  far.hiccup();
  assert.deepEqual(nearLog.told, ["hiccuped"]);
  assert.equal(far.readable, 2);
  near.writeSubscription(subscription("a again"));
  assert.deepEqual([far.read(), far.read(), far.read()].map(show), [["1"], ["2"], "+a again"]);
  // Three were counted and read, the last two of them acknowledged together.
  assert.equal(fill(near), 2);
});

test("closing: the other side hears it, reads what is left, then hears that it is over", () => {
  const { near, far, farLog } = pair();
  near.write(message("1"));
  near.write(message("2"));
  farLog.takeTold();
  near.close();
  assert.ok(far.isClosing);
  assert.deepEqual(farLog.takeTold(), ["closing"]);
  assert.deepEqual([show(far.read()), show(far.read())], [["1"], ["2"]]);
  assert.deepEqual(farLog.takeTold(), []);
  assert.equal(far.read(), undefined);
  assert.deepEqual(farLog.takeTold(), ["closed"]);
  assert.equal(far.read(), undefined);
  assert.equal(far.checkRead(), false);
  assert.deepEqual(farLog.takeTold(), [], "once only");
});

test("closing an empty pipe is over at once", () => {
  const { near, farLog } = pair();
  near.close();
  near.close();
  assert.deepEqual(farLog.told, ["closing", "closed"]);
});

test("nothing is written to a closed side, or from one", () => {
  const { near, far, nearLog } = pair(1);
  near.write(message("left"));
  assert.equal(near.checkWrite(), false);
  near.close();
  assert.equal(far.write(message()), false);
  assert.equal(far.checkWrite(), false);
  far.writeSubscription(subscription("a"));
  assert.equal(near.write(message()), false);
  near.writeSubscription(subscription("a"));
  far.read();
  assert.equal(far.read(), undefined);
  assert.deepEqual([near.readable, nearLog.told.length], [0, 0], "a side that has closed is told nothing more");
});

test("a side that has closed reads nothing more, and what it had not read is gone", () => {
  const { near, far } = pair();
  far.write(message("unread"));
  near.close();
  assert.equal(near.read(), undefined);
  far.close();
});

test("a side that closes while it is told of the other's closing is not told that it is over", () => {
  const { near, far, farLog } = pair();
  far.owner = Object.assign(farLog, {
    closing: () => {
      farLog.told.push("closing");
      far.close();
    },
  });
  near.close();
  assert.deepEqual(farLog.told, ["closing"]);
});

test("whoever holds an end hears that it was released", () => {
  const { near, farLog } = pair();
  let released = 0;
  near.owner = Object.assign(new Log(), {
    released: () => {
      released += 1;
    },
  });
  near.close();
  near.close();
  assert.equal(released, 1);
  assert.deepEqual(farLog.told, ["closing", "closed"]);
});

test("a reader that takes messages at once gets those that find the pipe empty; the others wait their turn", () => {
  const { near, far, farLog } = pair(2);
  const taken: unknown[] = [];
  let isTaking = true;
  far.owner = Object.assign(farLog, {
    take: (item: Message) => {
      if (isTaking) taken.push(...(show(item) as string[]));
      return isTaking;
    },
  });
  for (let i = 0; i < 5; i += 1) assert.ok(near.write(message(String(i))));
  assert.deepEqual([taken, far.readable], [["0", "1", "2", "3", "4"], 0]);
  isTaking = false;
  near.write(message("5"));
  isTaking = true;
  near.write(message("6"));
  assert.equal(near.write(message("7")), false);
  assert.deepEqual([taken.length, far.readable, farLog.takeTold()], [5, 2, ["readable"]]);
  far.read();
  far.read();
  assert.equal(far.read(), undefined);
  near.write(message("8"));
  assert.deepEqual(taken.at(-1), "8");
});
