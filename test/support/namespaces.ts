// SPDX-License-Identifier: MIT
/**
 * Two hosts on one wire: network namespaces that a test makes and removes, joined by a veth pair, with a rule that drops packets at
 * random. Needs root and Linux; `whyNoNamespaces` says why not.
 */
import { spawn, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { buildSync } from "esbuild";

/** Reason to skip a test; undefined: namespaces can be made, and rules set. */
export function whyNoNamespaces(): string | undefined {
  const name = `zt-probe-${process.pid}`;
  try {
    if (process.platform !== "linux") return "network namespaces are Linux's";
    run("ip", "netns", "add", name);
    const rule = "add rule inet probe some numgen random mod 100 < 1 drop";
    run("ip", "netns", "exec", name, "nft", `add table inet probe; add chain inet probe some; ${rule}`);
    return undefined;
  } catch (error) {
    return `no network namespaces with nftables here: ${(error as Error).message.split("\n")[0]}`;
  } finally {
    spawnSync("ip", ["netns", "del", name]);
  }
}

function run(program: string, ...parts: string[]): string {
  const { error, status, stdout, stderr } = spawnSync(program, parts, { encoding: "utf8" });
  if (error !== undefined) throw error;
  if (status !== 0) throw new Error(`${program} ${parts.join(" ")}: ${stderr.trim()}`);
  return stdout;
}

/** Several commands of `ip` at once: a process for each would take most of a test's time. */
function runBatch(commands: readonly string[]): void {
  const { error, status, stderr } = spawnSync("ip", ["-batch", "-"], { input: commands.join("\n"), encoding: "utf8" });
  if (error !== undefined) throw error;
  if (status !== 0) throw new Error(`${commands.join("; ")}: ${stderr.trim()}`);
}

let libraryAt: string | undefined;

/** The library in one file: to compile each of its own files takes ten times as long as to start a program that uses it. */
function library(): string {
  if (libraryAt !== undefined) return libraryAt;
  const folder = mkdtempSync(join(tmpdir(), "zeromq-ts-wire-"));
  process.once("exit", () => rmSync(folder, { recursive: true, force: true }));
  const outfile = join(folder, "library.mjs");
  const entry = fileURLToPath(new URL("../../src/index.ts", import.meta.url));
  buildSync({ entryPoints: [entry], outfile, bundle: true, platform: "node", format: "esm", packages: "external" });
  libraryAt = pathToFileURL(outfile).href;
  return libraryAt;
}

/** Two namespaces on a wire. */
export class Wire implements Disposable {
  /** The address of each host, of IPv4 and of IPv6. */
  readonly addresses: readonly [string, string] = ["10.9.0.1", "10.9.0.2"];
  readonly addressesV6: readonly [string, string] = ["fd00:9::1", "fd00:9::2"];
  private readonly names: readonly [string, string];

  constructor() {
    const id = `${process.pid}-${Math.floor(Math.random() * 1e9)}`;
    this.names = [`zt-${id}-a`, `zt-${id}-b`];
    const [a, b] = this.names;
    runBatch([`netns add ${a}`, `netns add ${b}`, `link add wire netns ${a} type veth peer name wire netns ${b}`]);
    this.names.forEach((name, i) => {
      run(
        "ip",
        "netns",
        "exec",
        name,
        "sh",
        "-c",
        [
          `ip addr add ${this.addresses[i]}/24 dev wire`,
          `ip addr add ${this.addressesV6[i]}/64 dev wire nodad`,
          "ip link set lo up",
          "ip link set wire up",
          "ip route add 224.0.0.0/4 dev wire",
        ].join(" && "),
      );
    });
  }

  /** Drops so many of a hundred packets that come to a host. */
  lose(host: 0 | 1, percent: number, which = "meta l4proto udp"): void {
    const commands = ["add table inet loss", "delete table inet loss"];
    if (percent > 0) {
      const some = percent < 100 ? ` numgen random mod 100 < ${percent}` : "";
      commands.push(
        "add table inet loss",
        "add chain inet loss in { type filter hook input priority 0; }",
        `add rule inet loss in ${which}${some} drop`,
      );
    }
    this.filter(host, commands);
  }

  /** Counts the packets of each kind that come to a host, from now on. */
  count(host: 0 | 1, ...kinds: readonly string[]): () => readonly { packets: number; octets: number }[] {
    this.filter(host, [
      "add table inet counts",
      "add chain inet counts in { type filter hook input priority -1; }",
      ...kinds.map((kind) => `add rule inet counts in ${kind} counter`),
    ]);
    return () => {
      const text = this.filter(host, ["list table inet counts"]);
      const matches = [...text.matchAll(/counter packets (\d+) bytes (\d+)/g)];
      return matches.map(([, packets, octets]) => ({ packets: Number(packets), octets: Number(octets) }));
    };
  }

  private filter(host: 0 | 1, commands: readonly string[]): string {
    return run("ip", "netns", "exec", this.names[host], "nft", commands.join("; "));
  }

  /** The command that runs a program on a host. */
  command(host: 0 | 1, ...program: readonly string[]): string[] {
    return ["ip", "netns", "exec", this.names[host], ...program];
  }

  /** Runs a program on a host. */
  start(host: 0 | 1, ...program: string[]): Task {
    return new Task(this.command(host, ...program));
  }

  /** The same with a few lines of JavaScript, to which `zmq` is the library and `say` prints a line; started by another program, if need be. */
  startOurs(host: 0 | 1, code: string, ...starter: string[]): Task {
    const source = `import * as zmq from ${JSON.stringify(library())};
      const say = (text) => process.stdout.write(text + "\\n");
      const lines = (await import("node:readline")).createInterface({ input: process.stdin })[Symbol.asyncIterator]();
      const line = async () => (await lines.next()).value;
      ${code}`;
    return this.start(host, ...starter, process.execPath, "--input-type=module", "-e", source);
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
  tell(text: string): void {
    this.child.stdin.write(`${text}\n`);
  }

  [Symbol.dispose](): void {
    this.child.kill("SIGKILL");
  }
}
