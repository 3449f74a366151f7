// SPDX-License-Identifier: MIT
/**
 * A peer program of the benchmarks as a child process that reports one JSON object a line. Neighbours: the suites start
 * them here; peers/tool.ts and peers/libzmq.c write the reports.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { createInterface } from "node:readline";
import type { Launch } from "./suite.ts";

export type Report = Readonly<Record<string, number | string>>;

export class PeerProcess {
  readonly #child: ChildProcess;
  readonly #lines: AsyncIterator<string>;
  readonly #exit: Promise<number | null>;
  readonly #name: string;
  #errors = "";

  constructor(launch: Launch) {
    this.#name = [launch.command, ...launch.arguments].join(" ");
    const child = spawn(launch.command, [...launch.arguments], { stdio: ["pipe", "pipe", "pipe"] });
    this.#child = child;
    child.stderr.setEncoding("utf8").on("data", (text: string) => {
      this.#errors = (this.#errors + text).slice(-4_000);
    });
    child.stdin.on("error", () => {
      // The program ended first; `ended` tells how.
    });
    this.#lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
    this.#exit = new Promise((resolve) => {
      child.once("close", resolve);
      child.once("error", (error) => {
        this.#errors += error.message;
        resolve(null);
      });
    });
  }

  /** The next report; fails when the program ends without one. */
  async next(): Promise<Report> {
    const { done, value } = await this.#lines.next();
    if (!done) return JSON.parse(value) as Report;
    throw this.#failure(await this.#exit);
  }

  /** Tells a program that waits between its warm-up and what is measured to go on: a line on its standard input. */
  proceed(): void {
    this.#child.stdin?.write("go\n");
  }

  /** Tells a sender that all has arrived and it may close. */
  release(): void {
    this.#child.stdin?.end();
  }

  /** Waits for the program's end, which must be a success. */
  async ended(): Promise<void> {
    const code = await this.#exit;
    if (code !== 0) throw this.#failure(code);
  }

  /** Never resolves; rejects as soon as the program ends badly, so that nobody waits for what it won't do. */
  async failed(): Promise<never> {
    await this.ended();
    return new Promise(() => {});
  }

  kill(): void {
    if (this.#child.exitCode === null) this.#child.kill("SIGKILL");
  }

  #failure(code: number | null): Error {
    const how = code === null ? "was killed or could not start" : `ended with exit code ${code}`;
    return new Error(`${this.#name} ${how}: ${this.#errors.trim() || "it said nothing"}`);
  }
}

/** Starts peers through `start`, and kills those that still run when `work` is over or `timeout` milliseconds passed. */
export async function withPeers<T>(
  timeout: number,
  work: (start: (launch: Launch) => PeerProcess) => Promise<T>,
): Promise<T> {
  const peers: PeerProcess[] = [];
  let fail: (error: unknown) => void = () => {};
  const failure = new Promise<never>((_, reject) => {
    fail = reject;
  });
  const timer = setTimeout(() => fail(new Error(`no result within ${timeout / 1000} s`)), timeout);
  try {
    const working = work((launch) => {
      const peer = new PeerProcess(launch);
      peers.push(peer);
      peer.failed().catch(fail);
      return peer;
    });
    return await Promise.race([working, failure]);
  } finally {
    clearTimeout(timer);
    for (const peer of peers) peer.kill();
  }
}

/** A number that a report must have. */
export function figure(report: Report, name: string): number {
  const value = report[name];
  if (typeof value !== "number" || !Number.isFinite(value)) throw new Error(`no ${name} in ${JSON.stringify(report)}`);
  return value;
}
