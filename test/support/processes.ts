// SPDX-License-Identifier: MIT
/**
 * Child processes of tests: their output by the line, their errors kept for messages, their end awaited. A child is told
 * to go by closing its standard input, and killed by its own id when that does not help.
 */
import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process";
import { once } from "node:events";

/** A program with its arguments. */
export interface CommandLine {
  readonly program: string;
  readonly arguments: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
}

/** Running children, so that none outlives a test that was aborted. */
const running = new Set<ChildProcessWithoutNullStreams>();
process.once("exit", () => {
  for (const child of running) child.kill("SIGKILL");
});

/** One child process that talks in lines. */
export class LineProcess {
  readonly #child: ChildProcessWithoutNullStreams;
  readonly #exit: Promise<string>;
  #errors = "";
  #onLine: (line: string) => void = () => {};

  constructor(command: CommandLine) {
    const child = spawn(command.program, command.arguments, {
      stdio: "pipe",
      env: { ...process.env, ...command.environment },
    });
    this.#child = child;
    running.add(child);
    child.stdin.on("error", () => {}); // a child that has gone is reported by `exit`
    child.stderr.setEncoding("utf8").on("data", (text: string) => {
      this.#errors = (this.#errors + text).slice(-4000);
    });
    let rest = "";
    child.stdout.setEncoding("utf8").on("data", (text: string) => {
      const lines = (rest + text).split("\n");
      // What a process wrote that was killed in the middle of a line is none: `24` may have been going to be `244`.
      rest = lines.pop() ?? "";
      for (const line of lines) this.#onLine(line.replace(/\r$/, ""));
    });
    this.#exit = new Promise((resolve) => {
      child.once("error", (error) => resolve(error.message));
      child.once("close", (code, signal) => resolve(signal === null ? `exit code ${code}` : `signal ${signal}`));
    });
    void this.#exit.then(() => running.delete(child));
  }

  get pid(): number | undefined {
    return this.#child.pid;
  }

  /** The last of what it wrote to standard error. */
  get errors(): string {
    return this.#errors;
  }

  /** Resolves when it has ended and all its output was read: with `exit code 0`, `signal SIGKILL` or why it never ran. */
  get exit(): Promise<string> {
    return this.#exit;
  }

  /** Who gets each line of its standard output. */
  set onLine(listener: (line: string) => void) {
    this.#onLine = listener;
  }

  write(line: string): void {
    this.#child.stdin.write(`${line}\n`);
  }

  /** Ends it as a crash or a power cut would. */
  async kill(): Promise<void> {
    this.#child.kill("SIGKILL");
    await this.#exit;
  }

  /** Asks it to end, which takes those that it started itself along. */
  async stop(): Promise<void> {
    this.#child.kill("SIGTERM");
    await this.#exit;
  }

  /** Lets it end by itself; kills it when it has not within the time, in milliseconds. */
  async end(patience = 3000): Promise<string> {
    this.#child.stdin.end();
    const timer = setTimeout(() => this.#child.kill("SIGKILL"), patience);
    const reason = await this.#exit;
    clearTimeout(timer);
    return reason;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.end();
  }
}

/** Runs a program to its end. Rejects with what it wrote to standard error when it fails. */
export async function runToEnd(program: string, ...parameters: string[]): Promise<string> {
  const child = spawn(program, parameters, { stdio: ["ignore", "pipe", "pipe"] });
  let output = "";
  let errors = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    output += text;
  });
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    errors += text;
  });
  const [code] = (await once(child, "close")) as [number | null];
  if (code !== 0) throw new Error(`${program} ${parameters.join(" ")}: exit code ${code}\n${errors}`);
  return output;
}
