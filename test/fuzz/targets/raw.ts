// SPDX-License-Identifier: MIT
/** STREAM: any octets come as they were sent, from whichever side connected, and another peer is served beside. */
import assert from "node:assert/strict";
import { Choices, cut } from "../fuzzer/choices.ts";
import type { Target } from "../fuzzer/target.ts";
import type { MemoryConnection } from "./network.ts";
import { type AnySocket, World } from "./world.ts";

/** What a STREAM has received, by routing id. */
function take(socket: AnySocket, seen: Map<string, Uint8Array[]>, most: number): void {
  for (let message = socket.tryReceive(); message !== undefined; message = socket.tryReceive()) {
    const [id, octets] = message as readonly Uint8Array[];
    assert.ok(id?.length === 5 && octets !== undefined && message.length === 2);
    assert.ok(octets.length <= most, "longer than inBatchSize");
    const name = Buffer.from(id).toString("hex");
    seen.set(name, [...(seen.get(name) ?? []), octets]);
  }
}

async function talk(
  world: World,
  socket: AnySocket,
  peer: MemoryConnection,
  data: Uint8Array,
  most: number,
): Promise<void> {
  const choices = new Choices(data);
  const seed = choices.octet();
  const octets = choices.rest();
  const seen = new Map<string, Uint8Array[]>();
  await world.hostile(peer, cut(octets, seed), () => {
    take(socket, seen, most);
  });
  await world.settle();
  take(socket, seen, most);
  assert.equal(seen.size, 1);
  const [[name, parts]] = [...seen] as [[string, Uint8Array[]]];
  assert.equal(parts[0]?.length, 0, "the notice of a connection");
  assert.equal(Buffer.concat(parts).toString("hex"), Buffer.from(octets).toString("hex"));
  // What is sent arrives as octets, and an empty message ends the connection.
  const got: Uint8Array[] = [];
  peer.handler = { received: (chunk) => void got.push(chunk), drained() {}, connectionEnded() {} };
  const id = Buffer.from(name, "hex");
  socket.trySend([id, octets]);
  await world.settle();
  assert.equal(Buffer.concat(got).toString("hex"), Buffer.from(octets).toString("hex"));
  if (octets.length === 0) return;
  socket.trySend([id, ""]);
  await world.settle();
  assert.ok(peer.isTold, "the connection has not ended");
}

async function fuzz(side: "bind" | "connect", data: Uint8Array): Promise<void> {
  const world = new World();
  const choices = new Choices(data);
  const bits = choices.octet();
  const inBatchSize = [1, 3, 100, 8192][bits & 3] as number;
  const socket = world.open("stream", {
    inBatchSize,
    maxMessageSize: bits & 4 ? 10 : -1,
    receiveHighWaterMark: bits & 8 ? 1 : 1000,
  });
  const rest = choices.rest();
  for (const input of [rest, Uint8Array.of(0, 103, 111, 111, 100)]) {
    if (side === "bind") {
      if (!world.network.listeners.has("a")) socket.bindSync("tcp://a");
      await talk(world, socket, world.network.dial("a") as MemoryConnection, input, inBatchSize);
    } else {
      const accepted: MemoryConnection[] = [];
      const name = `b${world.network.connections.length}`;
      const accept = (connection: unknown): void => void accepted.push(connection as MemoryConnection);
      world.network.listeners.set(name, { accepted: accept, acceptFailed: () => {} });
      socket.connect(`tcp://${name}`);
      await world.settle();
      await talk(world, socket, accepted[0] as MemoryConnection, input, inBatchSize);
      world.network.listeners.delete(name);
      try {
        socket.disconnect(`tcp://${name}`);
      } catch (error) {
        // A connection that ended after an empty message is not made again.
        assert.equal((error as { code?: string }).code, "ENOENT");
      }
    }
    // The notice that it is gone.
    await world.settle();
    take(socket, new Map(), inBatchSize);
  }
  await world.end();
}

/** The targets of STREAM. */
export const rawTargets: readonly Target[] = (["bind", "connect"] as const).map((side) => ({
  name: `${side}-stream`,
  about: `any octets to a STREAM that ${side}s`,
  runs: 80,
  longest: 2000,
  generate: (random) => random.octets(2 + random.length(900)),
  fuzz: (data) => fuzz(side, data),
}));
