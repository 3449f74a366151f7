// SPDX-License-Identifier: MIT
/**
 * Hostile peers of whole sockets, on the side that binds and on the side that connects, with each mechanism: as libzmq's own
 * fuzzers. The application gets the same however the octets are cut; a good peer is served beside the hostile one or after
 * it; who does not finish a handshake, or answers no PING, is cut off; and nothing is left at the end.
 */
import assert from "node:assert/strict";
import { Choices, cut } from "../fuzzer/choices.ts";
import type { Random } from "../fuzzer/random.ts";
import type { Target } from "../fuzzer/target.ts";
import type { MemoryConnection } from "./network.ts";
import { concat, nullPeer, plainClient, plainServer } from "./streams.ts";
import { type AnySocket, type TypeName, World } from "./world.ts";
import { wsClient, wsServer } from "./ws.ts";

/** A socket type under attack, and a good peer for it. `isExclusive`: served only once the hostile one has gone. */
interface Pairing {
  readonly type: TypeName;
  readonly good: TypeName;
  readonly sends?: boolean;
  readonly isExclusive?: boolean;
}

const PAIRINGS: readonly Pairing[] = [
  { type: "dealer", good: "dealer" },
  { type: "router", good: "dealer" },
  { type: "pull", good: "push" },
  { type: "rep", good: "req" },
  { type: "xpub", good: "sub", sends: true },
  { type: "pub", good: "sub", sends: true },
  { type: "sub", good: "pub" },
  { type: "xsub", good: "xpub" },
  { type: "push", good: "pull", sends: true, isExclusive: true },
  { type: "req", good: "rep", sends: true, isExclusive: true },
  { type: "pair", good: "pair", isExclusive: true },
  { type: "server", good: "client" },
  { type: "client", good: "server", sends: true, isExclusive: true },
  { type: "gather", good: "scatter" },
  { type: "scatter", good: "gather", sends: true, isExclusive: true },
  { type: "dish", good: "radio" },
  { type: "radio", good: "dish", sends: true },
  { type: "peer", good: "peer" },
  { type: "channel", good: "channel", isExclusive: true },
];

/** What a mechanism needs on both sides. */
export interface Security {
  readonly server: object;
  readonly client: object;
  /** Asks a ZAP handler. */
  readonly asks?: boolean;
  /** How it is carried; default `tcp`. */
  readonly scheme?: string;
}

const SECURITIES = {
  null: { server: {}, client: {} },
  plain: { server: { plainServer: true }, client: { plainUsername: "good", plainPassword: "word" }, asks: true },
  ws: { server: {}, client: {}, scheme: "ws" },
} satisfies Record<string, Security>;

/** What a call gives; undefined where it fails in a way that it may. */
export function unless<T>(codes: readonly string[], call: () => T): T | undefined {
  try {
    return call();
  } catch (error) {
    if (!codes.includes((error as { code?: string }).code ?? "")) throw error;
    return undefined;
  }
}

/** One attack; gives what the application saw. */
export class Attack {
  readonly world: World = new World();
  readonly seen: string[] = [];
  readonly pairing: Pairing;
  readonly security: Security;
  readonly bits: number;
  socket!: AnySocket;
  private handler: AnySocket | undefined = undefined;
  private hasShaken = false;
  /** Where a PEER has connected: the number of the socket under attack. */
  peerId: Promise<number> | undefined = undefined;

  constructor(pairing: Pairing, security: Security, bits: number) {
    this.pairing = pairing;
    this.security = security;
    this.bits = bits;
  }

  /** Opens the socket under attack. */
  open(role: "server" | "client"): AnySocket {
    const { bits } = this;
    const options = {
      ...this.security[role],
      ...(bits & 1 ? { maxMessageSize: 300 } : {}),
      ...(bits & 2 ? { heartbeatInterval: 500 } : {}),
      ...(bits & 4 && this.receives ? { receiveHighWaterMark: 2 } : {}),
      ...(bits & 8 && !this.receives ? { sendHighWaterMark: 2 } : {}),
    };
    if (role === "server" && this.security.asks === true) this.handle();
    this.socket = this.make(this.pairing.type, options);
    const { events } = this.socket;
    events.on("handshake", () => {
      this.hasShaken = true;
    });
    events.on("handshake:error:protocol", ({ error }) => this.seen.push(`error ${error.code}`));
    return this.socket;
  }

  get scheme(): string {
    return this.security.scheme ?? "tcp";
  }

  get receives(): boolean {
    return !["pub", "push", "scatter", "radio"].includes(this.pairing.type);
  }

  make(type: TypeName, options: object): AnySocket {
    const socket = this.world.open(type, options);
    if (type === "sub") socket.subscribe("");
    if (type === "xsub") socket.trySend(Uint8Array.of(1));
    if (type === "dish") socket.join("group");
    return socket;
  }

  /** A ZAP handler, which answers what it likes to strangers. */
  private handle(): void {
    this.handler = this.world.open("router");
    this.handler.bindSync("inproc://zeromq.zap.01");
  }

  private answer(): void {
    for (let request = this.handler?.tryReceive(); request !== undefined; request = this.handler?.tryReceive()) {
      const [id = "", empty = "", version = "", number = ""] = request;
      const isGood = String(request[8]) === "good" && String(request[9]) === "word";
      const bits = this.bits >> 4;
      const status = isGood ? "200" : (["400", "300", "500", "200", "nonsense", "20"][bits % 6] as string);
      if (!isGood && bits === 7) continue;
      const reply = [id, empty, version, number, status, "text", isGood ? "user" : "", ""];
      if (!isGood && bits === 8) reply.pop();
      this.handler?.trySend(reply);
    }
  }

  /** The application: takes what there is, and answers where its type does. */
  serve(): void {
    this.answer();
    const { socket, pairing } = this;
    if (this.receives) {
      for (let count = 0; count < 100_000; count += 1) {
        const message = unless(["EFSM"], () => socket.tryReceive()) as (Uint8Array | object)[] | undefined;
        if (message === undefined) break;
        const parts = message.filter((part) => part instanceof Uint8Array);
        const told = pairing.type === "router" ? parts.slice(1) : parts;
        this.seen.push(told.map((part) => Buffer.from(part).toString("latin1")).join("|"));
        if (["rep", "router", "server", "peer"].includes(pairing.type)) {
          // Whoever asked may have gone.
          unless(["EHOSTUNREACH"], () => socket.trySend(message));
        }
      }
    }
  }

  /** The application says something to everybody. */
  say(text: string): void {
    const { type } = this.pairing;
    if (type === "radio") this.socket.trySend(text, { group: "group" });
    else if (this.pairing.sends === true) this.socket.trySend(text);
  }

  /** Fails unless a good peer gets through. */
  async provesServing(role: "server" | "client", connect: (good: AnySocket) => void): Promise<void> {
    const { good: type, sends, type: ours } = this.pairing;
    if (role === "server" && this.security.asks === true) this.handle();
    const good = this.make(type, this.security[role]);
    connect(good);
    const turn = async (): Promise<void> => {
      for (let i = 0; i < 3; i += 1) {
        await this.world.settle();
        this.serve();
      }
    };
    this.world.clock.advance(0);
    await turn();
    if (sends === true) {
      // What a REQ or a full queue has in the way goes with the hostile peer.
      this.say("good");
      await turn();
      const message = good.tryReceive() as unknown as readonly unknown[] | undefined;
      assert.equal(String(message?.[0]), "good", `${ours}: the good ${type} is not served`);
    } else {
      if (type === "radio") good.trySend("good", { group: "group" });
      else good.trySend("good", ...(ours === "peer" ? [{ routingId: await this.peerId }] : []));
      await turn();
      assert.ok(this.seen.includes("good"), `${ours}: the good ${type} is not served`);
    }
    const gone = good.close({ linger: 0 });
    await this.world.settle();
    await gone;
  }

  /** Time passes: a peer that never finished its handshake, or that answers no PING, has to be cut off. */
  async provesLimits(hostile: MemoryConnection): Promise<void> {
    const { clock } = this.world;
    const limit = this.bits & 2 && this.hasShaken ? 2000 : 31_000;
    for (let passed = 0; passed < limit; passed += 500) {
      clock.advance(500);
      await this.world.settle();
      this.serve();
    }
    if (!this.hasShaken) assert.ok(hostile.isTold, "a handshake without end");
  }
}

/** The head of an input: what is attacked; then what with. */
export function read(data: Uint8Array): { attack: (security: Security) => Attack; seed: number; octets: Uint8Array } {
  const choices = new Choices(data);
  const pairing = choices.pick(PAIRINGS);
  const bits = choices.octet();
  const seed = choices.octet();
  return { attack: (security) => new Attack(pairing, security, bits), seed, octets: choices.rest() };
}

/** The socket binds, and the hostile peer connects. */
async function bindSide(security: Security, data: Uint8Array, way: "whole" | "cut"): Promise<string> {
  const { attack: create, seed, octets } = read(data);
  const attack = create(security);
  const { world } = attack;
  attack.open("server").bindSync(`${attack.scheme}://a`);
  const hostile = world.network.dial("a", "192.0.2.66") as MemoryConnection;
  await world.hostile(hostile, cut(octets, way === "whole" ? 0 : seed), () => {
    attack.serve();
  });
  await world.settle();
  attack.serve();
  await world.settle();
  const seen = attack.seen.join("\n");
  if (attack.pairing.isExclusive === true) {
    hostile.destroy();
    await world.settle();
    attack.serve();
    // A REQ whose peer has gone still waits for its answer.
    if (attack.pairing.type === "req") return finish(attack, seen);
  } else if ((attack.bits & 8) !== 0) {
    attack.say("more");
    await world.settle();
  }
  await attack.provesServing("client", (good) => {
    if (attack.pairing.type === "peer") attack.peerId = good.connectPeer(`${attack.scheme}://a`);
    else good.connect(`${attack.scheme}://a`);
  });
  if (way === "whole") await attack.provesLimits(hostile);
  return finish(attack, seen);
}

/** Ends the attack; gives what was seen. */
export async function finish(attack: Attack, seen: string): Promise<string> {
  await attack.world.end();
  return seen;
}

/** The socket connects, and the hostile peer accepts. */
async function connectSide(security: Security, data: Uint8Array, way: "whole" | "cut"): Promise<string> {
  const { attack: create, seed, octets } = read(data);
  const attack = create(security);
  const { world } = attack;
  const { network, clock } = world;
  const accepted: MemoryConnection[] = [];
  network.listeners.set("hostile", {
    accepted: (connection) => void accepted.push(connection as MemoryConnection),
    acceptFailed: () => {},
  });
  const socket = attack.open("client");
  socket.connect(`${attack.scheme}://hostile`);
  await world.settle();
  const [hostile] = accepted;
  assert.ok(hostile !== undefined, "no connection");
  await world.hostile(hostile, cut(octets, way === "whole" ? 0 : seed), () => {
    attack.serve();
  });
  await world.settle();
  attack.serve();
  await world.settle();
  const seen = attack.seen.join("\n");
  hostile.destroy();
  network.listeners.delete("hostile");
  await world.settle();
  // Where it was given up, there is nothing to end any more.
  unless(["ENOENT"], () => socket.disconnect(`${attack.scheme}://hostile`));
  clock.advance(1000);
  await world.settle();
  attack.serve();
  if (["req", "peer"].includes(attack.pairing.type)) return finish(attack, seen);
  await attack.provesServing("server", (good) => {
    good.bindSync(`${attack.scheme}://good`);
    socket.connect(`${attack.scheme}://good`);
  });
  return finish(attack, seen);
}

type Side = typeof bindSide;

async function fuzz(side: Side, security: Security, data: Uint8Array): Promise<void> {
  const whole = await side(security, data, "whole");
  assert.equal(await side(security, data, "cut"), whole, "it matters how the octets are cut");
}

/** The head of an input, and a peer's octets for the type that the head chooses. */
function input(random: Random, octets: (random: Random, type: string | undefined) => Uint8Array): Uint8Array {
  const which = random.below(PAIRINGS.length);
  const type = random.oneIn(8) ? undefined : PAIRINGS[which]?.good.toUpperCase();
  return concat([which, random.octet(), random.octet()], octets(random, type));
}

/** The targets of whole sockets. */
export const peerTargets: readonly Target[] = [
  {
    name: "bind-null",
    about: "a hostile peer connects to a socket of any type",
    runs: 150,
    generate: (random) => input(random, nullPeer),
    fuzz: (data) => fuzz(bindSide, SECURITIES.null, data),
  },
  {
    name: "connect-null",
    about: "a socket of any type connects to a hostile peer",
    runs: 150,
    generate: (random) => input(random, nullPeer),
    fuzz: (data) => fuzz(connectSide, SECURITIES.null, data),
  },
  {
    name: "bind-plain",
    about: "a hostile client of a PLAIN server, with a ZAP handler that answers anything",
    runs: 100,
    generate: (random) => input(random, plainClient),
    fuzz: (data) => fuzz(bindSide, SECURITIES.plain, data),
  },
  {
    name: "connect-plain",
    about: "a hostile server of a PLAIN client",
    runs: 100,
    generate: (random) => input(random, plainServer),
    fuzz: (data) => fuzz(connectSide, SECURITIES.plain, data),
  },
  {
    name: "bind-ws",
    about: "a hostile client of a ws endpoint",
    runs: 100,
    generate: (random) => input(random, wsClient),
    fuzz: (data) => fuzz(bindSide, SECURITIES.ws, data),
  },
  {
    name: "connect-ws",
    about: "a hostile server for a ws client",
    runs: 100,
    generate: (random) => input(random, wsServer),
    fuzz: (data) => fuzz(connectSide, SECURITIES.ws, data),
  },
];
