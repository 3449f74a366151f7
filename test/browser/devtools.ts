// SPDX-License-Identifier: MIT
/**
 * Chromium on any page, driven from outside through the pipe of its DevTools protocol: what the page holds, and how it looks. Where the
 * page is the tests' own, `browsers.ts` does without.
 */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Readable, Writable } from "node:stream";
import { browsers } from "./browsers.ts";

/** A page. */
export interface Tab extends AsyncDisposable {
  /** What an expression gives there, once its promise is settled. */
  evaluate(expression: string): Promise<unknown>;
  /** Resolves once an expression is true there. */
  until(expression: string): Promise<void>;
  /** How it looks, as PNG. */
  screenshot(): Promise<Buffer>;
}

interface Answer {
  readonly id?: number;
  readonly result?: Record<string, unknown>;
  readonly error?: { readonly message: string };
}

/** Chromium; undefined: it is not installed. */
export const chromium: string | undefined = browsers.find(({ name }) => name === "Chromium")?.path;

/** Commands of the protocol, each with its answer; texts end with a zero octet in both directions. */
class Commands {
  private readonly input: Writable;
  private readonly pending = new Map<number, (answer: Answer) => void>();
  private count = 0;
  private rest = "";

  constructor(input: Writable, output: Readable) {
    this.input = input;
    output.setEncoding("utf8").on("data", (text: string) => {
      const texts = (this.rest + text).split("\0");
      this.rest = texts.pop() ?? "";
      for (const each of texts) this.answered(JSON.parse(each) as Answer);
    });
    output.on("close", () => {
      for (const answer of this.pending.values()) answer({ error: { message: "Chromium has ended" } });
    });
  }

  private answered(answer: Answer): void {
    this.pending.get(answer.id ?? 0)?.(answer);
    this.pending.delete(answer.id ?? 0);
  }

  async call(method: string, params: object, sessionId?: string): Promise<Record<string, unknown>> {
    this.count += 1;
    const id = this.count;
    const answered = new Promise<Answer>((resolve) => this.pending.set(id, resolve));
    this.input.write(`${JSON.stringify({ id, method, params, sessionId })}\0`);
    const { result = {}, error } = await answered;
    if (error !== undefined) throw new Error(`${method}: ${error.message}`);
    return result;
  }
}

/** Starts Chromium on a page. */
export async function openTab(url: string, width = 960, height = 700): Promise<Tab> {
  const profile = mkdtempSync(join(tmpdir(), "zeromq-ts-browser-"));
  const args = [
    ...["--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run"],
    ...[
      "--remote-debugging-pipe",
      "--hide-scrollbars",
      `--window-size=${width},${height}`,
      `--user-data-dir=${profile}`,
    ],
  ];
  const child = spawn(chromium as string, args, {
    stdio: ["ignore", "ignore", "ignore", "pipe", "pipe"],
    detached: true,
    env: { ...process.env, HOME: profile },
  });
  const gone = once(child, "exit");
  const commands = new Commands(child.stdio[3] as Writable, child.stdio[4] as Readable);
  const { targetId } = await commands.call("Target.createTarget", {
    url: "about:blank",
    newWindow: true,
    width,
    height,
  });
  const { sessionId } = await commands.call("Target.attachToTarget", { targetId, flatten: true });
  const call = (method: string, params: object): Promise<Record<string, unknown>> =>
    commands.call(method, params, sessionId as string);
  const evaluate = async (expression: string): Promise<unknown> => {
    const { result, exceptionDetails } = (await call("Runtime.evaluate", {
      ...{ expression, awaitPromise: true, returnByValue: true },
    })) as { result: { value?: unknown }; exceptionDetails?: { text: string } };
    if (exceptionDetails !== undefined) throw new Error(`${expression}: ${exceptionDetails.text}`);
    return result.value;
  };
  const until = async (expression: string): Promise<void> => {
    const look = `const look = () => (${expression}) ? resolve() : requestAnimationFrame(look)`;
    await evaluate(`new Promise((resolve) => { ${look}; look(); })`);
  };
  await call("Page.navigate", { url });
  await until("document.readyState === 'complete'");
  return {
    evaluate,
    until,
    screenshot: async () => {
      const { data } = await call("Page.captureScreenshot", { format: "png" });
      return Buffer.from(data as string, "base64");
    },
    [Symbol.asyncDispose]: async () => {
      process.kill(-(child.pid as number), "SIGKILL");
      await gone;
      rmSync(profile, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}
