// SPDX-License-Identifier: MIT
/**
 * Broadcaster: gives a message to everybody of an audience (RFC 29: "fan-out"). Whoever takes runs (`pipe/run.ts`) gets
 * one and the same run, which is put into the pipes when it begins. While the audience stays the same a message is encoded
 * once and touches no pipe; at the end of the turn, or when there is much, the readers are woken. Used by XPUB.
 */
import type { Clock } from "../base/clock.ts";
import type { TurnQueue } from "../base/turn-queue.ts";
import type { Message } from "../pipe/message.ts";
import type { Pipe } from "../pipe/pipe.ts";
import { type Framing, Run } from "../pipe/run.ts";
import type { Audience } from "./audience.ts";
import { give } from "./distributor.ts";
import { mayRefuse, type WhenFull } from "./overflow.ts";

/** Octets after which a run does not wait for the end of the turn; engines flush at as many. */
const MUCH = 65536;
/** Messages of at least this many octets go by themselves: engines send large parts without copying them. */
const LARGE = 16384;

/** Fan-out to audiences. */
export class Broadcaster {
  private readonly tasks: TurnQueue;
  /** Counts pipes that were full and have room again. */
  private epoch = 0;
  /** Audiences of which some missed messages that are not counted yet: counting each at once would cost each message. */
  private readonly unsettled = new Set<Audience<Pipe>>();

  constructor(clock: Clock) {
    this.tasks = clock.tasks;
  }

  /** A pipe has room again. */
  activate(): void {
    this.epoch += 1;
    if (this.unsettled.size > 0) this.settle();
  }

  /** Has the pipes count what they missed. */
  settle(): void {
    for (const audience of this.unsettled) {
      const { missed, misses } = audience;
      audience.misses = 0;
      for (const pipe of missed) pipe.drop(misses);
    }
    this.unsettled.clear();
  }

  /**
   * Gives the message to everybody who has room, and does as the rule says for the others. False: the rule is that the sender
   * waits, somebody has no room, and nothing was done.
   */
  send(audience: Audience<Pipe>, message: Message, rule: WhenFull): boolean {
    const { run } = audience;
    const mustReachAll = rule !== "dropNewest" && mayRefuse(rule);
    if (run !== undefined && run.count < audience.room && (audience.missing === 0 || audience.epoch === this.epoch)) {
      const size = run.framing.sizeOf(message);
      if (size < LARGE && !(mustReachAll && isStuck(audience))) {
        this.add(audience, run, message, size, rule);
        return true;
      }
    }
    return this.begin(audience, message, mustReachAll, rule);
  }

  private begin(audience: Audience<Pipe>, message: Message, mustReachAll: boolean, rule: WhenFull): boolean {
    const { pipes } = audience;
    for (const pipe of pipes) if (!hasRoom(pipe) && mustReachAll && !pipe.replaces(message)) return false;
    if (audience.misses > 0) this.settle();
    audience.run?.close();
    const framing = framingOf(pipes);
    const size = framing?.sizeOf(message) ?? LARGE;
    if (framing === undefined || size >= LARGE) {
      for (const pipe of pipes) this.give(pipe, message, rule);
      return true;
    }
    const run = new Run(framing, audience, message, size);
    audience.epoch = this.epoch;
    audience.room = Number.POSITIVE_INFINITY;
    audience.takers = 0;
    audience.missing = 0;
    audience.missed = [];
    audience.singles = [];
    for (const pipe of pipes) this.include(audience, run, pipe, rule);
    this.add(audience, run, message, size, rule);
    return true;
  }

  private include(audience: Audience<Pipe>, run: Run, pipe: Pipe, rule: WhenFull): void {
    if (pipe.framing !== run.framing) {
      audience.singles.push(pipe);
      return;
    }
    const room = pipe.writeRun(run, this.tasks);
    if (room === 0 && rule === "dropOldest" && !pipe.isClosing) {
      audience.singles.push(pipe);
    } else if (room === 0) {
      if (rule === "disconnect") pipe.cutOff();
      audience.missing += 1;
      audience.missed.push(pipe);
      pipe.drop(0);
    } else {
      audience.takers += 1;
      if (room < audience.room) audience.room = room;
    }
  }

  private add(audience: Audience<Pipe>, run: Run, message: Message, size: number, rule: WhenFull): void {
    if (audience.takers > 0) run.add(message, size);
    if (audience.missing > 0) this.miss(audience);
    for (const pipe of audience.singles) this.give(pipe, message, rule);
    if (run.size < MUCH) return;
    run.close();
    for (const pipe of audience.pipes) pipe.wakeReader();
  }

  private miss(audience: Audience<Pipe>): void {
    if (audience.misses === 0) this.unsettled.add(audience);
    audience.misses += 1;
  }

  private give(pipe: Pipe, message: Message, rule: WhenFull): void {
    if (!hasRoom(pipe) || !pipe.write(message)) give(pipe, message, rule);
  }
}

/** Pipes that do not take the same runs as the first that takes any are rare, and get each message for themselves. */
function framingOf(pipes: readonly Pipe[]): Framing | undefined {
  for (const pipe of pipes) if (pipe.framing !== undefined) return pipe.framing;
  return undefined;
}

/** True when a pipe has room, if need be after its reader was told of what waits for it. */
function hasRoom(pipe: Pipe): boolean {
  if (pipe.checkWrite()) return true;
  pipe.wakeReader();
  return pipe.checkWrite();
}

/** True when somebody in the audience of an open run has no room. */
function isStuck(audience: Audience<Pipe>): boolean {
  if (audience.missing > 0) return true;
  for (const pipe of audience.singles) if (!pipe.checkWrite()) return true;
  return false;
}
