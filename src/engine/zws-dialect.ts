// SPDX-License-Identifier: MIT
/**
 * ZMTP as WebSocket carries it (ZWS 2.0, RFC 45): the upgrade takes the place of the greeting and says which mechanism both sides
 * use, then come the frames of `wire/zws.ts`. One for each connection, whose two directions share a little. For the engines of ws and wss.
 */
import { type ByteQueue, EMPTY } from "../base/bytes.ts";
import { ProtocolError, ZmqError } from "../base/errors.ts";
import type { Framing } from "../pipe/run.ts";
import type { Decoder, DecoderLimits, Encoder, SlabPool } from "../wire/frame.ts";
import type { GreetingSetup, GreetingStep, PeerProtocol } from "../wire/greeting.ts";
import {
  acceptInput,
  encodeUpgradeRequest,
  encodeUpgradeResponse,
  type Head,
  HeadReader,
  parseUpgradeRequest,
  parseUpgradeResponse,
  UpgradeRefusal,
  type UpgradeRequest,
} from "../wire/ws-upgrade.ts";
import { ZwsDecoder, ZwsEncoder, ZwsState } from "../wire/zws.ts";
import type { Dialect, Negotiation } from "./dialect.ts";
import { zwsFraming } from "./zws-framing.ts";

/** The sub-protocol without a mechanism; those with one have its name behind it. */
const BARE = "ZWS2.0";

/** What WebSocket needs of cryptography. */
export interface WebSocketCrypto {
  /** SHA-1 of a text's octets, in Base64. */
  digest(text: string): string;
  /** 32 bits that nobody can foresee. */
  nextMask(): number;
  /** 16 such octets, in Base64. */
  createKey(): string;
}

/** What a client asks for. */
export interface WebSocketTarget {
  /** Host and port, as in the endpoint. */
  readonly host: string;
  /** From its slash on. */
  readonly path: string;
  /** Ask for ZWS without a mechanism, and nothing else. */
  readonly isBare?: boolean;
  /** The server has agreed on a mechanism and begun without one. */
  foundBare?(): void;
}

/** What a connection begins with. */
export interface ZwsSetup {
  readonly crypto: WebSocketCrypto;
  /** What to ask for; undefined on the side that answers. */
  readonly target?: WebSocketTarget | undefined;
  /** A request that somebody else has read already, on the side that answers. */
  readonly head?: Head | undefined;
  /** The peer says that it closes. */
  closing(): void;
  /** The side that answers has read a request. */
  asked?(request: UpgradeRequest): void;
}

/** The dialect of one connection. */
export class ZwsDialect implements Dialect {
  readonly hasOwnHeartbeat = true;
  private readonly setup: ZwsSetup;
  private readonly state: ZwsState;
  private hasDecoder = false;

  constructor(setup: ZwsSetup) {
    this.setup = setup;
    this.state = new ZwsState(() => setup.closing());
  }

  negotiate({ mechanism }: GreetingSetup): Negotiation {
    const { crypto, target, head } = this.setup;
    if (target !== undefined) {
      return new AskingSide(crypto, target, target.isBare === true ? [BARE] : protocolsOf(mechanism));
    }
    return new AnsweringSide(crypto, head, mechanism, (request) => this.setup.asked?.(request));
  }

  createEncoder(_: PeerProtocol, slabs: SlabPool): Encoder {
    const { crypto, target } = this.setup;
    return new ZwsEncoder(slabs, this.state, target === undefined ? undefined : () => crypto.nextMask());
  }

  createDecoder(protocol: PeerProtocol, limits: DecoderLimits): Decoder {
    const { target } = this.setup;
    const decoder = new ZwsDecoder(limits, this.state, target === undefined);
    if (target?.foundBare !== undefined && protocol.version === "3.0" && !this.hasDecoder) {
      decoder.messageFirst = () => turnBare(target);
    }
    this.hasDecoder = true;
    return decoder;
  }

  /** What clients send is masked, each time otherwise. */
  framingOf(): Framing | undefined {
    return this.setup.target === undefined ? zwsFraming : undefined;
  }

  /** That this side closes, to be sent last. */
  farewell(slabs: SlabPool): Uint8Array {
    const { crypto, target } = this.setup;
    const encoder = new ZwsEncoder(slabs, this.state, target === undefined ? undefined : () => crypto.nextMask());
    encoder.close();
    const [octets = EMPTY] = encoder.take();
    const copy = octets.slice();
    encoder.recycle();
    return copy;
  }
}

/** What both sides speak once they have agreed on a sub-protocol. */
function protocolOf(name: string): PeerProtocol {
  if (name === BARE) return { version: "2.0", revision: 1, socketType: 0 };
  const mechanism = name.slice(BARE.length + 1);
  // Subscriptions are messages, as in 3.0 (RFC 45).
  return { version: "3.0", mechanism, asServer: false, major: 3, minor: 0 };
}

/** Sub-protocols that a socket with this mechanism speaks, dearest first. */
function protocolsOf(mechanism: string): string[] {
  return mechanism === "NULL" ? [`${BARE}/NULL`, BARE] : [`${BARE}/${mechanism}`];
}

/** The side that connects. */
class AskingSide implements Negotiation {
  readonly signature: Uint8Array;
  private readonly target: WebSocketTarget;
  private readonly protocols: readonly string[];
  private readonly accept: string;
  private readonly reader = new HeadReader();

  constructor(crypto: WebSocketCrypto, target: WebSocketTarget, protocols: readonly string[]) {
    const { host, path } = target;
    const key = crypto.createKey();
    this.target = target;
    this.protocols = protocols;
    this.accept = crypto.digest(acceptInput(key));
    this.signature = encodeUpgradeRequest(host, path, key, this.protocols);
  }

  next(input: ByteQueue): GreetingStep | undefined {
    const first = input.peek(0);
    // A peer that speaks ZMTP greets with 0xFF, and TLS answers with a handshake or an alert.
    if (first !== undefined && first !== 0x48) {
      throw new ProtocolError("WS_UNSPECIFIED", `the peer does not speak HTTP; ${adviceFor(first)}`);
    }
    const head = this.reader.take(input);
    if (head === undefined) return undefined;
    // Servers that are made with npm `ws` refuse a sub-protocol with a slash in its name (RFC 6455 §4.1 has no such).
    if (this.target.foundBare !== undefined && this.protocols.length > 1 && / 400 /.test(head.first))
      turnBare(this.target);
    return { protocol: protocolOf(parseUpgradeResponse(head, this.accept, this.protocols)) };
  }
}

/** Gives up this connection for the next, which asks for no mechanism. */
function turnBare(target: WebSocketTarget): never {
  target.foundBare?.();
  throw new ZmqError("ECONNRESET", "the server has no ZWS 2.0 with a mechanism; the next attempt asks for one without");
}

function adviceFor(first: number): string {
  if (first === 0xff) return "it speaks ZMTP: connect with tcp://";
  return first === 0x15 || first === 0x16 ? "it speaks TLS: connect with wss://" : "it is no ws:// endpoint";
}

/** The side that is connected to. */
class AnsweringSide implements Negotiation {
  readonly signature = EMPTY;
  private readonly crypto: WebSocketCrypto;
  private readonly mechanism: string;
  private readonly reader = new HeadReader();
  private readonly asked: (request: UpgradeRequest) => void;
  /** What to go on with once the answer is sent. */
  private outcome: PeerProtocol | ProtocolError | undefined = undefined;
  private head: Head | undefined;

  constructor(
    crypto: WebSocketCrypto,
    head: Head | undefined,
    mechanism: string,
    asked: (request: UpgradeRequest) => void,
  ) {
    this.crypto = crypto;
    this.head = head;
    this.mechanism = mechanism;
    this.asked = asked;
  }

  next(input: ByteQueue): GreetingStep | undefined {
    if (this.outcome instanceof ProtocolError) throw this.outcome;
    if (this.outcome !== undefined) return { protocol: this.outcome };
    const first = input.peek(0);
    if (this.head === undefined && (first === 0xff || first === 0x16)) {
      const what = first === 0xff ? "ZMTP: it connects with ws://" : "TLS: wss:// is another endpoint";
      throw new ProtocolError("WS_UNSPECIFIED", `the peer does not speak HTTP but ${what}`);
    }
    const head = this.head ?? this.reader.take(input);
    return head === undefined ? undefined : { send: this.answer(head) };
  }

  private answer(head: Head): Uint8Array {
    this.head = undefined;
    try {
      const request = parseUpgradeRequest(head);
      const ours = protocolsOf(this.mechanism);
      // Browsers allow no slash in a sub-protocol (RFC 6455 §4.1), so that pages write a hyphen there.
      const name = request.protocols.find((each) => ours.includes(each.replace("-", "/")));
      if (name === undefined) {
        const theirs = request.protocols.join(", ").slice(0, 128);
        throw new UpgradeRefusal(
          "400 Bad Request",
          `of the sub-protocols ${JSON.stringify(theirs)} this socket speaks none, but ${ours.join(" or ")}`,
        );
      }
      this.asked(request);
      this.outcome = protocolOf(name);
      return encodeUpgradeResponse(this.crypto.digest(acceptInput(request.key)), name);
    } catch (error) {
      if (!(error instanceof UpgradeRefusal)) throw error;
      this.outcome = error;
      return error.response;
    }
  }
}
