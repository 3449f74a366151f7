// SPDX-License-Identifier: MIT
/**
 * A siege: a ROUTER in one process, besiegers in another, and in this one a good client who goes on asking, and others who come,
 * ask once and go. Gives how long they waited and what the ROUTER's process held before, meanwhile and afterwards.
 */
import { fileURLToPath } from "node:url";
import * as zmq from "../../src/index.ts";
import { Servant } from "../soak/wire.ts";
import { turns, within } from "../support/sockets.ts";
import type { SiegePlan, SiegeReport } from "./besieger.ts";
import type { FortPlan, FortReport } from "./fort.ts";

/** How a siege is laid. */
export interface Siege extends Omit<SiegePlan, "endpoint"> {
  readonly fort: FortPlan;
  /** Milliseconds that it lasts once all slow connections were made. */
  readonly lasts: number;
}

/** Milliseconds. */
export interface Waits {
  readonly count: number;
  readonly median: number;
  readonly most: number;
}

/** What came of it. */
export interface SiegeOutcome {
  /** Round trips of the client that is there all the time, before the siege and during it. */
  readonly before: Waits;
  readonly during: Waits;
  /** From the connect of a new client to its answer. */
  readonly newcomers: Waits;
  readonly calm: FortReport;
  /** The largest of all reports from within the siege. */
  readonly height: FortReport;
  readonly after: FortReport;
  readonly besieger: SiegeReport;
}

/** How long one answer may take, before the client counts as not served. */
const PATIENCE = 10_000;

/** Lays a siege. Rejects when a good client is not served. */
export async function laySiege(siege: Siege, onReport: (report: FortReport) => void = () => {}): Promise<SiegeOutcome> {
  const fort = servant("fort");
  const besieger = servant("besieger");
  try {
    const endpoint = await fort.call<string>("open", siege.fort);
    const client = new Client(endpoint);
    const newcomers: number[] = [];
    try {
      await client.ask(500);
      const before = client.waits();
      const calm = await fort.call<FortReport>("report", { isExact: true });
      await besieger.call("begin", { ...siege, endpoint });
      let height = calm;
      const end = performance.now() + siege.slow / 2 + siege.lasts;
      while (performance.now() < end) {
        await client.ask(50);
        newcomers.push(await visit(endpoint));
        const report = await fort.call<FortReport>("report", { isExact: false });
        onReport(report);
        height = higher(height, report);
      }
      const during = client.waits();
      height = higher(height, await fort.call<FortReport>("report", { isExact: true }));
      const done = await besieger.call<SiegeReport>("report");
      await besieger.call("cease");
      const after = await level(fort, calm, client);
      return { before, during, newcomers: waitsOf(newcomers), calm, height, after, besieger: done };
    } finally {
      await client.close();
    }
  } finally {
    await Promise.all([fort.kill(), besieger.kill()]);
  }
}

function servant(role: string): Servant {
  const main = fileURLToPath(new URL("./main.ts", import.meta.url));
  return new Servant(role, { program: process.execPath, arguments: ["--import", "tsx", main, "--role", role] });
}

/** A client that asks one question after another. */
class Client {
  readonly #socket: zmq.Request;
  #times: number[] = [];
  #number = 0;

  constructor(endpoint: string) {
    this.#socket = new zmq.Request({ linger: 0, receiveTimeout: PATIENCE });
    this.#socket.connect(endpoint);
  }

  async ask(times: number): Promise<void> {
    for (let i = 0; i < times; i += 1) {
      const question = `question ${this.#number}`;
      this.#number += 1;
      const start = performance.now();
      await this.#socket.send(question);
      const [answer] = await this.#socket.receive();
      if (String(answer) !== question) throw new Error(`${question} was answered by ${answer}`);
      this.#times.push(performance.now() - start);
    }
  }

  /** Those since the last call. */
  waits(): Waits {
    const waits = waitsOf(this.#times);
    this.#times = [];
    return waits;
  }

  close(): Promise<void> {
    return this.#socket.close();
  }
}

/** A client that is new; how long its first answer took. */
async function visit(endpoint: string): Promise<number> {
  const start = performance.now();
  const socket = new zmq.Dealer({ linger: 0, reconnectInterval: 20 });
  try {
    socket.connect(endpoint);
    await socket.send("hello");
    await within(PATIENCE, "a new client's answer", socket.receive());
    return performance.now() - start;
  } finally {
    await socket.close();
  }
}

/** Waits until nobody is left, then for what the system gives back late. */
async function level(fort: Servant, calm: FortReport, client: Client): Promise<FortReport> {
  const end = performance.now() + 20_000;
  for (;;) {
    const report = await fort.call<FortReport>("report", { isExact: true });
    const isLevel = report.descriptors <= calm.descriptors && report.peers <= calm.peers && report.handshakes === 0;
    if (isLevel || performance.now() > end) return report;
    await client.ask(10);
    await turns(20);
  }
}

function waitsOf(times: readonly number[]): Waits {
  const sorted = [...times].sort((a, b) => a - b);
  return { count: sorted.length, median: sorted[sorted.length >> 1] ?? 0, most: sorted.at(-1) ?? 0 };
}

function higher(a: FortReport, b: FortReport): FortReport {
  const most = (of: (report: FortReport) => number): number => Math.max(of(a), of(b));
  return {
    ...b,
    heap: most(({ heap }) => heap),
    buffers: most(({ buffers }) => buffers),
    resident: most(({ resident }) => resident),
    descriptors: most(({ descriptors }) => descriptors),
    handshakes: most(({ handshakes }) => handshakes),
    peers: most(({ peers }) => peers),
    longestTurn: most(({ longestTurn }) => longestTurn),
  };
}
