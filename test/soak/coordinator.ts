// SPDX-License-Identifier: MIT
/**
 * Runs the soak: starts its processes, lets all lanes run, and after each round stops the traffic, waits for what must
 * arrive, and looks at what each process holds. At the end everybody wakes up, and every message is accounted for.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { missing } from "../support/peers/toolchain.ts";
import {
  type Account,
  type Heard,
  judgeAccounts,
  judgeVisits,
  type SinkAccount,
  type SourceAccount,
} from "./accounts.ts";
import type { Endpoints, Lane, Sample, Until } from "./lanes.ts";
import { judgeSamples } from "./verdict.ts";
import type { Visit } from "./visitor.ts";
import { Servant } from "./wire.ts";

/** How a soak is run. */
export interface Plan {
  /** When each half of a round is over. */
  readonly until: Until;
  /** Connections of each kind that come and go after each round, while nothing else happens. */
  readonly storm: number;
  /** Messages that a visitor hears on each lane before it is killed. */
  readonly visit: number;
  /** Asked after each round. */
  isOver(rounds: number, visits: number): boolean;
  onRound?(line: string): void;
}

/** How it went. */
export interface Verdict {
  readonly faults: string[];
  readonly summary: string[];
}

type Sent = Record<Lane, number>;

const BROKEN: readonly Lane[] = ["broken.tcp", "broken.ipc"];
const KILLED: readonly Lane[] = ["killed.tcp", "killed.ipc"];

export async function runSoak(plan: Plan): Promise<Verdict> {
  const folder = mkdtempSync(join(tmpdir(), "soak-"));
  const soak = new Soak(plan, folder);
  try {
    await soak.open();
    let rounds = 0;
    do {
      await soak.round();
      rounds += 1;
      plan.onRound?.(soak.line());
    } while (!plan.isOver(rounds, soak.visits) && soak.faults.length === 0);
    if (soak.faults.length === 0) await soak.finish();
    return { faults: soak.faults, summary: soak.summary };
  } catch (error) {
    return { faults: [...soak.faults, String(error)], summary: soak.summary };
  } finally {
    await soak.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

class Soak {
  readonly faults: string[] = [];
  readonly summary: string[] = [];
  visits = 0;
  private readonly plan: Plan;
  private readonly folder: string;
  private readonly source: Servant;
  private readonly sink: Servant;
  private readonly native: Servant | undefined;
  private readonly samples: Record<string, Sample[]> = { source: [], sink: [] };
  private readonly reconnections: number[] = [];
  private visitorsMissed = 0;
  private readonly heard: Record<string, Heard[]> = { "killed.tcp": [], "killed.ipc": [] };
  private sent = {} as Sent;
  private isClosing = false;
  private visitor: Servant | undefined = undefined;
  private visiting: Promise<void> = Promise.resolve();
  private accounts: { source: SourceAccount; sink: SinkAccount } | undefined = undefined;
  private readonly started = performance.now();

  constructor(plan: Plan, folder: string) {
    this.plan = plan;
    this.folder = folder;
    this.source = this.start("source");
    this.sink = this.start("sink");
    const lack = missing("zeromq.js");
    this.native = lack === undefined ? this.start("native") : undefined;
    if (lack !== undefined) this.summary.push(`without libzmq: ${lack}`);
  }

  private start(role: string): Servant {
    const program = fileURLToPath(new URL("./main.ts", import.meta.url));
    return new Servant(role, {
      program: process.execPath,
      arguments: ["--import", import.meta.resolve("tsx"), program, "--role", role, "--folder", this.folder],
    });
  }

  async open(): Promise<void> {
    const endpoints = await this.source.call<Endpoints>("endpoints");
    const back = await this.sink.call<Endpoints>("open", endpoints);
    for (const lane of BROKEN) await this.source.call("connect", { lane, endpoint: back[lane] });
    await this.native?.call("open", endpoints);
    let isKnown = false;
    const given: Record<string, string> = { ...endpoints };
    given["killed.tcp"] = "tcp://127.0.0.1:*";
    given["killed.ipc"] = `ipc://${this.folder}/killed`;
    let known: () => void = () => {};
    const first = new Promise<void>((resolve) => {
      known = resolve;
    });
    this.visiting = this.visit(given, async (bound) => {
      if (isKnown) return;
      isKnown = true;
      Object.assign(given, bound);
      for (const lane of KILLED) await this.source.call("connect", { lane, endpoint: bound[lane] });
      known();
    }).catch((error: unknown) => {
      if (!this.isClosing) this.faults.push(String(error));
      known();
    });
    await first;
    await this.source.call("greet");
  }

  /** Visitors come, stay a while, and are killed. */
  private async visit(given: Endpoints, opened: (bound: Endpoints) => Promise<void>): Promise<void> {
    while (!this.isClosing) {
      const visitor = this.start("visitor");
      this.visitor = visitor;
      try {
        await opened(await visitor.call<Endpoints>("open", { given, visit: this.visits + 2 }));
        const visit = await visitor.call<Visit>("hear", { lanes: KILLED, count: this.plan.visit }, 120_000);
        this.faults.push(...visit.faults);
        this.visitorsMissed += visit.heard["fleeting.pub"]?.missed ?? 0;
        for (const lane of KILLED) this.heard[lane]?.push(visit.heard[lane] as Heard);
      } catch (error) {
        if (!this.isClosing) throw error;
      } finally {
        await visitor.kill();
      }
      this.visits += 1;
    }
  }

  /** Traffic, at first with those asleep that sleep; then everything stops, and is looked at. */
  async round(): Promise<void> {
    const { until, storm } = this.plan;
    await this.sink.call("gates", { sleeping: false, stalled: false });
    await this.run(until);
    await this.sink.call("gates", { sleeping: true, stalled: false });
    await this.run(until);
    await this.sink.call("hold");
    await this.arrive(this.sink, "settle", BROKEN);
    await this.native?.call("settle", { sent: this.sent, patience: 30_000 });
    await this.sink.call("storm", storm);
    for (const [name, servant] of [
      ["source", this.source],
      ["sink", this.sink],
    ] as const) {
      this.samples[name]?.push(await servant.call<Sample>("sample"));
    }
    await this.collect();
  }

  private async run(until: Until): Promise<void> {
    const patience = 120_000 + ("milliseconds" in until ? until.milliseconds : 0);
    const [sent] = await Promise.all([
      this.source.call<Sent>("run", until, patience),
      this.sink.call("run", until, patience),
      this.native?.call("run", until, patience) ?? Promise.resolve(),
    ]);
    this.sent = sent;
  }

  /**
   * Sends one message more on some lanes until the last one has come on every lane: the first may have gone into a
   * connection that was broken already.
   */
  private async arrive(servant: Servant, call: "settle" | "wake", lanes: readonly Lane[]): Promise<void> {
    let late: string[] = [];
    for (let attempt = 0; attempt < 10; attempt += 1) {
      this.sent = await this.source.call<Sent>("nudge", lanes);
      late = await servant.call<string[]>(call, { sent: this.sent, patience: 5000 });
      if (late.length === 0) return;
    }
    this.faults.push(`of ${JSON.stringify(this.sent)} the last one never came: ${late.join(", ")}`);
  }

  private async collect(): Promise<void> {
    const [source, sink] = [
      await this.source.call<SourceAccount>("account"),
      await this.sink.call<SinkAccount>("account"),
    ];
    this.faults.push(...source.faults, ...sink.faults);
    if (this.native !== undefined) this.faults.push(...(await this.native.call<Account>("account")).faults);
    this.accounts = { source, sink };
    this.reconnections.push(Object.values(sink.lives).reduce((sum, { ended }) => sum + ended, sink.stormed));
  }

  /** Everybody reads; then the books are closed. */
  async finish(): Promise<void> {
    await this.sink.call("gates", { sleeping: true, stalled: true });
    await this.arrive(this.sink, "wake", ["paced.pub"]);
    await this.collect();
    const { source, sink } = this.accounts as { source: SourceAccount; sink: SinkAccount };
    this.faults.push(...judgeAccounts(source, sink, this.visitorsMissed));
    for (const [lane, visits] of Object.entries(this.heard)) {
      this.faults.push(...judgeVisits(lane, visits, source.losses[lane] ?? []));
    }
    const third = Math.floor(this.reconnections.length / 3);
    const reconnections = (this.reconnections.at(-1 - third) ?? 0) - (this.reconnections[third] ?? 0);
    for (const [name, samples] of Object.entries(this.samples)) {
      this.faults.push(...judgeSamples(name, samples, reconnections));
    }
    this.summary.push(
      this.line(),
      JSON.stringify({ sent: this.sent, source: { ...source, losses: undefined }, sink, samples: this.samples }),
    );
  }

  /** Where things stand. */
  line(): string {
    const seconds = (performance.now() - this.started) / 1000;
    const { source, sink } = this.accounts ?? {};
    const messages = Object.values(this.sent).reduce((sum, count) => sum + count, 0) + 2 * (source?.answered ?? 0);
    const held = Object.entries(this.samples).map(([name, list]) => {
      const { memory = 0, resident = 0, handles = 0 } = list.at(-1) ?? {};
      return `${name} ${(memory / 1e6).toFixed(1)} MB of ${(resident / 1e6).toFixed(0)}, ${handles} handles`;
    });
    const reconnections = this.reconnections.at(-1) ?? 0;
    const lost = Object.values(sink?.lives ?? {}).reduce((sum, life) => sum + (life.lost ?? 0), 0);
    const dropped = Object.values(source?.dropped ?? {}).reduce((sum, count) => sum + count, 0);
    return [
      `${seconds.toFixed(0)} s: ${messages} messages, ${Math.round(messages / seconds)}/s`,
      `${reconnections} reconnections, ${this.visits} processes killed`,
      `${lost} lost with connections, ${dropped} dropped by publishers`,
      ...held,
    ].join("; ");
  }

  async close(): Promise<void> {
    this.isClosing = true;
    await this.visitor?.kill();
    const servants = [this.source, this.sink, ...(this.native === undefined ? [] : [this.native])];
    for (const servant of servants) {
      const reason = await servant.end();
      if (reason !== "exit code 0") this.faults.push(`${servant.name}: ${reason}`);
    }
    await this.visiting;
  }
}
