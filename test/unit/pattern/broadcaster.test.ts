// SPDX-License-Identifier: MIT
/** Fan-out in runs: one encoding for everybody, a turn at a time, and nothing different for those who take no runs. */
import assert from "node:assert/strict";
import test from "node:test";
import { zmtpV2Framing } from "../../../src/engine/zmtp-v2-framing.ts";
import { Audience } from "../../../src/pattern/audience.ts";
import { Broadcaster } from "../../../src/pattern/broadcaster.ts";
import { createPipePair, type LocalPipe } from "../../../src/pipe/local-pipe.ts";
import type { Message } from "../../../src/pipe/message.ts";
import type { Pipe, PipeOwner } from "../../../src/pipe/pipe.ts";
import { Run } from "../../../src/pipe/run.ts";
import { FakeClock } from "../../support/fake-clock.ts";
import { octets, text } from "../../support/pattern-host.ts";

const nothing = (): void => {};
const NOBODY: PipeOwner = {
  readActivated: nothing,
  writeActivated: nothing,
  connected: nothing,
  disconnected: nothing,
  hiccuped: nothing,
  closing: nothing,
  closed: nothing,
};

/** Reads all that it is told of at once, unless it is stalled. */
class Reader implements PipeOwner {
  readonly near: LocalPipe;
  private readonly far: LocalPipe;
  isStalled = false;
  /** What came, one entry for each item: the messages of a run are joined. */
  items: string[] = [];
  /** The octets of each run. */
  runs: Uint8Array[] = [];
  flushes = 0;

  constructor(broadcaster: Broadcaster, limit = 0, takesRuns = true) {
    [this.near, this.far] = createPipePair({ inbound: 0, outbound: limit });
    this.near.owner = { ...NOBODY, writeActivated: () => broadcaster.activate() };
    this.far.owner = this;
    if (takesRuns) this.far.takeRuns(zmtpV2Framing);
  }

  readActivated(): void {
    while (!this.isStalled) {
      const item = this.far.read();
      if (item === undefined) return;
      if (item instanceof Run) {
        this.items.push(item.messages().map(show).join(" "));
        this.runs.push(item.octets());
      } else if (Array.isArray(item)) this.items.push(show(item));
    }
  }

  flush(): void {
    this.flushes += 1;
    this.readActivated();
  }

  resume(): void {
    this.isStalled = false;
    this.readActivated();
  }

  writeActivated(): void {}
  connected(): void {}
  disconnected(): void {}
  hiccuped(): void {}
  closing(): void {}
  closed(): void {}
}

function show(message: Message): string {
  return message.map((part) => (part.length > 20 ? `${part.length} octets` : text(part))).join("|");
}

class Stage {
  readonly clock = new FakeClock();
  readonly broadcaster = new Broadcaster(this.clock);
  readonly readers: Reader[];
  readonly audience: Audience<Pipe>;

  constructor(...readers: { limit?: number; takesRuns?: boolean }[]) {
    this.readers = readers.map(({ limit, takesRuns }) => new Reader(this.broadcaster, limit, takesRuns));
    this.audience = new Audience(this.readers.map(({ near }) => near));
  }

  send(what: string, mustReachAll = false): boolean {
    return this.broadcaster.send(this.audience, [octets(what)], mustReachAll ? "wait" : "dropNewest");
  }

  reader(index: number): Reader {
    return this.readers[index] as Reader;
  }
}

test("all messages of a turn are one run, the same octets for everybody", () => {
  const stage = new Stage({}, {}, {});
  for (const each of ["a", "b", "c"]) assert.equal(stage.send(each), true);
  assert.deepEqual(stage.reader(0).items, [], "not before the end of the turn");
  stage.clock.endTurn();
  for (const reader of stage.readers) {
    assert.deepEqual(reader.items, ["a b c"]);
    assert.equal(reader.runs[0], stage.reader(0).runs[0]);
    assert.equal(reader.flushes, 1);
  }
  stage.send("d");
  stage.clock.endTurn();
  assert.deepEqual(stage.reader(2).items, ["a b c", "d"]);
});

test("much does not wait for the end of the turn", () => {
  const stage = new Stage({}, {});
  const large = "x".repeat(10_000);
  for (let i = 0; i < 7; i += 1) stage.send(large);
  assert.equal(stage.reader(0).runs.length, 1);
  assert.equal(stage.reader(1).runs[0]?.length, 7 * 10_009);
});

test("a large message goes by itself, in its place", () => {
  const stage = new Stage({}, {});
  const large = "x".repeat(16_384);
  stage.send("a");
  stage.send(large);
  stage.send("b");
  stage.clock.endTurn();
  assert.deepEqual(stage.reader(0).items, ["a", "16384 octets", "b"]);
  assert.deepEqual(stage.reader(1).items, ["a", "16384 octets", "b"]);
});

test("who takes no runs gets each message at once", () => {
  const stage = new Stage({}, { takesRuns: false });
  stage.send("a");
  stage.send("b");
  assert.deepEqual(stage.reader(1).items, ["a", "b"]);
  stage.clock.endTurn();
  assert.deepEqual(stage.reader(0).items, ["a b"]);
});

test("an audience that takes no runs at all needs none", () => {
  const stage = new Stage({ takesRuns: false }, { takesRuns: false });
  stage.send("a");
  assert.deepEqual(stage.reader(0).items, ["a"]);
  assert.equal(stage.audience.run, undefined);
});

test("who is full misses what the others get, and hears again once it has room", () => {
  const stage = new Stage({ limit: 2 }, {});
  stage.reader(0).isStalled = true;
  for (const each of ["a", "b", "c", "d"]) stage.send(each);
  stage.clock.endTurn();
  assert.deepEqual(stage.reader(1).items, ["a b", "c d"]);
  stage.reader(0).resume();
  stage.send("e");
  stage.clock.endTurn();
  assert.deepEqual(stage.reader(0).items, ["a b", "e"]);
  assert.deepEqual(stage.reader(1).items, ["a b", "c d", "e"]);
});

test("room that comes within a turn counts from the next message on", () => {
  const stage = new Stage({ limit: 1 }, {});
  stage.reader(0).isStalled = true;
  for (const each of ["a", "b", "c"]) stage.send(each);
  stage.reader(0).resume();
  for (const each of ["d", "e"]) stage.send(each);
  stage.clock.endTurn();
  assert.deepEqual(stage.reader(0).items, ["a", "d", "e"]);
  assert.deepEqual(stage.reader(1).items.join(" "), "a b c d e");
});

test("who takes everything misses nothing, however small its mark", () => {
  const stage = new Stage({ limit: 1 }, { limit: 3 });
  const all = Array.from({ length: 50 }, (_, i) => String(i));
  for (const each of all) assert.equal(stage.send(each, true), true);
  stage.clock.endTurn();
  for (const reader of stage.readers) assert.equal(reader.items.join(" "), all.join(" "));
});

test("where all must be reached, nobody gets what one has no room for", () => {
  const stage = new Stage({}, { limit: 2 }, { takesRuns: false, limit: 3 });
  stage.reader(1).isStalled = true;
  assert.deepEqual(
    ["a", "b", "c"].map((each) => stage.send(each, true)),
    [true, true, false],
  );
  stage.reader(1).resume();
  stage.reader(2).isStalled = true;
  assert.deepEqual(
    ["c", "d", "e", "f"].map((each) => stage.send(each, true)),
    [true, true, true, false],
  );
  stage.reader(2).resume();
  stage.clock.endTurn();
  for (const reader of stage.readers) assert.equal(reader.items.join(" "), "a b c d e");
});

test("a message for all after one that a full pipe missed waits for it", () => {
  const stage = new Stage({ limit: 1 }, {});
  stage.reader(0).isStalled = true;
  stage.send("a");
  stage.send("b");
  assert.equal(stage.send("c", true), false);
  stage.reader(0).resume();
  assert.equal(stage.send("c", true), true);
  stage.clock.endTurn();
  assert.equal(stage.reader(0).items.join(" "), "a c");
});

test("of many readers some are woken in each turn, and what comes meanwhile goes with the rest", () => {
  const stage = new Stage();
  const readers = Array.from({ length: 100 }, () => new Reader(stage.broadcaster));
  const alone = readers.map(({ near }) => new Audience<Pipe>([near]));
  const sendToAll = (what: string): void => {
    for (const audience of alone) stage.broadcaster.send(audience, [octets(what)], "dropNewest");
  };
  let turns: (() => void)[] = [];
  stage.clock.yieldTurn = (callback) => turns.push(callback);
  sendToAll("a");
  stage.clock.endTurn();
  const first = readers.filter(({ items }) => items.length > 0).length;
  assert.ok(first > 0 && first < 100, `${first}`);
  sendToAll("b");
  for (let i = 0; turns.length > 0; i += 1) {
    assert.ok(i < 100);
    const now = turns;
    turns = [];
    for (const turn of now) turn();
    stage.clock.endTurn();
  }
  for (const [i, { items }] of readers.entries()) assert.deepEqual(items, i < first ? ["a", "b"] : ["a b"], `${i}`);
});

test("who leaves in the middle of a turn is not written to any more", () => {
  const stage = new Stage({}, {});
  stage.send("a");
  stage.reader(0).near.close();
  stage.send("b");
  stage.clock.endTurn();
  assert.deepEqual(stage.reader(0).items, ["a"]);
  assert.deepEqual(stage.reader(1).items.join(" "), "a b");
});
