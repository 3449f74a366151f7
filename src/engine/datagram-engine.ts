// SPDX-License-Identifier: MIT
/**
 * The engine of udp: a message is a datagram, with its group for RADIO and DISH (RFC 48 §UDP), with the address of the other side for
 * DGRAM. No handshake, no subscriptions, and no back-pressure from afar: what does not fit is dropped, and said to be.
 */
import { copyBytes, decodeText, EMPTY, encodeText } from "../base/bytes.ts";
import { ZmqError } from "../base/errors.ts";
import type { Message } from "../pipe/message.ts";
import type { Pipe } from "../pipe/pipe.ts";
import { datagramLength, decodeDatagram, encodeDatagram, LONGEST_DATAGRAM } from "../wire/radio-datagram.ts";
import type { Connection, ConnectionHandler } from "./connection.ts";
import type { Engine, EngineHost, EngineSetup } from "./engine.ts";

/** What the engine needs of a network. */
export interface DatagramChannel extends Connection {
  /** Set by the engine: a datagram has come from `ip:port`. */
  arrived: (datagram: Uint8Array, from: string) => void;
  /** Set by the engine: a datagram could not be sent, or was lost on its way in. */
  failed: (error: ZmqError) => void;
  /**
   * Sends to `ip:port`, or without one to whom the endpoint names; keeps the datagram until it has left. False: this one goes, and no
   * more until the handler hears `drained`.
   */
  send(datagram: Uint8Array, to?: string): boolean;
}

/** Messages as datagrams. */
export class DatagramEngine implements Engine, ConnectionHandler {
  private readonly channel: DatagramChannel;
  private readonly setup: EngineSetup;
  private readonly host: EngineHost;
  /** Addresses in the place of groups. */
  private readonly isRaw: boolean;
  private readonly canSend: boolean;
  private pipe: Pipe | undefined = undefined;
  private isBlocked = false;
  private isFinishing = false;
  private isOver = false;

  constructor(channel: DatagramChannel, setup: EngineSetup, host: EngineHost) {
    const { name } = setup.socketType;
    this.channel = channel;
    this.setup = setup;
    this.host = host;
    this.isRaw = name === "DGRAM";
    this.canSend = name !== "DISH";
  }

  start(): void {
    const { channel, host } = this;
    channel.handler = this;
    channel.arrived = (datagram, from) => this.arrived(datagram, from);
    channel.failed = (error) => this.dropped(error);
    this.pipe = host.handshaken({
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
    this.pump();
  }

  accept(message: Message): boolean {
    if (!this.canSend || this.pipe === undefined || this.isBlocked || this.isOver) return false;
    this.transmit(message);
    return true;
  }

  pipeReadable(): void {
    if (this.pipe !== undefined) this.pump();
  }

  /** What came while there was no room is gone. */
  pipeWritable(): void {}

  finish(): void {
    this.isFinishing = true;
    if (this.pipe !== undefined) this.pump();
  }

  stop(): void {
    if (this.isOver) return;
    this.isOver = true;
    this.channel.destroy();
  }

  drained(): void {
    this.isBlocked = false;
    if (this.pipe !== undefined) this.pump();
  }

  /** Everything comes through `arrived`. */
  received(): void {}

  connectionEnded(error: ZmqError | undefined): void {
    if (this.isOver) return;
    this.isOver = true;
    this.host.over(error, this.pipe === undefined);
  }

  private pump(): void {
    const pipe = this.pipe as Pipe;
    while (!this.isBlocked && !this.isOver) {
      const item = pipe.read();
      if (item === undefined) {
        if (this.isFinishing) this.channel.end();
        return;
      }
      // What a DISH joins, nobody can be told.
      if (this.canSend && Array.isArray(item)) this.transmit(item);
    }
  }

  /** Every datagram is a copy: the application may use its buffers again. */
  private transmit([first = EMPTY, body = EMPTY]: Message): void {
    const length = this.isRaw ? body.length : datagramLength(first, body);
    if (length > LONGEST_DATAGRAM) {
      this.dropped(tooLong(`a message of ${length} octets was not sent`));
    } else if (this.isRaw) {
      // libzmq's addresses end with a zero, and may come back so.
      const to = decodeText(first.at(-1) === 0 ? first.subarray(0, -1) : first);
      this.isBlocked = !this.channel.send(copyBytes(body), to);
    } else {
      this.isBlocked = !this.channel.send(encodeDatagram(first, body));
    }
  }

  private arrived(datagram: Uint8Array, from: string): void {
    const { pipe, isOver, isFinishing } = this;
    if (pipe === undefined || isOver || isFinishing) return;
    const message = this.isRaw ? [encodeText(from), datagram] : decodeDatagram(datagram);
    const { maxMessageSize } = this.setup.options;
    if (message === undefined) {
      this.dropped(new ZmqError("EPROTO", `${from} sent a datagram that is not a group and a body`, { address: from }));
    } else if (datagram.length > LONGEST_DATAGRAM) {
      this.dropped(tooLong(`one of ${datagram.length} octets from ${from} was dropped`, from));
    } else if (maxMessageSize >= 0 && (message[1] as Uint8Array).length > maxMessageSize) {
      const text = `a message from ${from} is longer than maxMessageSize, ${maxMessageSize} octets, and was dropped`;
      this.dropped(new ZmqError("EMSGSIZE", text, { address: from }));
    } else if (!pipe.write(message)) {
      const text = `receiveHighWaterMark is reached, and a datagram from ${from} was dropped`;
      this.dropped(new ZmqError("ENOBUFS", text, { address: from }));
    }
  }

  private dropped(error: ZmqError): void {
    if (!this.isOver) this.host.datagramDropped?.(error);
  }
}

function tooLong(what: string, address?: string): ZmqError {
  const text = `a datagram has up to ${LONGEST_DATAGRAM} octets: ${what}`;
  return new ZmqError("EMSGSIZE", text, address === undefined ? {} : { address });
}
