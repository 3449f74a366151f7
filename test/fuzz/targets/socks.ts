// SPDX-License-Identifier: MIT
/** SOCKS5: whatever a proxy answers, however it is cut, the connection stands or the attempt fails, and the peer's octets are all there. */
import assert from "node:assert/strict";
import { EventEmitter } from "node:events";
import { ZmqError } from "../../../src/base/errors.ts";
import { askProxy, type ProxySocket } from "../../../src/transport/socks.ts";
import { Choices, cut } from "../fuzzer/choices.ts";
import type { Random } from "../fuzzer/random.ts";
import type { Target } from "../fuzzer/target.ts";
import { concat } from "./streams.ts";

/** The end of a connection that a proxy has. */
class FakeSocket extends EventEmitter {
  readonly written: Uint8Array[] = [];
  /** What nobody has taken. */
  left: Uint8Array = new Uint8Array(0);

  write(chunk: Uint8Array): boolean {
    this.written.push(chunk);
    return true;
  }

  pause(): this {
    return this;
  }

  unshift(chunk: Uint8Array): void {
    this.left = concat(chunk, this.left);
  }
}

/** How many octets of an answer are the proxy's; undefined: it does not connect. */
function plainLength(octets: Uint8Array, hasName: boolean): number | undefined {
  const [version, method] = octets;
  if (octets.length < 2 || version !== 5) return undefined;
  let at = 2;
  if (method === 2 && hasName) {
    if (octets[3] !== 0) return undefined;
    at = 4;
  } else if (method !== 0) return undefined;
  if (octets[at] !== 5 || octets[at + 1] !== 0) return undefined;
  const kind = octets[at + 3];
  const length = kind === 1 ? 4 : kind === 4 ? 16 : kind === 3 ? 1 + (octets[at + 4] ?? 1000) : 1000;
  return at + 6 + length <= octets.length ? at + 6 + length : undefined;
}

async function fuzz(data: Uint8Array): Promise<void> {
  const choices = new Choices(data);
  const bits = choices.octet();
  const seed = choices.octet();
  const answer = choices.rest();
  const hasName = (bits & 1) !== 0;
  const host = ["192.0.2.7", "2001:db8::7", "inside.example", "x".repeat(255)][(bits >> 1) & 3] as string;
  const socket = new FakeSocket();
  let outcome: { error?: unknown } | undefined;
  void askProxy(
    socket as unknown as ProxySocket,
    { host, port: 0x1234 },
    (hasName ? { socksUsername: "me", socksPassword: "secret" } : {}) as never,
    "tcp://x",
    new AbortController().signal,
  ).then(
    () => {
      outcome = {};
    },
    (error: unknown) => {
      outcome = { error };
    },
  );
  for (const chunk of cut(answer, seed)) {
    if (outcome === undefined) socket.emit("data", chunk);
    else socket.left = concat(socket.left, chunk);
    // Answers are read in the microtasks that follow.
    for (let i = 0; i < 20 && outcome === undefined; i += 1) await Promise.resolve();
  }
  socket.emit("end");
  for (let i = 0; i < 20 && outcome === undefined; i += 1) await Promise.resolve();
  assert.ok(outcome !== undefined, "neither connected nor failed");
  for (const event of ["data", "error", "end", "close"]) assert.equal(socket.listenerCount(event), 0);
  const length = plainLength(answer, hasName);
  assert.equal(outcome.error === undefined, length !== undefined, String(outcome.error));
  if (length !== undefined) assert.deepEqual(Buffer.from(socket.left), Buffer.from(answer.subarray(length)));
  else assert.ok(outcome.error instanceof ZmqError && outcome.error.code === "ECONNREFUSED", String(outcome.error));
}

function generate(random: Random): Uint8Array {
  const wrong = (octet: number): number => (random.oneIn(15) ? random.octet() : octet);
  const bits = random.octet();
  const method = random.oneIn(4) ? random.pick([0, 1, 2, 255]) : bits & 1 ? 2 : 0;
  const kind = wrong(random.pick([1, 3, 4]));
  const name = random.octets(random.length(255));
  const address = kind === 3 ? concat([name.length], name) : random.octets(kind === 4 ? 16 : 4);
  const all = concat(
    [bits, random.pick([0, 0, 255, random.octet()])],
    [wrong(5), method],
    method === 2 ? [wrong(1), wrong(0)] : [],
    [wrong(5), wrong(0), wrong(0), kind],
    address,
    [random.octet(), random.octet()],
    random.octets(),
  );
  return random.oneIn(10) ? all.subarray(0, random.below(all.length)) : all;
}

/** The target of SOCKS. */
export const socksTarget: Target = {
  name: "socks",
  about:
    "answers of SOCKS proxies: connected as a plain reading says, or ECONNREFUSED, and nothing of the peer's is lost",
  runs: 600,
  longest: 1000,
  generate,
  fuzz,
};
