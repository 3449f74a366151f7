// SPDX-License-Identifier: MIT
/** Runs a few lines of a user's program in a worker thread: `zmq` is the package, `post` sends to the test. */
import { once } from "node:events";
import { Worker } from "node:worker_threads";

/** Bun and Deno read TypeScript themselves. */
const withTypeScript =
  "Bun" in globalThis || "Deno" in globalThis
    ? ""
    : `import { register } from ${JSON.stringify(import.meta.resolve("tsx/esm/api"))};
      register();`;
const entry = new URL("../../src/index.ts", import.meta.url).href;

/** A worker that has been started. */
export class InWorker {
  readonly worker: Worker;
  private readonly failure: Promise<never>;
  private readonly exit: Promise<number>;

  constructor(code: string, workerData?: unknown) {
    const source = `import { parentPort, workerData } from "node:worker_threads";
      ${withTypeScript}
      const zmq = await import(${JSON.stringify(entry)});
      const post = (value) => parentPort.postMessage(value);
      ${code}`;
    this.worker = new Worker(new URL(`data:text/javascript,${encodeURIComponent(source)}`), {
      workerData,
      stderr: true,
      execArgv: [],
    });
    this.failure = once(this.worker, "error").then(([error]) => {
      throw error;
    });
    this.failure.catch(() => {});
    this.exit = once(this.worker, "exit").then(([code]) => code as number);
  }

  /** The next value that it posts. */
  async posted(): Promise<unknown> {
    const [value] = (await Promise.race([once(this.worker, "message"), this.failure])) as [unknown];
    return value;
  }

  /** Resolves with its exit code when it has ended by itself; one that does not is terminated and fails the test. */
  async end(patience = 10_000): Promise<number> {
    let hasHung = false;
    const timer = setTimeout(() => {
      hasHung = true;
      void this.worker.terminate();
    }, patience);
    const code = await Promise.race([this.exit, this.failure]);
    clearTimeout(timer);
    if (hasHung) throw new Error("the worker did not end by itself");
    return code;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.worker.terminate();
  }
}
