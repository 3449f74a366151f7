// SPDX-License-Identifier: MIT
/**
 * The engines of epgm and pgm: publishers' messages as one stream of ZMTP 1.0 frames, cut into packets that each say where their first
 * message begins; and for subscribers, messages from the packets of every source. No handshake, no security, no subscriptions. Above
 * `pgm-sender.ts` and `pgm-receiver.ts`.
 */
import { EMPTY } from "../base/bytes.ts";
import type { ZmqError } from "../base/errors.ts";
import type { TurnTask } from "../base/turn-queue.ts";
import type { Message } from "../pipe/message.ts";
import type { Pipe } from "../pipe/pipe.ts";
import { blankData, DATA_HEADER, type NetworkAddress, readPacket, readUint16, writeUint16 } from "../wire/pgm.ts";
import { ZmtpV1Decoder, ZmtpV1Encoder } from "../wire/zmtp-v1.ts";
import type { Connection, ConnectionHandler } from "./connection.ts";
import type { Engine, EngineHost, EngineOptions, EngineSetup } from "./engine.ts";
import { PgmReceiver, type PgmReceiverHost, type Way } from "./pgm-receiver.ts";
import { type PgmIdentity, PgmSender, type PgmSenderHost } from "./pgm-sender.ts";
import { dataRoom, NO_MESSAGE, OFFSET, type PgmOptions, windowSize } from "./pgm-settings.ts";

/** Octets that a turn may gather before they are cut into packets. */
const MUCH = 65536;

/** What PGM needs of a network: packets to a group, and from it. */
export interface PgmChannel extends Connection {
  /** Who this side is when it sends. */
  readonly identity: PgmIdentity;
  readonly options: PgmOptions;
  /** Set by the engine: a packet has come. */
  arrived: (packet: Uint8Array, way: Way) => void;
  /** To a source; to those in the group who are on the same network. */
  toSource(packet: Uint8Array, address: NetworkAddress | string): void;
  toNeighbours(packet: Uint8Array, group: NetworkAddress): void;
}

/** The engine for a socket of this type. */
export function createPgmEngine(channel: PgmChannel, setup: EngineSetup, host: EngineHost): Engine {
  return setup.socketType.name.endsWith("PUB")
    ? new PgmPublisher(channel, setup, host)
    : new PgmSubscriber(channel, setup, host);
}

/** What both have in common: there is nobody to shake hands with. */
abstract class PgmEngine implements Engine, ConnectionHandler {
  protected readonly channel: PgmChannel;
  protected readonly setup: EngineSetup;
  protected readonly host: EngineHost;
  protected pipe: Pipe | undefined = undefined;
  protected isOver = false;

  constructor(channel: PgmChannel, setup: EngineSetup, host: EngineHost) {
    this.channel = channel;
    this.setup = setup;
    this.host = host;
  }

  start(): void {
    const { channel } = this;
    channel.handler = this;
    this.pipe = this.host.handshaken({
      routingId: EMPTY,
      socketType: undefined,
      address: channel.remote,
      metadata: new Map(),
      wantsEverything: true,
    });
    if (this.pipe === undefined || this.isOver) {
      this.stop();
      return;
    }
    channel.resume();
    this.begin();
  }

  stop(): void {
    if (this.isOver) return;
    this.isOver = true;
    this.end();
    this.channel.destroy();
  }

  received(): void {}

  connectionEnded(error: ZmqError | undefined): void {
    if (this.isOver) return;
    this.isOver = true;
    this.end();
    this.host.over(error, this.pipe === undefined);
  }

  protected abstract begin(): void;
  protected abstract end(): void;
  abstract pipeReadable(isLast?: boolean): void;
  abstract pipeWritable(): void;
  abstract finish(): void;
  abstract drained(): void;
}

/** PUB and XPUB. */
export class PgmPublisher extends PgmEngine implements PgmSenderHost, TurnTask {
  isBusy = false;
  private readonly sender: PgmSender;
  private readonly encoder: ZmtpV1Encoder;
  /** Octets of the stream that one packet carries. */
  private readonly room: number;
  /** What was taken from the encoder, from `at` in the first chunk on, and how long it is. */
  private chunks: Uint8Array[] = [];
  private at = 0;
  private taken = 0;
  /** Where messages begin that are not sent yet, counted from the first octet of all; and how many octets were sent. */
  private begins: number[] = [];
  private sent = 0;
  private isScheduled = false;
  private isFinishing = false;

  constructor(channel: PgmChannel, setup: EngineSetup, host: EngineHost) {
    super(channel, setup, host);
    const { identity, options } = channel;
    this.sender = new PgmSender(identity, options, setup.clock, this);
    this.encoder = new ZmtpV1Encoder(setup.slabs);
    this.room = dataRoom(options, identity.headers) - OFFSET;
  }

  protected begin(): void {
    this.channel.arrived = (octets) => {
      const packet = readPacket(octets);
      if (packet !== undefined) this.sender.received(packet);
    };
    this.sender.start();
    this.pump();
  }

  protected end(): void {
    this.sender.finish();
    this.encoder.take();
    this.encoder.recycle();
  }

  accept(message: Message): boolean {
    if (this.pipe === undefined || this.isBusy || this.queued >= MUCH || !this.sender.maySend()) return false;
    this.encode(message);
    if (this.queued >= MUCH) this.pump();
    else this.schedule();
    return true;
  }

  pipeReadable(isLast?: boolean): void {
    if (this.pipe === undefined) return;
    if (isLast === true) this.pump();
    else this.schedule();
  }

  pipeWritable(): void {}

  finish(): void {
    this.isFinishing = true;
    if (this.pipe !== undefined && !this.isOver) this.pump();
  }

  turnEnded(): void {
    this.isScheduled = false;
    if (!this.isOver) this.pump();
  }

  /** The network takes packets again. */
  drained(): void {
    this.isBusy = false;
    if (!this.isOver) this.sender.drained();
  }

  send(packet: Uint8Array): void {
    if (!this.channel.write([packet])) this.isBusy = true;
  }

  ready(): void {
    if (!this.isOver) this.pump();
  }

  private schedule(): void {
    if (this.isScheduled) return;
    this.isScheduled = true;
    this.setup.clock.tasks.push(this);
  }

  /** Octets that are not sent yet. */
  private get queued(): number {
    return this.taken + this.encoder.pending;
  }

  private encode(message: Message): void {
    this.begins.push(this.sent + this.queued);
    this.encoder.message(message);
  }

  private pump(): void {
    const pipe = this.pipe as Pipe;
    while (!this.isOver && this.sender.maySend()) {
      while (this.queued < this.room) {
        const item = pipe.read();
        if (item === undefined) break;
        if (Array.isArray(item)) this.encode(item);
      }
      if (this.queued === 0) {
        if (this.isFinishing) this.leave();
        return;
      }
      this.sendPacket();
    }
    // What waits must not hold the memory that others' messages are put together in.
    this.keep();
  }

  private leave(): void {
    this.isOver = true;
    this.end();
    this.channel.end();
    this.host.over(undefined, false);
  }

  private sendPacket(): void {
    if (this.encoder.pending > 0) {
      this.taken += this.encoder.pending;
      this.chunks.push(...this.encoder.take());
    }
    const length = Math.min(this.room, this.taken);
    const packet = blankData(this.channel.identity.source, this.sender.sequence, OFFSET + length);
    writeUint16(packet, DATA_HEADER, this.firstBegin(length));
    this.move(packet, DATA_HEADER + OFFSET, length);
    if (this.taken < this.room) this.keep();
    this.sender.send(packet);
  }

  /** Where in the next so many octets a message begins. */
  private firstBegin(length: number): number {
    const { begins, sent } = this;
    this.sent += length;
    const first = begins[0];
    if (first === undefined || first >= this.sent) return NO_MESSAGE;
    let passed = 1;
    while (passed < begins.length && (begins[passed] as number) < this.sent) passed += 1;
    begins.splice(0, passed);
    return first - sent;
  }

  private move(target: Uint8Array, start: number, length: number): void {
    let at = start;
    const end = start + length;
    let used = 0;
    while (at < end) {
      const chunk = this.chunks[used] as Uint8Array;
      const part = chunk.subarray(this.at, Math.min(chunk.length, this.at + end - at));
      target.set(part, at);
      at += part.length;
      this.at += part.length;
      if (this.at === chunk.length) {
        used += 1;
        this.at = 0;
      }
    }
    this.chunks.splice(0, used);
    this.taken -= length;
  }

  /** Copies what is left, when it is little, and gives the encoder's memory back. */
  private keep(): void {
    if (this.taken >= this.room || this.encoder.pending > 0) return;
    const rest = new Uint8Array(this.taken);
    this.move(rest, 0, rest.length);
    if (rest.length > 0) {
      this.chunks = [rest];
      this.taken = rest.length;
    }
    this.encoder.recycle();
  }
}

/** The stream of one source, from the first message that began while it was heard. */
interface Stream {
  decoder: ZmtpV1Decoder;
}

/** SUB and XSUB. */
export class PgmSubscriber extends PgmEngine implements PgmReceiverHost {
  private readonly receiver: PgmReceiver;
  private readonly streams = new Map<string, Stream>();
  /** Messages for which the pipe had no room. */
  private held: Message[] = [];

  constructor(channel: PgmChannel, setup: EngineSetup, host: EngineHost) {
    super(channel, setup, host);
    const { identity, options } = channel;
    this.receiver = new PgmReceiver(identity.source.port, windowSize(options), setup.clock, this);
  }

  protected begin(): void {
    this.channel.arrived = (octets, way) => {
      const packet = readPacket(octets);
      if (packet !== undefined) this.receiver.received(packet, way);
    };
    this.pipeReadable();
  }

  protected end(): void {
    this.receiver.stop();
    this.streams.clear();
    this.held = [];
  }

  /** Subscriptions go nowhere: this side filters. */
  pipeReadable(): void {
    while (this.pipe?.read() !== undefined);
  }

  accept(): boolean {
    return this.pipe !== undefined;
  }

  pipeWritable(): void {
    const { held } = this;
    this.held = [];
    for (const message of held) this.give(message);
    if (this.held.length === 0 && !this.isOver) this.receiver.resume();
  }

  finish(): void {
    if (this.isOver) return;
    this.isOver = true;
    this.end();
    this.channel.destroy();
    this.host.over(undefined, false);
  }

  drained(): void {}

  // ── As the host of the receiver ────────────────────────────────────────────────────────────────────────────────

  deliver(source: string, data: Uint8Array): boolean {
    if (data.length < OFFSET) return true;
    let stream = this.streams.get(source);
    let start = OFFSET;
    if (stream === undefined) {
      const offset = readUint16(data, 0);
      start += offset;
      if (offset === NO_MESSAGE || start > data.length) return true;
      stream = { decoder: new ZmtpV1Decoder(limitsOf(this.setup.options)) };
      this.streams.set(source, stream);
    }
    const { decoder } = stream;
    try {
      if (start < data.length) decoder.push(data.subarray(start));
      for (let message = decoder.next(); message !== undefined; message = decoder.next()) this.give(message);
    } catch {
      // Not what ZeroMQ sends, or too large: as with a loss, this stream is good again where a message begins.
      this.lost(source, 1);
    }
    return this.held.length === 0;
  }

  lost(source: string, packets: number): void {
    this.streams.delete(source);
    this.host.lost?.(packets, source);
  }

  forgotten(source: string): void {
    this.streams.delete(source);
  }

  toSource(packet: Uint8Array, address: NetworkAddress | string): void {
    if (!this.isOver) this.channel.toSource(packet, address);
  }

  toNeighbours(packet: Uint8Array, group: NetworkAddress): void {
    if (!this.isOver) this.channel.toNeighbours(packet, group);
  }

  private give(message: Message): void {
    if (this.isOver) return;
    if (this.held.length > 0 || !(this.pipe as Pipe).write(message)) this.held.push(message);
  }
}

function limitsOf(options: EngineOptions): { maxMessageSize: number; maxFrames: number; maxOctets: number } {
  const { maxMessageSize, maxMessageParts, maxMessageBytes } = options;
  return { maxMessageSize, maxFrames: maxMessageParts, maxOctets: maxMessageBytes };
}
