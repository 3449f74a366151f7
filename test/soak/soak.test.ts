// SPDX-License-Identifier: MIT
/** The soak in short: a round of some hundred messages on each lane, and two processes killed; and its judge. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { type Heard, judgeAccounts, judgeVisits } from "./accounts.ts";
import { runSoak } from "./coordinator.ts";
import { Book, Faults, makeBody, SharedBook, sizeOf } from "./numbered.ts";
import { growth, judgeSamples, mayBeLost } from "./verdict.ts";

test("all patterns at once, with peers that sleep, stall, come and go: every message is accounted for", {
  timeout: 100_000,
}, async () => {
  const { faults, summary } = await runSoak({
    until: { messages: 400 },
    storm: 20,
    visit: 300,
    isOver: (rounds, visits) => rounds >= 2 && visits >= 2,
  });
  assert.deepEqual(faults, [], summary.join("\n"));
});

test("a book notices what is lost, doubled, out of order, damaged or of another lane", () => {
  const good = makeBody(1, 3);
  const damaged = Buffer.from(good);
  (damaged[damaged.length - 1] as number) ^= 1;
  const large = 4998;
  assert.ok(sizeOf(large) > 16384);
  for (const [bodies, fault] of [
    [[makeBody(1, 0), makeBody(1, 1), makeBody(1, 2)], undefined],
    [Array.from({ length: large + 1 }, (_, i) => makeBody(1, i)), undefined],
    [[makeBody(1, 0), makeBody(1, 2)], /1 to 1 never came/],
    [[makeBody(1, 0), makeBody(1, 0)], /0 after 0/],
    [[makeBody(1, 0), makeBody(1, 1), makeBody(1, 0)], /0 after 1/],
    [[makeBody(2, 0)], /lane 2 came to lane 1/],
    [[damaged], /damaged/],
    [[good.subarray(0, -1)], /damaged/],
    [[Buffer.alloc(3)], /3 octets/],
  ] as const) {
    const faults = new Faults();
    const book = new Book("test", 1, faults, false);
    for (const body of bodies) book.enter(body);
    if (fault === undefined) assert.deepEqual(faults.list, []);
    else assert.match(faults.list.join("\n"), fault);
  }
});

test("a shared book knows what is still to come, and what came twice", () => {
  const faults = new Faults();
  const book = new SharedBook("test", faults);
  for (const number of [0, 3, 1]) book.enter(number);
  assert.deepEqual([[...book.waiting], book.high, faults.count], [[2], 3, 0]);
  book.enter(1);
  assert.match(faults.list.join("\n"), /1 came twice/);
});

test("growth is between the thirds of a run, whatever its beginning and single outliers are like", () => {
  const flat = [1, 50, 100, 102, 100, 101, 900, 100, 101, 100, 102, 100].map((value) => value * 1e6);
  assert.ok(Math.abs(growth(flat)) <= 2e6);
  const rising = Array.from({ length: 30 }, (_, i) => 1e7 + i * 1e5);
  const samples = rising.map((memory) => ({ memory, resident: 0, handles: 7 }));
  assert.match(
    judgeSamples("source", samples, 10_000).join("\n"),
    /source: 1[0-9]{6} octets more.* 10000 reconnections/,
  );
  assert.deepEqual(judgeSamples("source", samples.slice(0, 8), 10), []);
  const handles = rising.map((_, i) => ({ memory: 0, resident: 0, handles: i * 10 }));
  assert.match(judgeSamples("sink", handles, 0).join("\n"), /sink: \d+ handles more/);
  const resident = rising.map((_, i) => ({ memory: 0, resident: i * 1e7, handles: 0 }));
  assert.match(judgeSamples("sink", resident, 0).join("\n"), /resident set/);
});

test("accounts must add up", () => {
  const source = {
    faults: [],
    answered: 9,
    gone: 0,
    refused: { sleeper: 2 },
    losses: {},
    dropped: {} as Record<string, number>,
  };
  const life = { ended: 5, received: 9, lost: 7, mostLost: 900, missed: 1 };
  const sink = {
    faults: [],
    received: {},
    missing: { "paced.sleeper": 3, "paced.stalled": 4 },
    lives: { "fleeting.pub": life, "broken.ipc": life },
    stormed: 0,
    requests: [{ name: "sleeper", asked: 10, answered: 8 }],
  };
  const dropped = { "paced.pub": 7, "native.pub": 0, "fleeting.pub": 2 };
  const judge = (changes: Partial<typeof source>, sinks: Partial<typeof sink> = {}, visitors = 0): string =>
    judgeAccounts({ ...source, dropped, ...changes }, { ...sink, ...sinks }, visitors).join("\n");
  assert.equal(judge({}), "");
  assert.match(judge({ dropped: { ...dropped, "paced.pub": 8 } }), /7 and 8/);
  assert.match(judge({ dropped: { ...dropped, "native.pub": 1 } }), /libzmq/);
  assert.match(judge({}, {}, 2), /missed 3, and 2/);
  assert.match(judge({ refused: { sleeper: 1 } }), /10 and 9/);
  assert.match(judge({}, { lives: { ...sink.lives, "broken.ipc": { ...life, mostLost: 1e9 } } }), /lost with one/);
  const visits = [
    { first: 0, last: 20 },
    { first: 30, last: 40 },
  ];
  assert.deepEqual(judgeVisits("killed.ipc", visits, [35]), []);
  assert.match(judgeVisits("killed.ipc", visits, [25]).join(), /26 to 29 waited/);
  assert.match(
    judgeVisits("killed.ipc", [visits[0] as Heard, { first: 20, last: 30 }], [20]).join(),
    /earlier visitor/,
  );
  const far = [visits[0] as Heard, { first: 1_000_000, last: 1_000_001 }];
  assert.match(judgeVisits("killed.ipc", far, [1_000_000]).join(), /were lost between/);
});

test("what may be lost has a bound for each transport", () => {
  for (const transport of ["tcp", "ipc"]) assert.ok(Number.isFinite(mayBeLost(transport, 0)));
});
