// SPDX-License-Identifier: MIT
/**
 * ZMTP on a connection that keeps messages apart, as a browser's WebSocket does (ZWS 2.0, RFC 45): there is no greeting and nothing to cut
 * into frames, so that this is a fraction of `zmtp-engine.ts`. What was agreed on is the sub-protocol. Driven by a session.
 */
import { decodeText, EMPTY, encodeText } from "../base/bytes.ts";
import type { Timer } from "../base/clock.ts";
import { ProtocolError, ZmqError } from "../base/errors.ts";
import { Ring } from "../base/ring.ts";
import { type Message, type PipeItem, Subscription } from "../pipe/message.ts";
import type { Pipe } from "../pipe/pipe.ts";
import type { HandshakeInput, HandshakeResult, HandshakeStep } from "../security/mechanism.ts";
import {
  encodeCommand,
  encodeLegacySubscription,
  encodePing,
  encodePong,
  encodeSubscription,
  parseCommand,
  parsePing,
  parseSubscription,
} from "../wire/command.ts";
import { COMMAND, CommandFrame, type DecoderLimits, largestFrame, MORE } from "../wire/frame.ts";
import { mostOctets, tooLarge, tooMany } from "../wire/frame-limits.ts";
import { encodeProperties } from "../wire/metadata.ts";
import { ZWS_COMMAND, ZwsMessageEncoder } from "../wire/zws-messages.ts";
import { ArmouredChannel } from "./armoured-channel.ts";
import type { Connection, ConnectionHandler } from "./connection.ts";
import type { Engine, EngineHost, EngineSetup } from "./engine.ts";
import { giveToPublisher } from "./publisher-intake.ts";

/** Socket types that tell peers their routing id, as libzmq does. */
const ANNOUNCES_ROUTING_ID = ["REQ", "DEALER", "ROUTER"];
/** The longest command of a handshake, and octets that may come ahead of its end. */
const LONGEST_COMMAND = 65536;
const MOST_AHEAD = 131072;
/** Octets that may wait for room where `receiveHighWaterMarkBytes` says nothing; and what each part takes besides its own. */
const MOST_HELD = 67108864;
const EACH = 256;

/** What the engine knows of the sub-protocol. */
export interface Agreement {
  /** ZWS without a mechanism: both sides say their routing ids, and that is all. */
  readonly isBare: boolean;
  /** The peer agreed on a mechanism and began without one. */
  foundBare(): void;
}

/** The protocol on one live connection. */
export class PageEngine implements Engine, ConnectionHandler {
  roundTripTime: number | undefined = undefined;
  private readonly connection: Connection;
  private readonly setup: EngineSetup;
  private readonly host: EngineHost;
  private readonly agreement: Agreement;
  private readonly limits: DecoderLimits;
  private readonly encoder = new ZwsMessageEncoder();
  private steps: Generator<HandshakeStep, HandshakeResult, HandshakeInput> | undefined = undefined;
  private armoured: ArmouredChannel | undefined = undefined;
  private pipe: Pipe | undefined = undefined;
  /** The parts of a message whose last one has not come, and their octets. */
  private parts: Message = [];
  private octets = 0;
  /** What came while the handshake waited. */
  private early: Uint8Array[] | undefined = undefined;
  private ahead = 0;
  /** Received, but the pipe had no room; and what that takes. */
  private readonly held = new Ring<PipeItem>();
  private heldOctets = 0;
  private timer: Timer | undefined = undefined;
  private pingedAt = -1;
  private hasHeard = false;
  /** The peer's PONGs can be seen here: only then does silence tell anything. */
  private answersPings = false;
  private isBlocked = false;
  private isFinishing = false;
  private isOver = false;
  private ended: { error: ZmqError | undefined } | undefined = undefined;

  constructor(connection: Connection, setup: EngineSetup, host: EngineHost, agreement: Agreement) {
    this.connection = connection;
    this.setup = setup;
    this.host = host;
    this.agreement = agreement;
    const { maxMessageSize, maxMessageParts, maxMessageBytes } = setup.options;
    this.limits = { maxMessageSize, maxFrames: maxMessageParts, maxOctets: maxMessageBytes };
  }

  start(): void {
    const { connection, setup } = this;
    const { handshakeInterval } = setup.options;
    connection.handler = this;
    if (handshakeInterval > 0) {
      this.timer = setup.clock.setTimer(handshakeInterval, () =>
        this.fail(
          new ZmqError("ETIMEDOUT", `${connection.remote} did not finish its handshake in ${handshakeInterval} ms`),
        ),
      );
    }
    this.attempt(() => this.begin());
    connection.resume();
  }

  private begin(): void {
    const { socketType, options, properties, requiresSecurity } = this.setup;
    if (this.agreement.isBare) {
      if (requiresSecurity)
        throw new ProtocolError("ZMTP_UNSPECIFIED", "the peer speaks ZWS2.0, which knows no security");
      this.encoder.frame(options.routingId, 0);
      this.send();
      return;
    }
    const own: [string, Uint8Array][] = [["Socket-Type", encodeText(socketType.name)]];
    if (ANNOUNCES_ROUTING_ID.includes(socketType.name)) own.push(["Identity", options.routingId]);
    this.steps = this.setup.createMechanism().handshake(encodeProperties([...own, ...properties]));
    this.advance();
  }

  // ── Handshake ──────────────────────────────────────────────────────────────────────────────────────────────────

  /** Runs the mechanism up to where it waits for the peer. */
  private advance(input?: HandshakeInput): void {
    const steps = this.steps as Generator<HandshakeStep, HandshakeResult, HandshakeInput>;
    const step = input === undefined ? steps.next() : steps.next(input);
    if (step.done === true) {
      if (step.value.send !== undefined) this.command(encodeCommand(step.value.send));
      this.finishHandshake(step.value);
      return;
    }
    const { value } = step;
    if (value.do === "wait") {
      this.halt((resume, failed) => void value.for.then(() => resume({ waited: true }), failed));
    } else if (value.do === "authenticate") {
      const question = { ...value, address: this.connection.remote };
      this.halt((resume, failed) => this.setup.authenticate(question, (reply) => resume({ reply }), failed));
    } else {
      if (value.send !== undefined) this.command(encodeCommand(value.send));
      if (value.do === "refuse") throw value.error;
    }
  }

  private halt(begin: (resume: (input: HandshakeInput) => void, failed: (error: ZmqError) => void) => void): void {
    this.early = [];
    begin(
      (input) =>
        this.attempt(() => {
          const { early = [] } = this;
          this.early = undefined;
          if (!this.isOver) this.advance(input);
          for (const chunk of early) this.receive(chunk);
        }),
      (error) => this.fail(error),
    );
  }

  private finishHandshake({ properties, authentication, armour }: HandshakeResult): void {
    if (armour !== undefined) this.armoured = new ArmouredChannel(armour, this.limits);
    const metadata = new Map([...properties, ...(authentication?.metadata ?? [])]);
    metadata.delete("Socket-Type");
    metadata.delete("Identity");
    const type = properties.get("Socket-Type");
    this.open(properties.get("Identity") ?? EMPTY, type && decodeText(type), metadata);
  }

  private open(routingId: Uint8Array, socketType: string | undefined, metadata: Map<string, Uint8Array>): void {
    this.timer?.cancel();
    const { remote: address } = this.connection;
    const pipe = this.host.handshaken({ routingId, socketType, address, metadata, wantsEverything: false });
    this.steps = undefined;
    this.pipe = pipe;
    if (pipe === undefined || this.isOver) {
      this.stop();
      return;
    }
    const { heartbeatInterval } = this.setup.options;
    if (heartbeatInterval > 0 && !this.agreement.isBare) this.beat(heartbeatInterval);
    this.pump();
  }

  // ── From the pipe to the connection ────────────────────────────────────────────────────────────────────────────

  pipeReadable(): void {
    if (this.pipe !== undefined) this.pump();
  }

  accept(message: Message): boolean {
    if (this.pipe === undefined || this.isBlocked || this.isFinishing || this.isOver || this.ended !== undefined) {
      return false;
    }
    this.write(message);
    return true;
  }

  private pump(): void {
    const pipe = this.pipe as Pipe;
    while (!this.isBlocked && !this.isOver && this.ended === undefined) {
      const item = pipe.read();
      if (item === undefined) {
        if (this.isFinishing) this.connection.end();
        return;
      }
      if (Array.isArray(item)) this.write(item);
      else if (item instanceof Subscription) this.writeSubscription(item);
      else for (const message of item.messages()) this.write(message);
    }
  }

  private write(message: Message): void {
    if (this.armoured === undefined) this.encoder.message(message);
    else this.armoured.message(message, this.encoder);
    this.send();
  }

  private writeSubscription({ kind, topic }: Subscription): void {
    if (kind === "subscribe" || kind === "cancel") this.write([encodeLegacySubscription(kind, topic)]);
    else if (!this.agreement.isBare) this.command(encodeSubscription(kind, topic));
  }

  private command(body: Uint8Array): void {
    if (this.armoured === undefined) this.encoder.frame(body, COMMAND);
    else this.armoured.command(body, this.encoder);
    this.send();
  }

  /** A browser takes any number, and says when enough wait. */
  private send(): void {
    if (!this.connection.write(this.encoder.take())) this.isBlocked = true;
  }

  drained(): void {
    this.isBlocked = false;
    this.pipeReadable();
  }

  // ── From the connection to the pipe ────────────────────────────────────────────────────────────────────────────

  received(chunk: Uint8Array): void {
    this.hasHeard = true;
    this.attempt(() => {
      if (this.early === undefined) this.receive(chunk);
      else this.keep(chunk, this.early);
    });
  }

  private keep(chunk: Uint8Array, early: Uint8Array[]): void {
    early.push(chunk);
    this.ahead += chunk.length + EACH;
    if (this.ahead > MOST_AHEAD) {
      throw new ProtocolError("WS_UNSPECIFIED", `more than ${MOST_AHEAD} octets ahead of the handshake's end`);
    }
  }

  private receive(chunk: Uint8Array): void {
    if (this.isOver || (this.isFinishing && this.pipe !== undefined)) return;
    const flags = chunk[0];
    if (flags === undefined)
      throw new ProtocolError("WS_UNSPECIFIED", "a message without octets, where its flags must be");
    const body = chunk.subarray(1);
    const isCommand = (flags & ZWS_COMMAND) !== 0;
    if (this.pipe === undefined) this.receiveHandshake(body, isCommand);
    else if (isCommand && this.receiveHeartbeat(body)) return;
    else if (this.armoured !== undefined) this.receiveArmoured(body, this.armoured);
    else if (isCommand) this.receiveCommand(body);
    else this.receivePart(body, (flags & MORE) !== 0);
  }

  private receiveHandshake(body: Uint8Array, isCommand: boolean): void {
    if (this.agreement.isBare) {
      this.open(body.slice(), undefined, new Map());
    } else if (!isCommand) {
      // jszmq's servers agree on whatever is offered first, and speak ZWS without a mechanism all the same.
      this.agreement.foundBare();
      throw new ZmqError(
        "ECONNRESET",
        "the server has no ZWS 2.0 with a mechanism; the next attempt asks for one without",
      );
    } else if (body.length > LONGEST_COMMAND) {
      throw tooLarge(body.length, 0, { maxMessageSize: LONGEST_COMMAND, maxFrames: 1 });
    } else {
      this.advance({ command: parseCommand(body) });
    }
  }

  private receiveArmoured(frame: Uint8Array, channel: ArmouredChannel): void {
    const item = channel.open(frame);
    if (item instanceof CommandFrame) this.receiveCommand(item.body);
    else if (item !== undefined) this.deliver(item);
  }

  private receivePart(body: Uint8Array, hasMore: boolean): void {
    const { limits } = this;
    if (body.length > largestFrame(limits) || this.octets + body.length > mostOctets(limits)) {
      throw tooLarge(body.length, this.octets, limits);
    }
    this.parts.push(body);
    if (hasMore) {
      this.octets += body.length;
      if (this.parts.length >= limits.maxFrames) throw tooMany(limits);
      return;
    }
    const message = this.parts;
    this.parts = [];
    this.octets = 0;
    this.deliver(message);
  }

  private receiveCommand(body: Uint8Array): void {
    const found = parseSubscription(parseCommand(body));
    if (found !== undefined) this.give(new Subscription(found.kind, found.topic));
  }

  private deliver(message: Message): void {
    const { socketType, options } = this.setup;
    if (socketType.name !== "PUB" && socketType.name !== "XPUB") this.give(message);
    else giveToPublisher(message, options.onlyFirstSubscribe, (item) => this.give(item));
  }

  /** A browser's WebSocket cannot be told to wait: what the pipe has no room for waits here, up to a limit. */
  private give(item: PipeItem): void {
    const { held } = this;
    if (held.length === 0 && (this.pipe as Pipe).write(item)) return;
    held.push(item);
    this.heldOctets += costOf(item);
    const value = this.setup.options.receiveHighWaterMarkBytes || MOST_HELD;
    if (this.heldOctets <= value || this.ended !== undefined) return;
    const text = `${this.connection.remote} sends more than is received, and a browser reads on: more than ${value} octets wait`;
    const error = new ZmqError("ECONNABORTED", `${text} (receiveHighWaterMarkBytes)`, {
      limit: { option: "receiveHighWaterMarkBytes", value },
    });
    this.connection.destroy();
    this.host.passed?.(error);
    this.endLater(error);
  }

  pipeWritable(): void {
    const { held } = this;
    for (let item = held.peek(); item !== undefined && (this.pipe as Pipe).write(item); item = held.peek()) {
      this.heldOctets -= costOf(item);
      held.shift();
    }
    if (held.length === 0 && this.ended !== undefined) this.over(this.ended.error);
  }

  // ── Heartbeats ─────────────────────────────────────────────────────────────────────────────────────────────────

  /** Pages see no pongs of WebSocket's own, so that a PING is a command here; peers of this library answer with one too. */
  private beat(interval: number): void {
    const { clock, options } = this.setup;
    const timeout = options.heartbeatTimeout < 0 ? interval : options.heartbeatTimeout;
    this.timer = clock.setTimer(interval, () => {
      const now = clock.now();
      if (this.hasHeard || this.held.length > 0) this.pingedAt = -1;
      if (this.pingedAt >= 0 && timeout > 0 && this.answersPings && now - this.pingedAt >= timeout) {
        this.fail(new ZmqError("ETIMEDOUT", `${this.connection.remote} was silent for ${timeout} ms`));
        return;
      }
      this.hasHeard = false;
      if (this.pingedAt < 0) this.pingedAt = now;
      if (!this.isBlocked) {
        this.encoder.frame(encodePing(options.heartbeatTimeToLive, EMPTY), COMMAND);
        this.send();
      }
      this.beat(interval);
    });
  }

  /** Heartbeats travel below any armour, as WebSocket's own do. */
  private receiveHeartbeat(body: Uint8Array): boolean {
    if (body[0] !== 4) return false;
    const { name, data } = parseCommand(body);
    // A peer can ask for any number of PONGs, and take none.
    if (name === "PING" && !this.isBlocked) {
      this.encoder.frame(encodePong(parsePing(data).context), COMMAND);
      this.send();
    } else if (name === "PONG") {
      this.answersPings = true;
      if (this.pingedAt >= 0) this.roundTripTime = this.setup.clock.now() - this.pingedAt;
      this.pingedAt = -1;
    }
    return name === "PING" || name === "PONG";
  }

  // ── End ────────────────────────────────────────────────────────────────────────────────────────────────────────

  finish(): void {
    this.isFinishing = true;
    this.held.clear();
    if (this.ended !== undefined) this.over(this.ended.error);
    else this.pipeReadable();
  }

  stop(): void {
    if (this.isOver) return;
    this.shut();
    this.connection.destroy();
  }

  connectionEnded(error: ZmqError | undefined): void {
    if (this.isOver || this.ended !== undefined) return;
    if (this.held.length > 0 && !this.isFinishing) this.endLater(error);
    else this.over(error);
  }

  /** What came before is delivered before the session hears of it. */
  private endLater(error: ZmqError | undefined): void {
    this.ended = { error };
    this.timer?.cancel();
  }

  /** What a peer's octets made fail costs it its connection; nobody else notices. */
  private attempt(work: () => void): void {
    try {
      work();
    } catch (error) {
      if (!(error instanceof ZmqError)) throw error;
      this.fail(error);
    }
  }

  private fail(error: ZmqError): void {
    if (this.isOver) return;
    // First, as a connection without anything to send ends at once, and says so: that is no news.
    this.shut();
    if (this.pipe === undefined) this.connection.end();
    else this.connection.destroy();
    this.over(error);
  }

  private over(error: ZmqError | undefined): void {
    const duringHandshake = this.pipe === undefined;
    this.shut();
    this.host.over(error, duringHandshake);
  }

  private shut(): void {
    this.isOver = true;
    this.timer?.cancel();
  }
}

/** The octets of memory that an item takes, or nearly. */
function costOf(item: PipeItem): number {
  if (!Array.isArray(item)) return EACH;
  return item.reduce((sum, part) => sum + part.length + EACH, 0);
}
