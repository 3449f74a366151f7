// SPDX-License-Identifier: MIT
/**
 * ZMTP on one connection (RFC 37; 23, 15 and 13 for older peers): after the handshake it turns what the pipe holds into
 * frames, and frames into what the pipe takes. It pulls from the pipe only while the connection takes octets, and stops
 * reading while the pipe is full, so that back-pressure reaches both sides. Driven by a session, above any connection.
 */

import { EMPTY } from "../base/bytes.ts";
import type { Timer } from "../base/clock.ts";
import { ZmqError } from "../base/errors.ts";
import { type Message, type PipeItem, Subscription } from "../pipe/message.ts";
import type { Pipe } from "../pipe/pipe.ts";
import { Run } from "../pipe/run.ts";
import {
  encodeCommand,
  encodePing,
  encodePong,
  errorCommand,
  parseCommand,
  parsePing,
  parseSubscription,
} from "../wire/command.ts";
import { CommandFrame, type Decoder, type DecoderLimits, HeartbeatFrame } from "../wire/frame.ts";
import { ZmtpV2Decoder, ZmtpV2Encoder } from "../wire/zmtp-v2.ts";
import { Announcer } from "./announcer.ts";
import { ArmouredChannel } from "./armoured-channel.ts";
import type { Connection, ConnectionHandler } from "./connection.ts";
import type { Dialect } from "./dialect.ts";
import type { Engine, EngineHost, EngineSetup } from "./engine.ts";
import { Heartbeat, type HeartbeatHost } from "./heartbeat.ts";
import { Outbox } from "./outbox.ts";
import { giveToPublisher } from "./publisher-intake.ts";
import { type HandshakeOutcome, ZmtpHandshake } from "./zmtp-handshake.ts";
import { ZmtpWriter } from "./zmtp-writer.ts";

/** Octets that a peer may send ahead of its handshake before this side stops reading: one frame of a handshake, and some. */
const MAX_AHEAD = 131072;

/**
 * What a connection may take of a turn before others have theirs: so many small messages, or a quarter of that in commands or with armour,
 * which makes one or two milliseconds. A chunk holds more only where a peer sends hardly anything else.
 */
const TURN = 4096;
const DEAR = 4;

/** What an engine holds that holds nothing: the same for all. */
const NOTHING: PipeItem[] = [];
Object.freeze(NOTHING);

/** The protocol on one live connection. */
export class ZmtpEngine implements Engine, ConnectionHandler, HeartbeatHost {
  /** Counts what has arrived, for heartbeats. */
  traffic = 0;
  private readonly connection: Connection;
  private readonly setup: EngineSetup;
  private readonly host: EngineHost;
  private readonly outbox: Outbox;
  private readonly writer: ZmtpWriter;
  /** Only where one side asked for it. */
  private heartbeat: Heartbeat | undefined = undefined;
  private readonly readsSubscriptions: boolean;
  private handshake: ZmtpHandshake | undefined;
  private handshakeTimer: Timer | undefined = undefined;
  private pipe: Pipe | undefined = undefined;
  private decoder: Decoder | undefined = undefined;
  /** Where frames have armour. */
  private armoured: ArmouredChannel | undefined = undefined;
  /** Received, but the pipe had no room. While there is any, nothing more is decoded. */
  private held: PipeItem[] = NOTHING;
  /** Messages can stay octets until they are read, and once some have come there is an announcer. */
  private canAnnounce = false;
  private announcer: Announcer | undefined = undefined;
  private isPaused = false;
  /** Others have their turn; what was received waits in the decoder. */
  private isResting = false;
  private isFinishing = false;
  private isOver = false;
  /** The connection has ended while messages were held: they are delivered before the session hears of it. */
  private ended: { error: ZmqError | undefined } | undefined = undefined;

  constructor(connection: Connection, setup: EngineSetup, host: EngineHost, dialect: Dialect) {
    this.connection = connection;
    this.setup = setup;
    this.host = host;
    this.outbox = new Outbox(connection, setup.clock, new ZmtpV2Encoder(setup.slabs), setup.options.outBatchSize);
    this.writer = new ZmtpWriter(this.outbox, dialect);
    this.readsSubscriptions = setup.socketType.name === "PUB" || setup.socketType.name === "XPUB";
    this.handshake = new ZmtpHandshake({
      setup,
      dialect,
      outbox: this.outbox,
      remote: connection.remote,
      facts: () => connection.facts,
      limits: this.limits(),
      done: (outcome) => this.begin(outcome),
      failed: (error) => this.fail(error),
      answered: () => this.resume(),
    });
  }

  private limits(): DecoderLimits {
    const { options, slabs } = this.setup;
    const { maxMessageSize, maxMessageParts: maxFrames, maxMessageBytes: maxOctets } = options;
    return { maxMessageSize, maxFrames, maxOctets, allocate: slabs.allocate };
  }

  start(): void {
    const { connection, setup } = this;
    connection.handler = this;
    const { handshakeInterval } = setup.options;
    if (handshakeInterval > 0) {
      this.handshakeTimer = setup.clock.setTimer(handshakeInterval, () =>
        this.fail(
          new ZmqError("ETIMEDOUT", `${connection.remote} did not finish its handshake in ${handshakeInterval} ms`),
        ),
      );
    }
    this.handshake?.start();
    connection.resume();
  }

  pipeReadable(isLast = false): void {
    if (this.pipe === undefined) return;
    this.pump(isLast);
    if (isLast) this.outbox.flush();
  }

  accept(message: Message): boolean {
    const { outbox } = this;
    if (this.pipe === undefined || outbox.isBlocked || this.isOver || this.isFinishing) return false;
    if (this.ended !== undefined) return false;
    this.writer.message(message);
    outbox.encoded();
    return true;
  }

  pipeWritable(): void {
    if (!this.isStalled || this.isResting) return;
    this.goOn(() => {
      if (this.held.length > 0) this.deliverHeld();
      else this.announcer?.announce(0);
    });
  }

  private goOn(work: () => void): void {
    try {
      work();
      this.proceed();
    } catch (error) {
      this.failed(error);
    }
  }

  finish(): void {
    this.isFinishing = true;
    this.held = NOTHING;
    if (this.announcer !== undefined) this.announcer.waiting = 0;
    if (this.ended !== undefined) this.fail(undefined);
    else if (this.pipe !== undefined) this.pump();
  }

  stop(): void {
    if (this.isOver) return;
    // What was taken from the pipe in this turn has been sent, as far as the application can tell.
    this.outbox.flush();
    this.shut();
    this.connection.destroy();
  }

  // ── From the pipe to the connection ────────────────────────────────────────────────────────────────────────────

  private pump(isLast = false): void {
    const pipe = this.pipe as Pipe;
    const { outbox, writer } = this;
    // A connection that has ended takes nothing any more: what is in the pipe is for the next one.
    while (!outbox.isBlocked && !this.isOver && this.ended === undefined) {
      const item = pipe.read();
      if (item === undefined) {
        if (this.isFinishing) this.endConnection();
        return;
      }
      if (Array.isArray(item)) writer.message(item);
      else if (item instanceof Run) writer.run(item, pipe.readable === 0);
      else writer.subscription(item);
      if (!isLast || outbox.encoder.pending >= outbox.flushAt) outbox.encoded();
    }
  }

  drained(): void {
    this.outbox.drained();
    if (this.pipe !== undefined) this.pump();
  }

  private endConnection(): void {
    this.outbox.flush();
    if (this.outbox.isEmpty) this.connection.end();
  }

  /** Messages wait in the pipe while the peer takes nothing; commands cannot, and a peer can ask for any number of PONGs. */
  private sendCommand(body: Uint8Array, isHeartbeat = false): void {
    if (this.isOver || this.outbox.isBehind) return;
    if (isHeartbeat) this.writer.heartbeat(body);
    else this.writer.command(body);
    this.outbox.encoded();
  }

  // ── From the connection to the pipe ────────────────────────────────────────────────────────────────────────────

  received(chunk: Uint8Array): void {
    if (this.isOver || (this.isFinishing && this.handshake === undefined)) return;
    this.traffic += 1;
    try {
      if (this.handshake === undefined) this.receivedFrames(chunk);
      else this.receivedHandshake(chunk, this.handshake);
    } catch (error) {
      this.failed(error);
    }
  }

  private receivedHandshake(chunk: Uint8Array, handshake: ZmtpHandshake): void {
    handshake.receive(chunk);
    if (this.handshake !== undefined && handshake.buffered > MAX_AHEAD) this.pause();
  }

  private receivedFrames(chunk: Uint8Array): void {
    (this.decoder as Decoder).push(chunk);
    this.arrived(this.count(chunk));
  }

  /** How many messages end in the next chunk; −1: it has to be decoded. */
  private count(chunk: Uint8Array): number {
    if (!this.canAnnounce) return -1;
    this.announcer ??= new Announcer(this.pipe as Pipe, this.decoder as ZmtpV2Decoder, this.limits());
    return this.announcer.count(chunk);
  }

  private arrived(found: number): void {
    const { announcer } = this;
    if (this.isStalled) this.pause();
    if (this.held.length > 0 || this.isResting) return;
    if (announcer === undefined || found < 0) {
      announcer?.settle();
      this.decode();
    } else {
      announcer.announce(found);
    }
  }

  /** Goes on once nothing that has arrived waits here. */
  private proceed(): void {
    if (this.isStalled) return;
    if (this.ended !== undefined) this.fail(this.ended.error);
    else this.resume();
  }

  /** What a peer's octets made fail costs it its connection; nobody else notices. */
  private failed(error: unknown): void {
    if (!(error instanceof ZmqError)) throw error;
    this.fail(error);
  }

  private decode(): void {
    const decoder = this.decoder as Decoder;
    for (let cost = 0; !this.isOver; ) {
      const item = decoder.next();
      if (item === undefined) return;
      if (this.armoured !== undefined && !(item instanceof HeartbeatFrame)) this.takeArmoured(item, this.armoured);
      else if (item instanceof CommandFrame) this.takeCommand(item.body);
      else this.deliver(item);
      if (this.held.length > 0) return;
      cost += item instanceof CommandFrame || this.armoured !== undefined ? DEAR : 1;
      if (cost >= TURN) {
        this.rest();
        return;
      }
    }
  }

  private rest(): void {
    this.isResting = true;
    this.pause();
    this.setup.clock.yieldTurn(() => {
      this.isResting = false;
      if (!this.isOver && !this.isFinishing) this.goOn(() => this.decode());
    });
  }

  private deliver(message: Uint8Array[]): void {
    if (!this.readsSubscriptions) this.give(message);
    else giveToPublisher(message, this.setup.options.onlyFirstSubscribe, (item) => this.give(item));
  }

  private give(item: PipeItem): void {
    if (this.held.length > 0) this.held.push(item);
    else if (!(this.pipe as Pipe).write(item)) this.held = [item];
  }

  /** Nothing that comes without armour is taken, a command no more than a message. */
  private takeArmoured(frames: Uint8Array[] | CommandFrame, channel: ArmouredChannel): void {
    for (const frame of frames instanceof CommandFrame ? [frames.body] : frames) {
      const item = channel.open(frame);
      if (item instanceof CommandFrame) this.takeCommand(item.body);
      else if (item !== undefined) this.deliver(item);
    }
  }

  private takeCommand(body: Uint8Array): void {
    const command = parseCommand(body);
    if (command.name === "PING") {
      const { timeToLive, context } = parsePing(command.data);
      if (timeToLive > 0) this.beat().peerTimeToLive(timeToLive);
      this.sendCommand(encodePong(context), true);
      return;
    }
    if (command.name === "PONG") this.heartbeat?.answered();
    const subscription = parseSubscription(command);
    if (subscription !== undefined) this.give(new Subscription(subscription.kind, subscription.topic));
    // What else a newer peer may say is ignored, as libzmq does.
  }

  private deliverHeld(): void {
    const waiting = this.held;
    this.held = NOTHING;
    for (const item of waiting) this.give(item);
    if (this.held.length > 0) return;
    if (this.decoder !== undefined) this.decode();
  }

  private pause(): void {
    if (this.isPaused) return;
    this.isPaused = true;
    this.connection.pause();
  }

  private resume(): void {
    if (!this.isPaused || this.isOver || this.isStalled) return;
    this.isPaused = false;
    this.connection.resume();
  }

  // ── Beginning and end ──────────────────────────────────────────────────────────────────────────────────────────

  private begin(outcome: HandshakeOutcome): void {
    this.stopHandshakeTimer();
    this.decoder = outcome.decoder;
    if (outcome.armour !== undefined) this.armoured = new ArmouredChannel(outcome.armour, this.limits());
    this.writer.learn(outcome.version, this.armoured);
    const pipe = this.introduce(outcome);
    if (pipe === undefined || this.isOver) {
      this.stop();
      return;
    }
    this.handshake = undefined;
    this.pipe = pipe;
    const isPlain = this.armoured === undefined && this.decoder instanceof ZmtpV2Decoder;
    this.canAnnounce = isPlain && !this.readsSubscriptions && pipe.canAnnounce;
    if (this.readsSubscriptions || this.setup.socketType.name === "RADIO") {
      pipe.takeRuns(this.writer.takeRuns());
    }
    if (this.setup.options.heartbeatInterval > 0 && this.writer.knowsCommands) this.beat().start();
    this.pump();
    if (!this.isFinishing && !this.isOver) this.receivedAhead(outcome.decoder);
  }

  /** What came with the end of the handshake. */
  private receivedAhead(decoder: Decoder): void {
    let found = 0;
    for (const chunk of decoder.takeRest()) {
      decoder.push(chunk);
      const more = this.count(chunk);
      found = found < 0 || more < 0 ? -1 : found + more;
    }
    this.arrived(found);
  }

  /** A peer that the session will not have is told so, where its version knows how (RFC 37 §Error Handling). */
  private introduce(outcome: HandshakeOutcome): Pipe | undefined {
    try {
      return this.host.handshaken(outcome.peer);
    } catch (error) {
      if (this.writer.knowsCommands) this.sendCommand(encodeCommand(errorCommand("Invalid socket type")));
      throw error;
    }
  }

  connectionEnded(error: ZmqError | undefined): void {
    if (this.isOver) return;
    if (this.isStalled && !this.isFinishing) this.ended = { error };
    else this.over(error);
  }

  private fail(error: ZmqError | undefined): void {
    if (this.isOver) return;
    if (this.handshake !== undefined) {
      // What was just said must still leave: an ERROR, or the READY by which the peer learns that we do not go together.
      this.outbox.flush();
      this.connection.end();
    } else if (this.ended === undefined) this.connection.destroy();
    this.over(error);
  }

  /** Without a word to the connection: one that has ended in order may still be carrying its last octets. */
  private over(error: ZmqError | undefined): void {
    const duringHandshake = this.handshake !== undefined;
    this.shut();
    this.host.over(error, duringHandshake);
  }

  private shut(): void {
    this.isOver = true;
    if (this.writer.framing !== undefined) this.pipe?.takeRuns(undefined);
    this.handshake?.stop();
    this.stopHandshakeTimer();
    this.heartbeat?.stop();
    this.outbox.close();
  }

  /** Lets go of the timer as well: a connection that idles for days holds none. */
  private stopHandshakeTimer(): void {
    this.handshakeTimer?.cancel();
    this.handshakeTimer = undefined;
  }

  // ── As the host of the heartbeat ───────────────────────────────────────────────────────────────────────────────

  get roundTripTime(): number | undefined {
    return this.heartbeat?.roundTripTime;
  }

  private beat(): Heartbeat {
    this.heartbeat ??= new Heartbeat(this.setup.clock, this.setup.options, this);
    return this.heartbeat;
  }

  sendPing(): boolean {
    if (this.isOver || this.outbox.isBehind) return false;
    this.writer.heartbeat(encodePing(this.setup.options.heartbeatTimeToLive, EMPTY));
    // Not at the end of the turn: many beat in one, and each would hold a slab until then.
    this.outbox.flush();
    return true;
  }

  get isStalled(): boolean {
    return this.held.length > 0 || this.isResting || (this.announcer !== undefined && this.announcer.waiting > 0);
  }

  expired(after: number): void {
    this.fail(new ZmqError("ETIMEDOUT", `${this.connection.remote} was silent for ${after} ms`));
  }
}
