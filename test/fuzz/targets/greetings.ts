// SPDX-License-Identifier: MIT
/** The greeting: every version is told as a plain reading of the RFCs tells it, however the octets are cut, with no octet lost. */
import assert from "node:assert/strict";
import { ByteQueue } from "../../../src/base/bytes.ts";
import { ProtocolError } from "../../../src/base/errors.ts";
import { GreetingNegotiation, type GreetingSetup, type PeerProtocol } from "../../../src/wire/greeting.ts";
import { Choices, cut } from "../fuzzer/choices.ts";
import type { Target } from "../fuzzer/target.ts";
import { concat, greeting } from "./streams.ts";

interface Outcome {
  readonly protocol: PeerProtocol | undefined;
  readonly sent: string;
  readonly left: number;
}

function negotiate(setup: GreetingSetup, chunks: readonly Uint8Array[]): Outcome {
  const negotiation = new GreetingNegotiation(setup);
  const input = new ByteQueue();
  const sent = [Buffer.from(negotiation.signature)];
  let protocol: PeerProtocol | undefined;
  for (const chunk of chunks) {
    input.push(chunk);
    for (let steps = 0; protocol === undefined; steps += 1) {
      assert.ok(steps < 4, "a greeting without end");
      const step = negotiation.next(input);
      if (step === undefined) break;
      if ("send" in step) sent.push(Buffer.from(step.send));
      else protocol = step.protocol;
    }
  }
  return { protocol, sent: Buffer.concat(sent).toString("hex"), left: input.length };
}

/** RFC 37, 23, 15 and 13, said plainly: the version, how much of our greeting is sent, and how much of theirs is taken. */
function expected(octets: Uint8Array): { version: string | undefined; sent: number; taken: number } {
  if (octets.length === 0) return { version: undefined, sent: 10, taken: 0 };
  if (octets[0] === 0x16 && octets.length === 1) return { version: undefined, sent: 10, taken: 0 };
  if (octets[0] === 0x16 && octets[1] === 3) return { version: "TLS", sent: 10, taken: 0 };
  if (octets[0] !== 0xff) return { version: "1.0", sent: 10, taken: 0 };
  if (octets.length < 10) return { version: undefined, sent: 10, taken: 0 };
  if (((octets[9] as number) & 1) === 0) return { version: "1.0", sent: 10, taken: 0 };
  const major = octets[10];
  if (major === undefined) return { version: undefined, sent: 11, taken: 0 };
  const length = major < 2 ? 12 : 64;
  if (octets.length < length) return { version: undefined, sent: length, taken: 0 };
  const version = major < 2 ? "2.0" : major === 3 && octets[11] === 0 ? "3.0" : "3.1";
  return { version, sent: length, taken: length };
}

/** The target of greetings. */
export const greetingTarget: Target = {
  name: "greeting",
  about: "the version, the mechanism and what is left, however a greeting is cut",
  runs: 2000,
  longest: 300,
  generate: (random) =>
    concat(
      [random.octet(), random.octet()],
      greeting(random, random.pick(["NULL", "PLAIN", "CURVE"])),
      random.octets(random.below(9)),
    ),
  fuzz: (data) => {
    const choices = new Choices(data);
    const which = choices.octet();
    const seed = choices.octet();
    const octets = choices.rest();
    const setup = {
      mechanism: ["NULL", "PLAIN", "CURVE", "X".repeat(20)][which & 3] as string,
      socketTypeId: which >> 4,
      routingIdLength: which & 8 ? 255 : 0,
    };
    const plain = expected(octets);
    if (plain.version === "TLS") {
      for (const way of [0, seed]) assert.throws(() => negotiate(setup, cut(octets, way)), ProtocolError);
      return;
    }
    const whole = negotiate(setup, cut(octets, 0));
    assert.equal(whole.protocol?.version, plain.version);
    assert.equal(whole.sent.length / 2, plain.sent);
    assert.equal(octets.length - whole.left, plain.taken);
    assert.deepEqual(negotiate(setup, cut(octets, seed)), whole);
    // What we say, we understand.
    const ours = negotiate(setup, [Buffer.from(whole.sent, "hex")]);
    if (plain.sent === 64) assert.equal((ours.protocol as { mechanism?: string }).mechanism, setup.mechanism);
  },
};
