// SPDX-License-Identifier: MIT
/**
 * Two hosts on one wire: network namespaces that a test makes and removes, joined by a veth pair, with a rule that drops packets at
 * random. Needs root and Linux; `whyNoNamespaces` says why not.
 */
import { spawn, spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";

/** Reason to skip a test; undefined: namespaces can be made, and rules set. */
export function whyNoNamespaces(): string | undefined {
  const name = `zt-probe-${process.pid}`;
  try {
    if (process.platform !== "linux") return "network namespaces are Linux's";
    run("ip", "netns", "add", name);
    run("ip", "netns", "exec", name, "nft", "add", "table", "ip", "probe");
    run("ip", "netns", "exec", name, "nft", "add", "chain", "ip", "probe", "some");
    run(
      "ip",
      "netns",
      "exec",
      name,
      "nft",
      "add",
      "rule",
      "ip",
      "probe",
      "some",
      "numgen",
      "random",
      "mod",
      "100",
      "<",
      "1",
      "drop",
    );
    return undefined;
  } catch (error) {
    return `no network namespaces with nftables here: ${(error as Error).message.split("\n")[0]}`;
  } finally {
    spawnSync("ip", ["netns", "del", name]);
  }
}

function run(program: string, ...parts: string[]): void {
  const { error, status, stderr } = spawnSync(program, parts, { encoding: "utf8" });
  if (error !== undefined) throw error;
  if (status !== 0) throw new Error(`${program} ${parts.join(" ")}: ${stderr.trim()}`);
}

/** Two namespaces on a wire. */
export class Wire implements Disposable {
  /** The address of each host. */
  readonly addresses: readonly [string, string] = ["10.9.0.1", "10.9.0.2"];
  private readonly names: readonly [string, string];

  constructor() {
    const id = `${process.pid}-${Math.floor(Math.random() * 1e6)}`;
    this.names = [`zt-${id}-a`, `zt-${id}-b`];
    for (const name of this.names) run("ip", "netns", "add", name);
    const [a, b] = this.names;
    run("ip", "link", "add", "wire", "netns", a, "type", "veth", "peer", "name", "wire", "netns", b);
    this.names.forEach((name, i) => {
      run("ip", "-n", name, "addr", "add", `${this.addresses[i]}/24`, "dev", "wire");
      run("ip", "-n", name, "link", "set", "lo", "up");
      run("ip", "-n", name, "link", "set", "wire", "up");
      run("ip", "-n", name, "route", "add", "224.0.0.0/4", "dev", "wire");
    });
  }

  /** Drops so many of a hundred packets that come to a host. */
  lose(host: 0 | 1, percent: number, which = "ip protocol udp"): void {
    const inside = (...parts: string[]): void => run("ip", "netns", "exec", this.names[host], "nft", ...parts);
    inside("flush", "ruleset");
    if (percent === 0) return;
    inside("add", "table", "ip", "loss");
    inside("add", "chain", "ip", "loss", "in", "{ type filter hook input priority 0; }");
    const some = percent < 100 ? ` numgen random mod 100 < ${percent}` : "";
    inside("add", "rule", "ip", "loss", "in", `${which}${some} drop`);
  }

  /** Runs a program on a host. */
  start(host: 0 | 1, ...command: string[]): Task {
    return new Task(["ip", "netns", "exec", this.names[host], ...command]);
  }

  /** The same with a few lines of TypeScript, to which `zmq` is the library and `say` prints a line. */
  startOurs(host: 0 | 1, code: string): Task {
    const entry = new URL("../../src/index.ts", import.meta.url).href;
    const source = `import * as zmq from ${JSON.stringify(entry)};
      const say = (text) => process.stdout.write(text + "\\n");
      const line = () => new Promise((resolve) => process.stdin.once("data", resolve));
      ${code}`;
    return this.start(host, process.execPath, "--import", "tsx", "--input-type=module", "-e", source);
  }

  /** The same with a few lines of Python, to which `zmq` is libzmq. */
  startTheirs(host: 0 | 1, code: string): Task {
    const source = `import sys, zmq\ndef say(text): print(text, flush=True)\ncontext = zmq.Context()\n${code}`;
    return this.start(host, "/usr/bin/python3", "-c", source);
  }

  [Symbol.dispose](): void {
    for (const name of this.names) spawnSync("ip", ["netns", "del", name]);
  }
}

/** A program that runs on a host. */
export class Task implements Disposable {
  private readonly child;
  private output = "";
  private errors = "";
  private isOver = false;
  private wake: () => void = () => {};

  constructor([program = "", ...rest]: readonly string[]) {
    const root = fileURLToPath(new URL("../..", import.meta.url));
    this.child = spawn(program, rest, { cwd: root, stdio: "pipe" });
    this.child.stdin.on("error", () => {});
    this.child.stdout.setEncoding("utf8").on("data", (text: string) => {
      this.output += text;
      this.wake();
    });
    this.child.stderr.setEncoding("utf8").on("data", (text: string) => {
      this.errors += text;
    });
    this.child.on("close", () => {
      this.isOver = true;
      this.wake();
    });
  }

  /** Resolves when its output matches; gives the match. */
  async prints(pattern: RegExp): Promise<RegExpExecArray> {
    for (;;) {
      const match = pattern.exec(this.output);
      if (match !== null) return match;
      if (this.isOver) throw new Error(`ended without ${pattern}: ${this.output}${this.errors}`);
      await new Promise<void>((resolve) => {
        this.wake = resolve;
      });
    }
  }

  /** Says something to its standard input. */
  tell(text = "go"): void {
    this.child.stdin.write(`${text}\n`);
  }

  [Symbol.dispose](): void {
    this.child.kill("SIGKILL");
  }
}
