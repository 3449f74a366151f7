// SPDX-License-Identifier: MIT
/** Runs through a ZMTP engine: sent as they are to who speaks their framing, one message after another to who does not. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { streamDialect } from "../../../src/engine/stream-dialect.ts";
import { ZmtpEngine } from "../../../src/engine/zmtp-engine.ts";
import { zmtpV2Framing } from "../../../src/engine/zmtp-v2-framing.ts";
import { Audience } from "../../../src/pattern/audience.ts";
import { Broadcaster } from "../../../src/pattern/broadcaster.ts";
import type { Pipe } from "../../../src/pipe/pipe.ts";
import { EngineRig } from "../../support/engine-rig.ts";
import { FakeClock } from "../../support/fake-clock.ts";
import { octets } from "../../support/pattern-host.ts";
import { frame, frame1, greeting, greeting2, message, ready, TYPE_IDS } from "../../support/zmtp-octets.ts";

function rigOf(type: string, peer: string, version: string, clock = new FakeClock()): EngineRig {
  const rig = new EngineRig({ createEngine: (...parts) => new ZmtpEngine(...parts, streamDialect), type, clock });
  rig.engine.start();
  if (version === "1.0") rig.arrive(frame1(""));
  else if (version === "2.0 as 1.0") rig.arrive(greeting2(TYPE_IDS[peer] as number, 0), frame1(""));
  else if (version === "2.0") rig.arrive(greeting2(TYPE_IDS[peer] as number), frame(""));
  else rig.arrive(greeting(version === "3.0" ? 0 : 1), ready(peer));
  rig.sent();
  return rig;
}

/** Publishes to engines. */
class Stage {
  readonly clock = new FakeClock();
  readonly rigs: EngineRig[];
  private readonly broadcaster = new Broadcaster(this.clock);
  private readonly audience: Audience<Pipe>;

  constructor(...versions: string[]) {
    this.rigs = versions.map((version) => rigOf("PUB", "SUB", version, this.clock));
    this.audience = new Audience(this.rigs.map(({ near }) => near));
  }

  send(...parts: string[]): void {
    this.broadcaster.send(this.audience, parts.map(octets), "dropNewest");
  }

  rig(index: number): EngineRig {
    return this.rigs[index] as EngineRig;
  }
}

test("publishers take runs in the framing that the peer speaks, and nobody else takes any", () => {
  for (const version of ["2.0", "3.0", "3.1"]) {
    assert.equal(rigOf("PUB", "SUB", version).near.framing, zmtpV2Framing, version);
    assert.equal(rigOf("XPUB", "SUB", version).near.framing, zmtpV2Framing, version);
    assert.equal(rigOf("PUSH", "PULL", version).near.framing, undefined, version);
  }
  assert.equal(rigOf("PUB", "SUB", "1.0").near.framing, undefined);
  assert.equal(rigOf("PUB", "SUB", "2.0 as 1.0").near.framing, undefined);
});

test("an engine that is over takes no more runs", () => {
  const rig = rigOf("PUB", "SUB", "3.1");
  rig.connection.lose();
  assert.equal(rig.near.framing, undefined);
});

test("a turn's messages leave as the same octets in one write to each", () => {
  const stage = new Stage("3.1", "3.0", "2.0");
  const before = stage.rigs.map(({ connection }) => connection.writes);
  for (let i = 0; i < 100; i += 1) stage.send(`topic ${i}`, "x".repeat(i * 5));
  const expected = Array.from({ length: 100 }, (_, i) => message(`topic ${i}`, "x".repeat(i * 5))).join("");
  for (const [i, rig] of stage.rigs.entries()) {
    assert.equal(rig.sent(), expected);
    assert.equal(rig.connection.writes, (before[i] as number) + 1);
  }
});

test("peers of all versions get the same messages", () => {
  const stage = new Stage("1.0", "2.0 as 1.0", "2.0", "3.1");
  stage.send("a", "b");
  stage.send("c".repeat(300));
  for (const rig of stage.rigs.slice(0, 2))
    assert.equal(rig.sent(), frame1("a", true) + frame1("b") + frame1("c".repeat(300)));
  for (const rig of stage.rigs.slice(2)) assert.equal(rig.sent(), message("a", "b") + message("c".repeat(300)));
});

test("runs that wait behind a busy connection come in order, with what is between them", () => {
  const stage = new Stage("3.1", "3.1");
  const expected: string[] = [];
  const send = (...parts: string[]): void => {
    expected.push(message(...parts));
    stage.send(...parts);
  };
  stage.rig(0).connection.isBusy = true;
  send("first");
  stage.clock.endTurn();
  for (const size of [1, 300, 10_000, 3, 20_000, 2, 16_000, 4, 5]) {
    send("x".repeat(size));
    send("y");
    stage.clock.endTurn();
  }
  stage.rig(0).connection.drain();
  for (const rig of stage.rigs) assert.equal(rig.sent(), expected.join(""));
});

test("a run that outlived its connection reaches a peer of another version", () => {
  for (const version of ["1.0", "3.1"]) {
    const clock = new FakeClock();
    const next = new EngineRig({
      createEngine: (...parts) => new ZmtpEngine(...parts, streamDialect),
      type: "PUB",
      clock,
    });
    const broadcaster = new Broadcaster(clock);
    const audience = new Audience<Pipe>([next.near]);
    // As the last engine left it.
    (next.near as unknown as { other: Pipe }).other.takeRuns(zmtpV2Framing);
    broadcaster.send(audience, [octets("a"), octets("b")], "dropNewest");
    broadcaster.send(audience, [octets("c")], "dropNewest");
    (next.near as unknown as { other: Pipe }).other.takeRuns(undefined);
    next.engine.start();
    if (version === "1.0") next.arrive(frame1(""));
    else next.arrive(greeting(1), ready("SUB"));
    const expected =
      version === "1.0" ? frame1("a", true) + frame1("b") + frame1("c") : message("a", "b") + message("c");
    assert.ok(next.sent().endsWith(expected), version);
  }
});
