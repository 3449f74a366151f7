// SPDX-License-Identifier: MIT
/**
 * ZWS 2.0 (RFC 45): ZMTP frames as WebSocket messages (RFC 6455 §5). Each frame is one binary message, a flags octet and the
 * body; heartbeats are WebSocket's own pings and pongs. Clients mask what they send. Used by `engine/zws-dialect.ts`;
 * `test/twins/zws.ts` says the same plainly.
 */
import { EMPTY, writeUint64 } from "../base/bytes.ts";
import { ProtocolError } from "../base/errors.ts";
import {
  COMMAND,
  CommandFrame,
  type Decoder,
  type DecoderLimits,
  type Encoder,
  HeartbeatFrame,
  MORE,
  type SlabPool,
} from "./frame.ts";
import { FrameReader } from "./frame-reader.ts";
import { SlabWriter } from "./slab-writer.ts";
import { applyMask } from "./ws-mask.ts";
import { Pieces } from "./ws-pieces.ts";

/** ZWS's flag of a command; that of more frames is ZMTP's (RFC 45 §ZMTP Frame). */
const ZWS_COMMAND = 2;

const FIN = 0x80;
const RESERVED = 0x70;
const OPCODE = 0x0f;
const MASKED = 0x80;
/** A further piece of a message. */
const CONTINUATION = 0;
const BINARY = 2;
const CLOSE = 8;
const PING = 9;
const PONG = 10;
/** The first octet of a binary message that is not in pieces. */
const WHOLE = FIN | BINARY;
/** Lengths up to this stand in the second octet; 126 and 127 say that 2 or 8 octets follow. */
const SHORT = 125;
const IN_2 = 126;
const IN_8 = 127;
/** The longest header: two octets, a length in eight, a mask, and ZWS's flags. */
const LONGEST = 15;
/** How ZMTP spells the name of its PING and PONG. */
const PING_NAME = [4, 0x50, 0x49, 0x4e, 0x47];
const PONG_NAME = [4, 0x50, 0x4f, 0x4e, 0x47];
/** Name of a ZMTP PING, and its time to live, which WebSocket's has none of. */
const PING_HEAD = Uint8Array.of(...PING_NAME, 0, 0);
const PONG_HEAD = Uint8Array.of(...PONG_NAME);

/** What the two directions of one connection have to tell each other. */
export class ZwsState {
  /** Payload of the last ping that came: the pong gives it back whole (RFC 6455 §5.5.3). */
  pinged: Uint8Array = EMPTY;
  /** That ping was a command: pages can neither send nor see WebSocket's own. */
  wasCommand = false;
  /** Called when the peer says that it closes. */
  readonly closing: () => void;

  constructor(closing: () => void) {
    this.closing = closing;
  }
}

/** Turns messages and commands into WebSocket messages. */
export class ZwsEncoder extends SlabWriter implements Encoder {
  private readonly state: ZwsState;
  /** Gives 32 bits that nobody can foresee, for each message of a client; undefined: a server, which does not mask. */
  private readonly nextMask: (() => number) | undefined;
  /** A body that a caller is still writing, and that is masked once it has. */
  private open:
    | { readonly room: Uint8Array; readonly start: number; readonly end: number; readonly mask: number }
    | undefined = undefined;

  constructor(slabs: SlabPool, state: ZwsState, nextMask: (() => number) | undefined) {
    super(slabs);
    this.state = state;
    this.nextMask = nextMask;
  }

  message(parts: readonly Uint8Array[]): void {
    const last = parts.length - 1;
    for (let i = 0; i < last; i += 1) this.add(parts[i] as Uint8Array, MORE);
    this.add(parts[last] as Uint8Array, 0);
  }

  frame(body: Uint8Array, flags: number): void {
    if ((flags & COMMAND) === 0) this.add(body, flags & MORE);
    else if (startsWith(body, PING_NAME)) this.control(PING, EMPTY);
    else if (startsWith(body, PONG_NAME) && !this.state.wasCommand) this.control(PONG, this.state.pinged);
    else this.add(body, ZWS_COMMAND);
  }

  blank(length: number, flags: number): number {
    const zws = (flags & COMMAND) === 0 ? flags & MORE : ZWS_COMMAND;
    const mask = this.header(BINARY, length + 1, zws);
    const start = this.gap(length);
    if (mask !== 0) this.open = { room: this.room, start, end: start + length, mask: afterFlags(mask) };
    return start;
  }

  override take(): Uint8Array[] {
    this.settle();
    return super.take();
  }

  override octets(frames: Uint8Array, isLast: boolean): void {
    this.settle();
    super.octets(frames, isLast);
  }

  /** That this side closes (RFC 6455 §5.5.1). */
  close(): void {
    this.control(CLOSE, EMPTY);
  }

  private add(body: Uint8Array, flags: number): void {
    const mask = this.header(BINARY, body.length + 1, flags);
    if (this.nextMask === undefined) {
      this.body(body);
      return;
    }
    const start = this.gap(body.length);
    this.room.set(body, start);
    applyMask(this.room, start, start + body.length, afterFlags(mask));
  }

  private control(opcode: number, payload: Uint8Array): void {
    const mask = this.header(opcode, payload.length, undefined);
    const start = this.gap(payload.length);
    this.room.set(payload, start);
    applyMask(this.room, start, start + payload.length, mask);
  }

  /** Writes a header, and the flags where there are any; gives the mask, 0 where there is none. */
  private header(opcode: number, length: number, flags: number | undefined): number {
    this.settle();
    this.reserve(LONGEST);
    const { slab } = this;
    const isMasked = this.nextMask !== undefined;
    let at = this.position;
    slab[at] = FIN | opcode;
    const bit = isMasked ? MASKED : 0;
    if (length <= SHORT) {
      slab[at + 1] = bit | length;
      at += 2;
    } else if (length < 65536) {
      slab[at + 1] = bit | IN_2;
      slab[at + 2] = length >>> 8;
      slab[at + 3] = length;
      at += 4;
    } else {
      slab[at + 1] = bit | IN_8;
      writeUint64(slab, at + 2, length);
      at += 10;
    }
    let mask = 0;
    if (this.nextMask !== undefined) {
      mask = this.nextMask();
      slab[at] = mask >>> 24;
      slab[at + 1] = mask >>> 16;
      slab[at + 2] = mask >>> 8;
      slab[at + 3] = mask;
      at += 4;
    }
    if (flags !== undefined) {
      slab[at] = flags ^ (mask >>> 24);
      at += 1;
    }
    this.position = at;
    return mask;
  }

  /** Masks what the caller of `blank` has written. */
  private settle(): void {
    const { open } = this;
    if (open === undefined) return;
    this.open = undefined;
    applyMask(open.room, open.start, open.end, open.mask);
  }
}

/** The mask of what follows the flags: each octet has its own, four in turn. */
function afterFlags(mask: number): number {
  return (mask << 8) | (mask >>> 24);
}

function startsWith(body: Uint8Array, head: readonly number[]): boolean {
  return body.length >= head.length && head.every((octet, i) => body[i] === octet);
}

/** Turns WebSocket messages into ZMTP's messages and commands. */
export class ZwsDecoder extends FrameReader implements Decoder {
  private readonly state: ZwsState;
  /** True for the side that masked messages come to. */
  private readonly isServer: boolean;
  private header = 0;
  private mask = 0;
  private isClosed = false;
  private readonly pieces = new Pieces();
  /** Called where a peer begins with a message, although it agreed on a mechanism, whose commands come first. May throw. */
  messageFirst: (() => void) | undefined = undefined;

  constructor(limits: DecoderLimits, state: ZwsState, isServer: boolean) {
    super(limits);
    this.state = state;
    this.isServer = isServer;
  }

  override get buffered(): number {
    return super.buffered + this.pieces.length;
  }

  next(): Uint8Array[] | CommandFrame | undefined {
    while (!this.isClosed) {
      const size = this.readSize();
      if (size < 0 || this.input.length < this.header + size) return undefined;
      const first = this.input.peek(0) as number;
      const opcode = first & OPCODE;
      if (opcode >= CLOSE) {
        const command = this.control(opcode, this.payload(size));
        if (command !== undefined) return command;
        continue;
      }
      if (first === WHOLE) {
        // Its flags are the first octet of the payload.
        this.header += 1;
        const flags = (this.input.peek(this.header - 1) as number) ^ (this.mask >>> 24);
        this.mask = afterFlags(this.mask);
        const item = this.take(flags, this.payload(size - 1));
        if (item !== undefined) return item;
        continue;
      }
      this.gather(this.payload(size));
      if ((first & FIN) === 0) continue;
      const whole = this.pieces.take();
      const item = this.take(whole[0] as number, whole.subarray(1));
      if (item !== undefined) return item;
    }
    this.takeRest();
    return undefined;
  }

  private gather(piece: Uint8Array): void {
    try {
      this.pieces.add(piece);
    } catch (error) {
      throw this.noMemory(this.pieces.length + piece.length, error);
    }
  }

  /** A frame of ZMTP: a command, a whole message, or undefined where more frames follow. */
  private take(flags: number, body: Uint8Array): Uint8Array[] | CommandFrame | undefined {
    if ((flags & ZWS_COMMAND) === 0) this.messageFirst?.();
    this.messageFirst = undefined;
    if ((flags & ZWS_COMMAND) !== 0) return this.command(body);
    if ((flags & MORE) === 0) return this.finish(body);
    this.hold(body);
    return undefined;
  }

  private payload(size: number): Uint8Array {
    const body = this.join(this.header, size);
    // Where it lies: in a chunk that is ours, or in a copy of it.
    if (this.isServer) applyMask(body, 0, size, this.mask);
    return body;
  }

  /** Heartbeats are below any armour, in this spelling too. */
  private command(body: Uint8Array): CommandFrame {
    const isPing = startsWith(body, PING_NAME);
    if (isPing) this.state.wasCommand = true;
    return isPing || startsWith(body, PONG_NAME) ? new HeartbeatFrame(body) : new CommandFrame(body);
  }

  /** What WebSocket says for itself, in ZMTP's words. */
  private control(opcode: number, payload: Uint8Array): CommandFrame | undefined {
    if (opcode === PING) {
      this.state.pinged = payload.slice();
      this.state.wasCommand = false;
      return new HeartbeatFrame(PING_HEAD);
    }
    if (opcode === PONG) return new HeartbeatFrame(PONG_HEAD);
    this.isClosed = true;
    this.state.closing();
    return undefined;
  }

  /** The length of the next payload, with the length of the header in `header`; −1: needs more octets. */
  private readSize(): number {
    const { input } = this;
    if (input.length < 2) return -1;
    const first = input.peek(0) as number;
    const second = input.peek(1) as number;
    this.check(first, second);
    let size = second & ~MASKED;
    this.header = size <= SHORT ? 2 : size === IN_2 ? 4 : 10;
    const maskAt = this.header;
    if (this.isServer) this.header += 4;
    if (input.length < this.header) return -1;
    if (size === IN_2) size = (input.peek(2) as number) * 256 + (input.peek(3) as number);
    else if (size === IN_8) size = this.peekUint64(2);
    if (this.isServer) {
      this.mask =
        ((input.peek(maskAt) as number) << 24) |
        ((input.peek(maskAt + 1) as number) << 16) |
        ((input.peek(maskAt + 2) as number) << 8) |
        (input.peek(maskAt + 3) as number);
    }
    if ((first & OPCODE) >= CLOSE) return size;
    const total = this.pieces.length + size;
    if (total === 0 && (first & FIN) !== 0) {
      throw broken("a message without octets, where at least its flags must be");
    }
    // A command is as long as any frame may be, whatever came before it.
    if (total - 1 > this.largest) this.refuse(total - 1);
    return size;
  }

  private refuse(size: number): void {
    let flags = this.pieces.first;
    if (this.pieces.length === 0) {
      if (this.input.length <= this.header) return;
      flags = (this.input.peek(this.header) as number) ^ (this.mask >>> 24);
    }
    if ((flags & ZWS_COMMAND) === 0 || size > this.largestAlone) throw this.tooLarge(size);
  }

  private check(first: number, second: number): void {
    const opcode = first & OPCODE;
    if ((first & RESERVED) !== 0) throw broken("reserved bits, of an extension that was not agreed on");
    if (((second & MASKED) !== 0) !== this.isServer) {
      throw broken(this.isServer ? "a client must mask its messages" : "a server must not mask its messages");
    }
    if (opcode === BINARY || opcode === CONTINUATION) {
      if ((opcode === CONTINUATION) === this.pieces.isOpen) return;
      throw broken(this.pieces.isOpen ? "a message within another one" : "a piece of no message");
    }
    if (opcode !== CLOSE && opcode !== PING && opcode !== PONG) {
      throw broken(`a message of kind ${opcode}; ZWS has binary ones only`);
    }
    if ((first & FIN) === 0 || (second & ~MASKED) > SHORT)
      throw broken("a control message that is too long or in pieces");
  }
}

function broken(what: string): ProtocolError {
  return new ProtocolError("WS_UNSPECIFIED", what);
}
