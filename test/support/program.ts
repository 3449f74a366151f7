// SPDX-License-Identifier: MIT
/** Runs a few lines of a user's program in a process of their own, to see when and how it ends. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";

/** How a program ended. */
export interface Outcome {
  code: number | null;
  output: string;
  errors: string;
  /** Milliseconds from the line it printed first (`READY`), or from its start, to its end. */
  lasted: number;
}

const entry = new URL("../../src/index.ts", import.meta.url).href;

/** How this runtime takes a program from its command line; flags are Node's. */
export function argumentsFor(source: string, ...flags: readonly string[]): string[] {
  if ("Bun" in globalThis) return [...flags, "-e", source];
  if ("Deno" in globalThis) return ["eval", "--ext=ts", ...flags.map((flag) => `--v8-flags=${flag}`), source];
  return [...flags, "--import", import.meta.resolve("tsx"), "--input-type=module", "-e", source];
}

/** A program that has been started. `zmq` is the package, `done(text)` prints, `ready()` starts the clock. */
export class Program {
  private readonly child;
  private readonly outcome: Promise<Outcome>;
  private output = "";
  private wake: () => void = () => {};

  constructor(code: string, ...flags: string[]) {
    const source = `import * as zmq from ${JSON.stringify(entry)};
      const print = (text) => process.stdout.write(text + "\\n");
      ${code}`;
    this.child = spawn(process.execPath, argumentsFor(source, ...flags), {
      cwd: fileURLToPath(new URL("../..", import.meta.url)),
      stdio: ["ignore", "pipe", "pipe"],
    });
    let begin = performance.now();
    let errors = "";
    this.child.stdout.setEncoding("utf8").on("data", (text: string) => {
      if (this.output === "") begin = performance.now();
      this.output += text;
      this.wake();
    });
    this.child.stderr.setEncoding("utf8").on("data", (text: string) => {
      errors += text;
      this.wake();
    });
    this.outcome = once(this.child, "close").then(([code]) => {
      this.wake();
      return { code: code as number | null, output: this.output, errors, lasted: performance.now() - begin };
    });
    this.errors = () => errors;
  }

  /** What it has written to standard error so far. */
  readonly errors: () => string;

  /** Resolves when its output matches; gives the match. */
  async prints(pattern: RegExp, patience = 10000): Promise<RegExpExecArray> {
    const timer = setTimeout(() => this.child.kill("SIGKILL"), patience);
    try {
      return await this.matching(pattern);
    } finally {
      clearTimeout(timer);
    }
  }

  private async matching(pattern: RegExp): Promise<RegExpExecArray> {
    for (;;) {
      const match = pattern.exec(this.output) ?? pattern.exec(this.errors());
      if (match !== null) return match;
      if (this.child.exitCode !== null || this.child.signalCode !== null)
        throw new Error(`ended without ${pattern}: ${this.output}${this.errors()}`);
      await new Promise<void>((resolve) => {
        this.wake = resolve;
      });
    }
  }

  /** Resolves when it has ended by itself; one that does not is killed and fails the test. */
  async end(patience = 10000): Promise<Outcome> {
    const timer = setTimeout(() => this.child.kill("SIGKILL"), patience);
    const outcome = await this.outcome;
    clearTimeout(timer);
    if (outcome.code === null) throw new Error(`did not end by itself: ${outcome.output}${outcome.errors}`);
    return outcome;
  }

  /** Sends it a signal. */
  signal(signal: NodeJS.Signals): void {
    this.child.kill(signal);
  }

  /** Sends it a signal, and resolves when it has ended. */
  async endBySignal(signal: NodeJS.Signals, patience = 10000): Promise<{ code: number | null; signal: string | null }> {
    const timer = setTimeout(() => this.child.kill("SIGKILL"), patience);
    this.child.kill(signal);
    await this.outcome;
    clearTimeout(timer);
    return { code: this.child.exitCode, signal: this.child.signalCode };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.child.kill("SIGKILL");
    await this.outcome;
  }
}

/** Runs a program to its end. */
export async function runProgram(code: string, ...flags: string[]): Promise<Outcome> {
  await using program = new Program(code, ...flags);
  return await program.end();
}
