// SPDX-License-Identifier: MIT
/**
 * Between two good peers, on both directions: octets that are changed, left out, said twice or put in. The next connection is left
 * alone and serves. Behind CURVE nothing that was touched is ever delivered, and nothing twice or out of order.
 */
import assert from "node:assert/strict";
import { curveKeyPair } from "../../../src/index.ts";
import { nodeRuntime } from "../../../src/runtime/node.ts";
import { Choices } from "../fuzzer/choices.ts";
import type { Target } from "../fuzzer/target.ts";
import { link, MemoryConnection } from "./network.ts";
import { type AnySocket, World } from "./world.ts";

interface Edit {
  /** Octets of this direction that pass before it. */
  readonly at: number;
  readonly do: number;
  readonly octets: Uint8Array;
}

/** One direction of the way between. */
class Tamperer {
  private passed = 0;
  private readonly edits: Edit[];

  constructor(edits: Edit[]) {
    this.edits = edits.sort((a, b) => a.at - b.at);
  }

  /** What becomes of a chunk. */
  pass(chunk: Uint8Array): Uint8Array {
    const out: Uint8Array[] = [];
    let from = 0;
    for (let edit = this.edits[0]; edit !== undefined && edit.at < this.passed + chunk.length; edit = this.edits[0]) {
      this.edits.shift();
      const at = Math.max(from, edit.at - this.passed);
      out.push(chunk.subarray(from, at));
      from = at;
      const { length } = edit.octets;
      if (edit.do === 0) out.push(edit.octets);
      else if (edit.do === 1) from = Math.min(chunk.length, at + length);
      else if (edit.do === 2) out.push(chunk.subarray(Math.max(0, at - length * 8), at));
      else {
        out.push(chunk.slice(at, at + length).map((octet, i) => octet ^ (edit.octets[i] as number)));
        from = Math.min(chunk.length, at + length);
      }
    }
    out.push(chunk.subarray(from));
    this.passed += chunk.length;
    return Buffer.concat(out);
  }
}

/** Two connections in the place of one, and what happens between them. */
function stand(client: MemoryConnection, server: MemoryConnection, up: Tamperer, down: Tamperer): MemoryConnection[] {
  const [left, right] = [new MemoryConnection("left"), new MemoryConnection("right")];
  link(client, left);
  link(right, server);
  const join = (from: MemoryConnection, to: MemoryConnection, by: Tamperer): void => {
    from.resume();
    from.handler = {
      received: (chunk) => {
        const octets = by.pass(chunk);
        // In small pieces, so that there is always room.
        for (let at = 0; at < octets.length && !to.isClosed; at += 4096) to.write([octets.subarray(at, at + 4096)]);
      },
      drained: () => {},
      connectionEnded: () => to.destroy(),
    };
  };
  join(left, right, up);
  join(right, left, down);
  return [left, right];
}

const server = curveKeyPair();
const client = curveKeyPair();

const SECURITIES = {
  null: [{}, {}],
  plain: [
    { plainServer: true, authorize: () => true },
    { plainUsername: "good", plainPassword: "word" },
  ],
  curve: [
    { curveServer: true, curveSecretKey: server.secretKey, authorize: () => true },
    { curvePublicKey: client.publicKey, curveSecretKey: client.secretKey, curveServerKey: server.publicKey },
  ],
} as const;

const MESSAGES = 6;

async function fuzz(mechanism: keyof typeof SECURITIES, data: Uint8Array): Promise<void> {
  if (mechanism === "curve") await nodeRuntime.curve.load();
  const choices = new Choices(data);
  const edits: [Edit[], Edit[]] = [[], []];
  for (let steps = 0; !choices.isOver && steps < 8; steps += 1) {
    const bits = choices.octet();
    const at = choices.below(1200);
    edits[bits & 1]?.push({ at, do: (bits >> 1) & 3, octets: choices.string(20) });
  }
  const [up, down] = edits.map((each) => new Tamperer(each)) as [Tamperer, Tamperer];
  const world = new World();
  let isFirst = true;
  world.network.between = (near, far) => {
    if (isFirst) world.network.connections.push(...stand(near, far, up, down));
    else link(near, far);
    isFirst = false;
  };
  const [ofServer, ofClient] = SECURITIES[mechanism];
  const binder = world.open("dealer", { ...ofServer, maxMessageSize: 10_000 });
  const connecter = world.open("dealer", { ...ofClient, heartbeatInterval: 1000, maxMessageSize: 10_000 });
  binder.bindSync("tcp://a");
  connecter.connect("tcp://a");
  const got: [string[], string[]] = [[], []];
  const take = (): void => {
    for (const [i, socket] of [binder, connecter].entries()) {
      for (let parts = socket.tryReceive(); parts !== undefined; parts = socket.tryReceive()) {
        got[i as 0 | 1].push(parts.map((part) => Buffer.from(part).toString("latin1")).join("|"));
      }
    }
  };
  for (let number = 0; number < MESSAGES; number += 1) {
    connecter.trySend([`up ${number}`, "x".repeat(number * 60)]);
    binder.trySend([`down ${number}`, ""]);
    await world.settle();
    take();
  }
  // Enough for heartbeats to notice, and for handshakes to be given up and tried again.
  for (let passed = 0; passed < 35; passed += 1) {
    world.clock.advance(1000);
    await world.settle();
    take();
  }
  if (mechanism === "curve") {
    for (const list of got) {
      const numbers = list.map((text) => {
        const match = /^(up|down) (\d)\|(x*)$/.exec(text);
        assert.ok(
          match !== null && (match[1] === "down" || match[3]?.length === Number(match[2]) * 60),
          `delivered: ${text}`,
        );
        return Number(match[2]);
      });
      assert.deepEqual(numbers, [...new Set(numbers)].sort(), "twice, or out of order");
    }
  }
  await proveServing(world, binder, world.open("dealer", ofClient), take, got);
  await world.end();
}

async function proveServing(
  world: World,
  binder: AnySocket,
  good: AnySocket,
  take: () => void,
  got: [string[], string[]],
): Promise<void> {
  good.connect("tcp://a");
  good.trySend("good");
  await world.settle();
  take();
  assert.ok(got[0].includes("good"), "the good peer is not served");
  assert.equal(binder.closed, false);
}

/** The targets of connections that somebody stands in the middle of. */
export const tamperTargets: readonly Target[] = (["null", "plain", "curve"] as const).map((mechanism) => ({
  name: `tampered-${mechanism}`,
  about: `two good peers, with somebody between them${mechanism === "curve" ? ": nothing touched is delivered" : ""}`,
  runs: mechanism === "curve" ? 60 : 80,
  longest: 200,
  generate: (random) => random.octets(random.below(80)),
  fuzz: (data) => fuzz(mechanism, data),
}));
