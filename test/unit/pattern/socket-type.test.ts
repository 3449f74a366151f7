// SPDX-License-Identifier: MIT
/** Rows of socket types: what is not said is as with most types; who may talk to whom. */
import assert from "node:assert/strict";
import test from "node:test";
import type { PatternOptions } from "../../../src/pattern/pattern.ts";
import { PUSH, Push } from "../../../src/pattern/push.ts";
import { isLegalPeer, socketType } from "../../../src/pattern/socket-type.ts";

test("a row that says nothing else sends and receives, lingers, and has no peculiarity", () => {
  const create = (options: PatternOptions): Push => new Push(options);
  assert.deepEqual(socketType({ name: "TEAPOT", id: 99, peers: ["CUP"], create }), {
    name: "TEAPOT",
    id: 99,
    peers: ["CUP"],
    create,
    canSend: true,
    canReceive: true,
    isRaw: false,
    announcesRoutingId: false,
    isSingleConnect: false,
    conflates: false,
    isSubscriber: false,
    lingersByDefault: true,
  });
});

test("what a row says of its own stands", () => {
  const row = socketType({
    name: "TEAPOT",
    id: 99,
    peers: [],
    create: (options) => new Push(options),
    canReceive: false,
  });
  assert.equal(row.canReceive, false);
});

test("a peer of unknown type may be any, a peer of an odd type is none", () => {
  assert.equal(isLegalPeer(PUSH, "PULL"), true);
  assert.equal(isLegalPeer(PUSH, undefined), true);
  assert.equal(isLegalPeer(PUSH, "PUSH"), false);
  assert.equal(isLegalPeer(PUSH, "TEAPOT"), false);
});
