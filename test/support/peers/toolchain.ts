// SPDX-License-Identifier: MIT
/**
 * How each peer is started: which program, compiled from which source, and what is missing on this machine when it cannot
 * be. Compiled peers are kept under `node_modules/.cache`, in a folder named after the digest of their sources.
 */
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { type CommandLine, runToEnd } from "../processes.ts";
import type { PeerKind } from "./peer.ts";

const here = dirname(fileURLToPath(import.meta.url));
const project = join(here, "../../..");
const entry = join(project, "src/index.ts");
const cache = join(project, "node_modules/.cache/zeromq-ts-peers");

/** What peers of JavaScript run on: where the tests run on another runtime, whoever started them says which. */
const node = process.env["ZEROMQ_TS_NODE"] ?? process.execPath;
/** Debian's JeroMQ. */
const jeromq = "/usr/share/java/jeromq.jar";

const answers = new Map<PeerKind, string | undefined>();

/** What this machine lacks for a peer, for `t.skip`; undefined when it can be started. */
export function missing(kind: PeerKind): string | undefined {
  if (!answers.has(kind)) answers.set(kind, look(kind));
  return answers.get(kind);
}

function look(kind: PeerKind): string | undefined {
  switch (kind) {
    case "c":
      if (!runs("gcc", "--version")) return "C peer: no gcc";
      return runs("pkg-config", "--exists", "libzmq") ? undefined : "C peer: no libzmq (Debian: libzmq3-dev)";
    case "python":
      return python() === undefined ? "Python peer: no pyzmq (Debian: python3-zmq)" : undefined;
    case "jeromq":
      if (!existsSync(jeromq)) return "JeroMQ peer: no jeromq.jar (Debian: libjeromq-java)";
      return runs("javac", "-version") ? undefined : "JeroMQ peer: no javac (Debian: default-jdk-headless)";
    case "zeromq.js":
      return runs(node, "--input-type=module", "--eval", 'import "zeromq"')
        ? undefined
        : "zeromq.js peer: npm zeromq cannot be loaded";
    default:
      return existsSync(entry) ? undefined : "no src/index.ts";
  }
}

function runs(program: string, ...parameters: string[]): boolean {
  return spawnSync(program, parameters, { cwd: project, stdio: "ignore" }).status === 0;
}

/** The first Python with pyzmq; Debian's is often not the first on the path. */
function python(): string | undefined {
  return ["python3", "/usr/bin/python3"].find((program) => runs(program, "-c", "import zmq.auth.thread"));
}

/** The program that runs a peer, compiled if need be. */
export async function commandFor(kind: Exclude<PeerKind, "here">): Promise<CommandLine> {
  switch (kind) {
    case "c":
      return { program: join(await compile(["peer.c", "corpus.h", "sha256.h"], compileC), "peer"), arguments: [] };
    case "python":
      return { program: python() ?? "python3", arguments: ["-u", join(here, "peer.py")] };
    case "jeromq": {
      const classes = await compile(["Peer.java"], compileJava);
      // A small heap start and one collector thread: the machine is shared with the peer under test.
      const flags = ["-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-cp", `${classes}:${jeromq}`];
      return { program: "java", arguments: [...flags, "Peer"] };
    }
    case "zeromq.js":
      return nodePeer("zeromq");
    case "zeromq-ts":
      return nodePeer(pathToFileURL(entry).href);
  }
}

/** What this machine lacks for CZMQ's own certificates and authenticator. */
export function missingCzmq(): string | undefined {
  if (!runs("gcc", "--version")) return "CZMQ: no gcc";
  return runs("pkg-config", "--exists", "libczmq") ? undefined : "CZMQ: no libczmq (Debian: libczmq-dev)";
}

/** The program around CZMQ, compiled if need be. */
export async function czmqProgram(): Promise<string> {
  return join(await compile(["czmq.c"], compileCzmq), "czmq");
}

/** A command that runs a text of Python with pyzmq. */
export function pythonCommand(text: string, ...parameters: readonly string[]): CommandLine {
  return { program: python() ?? "python3", arguments: ["-c", text, ...parameters] };
}

function nodePeer(module: string): CommandLine {
  const tsx = import.meta.resolve("tsx");
  return { program: node, arguments: ["--import", tsx, join(here, "node-peer.ts"), module] };
}

async function compileC(target: string): Promise<void> {
  const flags = (await runToEnd("pkg-config", "--cflags", "--libs", "libzmq")).trim().split(/\s+/);
  await runToEnd("gcc", "-std=gnu11", "-O2", "-o", join(target, "peer"), join(here, "peer.c"), "-lpthread", ...flags);
}

async function compileCzmq(target: string): Promise<void> {
  const flags = (await runToEnd("pkg-config", "--cflags", "--libs", "libczmq", "libzmq")).trim().split(/\s+/);
  await runToEnd("gcc", "-std=gnu11", "-O1", "-o", join(target, "czmq"), join(here, "czmq.c"), ...flags);
}

async function compileJava(target: string): Promise<void> {
  await runToEnd("javac", "-cp", jeromq, "-d", target, join(here, "Peer.java"));
}

/** The folder of what the sources compile to. Other processes may compile the same at once: the last rename loses. */
async function compile(sources: readonly string[], compiler: (target: string) => Promise<void>): Promise<string> {
  const hash = createHash("sha256");
  for (const source of sources) hash.update(readFileSync(join(here, source)));
  const folder = join(cache, hash.digest("hex").slice(0, 16));
  if (existsSync(folder)) return folder;
  mkdirSync(cache, { recursive: true });
  const draft = mkdtempSync(join(cache, "draft-"));
  try {
    await compiler(draft);
    renameSync(draft, folder);
  } catch (error) {
    rmSync(draft, { recursive: true, force: true });
    if (!existsSync(folder)) throw error;
  }
  return folder;
}
