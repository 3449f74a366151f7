// SPDX-License-Identifier: MIT
/** What becomes of a message for a full peer, rule by rule, on a pipe alone. The laws are in `property/overflow.test.ts`. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { mayRefuse, overflow } from "../../../src/pattern/overflow.ts";
import { createPipePair, type LocalPipe } from "../../../src/pipe/local-pipe.ts";
import type { PipeOwner } from "../../../src/pipe/pipe.ts";
import { octets, show } from "../../support/pattern-host.ts";

function full(): { near: LocalPipe; far: LocalPipe; cuts: number } {
  const [near, far] = createPipePair({ inbound: 0, outbound: 2 });
  const rig = { near, far, cuts: 0 };
  const owner: Partial<PipeOwner> = {
    readActivated() {},
    closing() {},
    cutOff() {
      rig.cuts += 1;
    },
  };
  far.owner = owner as PipeOwner;
  for (const text of ["1", "2"]) assert.equal(near.write([octets(text)]), true);
  return rig;
}

function left(far: LocalPipe): unknown[] {
  return [show(far.read()), show(far.read()), show(far.read())].flat();
}

test("wait leaves it with the sender, error says so at once", () => {
  const { near, far } = full();
  assert.equal(overflow(near, [octets("3")], "wait"), false);
  assert.throws(() => overflow(near, [octets("3")], "error"), { code: "EAGAIN" });
  assert.equal(near.dropped, 0);
  assert.deepEqual(left(far), ["1", "2", undefined]);
  assert.deepEqual((["wait", "error", "dropNewest", "dropOldest", "disconnect"] as const).map(mayRefuse), [
    ...[true, true],
    ...[false, false, false],
  ]);
});

test("dropNewest and dropOldest count one each; disconnect has the other side told besides", () => {
  for (const [rule, kept] of [
    ["dropNewest", ["1", "2", undefined]],
    ["dropOldest", ["2", "3", undefined]],
    ["disconnect", ["1", "2", undefined]],
  ] as const) {
    const rig = full();
    assert.equal(overflow(rig.near, [octets("3")], rule), true);
    assert.equal(rig.near.dropped, 1);
    assert.equal(rig.cuts, rule === "disconnect" ? 1 : 0);
    assert.deepEqual(left(rig.far), kept);
  }
});

test("a peer that is going is not full: the pattern decides", () => {
  const { near, far } = full();
  far.close();
  assert.equal(overflow(near, [octets("3")], "dropNewest"), false);
  assert.equal(near.dropped, 0);
});

test("where nothing waits that could be dropped, the message itself is", () => {
  const { near, far } = full();
  // Subscriptions that came from the network count, and are no messages.
  far.read();
  far.read();
  near.setOctetLimits(-1, 1);
  assert.equal(near.write([octets("xx")]), true);
  assert.equal(overflow(near, [octets("y")], "dropOldest"), true);
  assert.deepEqual(show(far.read()), ["y"]);
});
