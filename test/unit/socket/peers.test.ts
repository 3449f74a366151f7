// SPDX-License-Identifier: MIT
/** What a socket remembers of connections that were lost: as much as the messages of theirs that nobody has read yet. */
import assert from "node:assert/strict";
import { test } from "node:test";
import type { Pattern } from "../../../src/pattern/pattern.ts";
import type { Message } from "../../../src/pipe/message.ts";
import { originOf } from "../../../src/pipe/origin.ts";
import type { Pipe } from "../../../src/pipe/pipe.ts";
import { Peers } from "../../../src/socket/peers.ts";

/** A pipe that reconnects, and what was read from it and waits in it. */
class Reconnecting {
  readonly endpoint = "tcp://127.0.0.1:5555";
  origin: unknown = undefined;
  received = 0;
  readable = 0;
  peer: object | undefined = undefined;
  private connections = 0;

  connect(peers: Peers): void {
    this.connections += 1;
    const address = `127.0.0.1:${this.connections}`;
    this.peer = { address, routingId: new Uint8Array(), socketType: "PUSH", metadata: new Map() };
    peers.connected(this as unknown as Pipe);
  }

  /** Reads one message; gives the address that it came from. */
  read(peers: Peers): string | undefined {
    this.readable -= 1;
    this.received += 1;
    const message: Message = [Uint8Array.of(1)];
    peers.mark(message, this as unknown as Pipe);
    return originOf(message)?.address;
  }
}

function rig(): { peers: Peers; pipe: Reconnecting; remembered: () => number } {
  const pipe = new Reconnecting();
  const peers = new Peers({} as Pattern, new Set(), new Map());
  const { formers } = peers as unknown as { formers: Map<unknown, unknown[]> };
  const remembered = (): number => [...formers.values()].reduce((sum, each) => sum + each.length, 0);
  return { peers, pipe, remembered };
}

test("a peer that comes and goes without a word leaves nothing behind", () => {
  const { peers, pipe, remembered } = rig();
  for (let i = 0; i < 1000; i += 1) {
    pipe.connect(peers);
    peers.disconnected(pipe as unknown as Pipe);
  }
  assert.equal(remembered(), 0);
});

test("connections whose messages were read are forgotten, whether or not anybody asked where they came from", () => {
  const { peers, pipe, remembered } = rig();
  for (let i = 0; i < 1000; i += 1) {
    pipe.connect(peers);
    pipe.readable += 2;
    pipe.readable -= 1;
    pipe.received += 1;
    peers.disconnected(pipe as unknown as Pipe);
    pipe.readable -= 1;
    pipe.received += 1;
  }
  assert.ok(remembered() <= 1, `${remembered()}`);
});

test("messages that are still unread keep the addresses that they came from", () => {
  const { peers, pipe, remembered } = rig();
  for (const count of [2, 0, 1]) {
    pipe.connect(peers);
    pipe.readable += count;
    peers.disconnected(pipe as unknown as Pipe);
  }
  pipe.connect(peers);
  pipe.readable += 1;
  assert.equal(remembered(), 2, "the one that said nothing is not among them");
  const addresses = Array.from({ length: 4 }, () => pipe.read(peers));
  assert.deepEqual(addresses, ["127.0.0.1:1", "127.0.0.1:1", "127.0.0.1:3", "127.0.0.1:4"]);
});
