// SPDX-License-Identifier: MIT
/** The programs of the broadcast as child processes: how each is started, what it says, how it ends. */
import { type ChildProcessByStdio, spawn, spawnSync } from "node:child_process";
import { createInterface } from "node:readline";
import type { Readable, Writable } from "node:stream";
import { fileURLToPath } from "node:url";

/** How long a program that was told to stop may take, in milliseconds. */
const PATIENCE = 3000;

export type Language = "typescript" | "python";

/** A Python interpreter that has pyzmq. */
export interface Python {
  readonly program: string;
  /** The version of libzmq under it. */
  readonly libzmq: string;
}

/** The Python that was asked for, or the first that has pyzmq; Debian's is often not the first on the path. */
export function findPython(wanted: string | undefined): Python | undefined {
  if (wanted === "none") return undefined;
  for (const program of wanted === undefined ? ["python3", "/usr/bin/python3", "python"] : [wanted]) {
    const { status, stdout } = spawnSync(program, ["-c", "import zmq; print(zmq.zmq_version())"], { encoding: "utf8" });
    if (status === 0) return { program, libzmq: stdout.trim() };
  }
  return undefined;
}

/** One program of the broadcast. */
export class Program {
  readonly name: string;
  readonly language: Language;
  /** What it wrote to standard error. */
  errors = "";
  /** Resolves when it has ended and everything it said was heard: undefined when all was well, or how it ended. */
  readonly ended: Promise<string | undefined>;
  private readonly child: ChildProcessByStdio<Writable, Readable, Readable>;

  constructor(name: string, script: string, language: Language, python: Python | undefined, parameters: string[]) {
    this.name = name;
    this.language = language;
    const file = fileURLToPath(new URL(`${script}.${language === "python" ? "py" : "ts"}`, import.meta.url));
    // With the options that this process was started with, TypeScript programs run as this one does.
    const [program, options] =
      language === "python" ? [python?.program ?? "python3", ["-u"]] : [process.execPath, process.execArgv];
    this.child = spawn(program, [...options, file, ...parameters, "--attached"], {
      stdio: ["pipe", "pipe", "pipe"],
      env: { ...process.env, PYTHONUTF8: "1" },
    });
    this.child.stdin.on("error", () => {}); // it has gone, and `ended` says so
    this.child.stderr.setEncoding("utf8").on("data", (text: string) => {
      this.errors = (this.errors + text).slice(-4000);
    });
    this.ended = new Promise((resolve) => {
      this.child.once("error", (error) => resolve(error.message));
      this.child.once("close", (code, signal) => {
        if (code === 0) resolve(undefined);
        else resolve(signal === null ? `ended with exit code ${code}` : `was ended by ${signal}`);
      });
    });
  }

  get pid(): number | undefined {
    return this.child.pid;
  }

  /** Calls back with each line that it says: a verb, and what follows it. */
  onLine(listener: (verb: string, rest: string) => void): void {
    createInterface({ input: this.child.stdout }).on("line", (line) => {
      const space = line.indexOf(" ");
      listener(line.slice(0, space), line.slice(space + 1));
    });
  }

  /** Tells it to stop, in order; makes it stop when it has not after a while. */
  stop(): void {
    this.child.stdin.end();
    const timer = setTimeout(() => this.child.kill("SIGKILL"), PATIENCE);
    void this.ended.then(() => clearTimeout(timer));
  }

  kill(): void {
    this.child.kill("SIGKILL");
  }
}
