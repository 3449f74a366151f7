// SPDX-License-Identifier: MIT
/**
 * How one peer is told what it is told: messages, subscriptions and commands, as its version of ZMTP, its carrier and its
 * armour have them (RFC 37 §Framing, §Publish-Subscribe). The ZMTP engine says what and when; the outbox takes it from here.
 */
import type { Message, Subscription } from "../pipe/message.ts";
import type { Framing, Run } from "../pipe/run.ts";
import { encodeLegacySubscription, encodeSubscription } from "../wire/command.ts";
import { COMMAND } from "../wire/frame.ts";
import type { ArmouredChannel } from "./armoured-channel.ts";
import type { Dialect } from "./dialect.ts";
import type { Outbox } from "./outbox.ts";
import type { HandshakeOutcome } from "./zmtp-handshake.ts";

/** Writes into one outbox. */
export class ZmtpWriter {
  /** What the pipe gives runs in, if it does; only publishers send runs. */
  framing: Framing | undefined = undefined;
  private readonly outbox: Outbox;
  private readonly dialect: Dialect;
  /** Where frames have armour. */
  private armoured: ArmouredChannel | undefined = undefined;
  /** 3.1 spells subscriptions as commands; older versions as messages; 1.0 and 2.0 know no commands at all. */
  private version: HandshakeOutcome["version"] = "3.1";

  constructor(outbox: Outbox, dialect: Dialect) {
    this.outbox = outbox;
    this.dialect = dialect;
  }

  /** The handshake has shown who is there. */
  learn(version: HandshakeOutcome["version"], armoured: ArmouredChannel | undefined): void {
    this.version = version;
    this.armoured = armoured;
  }

  /** Takes runs from now on, where nothing is between them and the carrier. */
  takeRuns(): Framing | undefined {
    this.framing = this.armoured === undefined ? this.dialect.framingOf(this.outbox.encoder) : undefined;
    return this.framing;
  }

  get knowsCommands(): boolean {
    return this.version === "3.0" || this.version === "3.1";
  }

  message(message: Message): void {
    if (this.armoured === undefined) this.outbox.encoder.message(message);
    else this.armoured.message(message, this.outbox.encoder);
  }

  /** A run that nothing comes before or after is sent as it is: the same octets to everybody who gets it. */
  run(run: Run, isLast: boolean): void {
    if (this.framing === run.framing) this.outbox.encoder.octets(run.octets(), isLast);
    else for (const message of run.messages()) this.message(message);
  }

  subscription({ kind, topic }: Subscription): void {
    if (kind === "join" || kind === "leave") {
      if (this.knowsCommands) this.command(encodeSubscription(kind, topic));
    } else if (this.version === "3.1") {
      this.command(encodeSubscription(kind, topic));
    } else {
      this.message([encodeLegacySubscription(kind, topic)]);
    }
  }

  command(body: Uint8Array): void {
    if (this.armoured === undefined) this.outbox.encoder.frame(body, COMMAND);
    else this.armoured.command(body, this.outbox.encoder);
  }

  /** A PING or PONG: where the carrier has heartbeats of its own, they are below any armour. */
  heartbeat(body: Uint8Array): void {
    if (this.dialect.hasOwnHeartbeat === true) this.outbox.encoder.frame(body, COMMAND);
    else this.command(body);
  }
}
