// SPDX-License-Identifier: MIT
/** Starts peers (see `peer.ts`): as a child process that speaks the line protocol, or this library in the same process. */
import { LineProcess } from "../processes.ts";
import { Executor } from "./executor.ts";
import { Peer, type PeerKind } from "./peer.ts";
import { commandFor, missing } from "./toolchain.ts";

/** Starts a peer. Rejects by name when something it needs is missing. */
export async function startPeer(kind: PeerKind): Promise<Peer> {
  const lack = missing(kind);
  if (lack !== undefined) throw new Error(lack);
  return kind === "here" ? startHere() : startProcess(kind, new LineProcess(await commandFor(kind)));
}

async function startHere(): Promise<Peer> {
  let got: ((words: string[]) => void) | undefined;
  const executor = new Executor(await import("../../../src/index.ts"), (line) => got?.(line.split(" ").slice(1)));
  let commands: Promise<unknown> = Promise.resolve();
  const run = (line: string, listener?: (words: string[]) => void): Promise<string[]> => {
    const answer = commands.then(() => {
      got = listener;
      return executor.run(line).catch((error: unknown) => {
        throw new Error(`here: ${line.slice(0, 200)}: ${error}`, { cause: error });
      });
    });
    commands = answer.catch(() => {});
    return answer;
  };
  const end = async (): Promise<void> => executor.close();
  return new Peer("here", undefined, run, end, end);
}

interface Pending {
  readonly line: string;
  readonly got: ((words: string[]) => void) | undefined;
  readonly resolve: (words: string[]) => void;
  readonly reject: (error: Error) => void;
}

function startProcess(kind: PeerKind, child: LineProcess): Peer {
  const pending: Pending[] = [];
  let ended: string | undefined;
  child.onLine = (line) => {
    const [status = "", ...words] = line.split(" ");
    if (status === "got") return pending[0]?.got?.(words);
    const command = pending.shift();
    if (status === "ok") command?.resolve(words);
    else command?.reject(failure(command.line, line));
  };
  const mourn = async (): Promise<void> => {
    ended = await child.exit;
    for (const command of pending.splice(0)) command.reject(failure(command.line, `ended with ${ended}`));
  };
  void mourn();
  const failure = (line: string, what: string): Error =>
    new Error(`${kind} peer: ${line.slice(0, 200)}: ${what}\n${child.errors}`.trimEnd());
  const run = (line: string, got?: (words: string[]) => void): Promise<string[]> =>
    new Promise((resolve, reject) => {
      if (ended !== undefined) return reject(failure(line, `has ended with ${ended}`));
      pending.push({ line, got, resolve, reject });
      child.write(line);
    });
  return new Peer(
    kind,
    child.pid,
    run,
    () => child.kill(),
    async () => void (await child.end()),
  );
}
