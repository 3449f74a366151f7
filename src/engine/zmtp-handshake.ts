// SPDX-License-Identifier: MIT
/**
 * The beginning of a ZMTP connection (RFC 37 §Overall Behavior): the choice of version, as its dialect has it, then the
 * mechanism's handshake, or for peers older than 3.0 the exchange of routing ids. Used by the ZMTP engine, which takes over after it.
 */
import { ByteQueue, decodeText, EMPTY, encodeText } from "../base/bytes.ts";
import { ProtocolError, ZmqError } from "../base/errors.ts";
import type { Peer } from "../pipe/pipe.ts";
import type {
  Armour,
  Credentials,
  HandshakeInput,
  HandshakeResult,
  HandshakeStep,
  Mechanism,
} from "../security/mechanism.ts";
import { encodeCommand, NO_COMMAND, parseCommand } from "../wire/command.ts";
import { COMMAND, CommandFrame, type Decoder, type DecoderLimits } from "../wire/frame.ts";
import type { PeerProtocol } from "../wire/greeting.ts";
import { encodeProperties } from "../wire/metadata.ts";
import type { Dialect, Negotiation } from "./dialect.ts";
import type { EngineSetup } from "./engine.ts";
import type { Outbox } from "./outbox.ts";

/** The largest frame that a peer may send before it is let in: commands with their properties. */
const HANDSHAKE_LIMITS: DecoderLimits = { maxMessageSize: 65536, maxFrames: 1, isHandshake: true };

/** Socket types that tell peers of ZMTP 3 their routing id, as libzmq does; older peers are told by every type. */
const ANNOUNCES_ROUTING_ID = new Set(["REQ", "DEALER", "ROUTER"]);

/** What most peers have: shared, so that a connection holds no table of its own. */
const NO_METADATA: ReadonlyMap<string, Uint8Array> = new Map();

type Properties = ReadonlyMap<string, Uint8Array>;

/** Names of what transports and authenticators know: from a peer's own mouth they would be lies. */
const FACT = /^(tls-|ws-|user-id$)/i;

/** What a finished handshake leaves to the engine. */
export interface HandshakeOutcome {
  readonly version: PeerProtocol["version"];
  readonly peer: Peer;
  readonly armour: Armour | undefined;
  /** A decoder for everything that follows; holds what has arrived already. */
  readonly decoder: Decoder;
}

/** What a handshake needs from its engine. */
export interface HandshakeContext {
  readonly setup: EngineSetup;
  readonly dialect: Dialect;
  readonly outbox: Outbox;
  /** Address of the peer. */
  readonly remote: string;
  /** What the transport knows of the peer. */
  facts(): ReadonlyMap<string, Uint8Array> | undefined;
  readonly limits: DecoderLimits;
  done(outcome: HandshakeOutcome): void;
  failed(error: ZmqError): void;
  /** The authenticator has answered, and what had arrived meanwhile is dealt with. */
  answered(): void;
}

/** From the first octet to the first message. */
export class ZmtpHandshake {
  private readonly context: HandshakeContext;
  private readonly input = new ByteQueue();
  private readonly mechanism: Mechanism;
  private readonly negotiation: Negotiation;
  private readonly routingId: Uint8Array;
  private decoder: Decoder | undefined = undefined;
  private protocol: PeerProtocol | undefined = undefined;
  private steps: Generator<HandshakeStep, HandshakeResult, HandshakeInput> | undefined = undefined;
  private isHalted = false;
  private takeBack: (() => void) | undefined = undefined;
  private isOver = false;

  constructor(context: HandshakeContext) {
    this.context = context;
    const { setup } = context;
    this.mechanism = setup.createMechanism();
    this.routingId = setup.options.routingId;
    this.negotiation = context.dialect.negotiate({
      mechanism: this.mechanism.name,
      socketTypeId: setup.socketType.id,
      routingIdLength: this.routingId.length,
    });
  }

  /** Sends the first octets, and what can follow before any have come. */
  start(): void {
    const { signature } = this.negotiation;
    if (signature.length > 0) this.context.outbox.writeRaw(signature);
    this.progress();
  }

  /** Takes octets from the peer. */
  receive(chunk: Uint8Array): void {
    if (this.isOver) return;
    if (this.decoder === undefined) this.input.push(chunk);
    else this.decoder.push(chunk);
    this.progress();
  }

  /** Octets that are held: a peer may send ahead while the authenticator thinks. */
  get buffered(): number {
    return this.input.length + (this.decoder?.buffered ?? 0);
  }

  /** Nothing more is to be done. */
  stop(): void {
    this.isOver = true;
    this.takeBack?.();
  }

  private progress(): void {
    while (!this.isOver && !this.isHalted) {
      if (this.decoder === undefined) {
        const step = this.negotiation.next(this.input);
        if (step === undefined) return;
        if ("send" in step) this.context.outbox.writeRaw(step.send);
        else this.agree(step.protocol);
      } else {
        const item = this.decoder.next();
        if (item === undefined) return;
        this.take(item);
      }
    }
  }

  /** Both sides know which version of ZMTP they speak. */
  private agree(protocol: PeerProtocol): void {
    const { setup, dialect, outbox } = this.context;
    this.protocol = protocol;
    const isOld = protocol.version === "1.0" || protocol.version === "2.0";
    if (isOld && setup.requiresSecurity) {
      throw new ProtocolError("ZMTP_UNSPECIFIED", `the peer speaks ZMTP ${protocol.version}, which knows no security`);
    }
    const limits = isOld ? this.context.limits : HANDSHAKE_LIMITS;
    const encoder = dialect.createEncoder(protocol, setup.slabs);
    outbox.switchTo(encoder);
    this.useDecoder(dialect.createDecoder(protocol, limits), this.input.takeAll());
    if (protocol.version === "1.0") {
      // The signature that went out first is, to this peer, the long header of our routing id: only the id itself is missing.
      if (this.routingId.length > 0) outbox.writeRaw(this.routingId);
    } else if (protocol.version === "2.0") {
      encoder.frame(this.routingId, 0);
      outbox.encoded();
    } else {
      this.beginMechanism(protocol.mechanism);
    }
  }

  private beginMechanism(theirs: string): void {
    const ours = this.mechanism.name;
    if (theirs !== ours) {
      throw new ProtocolError(
        "ZMTP_MECHANISM_MISMATCH",
        `the peer wants the security mechanism ${JSON.stringify(theirs)}, this socket uses ${ours}`,
      );
    }
    const { setup } = this.context;
    const properties: [string, Uint8Array][] = [["Socket-Type", encodeText(setup.socketType.name)]];
    if (ANNOUNCES_ROUTING_ID.has(setup.socketType.name)) properties.push(["Identity", this.routingId]);
    for (const [name, value] of setup.properties) properties.push([name, value]);
    this.steps = this.mechanism.handshake(encodeProperties(properties));
    this.advance(undefined);
  }

  private take(item: Uint8Array[] | CommandFrame): void {
    if (this.steps === undefined) {
      if (item instanceof CommandFrame)
        throw new ProtocolError("ZMTP_UNSPECIFIED", "a command where a routing id must come");
      this.finishOld(item);
    } else if (item instanceof CommandFrame) {
      this.advance({ command: item.body.length === 0 ? NO_COMMAND : parseCommand(item.body) });
    } else {
      throw new ProtocolError("ZMTP_UNEXPECTED_COMMAND", "the peer sent a message before the handshake was done");
    }
  }

  /** Runs the mechanism up to where it waits for the peer or for the authenticator. */
  private advance(input: HandshakeInput | undefined): void {
    const steps = this.steps as Generator<HandshakeStep, HandshakeResult, HandshakeInput>;
    const step = input === undefined ? steps.next() : steps.next(input);
    if (step.done === true) {
      this.finish(step.value);
    } else if (step.value.do === "exchange") {
      if (step.value.send !== undefined) this.sendCommand(encodeCommand(step.value.send));
    } else if (step.value.do === "refuse") {
      if (step.value.send !== undefined) this.sendCommand(encodeCommand(step.value.send));
      this.context.outbox.flush();
      throw step.value.error;
    } else if (step.value.do === "wait") {
      this.wait(step.value.for);
    } else {
      this.ask(step.value);
    }
  }

  private ask({ mechanism, credentials, properties }: Credentials): void {
    const resume = this.halt();
    const { remote } = this.context;
    const facts = this.context.facts();
    const known = properties === undefined && facts === undefined ? undefined : withFacts(properties, facts);
    const question = { mechanism, credentials, address: remote, ...(known === undefined ? {} : { properties: known }) };
    this.takeBack = this.context.setup.authenticate(
      question,
      (reply) => resume(() => this.advance({ reply })),
      (error) => resume(() => this.context.failed(error)),
    );
  }

  private wait(until: Promise<void>): void {
    const resume = this.halt();
    until.then(
      () => resume(() => this.advance({ waited: true })),
      (error: unknown) =>
        resume(() => {
          throw error;
        }),
    );
  }

  /** Takes nothing from the peer until what it gives is called, with what to do then. */
  private halt(): (act: () => void) => void {
    this.isHalted = true;
    return (act) => {
      if (this.isOver) return;
      this.isHalted = false;
      try {
        act();
        this.progress();
        this.context.answered();
      } catch (error) {
        this.context.failed(error instanceof Error ? (error as ZmqError) : new ZmqError("EPROTO", String(error)));
      }
    };
  }

  private sendCommand(body: Uint8Array): void {
    this.context.outbox.encoder.frame(body, COMMAND);
    this.context.outbox.encoded();
  }

  private finish(result: HandshakeResult): void {
    if (result.send !== undefined) this.sendCommand(encodeCommand(result.send));
    const { properties } = result;
    const { dialect, limits } = this.context;
    const socketType = properties.get("Socket-Type");
    const identity = properties.get("Identity") ?? EMPTY;
    const rest = (this.decoder as Decoder).takeRest();
    this.useDecoder(dialect.createDecoder(this.protocol as PeerProtocol, limits), rest);
    this.complete({
      peer: {
        routingId: identity.length === 0 ? EMPTY : identity,
        socketType: socketType === undefined ? undefined : decodeText(socketType),
        address: this.context.remote,
        metadata: metadataOf(result, this.context.facts()),
        wantsEverything: false,
      },
      armour: result.armour,
    });
  }

  /** ZMTP 1.0 and 2.0 (RFC 13, 15): the first frame is the peer's routing id, and that is all. */
  private finishOld(message: Uint8Array[]): void {
    this.complete({
      peer: {
        routingId: message[0] ?? EMPTY,
        socketType: undefined,
        address: this.context.remote,
        metadata: this.context.facts() ?? NO_METADATA,
        wantsEverything: this.protocol?.version === "1.0",
      },
      armour: undefined,
    });
  }

  private complete(outcome: { peer: Peer; armour: Armour | undefined }): void {
    this.isOver = true;
    this.context.done({
      ...outcome,
      version: (this.protocol as PeerProtocol).version,
      decoder: this.decoder as Decoder,
    });
  }

  private useDecoder(decoder: Decoder, chunks: readonly Uint8Array[]): void {
    this.decoder = decoder;
    for (const chunk of chunks) decoder.push(chunk);
  }
}

/** What the peer says of itself, and what its transport knows of it, whose names no peer can use for its own purposes. */
function withFacts(properties: Properties | undefined, facts: Properties | undefined): Map<string, Uint8Array> {
  const all = [...(properties ?? [])].filter(([name]) => !FACT.test(name));
  return new Map([...all, ...(facts ?? [])]);
}

/** What the peer, its transport and the authenticator said, besides what `Peer` has members for. */
function metadataOf({ properties, authentication }: HandshakeResult, facts: Properties | undefined): Peer["metadata"] {
  const metadata = withFacts(properties, facts);
  metadata.delete("Socket-Type");
  metadata.delete("Identity");
  for (const [name, value] of authentication?.metadata ?? []) metadata.set(name, value);
  const userId = authentication?.userId ?? EMPTY;
  if (userId.length > 0) metadata.set("User-Id", userId);
  return metadata.size === 0 ? NO_METADATA : metadata;
}
