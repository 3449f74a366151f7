// SPDX-License-Identifier: MIT
/** Calls between the coordinator of the soak and its processes: one JSON object a line, over standard input and output. */
import { createInterface } from "node:readline";
import { type CommandLine, LineProcess } from "../support/processes.ts";

/** What a process can be asked, by name. */
export type Commands = Readonly<Record<string, (argument: never) => unknown>>;

interface Call {
  readonly call: string;
  readonly argument: unknown;
}

type Answer = { readonly result: unknown } | { readonly error: string };

/** Answers calls, one after another, until standard input ends; then `close` has the last word. */
export async function serve(commands: Commands, close: () => Promise<void>): Promise<void> {
  for await (const line of createInterface({ input: process.stdin })) {
    const { call, argument } = JSON.parse(line) as Call;
    process.stdout.write(`${JSON.stringify(await answer(commands, call, argument))}\n`);
  }
  await close();
}

async function answer(commands: Commands, call: string, argument: unknown): Promise<Answer> {
  try {
    return { result: (await commands[call]?.(argument as never)) ?? null };
  } catch (error) {
    return { error: error instanceof Error ? (error.stack ?? error.message) : String(error) };
  }
}

/** A process that serves. */
export class Servant {
  readonly name: string;
  private readonly child: LineProcess;
  private readonly waiting: ((answer: Answer) => void)[] = [];

  constructor(name: string, command: CommandLine) {
    this.name = name;
    this.child = new LineProcess(command);
    this.child.onLine = (line) => this.waiting.shift()?.(JSON.parse(line) as Answer);
    void this.mourn();
  }

  private async mourn(): Promise<void> {
    const reason = await this.child.exit;
    for (const settle of this.waiting.splice(0)) settle({ error: `ended with ${reason}\n${this.child.errors}` });
  }

  /** Asks; rejects when the answer is an error, or does not come within `patience` milliseconds. */
  call<T>(name: string, argument: unknown = null, patience = 60_000): Promise<T> {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        reject(new Error(`${this.name}: ${name}: no answer after ${patience} ms\n${this.child.errors}`));
      }, patience);
      this.waiting.push((answer) => {
        clearTimeout(timer);
        if ("result" in answer) resolve(answer.result as T);
        else reject(new Error(`${this.name}: ${name}: ${answer.error}`));
      });
      this.child.write(JSON.stringify({ call: name, argument }));
    });
  }

  kill(): Promise<void> {
    return this.child.kill();
  }

  /** Lets it end by itself; gives how it did. */
  end(): Promise<string> {
    return this.child.end(10_000);
  }
}
