// SPDX-License-Identifier: MIT
/**
 * CURVE from inside: a hostile peer that has good keys and knows the protocol, so that what it seals is opened. It says each step
 * of the handshake rightly, wrongly or twice, and then seals what it likes. Octets that are only noise get no further than
 * HELLO. Written from RFC 26 on the runtime's cryptography alone.
 */
import assert from "node:assert/strict";
import { decodeZ85 } from "../../../src/base/z85.ts";
import { curveKeyPair } from "../../../src/index.ts";
import { nodeRuntime } from "../../../src/runtime/node.ts";
import type { CurveCrypto } from "../../../src/security/curve-crypto.ts";
import { Choices, cut } from "../fuzzer/choices.ts";
import type { Random } from "../fuzzer/random.ts";
import type { Target } from "../fuzzer/target.ts";
import type { MemoryConnection } from "./network.ts";
import { type Attack, finish, read, type Security, unless } from "./peers.ts";
import { ascii, concat, property } from "./streams.ts";
import type { World } from "./world.ts";

const server = curveKeyPair();
const client = curveKeyPair();
const SECURITY: Security = {
  server: { curveServer: true, curveSecretKey: server.secretKey },
  client: { curvePublicKey: client.publicKey, curveSecretKey: client.secretKey, curveServerKey: server.publicKey },
};
const GREETING = concat([255, 0, 0, 0, 0, 0, 0, 0, 1, 127, 3, 1], ascii("CURVE".padEnd(20, "\0")), new Uint8Array(32));

function count(value: number): Uint8Array {
  const octets = new Uint8Array(8);
  new DataView(octets.buffer).setBigUint64(0, BigInt(value));
  return octets;
}

function frame(body: Uint8Array, flags: number): Uint8Array {
  return body.length < 256 ? concat([flags, body.length], body) : concat([flags | 2], count(body.length), body);
}

/** One side of RFC 26, which does as it is told. */
class Insider {
  private readonly crypto: CurveCrypto;
  private readonly choices: Choices;
  private readonly role: "client" | "server";
  private readonly own: { publicKey: Uint8Array; secretKey: Uint8Array };
  /** What was received. */
  private heard = new Uint8Array(0);
  /** The key of the connection, once both short-term keys are known. */
  private key: Uint8Array;
  private theirs: Uint8Array = new Uint8Array(32);
  private cookie: Uint8Array = new Uint8Array(96);
  private sent = 2;
  /** Something was said that is no whole frame, or not as it was sealed. */
  hasLied = false;

  constructor(choices: Choices, role: "client" | "server") {
    this.crypto = nodeRuntime.curve.crypto as CurveCrypto;
    this.choices = choices;
    this.role = role;
    this.own = this.crypto.keyPair();
    this.key = this.crypto.random(32);
  }

  hear(chunk: Uint8Array): void {
    this.heard = Uint8Array.from(concat(this.heard, chunk));
  }

  private shared(publicKey: Uint8Array, secretKey: Uint8Array): Uint8Array {
    return this.crypto.sharedKey(publicKey, secretKey) ?? this.crypto.random(32);
  }

  /** The data of a command that the other side has sent. */
  private command(name: string): Uint8Array | undefined {
    const at = Buffer.from(this.heard).indexOf(String.fromCharCode(name.length) + name, 64, "latin1");
    return at < 0 ? undefined : this.heard.subarray(at + 1 + name.length);
  }

  /** The next thing to say. `isGood`: as it must be. */
  say(step: number, isGood: boolean, type: string): Uint8Array {
    switch (step) {
      case 0:
        return this.edited(GREETING, isGood);
      case 1:
        return this.edited(frame(this.role === "client" ? this.hello() : this.welcome(), 4), isGood);
      case 2: {
        this.listen();
        const metadata = isGood ? property("Socket-Type", ascii(type), NEVER) : this.choices.string();
        return this.edited(frame(this.role === "client" ? this.initiate(metadata) : this.ready(metadata), 4), isGood);
      }
      case 3:
        this.hasLied = true;
        return this.choices.string();
      default: {
        const [flags, body] = [isGood ? this.choices.below(2) : this.choices.octet(), this.choices.string()];
        this.sent = isGood ? this.sent + 1 : this.sent + this.choices.below(4) - 1;
        return this.edited(frame(this.message(flags, body), isGood ? 0 : this.choices.below(8) & 5), isGood);
      }
    }
  }

  /** The same with one octet changed, half of the time. */
  private edited(octets: Uint8Array, isGood: boolean): Uint8Array {
    if (isGood || this.choices.flag()) return octets;
    this.hasLied = true;
    const copy = octets.slice();
    const at = this.choices.below(65536) % copy.length;
    copy[at] = (copy[at] as number) ^ this.choices.octet();
    return copy;
  }

  private seal(message: Uint8Array, prefix: string, rest: Uint8Array, key: Uint8Array): Uint8Array {
    return this.crypto.seal(message, concat(ascii(prefix), rest), key);
  }

  private hello(): Uint8Array {
    const key = this.shared(decodeZ85(server.publicKey), this.own.secretKey);
    const box = this.seal(new Uint8Array(64), "CurveZMQHELLO---", count(1), key);
    return concat([5], ascii("HELLO"), [1, 0], new Uint8Array(72), this.own.publicKey, count(1), box);
  }

  private welcome(): Uint8Array {
    this.theirs = this.command("HELLO")?.slice(74, 106) ?? this.theirs;
    this.key = this.shared(this.theirs, this.own.secretKey);
    const chance = this.crypto.random(16);
    const key = this.shared(this.theirs, decodeZ85(server.secretKey));
    const box = this.seal(concat(this.own.publicKey, this.cookie), "WELCOME-", chance, key);
    return concat([7], ascii("WELCOME"), chance, box);
  }

  /** A client reads the WELCOME. */
  private listen(): void {
    const data = this.command("WELCOME");
    if (this.role === "server" || data === undefined) return;
    const key = this.shared(decodeZ85(server.publicKey), this.own.secretKey);
    const content = this.crypto.open(data.slice(16, 160), concat(ascii("WELCOME-"), data.subarray(0, 16)), key);
    if (content === undefined) return;
    this.theirs = content.slice(0, 32);
    this.cookie = content.slice(32);
    this.key = this.shared(this.theirs, this.own.secretKey);
  }

  private initiate(metadata: Uint8Array): Uint8Array {
    const chance = this.crypto.random(16);
    const vouchKey = this.shared(this.theirs, decodeZ85(client.secretKey));
    const vouch = this.seal(concat(this.own.publicKey, decodeZ85(server.publicKey)), "VOUCH---", chance, vouchKey);
    const content = concat(decodeZ85(client.publicKey), chance, vouch, metadata);
    const box = this.seal(content, "CurveZMQINITIATE", count(2), this.key);
    return concat([8], ascii("INITIATE"), this.cookie, count(2), box);
  }

  private ready(metadata: Uint8Array): Uint8Array {
    return concat([5], ascii("READY"), count(1), this.seal(metadata, "CurveZMQREADY---", count(1), this.key));
  }

  private message(flags: number, body: Uint8Array): Uint8Array {
    const prefix = this.role === "client" ? "CurveZMQMESSAGEC" : "CurveZMQMESSAGES";
    const box = this.seal(concat([flags], body), prefix, count(Math.max(0, this.sent)), this.key);
    return concat([7], ascii("MESSAGE"), count(Math.max(0, this.sent)), box);
  }
}

/** For properties without lies in them. */
const NEVER = { oneIn: () => false } as unknown as Random;

/** Says everything that the input asks for. */
async function talk(
  attack: Attack,
  peer: MemoryConnection,
  insider: Insider,
  program: Choices,
  seed: number,
): Promise<void> {
  const { world, pairing } = attack;
  world.strangers.push(peer);
  peer.handler = { received: (chunk) => insider.hear(chunk), drained() {}, connectionEnded() {} };
  peer.resume();
  const goodSteps = program.below(5);
  const type = pairing.good.toUpperCase();
  for (let step = 0; (step < goodSteps || !program.isOver) && step < 40; step += 1) {
    const octets = step < goodSteps ? insider.say(Math.min(step, 4), true, type) : sayAny(insider, program, type);
    await send(world, peer, cut(octets, seed));
    attack.serve();
  }
  await world.settle();
  attack.serve();
  await world.settle();
}

function sayAny(insider: Insider, program: Choices, type: string): Uint8Array {
  const octet = program.octet();
  return insider.say(octet < 160 ? 4 : octet % 5, (octet & 8) !== 0, type);
}

async function send(world: World, peer: MemoryConnection, chunks: readonly Uint8Array[]): Promise<void> {
  for (const chunk of chunks) {
    if (peer.isTold) return;
    peer.write([chunk]);
    await world.settle();
  }
  await world.settle();
}

/** What the application saw, and whether chance has had a say in it. */
interface Talk {
  readonly seen: string;
  readonly hasLied: boolean;
}

async function bindSide(data: Uint8Array, way: "whole" | "cut"): Promise<Talk> {
  const { attack: create, seed, octets } = read(data);
  const attack = create(SECURITY);
  const { world, pairing } = attack;
  attack.open("server").bindSync("tcp://a");
  const program = new Choices(octets);
  const hostile = world.network.dial("a", "192.0.2.66") as MemoryConnection;
  const insider = new Insider(program, "client");
  await talk(attack, hostile, insider, program, way === "whole" ? 0 : seed);
  const seen = attack.seen.join("\n");
  if (pairing.isExclusive === true) {
    hostile.destroy();
    await world.settle();
    attack.serve();
    if (pairing.type === "req") return { seen: await finish(attack, seen), hasLied: insider.hasLied };
  }
  await attack.provesServing("client", (good) => {
    if (pairing.type === "peer") attack.peerId = good.connectPeer("tcp://a");
    else good.connect("tcp://a");
  });
  if (way === "whole") await attack.provesLimits(hostile);
  return { seen: await finish(attack, seen), hasLied: insider.hasLied };
}

async function connectSide(data: Uint8Array, way: "whole" | "cut"): Promise<Talk> {
  const { attack: create, seed, octets } = read(data);
  const attack = create(SECURITY);
  const { world, pairing } = attack;
  const accepted: MemoryConnection[] = [];
  world.network.listeners.set("hostile", {
    accepted: (connection) => void accepted.push(connection as MemoryConnection),
    acceptFailed: () => {},
  });
  const socket = attack.open("client");
  socket.connect("tcp://hostile");
  await world.settle();
  const [hostile] = accepted;
  assert.ok(hostile !== undefined, "no connection");
  const program = new Choices(octets);
  const insider = new Insider(program, "server");
  await talk(attack, hostile, insider, program, way === "whole" ? 0 : seed);
  const seen = attack.seen.join("\n");
  hostile.destroy();
  world.network.listeners.delete("hostile");
  await world.settle();
  unless(["ENOENT"], () => socket.disconnect("tcp://hostile"));
  await world.settle();
  attack.serve();
  if (["req", "peer"].includes(pairing.type)) return { seen: await finish(attack, seen), hasLied: insider.hasLied };
  await attack.provesServing("server", (good) => {
    good.bindSync("tcp://good");
    socket.connect("tcp://good");
  });
  return { seen: await finish(attack, seen), hasLied: insider.hasLied };
}

function target(name: string, about: string, side: typeof bindSide): Target {
  return {
    name,
    about,
    runs: 40,
    longest: 1500,
    generate: (random) =>
      concat([random.below(20), random.octet(), random.octet(), random.below(5)], random.octets(random.below(300))),
    fuzz: async (data) => {
      await nodeRuntime.curve.load();
      const whole = await side(data, "whole");
      const pieces = await side(data, "cut");
      // Where a frame lies about its length, what is sealed stands in the place of the next header, and chance is in that.
      if (whole.hasLied || pieces.hasLied) return;
      assert.equal(pieces.seen, whole.seen, "it matters how the octets are cut");
    },
  };
}

/** The targets of CURVE. */
export const curveTargets: readonly Target[] = [
  target("bind-curve", "a hostile client of a CURVE server, with good keys", bindSide),
  target("connect-curve", "a hostile server of a CURVE client, with good keys", connectSide),
];
