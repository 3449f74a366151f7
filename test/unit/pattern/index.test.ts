// SPDX-License-Identifier: MIT
/** The table of socket types, held against libzmq's numbers and the table of legal pairs. */
import assert from "node:assert/strict";
import test from "node:test";
import { socketTypes } from "../../../src/pattern/index.ts";
import { isLegalPeer, type SocketType } from "../../../src/pattern/socket-type.ts";
import { FakeClock } from "../../support/fake-clock.ts";
import { patternOptions } from "../../support/pattern-host.ts";

function namesWhere(test: (row: SocketType) => boolean): string[] {
  return [...socketTypes.values()].filter(test).map((row) => row.name);
}

test("every type has libzmq's number", () => {
  const names = [
    ...["PAIR", "PUB", "SUB", "REQ", "REP", "DEALER", "ROUTER", "PULL", "PUSH", "XPUB", "XSUB", "STREAM"],
    ...["SERVER", "CLIENT", "RADIO", "DISH", "GATHER", "SCATTER", "DGRAM", "PEER", "CHANNEL"],
  ];
  assert.deepEqual([...socketTypes.keys()], names);
  assert.deepEqual(
    [...socketTypes.values()].map((row) => row.id),
    [...names.keys()],
  );
});

test("legal pairs are legal in both directions, and only they", () => {
  const legal = [
    "CHANNEL-CHANNEL",
    "CLIENT-SERVER",
    "DEALER-DEALER",
    "DEALER-REP",
    "DEALER-ROUTER",
    "DISH-RADIO",
    "GATHER-SCATTER",
    "PAIR-PAIR",
    "PEER-PEER",
    "PUB-SUB",
    "PUB-XSUB",
    "PULL-PUSH",
    "REP-REQ",
    "REQ-ROUTER",
    "ROUTER-ROUTER",
    "SUB-XPUB",
    "XPUB-XSUB",
  ];
  const found: string[] = [];
  for (const ours of socketTypes.values()) {
    for (const theirs of socketTypes.values()) {
      const isLegal = isLegalPeer(ours, theirs.name);
      assert.equal(isLegal, isLegalPeer(theirs, ours.name), `${ours.name} ${theirs.name}`);
      if (ours.name <= theirs.name && isLegal) found.push(`${ours.name}-${theirs.name}`);
    }
  }
  assert.deepEqual(found.sort(), legal);
});

test("every row tells the truth about its pattern's directions", () => {
  for (const row of socketTypes.values()) {
    const pattern = row.create(patternOptions(), new FakeClock());
    const canSend = codeOf(() => pattern.send([new Uint8Array(1)])) !== "ENOTSUP";
    const canReceive = codeOf(() => pattern.receive()) !== "ENOTSUP";
    assert.deepEqual([canSend, canReceive], [row.canSend, row.canReceive], row.name);
  }
});

test("the rows hold what libzmq's sockets do", () => {
  assert.deepEqual(
    namesWhere((row) => row.isRaw),
    ["STREAM", "DGRAM"],
  );
  assert.deepEqual(
    namesWhere((row) => row.announcesRoutingId),
    ["REQ", "DEALER", "ROUTER"],
  );
  assert.deepEqual(
    namesWhere((row) => row.isSingleConnect),
    ["PUB", "SUB", "REQ", "DEALER"],
  );
  assert.deepEqual(
    namesWhere((row) => row.conflates),
    ["PUB", "SUB", "DEALER", "PULL", "PUSH", "GATHER", "SCATTER"],
  );
  assert.deepEqual(
    namesWhere((row) => row.isSubscriber),
    ["SUB", "XSUB", "DISH"],
  );
  assert.deepEqual(
    namesWhere((row) => !row.lingersByDefault),
    ["SUB", "XSUB", "DISH"],
  );
  assert.deepEqual(
    namesWhere((row) => row.schemes !== undefined),
    ["STREAM", "DGRAM"],
  );
});

function codeOf(call: () => unknown): unknown {
  try {
    call();
    return undefined;
  } catch (error) {
    return (error as { code?: unknown }).code;
  }
}
