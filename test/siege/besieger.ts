// SPDX-License-Identifier: MIT
/**
 * Who besieges: a process with connections that hardly ever say anything and never come to an end (slow loris), and with a
 * flood of handshakes that are wrong: noise, other protocols, broken rules, and good ones with something changed.
 */
import { connect, type Socket } from "node:net";
import { badInputs } from "../interop/bad-inputs.ts";
import type { Commands } from "../soak/wire.ts";
import { octets } from "../support/peers/raw-peer.ts";
import { greeting, hex, ready } from "../support/zmtp-octets.ts";

/** What a besieger does. */
export interface SiegePlan {
  readonly endpoint: string;
  /** Connections that are slow. */
  readonly slow: number;
  /** Milliseconds between two octets of each. */
  readonly pause: number;
  /** Connections of the flood at a time. */
  readonly flood: number;
  /** The most that the flood makes in a second. */
  readonly rate: number;
}

/** What a besieger has done. */
export interface SiegeReport {
  readonly slowNow: number;
  /** Slow connections that the other side ended, and that were made again. */
  readonly slowEnded: number;
  readonly octets: number;
  readonly flooded: number;
}

const handshake = Buffer.from(greeting() + ready("DEALER", ""), "hex");

/** How far slow connections go: into the greeting, the handshake, a frame that says it is large, a message of many parts. */
const slowKinds: readonly { readonly first: Buffer; readonly rest: Buffer }[] = [
  { first: Buffer.alloc(0), rest: handshake.subarray(0, 60) },
  { first: handshake.subarray(0, 64), rest: handshake.subarray(64, -1) },
  { first: handshake, rest: Buffer.concat([Buffer.from("0200000000000f0000", "hex"), Buffer.alloc(983_040)]) },
  { first: handshake, rest: Buffer.from("01017801017801".repeat(40), "hex") },
  { first: Buffer.alloc(0), rest: Buffer.alloc(0) },
];

/** Addresses of this machine that connections come from. */
const HOSTS = 8;

/** Random, and the same each time. */
class Dice {
  #state = 0x9e3779b9;

  next(below: number): number {
    this.#state = (Math.imul(this.#state, 1664525) + 1013904223) >>> 0;
    return Math.floor((this.#state / 2 ** 32) * below);
  }
}

/** Opens the besieger; gives what it can be asked. */
export function openBesieger(): { commands: Commands; close: () => Promise<void> } {
  const dice = new Dice();
  const slow = new Map<Socket, { rest: Buffer; next: number }>();
  const flood = new Set<Socket>();
  const done = { slowEnded: 0, octets: 0, flooded: 0 };
  const timers: NodeJS.Timeout[] = [];
  let made = 0;
  let isOver = false;

  const dial = (endpoint: string): Socket => {
    made += 1;
    const { port } = new URL(endpoint.replace("tcp:", "http:"));
    const socket = connect({ port: Number(port), host: "127.0.0.1", localAddress: `127.0.0.${2 + (made % HOSTS)}` });
    socket.setNoDelay(true);
    return socket.on("error", () => {}).resume();
  };

  const addSlow = (plan: SiegePlan): void => {
    const { first, rest } = slowKinds[made % slowKinds.length] as (typeof slowKinds)[number];
    const socket = dial(plan.endpoint);
    if (first.length > 0) socket.write(first);
    // Not all in one moment: each has its own.
    slow.set(socket, { rest, next: performance.now() + dice.next(plan.pause) });
    socket.once("close", () => {
      if (!slow.delete(socket) || isOver) return;
      done.slowEnded += 1;
      timers.push(setTimeout(() => isOver || addSlow(plan), 50 + dice.next(500)));
    });
  };

  const trickle = (plan: SiegePlan): void => {
    const now = performance.now();
    for (const [socket, state] of slow) {
      if (state.next > now || state.rest.length === 0 || socket.pending) continue;
      socket.write(state.rest.subarray(0, 1));
      state.rest = state.rest.subarray(1);
      state.next = now + plan.pause;
      done.octets += 1;
    }
  };

  const badHandshake = (): Buffer => {
    const kind = dice.next(3);
    if (kind === 0) return Buffer.from(Array.from({ length: 1 + dice.next(200) }, () => dice.next(256)));
    if (kind === 1) {
      const { sends } = badInputs[dice.next(badInputs.length)] as (typeof badInputs)[number];
      return Buffer.concat(sends.map((each) => octets(each)));
    }
    const changed = Buffer.concat([handshake, Buffer.from(`0005${hex("hello")}`, "hex")]);
    for (let i = 0; i <= dice.next(4); i += 1) changed[dice.next(changed.length)] = dice.next(256);
    return changed.subarray(0, 1 + dice.next(changed.length));
  };

  const addFlood = (plan: SiegePlan): void => {
    const socket = dial(plan.endpoint);
    flood.add(socket);
    done.flooded += 1;
    socket.write(badHandshake());
    const patience = setTimeout(() => socket.destroy(), 20 + dice.next(200));
    socket.once("close", () => {
      clearTimeout(patience);
      flood.delete(socket);
    });
  };

  const commands = {
    begin: (plan: SiegePlan): void => {
      for (let i = 0; i < plan.slow; i += 1) timers.push(setTimeout(() => isOver || addSlow(plan), i / 2));
      timers.push(setInterval(() => trickle(plan), 20));
      const start = performance.now();
      const pour = (): void => {
        const due = ((performance.now() - start) / 1000) * plan.rate;
        while (flood.size < plan.flood && done.flooded < due) addFlood(plan);
      };
      if (plan.flood > 0) timers.push(setInterval(pour, 5));
    },
    report: (): SiegeReport => ({ slowNow: slow.size, ...done }),
    /** All go at once. */
    cease: (): void => {
      isOver = true;
      for (const timer of timers) clearInterval(timer);
      for (const socket of [...slow.keys(), ...flood]) socket.destroy();
      slow.clear();
    },
  };
  return {
    commands,
    close: async () => {
      commands.cease();
    },
  };
}
