// SPDX-License-Identifier: MIT
/**
 * What every security mechanism must do, whatever it protects: both sides come to an end with each other's properties,
 * and no octet that a peer may send does more than end its own connection. Run for each mechanism by `mechanism.test.ts`.
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import { copyBytes } from "../../src/base/bytes.ts";
import { AuthenticationError, ProtocolError, ZmqError } from "../../src/base/errors.ts";
import type {
  Armour,
  AuthenticationReply,
  HandshakeInput,
  HandshakeResult,
  Mechanism,
} from "../../src/security/mechanism.ts";
import type { Command } from "../../src/wire/command.ts";
import { COMMAND, MORE } from "../../src/wire/frame.ts";
import { encodeProperties } from "../../src/wire/metadata.ts";
import { ZmtpV2Decoder, ZmtpV2Encoder } from "../../src/wire/zmtp-v2.ts";
import { octets, text } from "../support/pattern-host.ts";
import { CountingPool } from "../unit/wire/pool.ts";

/** One mechanism under test. */
export interface MechanismCase {
  readonly name: string;
  client(): Mechanism;
  server(): Mechanism;
  /** True where the server asks the authenticator. */
  readonly asks: boolean;
}

const GOOD: AuthenticationReply = { status: 200, text: "OK", userId: octets("me"), metadata: new Map() };

/** One side of a handshake that is being run. */
class Side {
  readonly sent: Command[] = [];
  result: HandshakeResult | undefined = undefined;
  refused: ZmqError | undefined = undefined;
  questions = 0;
  private readonly steps;
  private readonly status: number;
  private isWaiting = false;

  constructor(mechanism: Mechanism, properties: Uint8Array, status = 200) {
    this.status = status;
    this.steps = mechanism.handshake(properties);
  }

  get isOver(): boolean {
    return this.result !== undefined || this.refused !== undefined;
  }

  /** Runs until it waits for the peer, or is over. @throws what the mechanism throws */
  go(input?: HandshakeInput): void {
    let step = input === undefined ? this.steps.next() : this.steps.next(input);
    for (;;) {
      if (step.done === true) {
        this.result = step.value;
        if (step.value.send !== undefined) this.sent.push(step.value.send);
        return;
      }
      const { value } = step;
      if (value.do === "authenticate") {
        this.questions += 1;
        step = this.steps.next({ reply: { ...GOOD, status: this.status } });
        continue;
      }
      assert.ok(value.do !== "wait");
      if (value.send !== undefined) this.sent.push(value.send);
      if (value.do === "refuse") this.refused = value.error;
      this.isWaiting = value.do === "exchange";
      return;
    }
  }

  take(command: Command): void {
    assert.ok(this.isWaiting);
    this.go({ command });
  }
}

/** Runs both sides against each other; `change` may alter each command on its way. */
function run(client: Side, server: Side, change: (command: Command, index: number) => Command = (each) => each): void {
  let index = 0;
  client.go();
  server.go();
  while (client.sent.length + server.sent.length > 0) {
    for (const [from, to] of [
      [client, server],
      [server, client],
    ] as const) {
      const command = from.sent.shift();
      if (command !== undefined && !to.isOver) to.take(change(command, index++));
    }
  }
}

function props(...all: [string, string][]): Uint8Array {
  return encodeProperties(all.map(([name, value]) => [name, octets(value)] as const));
}

/** The body of the frame in which armour carries a text. */
function sealed(armour: Armour, body: string, flags: number): Uint8Array {
  const encoder = new ZmtpV2Encoder(new CountingPool(98304));
  armour.seal(octets(body), flags, encoder);
  const decoder = new ZmtpV2Decoder({ maxMessageSize: -1, maxFrames: 1 });
  for (const chunk of encoder.take()) decoder.push(copyBytes(chunk));
  const [frame] = decoder.next() as Uint8Array[];
  return frame as Uint8Array;
}

/** Tests one mechanism. */
export function testMechanism(mechanism: MechanismCase): void {
  const { name } = mechanism;
  const ofClient = props(["Socket-Type", "DEALER"], ["Identity", "c"], ["X-Some", "\u0000\u00ff"]);
  const ofServer = props(["Socket-Type", "ROUTER"], ["Identity", ""]);
  const sides = (status = 200): [Side, Side] => [
    new Side(mechanism.client(), ofClient),
    new Side(mechanism.server(), ofServer, status),
  ];

  test(`${name}: its name fits the greeting`, () => {
    for (const each of [mechanism.client(), mechanism.server()]) {
      assert.match(each.name, /^[A-Z][A-Z0-9_+.-]{0,19}$/);
      assert.equal(each.name, name);
    }
  });

  test(`${name}: both sides come to an end, with each other's properties`, () => {
    const [client, server] = sides();
    run(client, server);
    assert.ok(client.result !== undefined && server.result !== undefined);
    const seen = (side: Side): [string, string][] =>
      [...(side.result?.properties ?? [])].map(([key, value]) => [key, text(value)]);
    assert.deepEqual(seen(server), [
      ["Socket-Type", "DEALER"],
      ["Identity", "c"],
      ["X-Some", "\u0000\u00ff"],
    ]);
    assert.deepEqual(seen(client), [
      ["Socket-Type", "ROUTER"],
      ["Identity", ""],
    ]);
    assert.equal(server.questions, mechanism.asks ? 1 : 0);
    if (mechanism.asks) assert.equal(text(server.result.authentication?.userId as Uint8Array), "me");
  });

  test(`${name}: a mechanism serves one handshake after another`, () => {
    for (let i = 0; i < 3; i += 1) {
      const [client, server] = sides();
      run(client, server);
      assert.ok(client.result !== undefined && server.result !== undefined);
    }
  });

  test(`${name}: armour, where there is any, gives back what it was given, and nothing that was touched`, () => {
    const [client, server] = sides();
    run(client, server);
    const [a, b] = [client.result?.armour, server.result?.armour];
    assert.equal(a === undefined, b === undefined);
    if (a === undefined || b === undefined) return;
    for (const [from, to] of [
      [a, b],
      [b, a],
    ] as [Armour, Armour][]) {
      for (const [body, more, isCommand] of [
        ["", false, false],
        ["x", true, false],
        ["y".repeat(70_000), false, true],
      ] as const) {
        const opened = to.open(sealed(from, body, (more ? MORE : 0) | (isCommand ? COMMAND : 0)));
        assert.deepEqual([text(opened), to.flags], [body, (more ? MORE : 0) | (isCommand ? COMMAND : 0)]);
      }
      const touched = sealed(from, "x", 0);
      touched[touched.length - 1] = (touched.at(-1) as number) ^ 1;
      assert.throws(() => to.open(touched), ProtocolError);
    }
  });

  if (mechanism.asks) {
    test(`${name}: who is refused does not come in, and hears of it unless the refusal is temporary`, () => {
      for (const status of [300, 400, 500]) {
        const [client, server] = sides(status);
        const hears = (): void => run(client, server);
        if (status === 300) hears();
        else assert.throws(hears, (error: unknown) => error instanceof AuthenticationError && error.status === status);
        assert.ok(server.refused instanceof AuthenticationError);
        assert.equal(server.refused.status, status);
        assert.deepEqual([server.result, client.result], [undefined, undefined]);
      }
    });
  }

  test(`${name}: any command cut off, lengthened, renamed or replaced only ever ends the handshake`, () => {
    const changes: ((command: Command) => Command)[] = [
      (each) => ({ ...each, data: each.data.subarray(0, Math.max(0, each.data.length - 1)) }),
      (each) => ({ ...each, data: each.data.subarray(1) }),
      (each) => ({ ...each, data: Uint8Array.from([...each.data, 0]) }),
      (each) => ({ ...each, data: Uint8Array.from([...each.data, 255, 255]) }),
      (each) => ({ ...each, name: `${each.name}X` }),
      (each) => ({ ...each, name: each.name.toLowerCase() }),
      () => ({ name: "ERROR", data: octets("\u0003400") }),
      () => ({ name: "ERROR", data: octets("") }),
      () => ({ name: "MESSAGE", data: octets("x") }),
      () => ({ name: "", data: octets("") }),
      (each) => ({ ...each, data: new Uint8Array(each.data.length).fill(255) }),
      (each) => ({ ...each, data: new Uint8Array(70_000) }),
    ];
    for (const change of changes) {
      for (let at = 0; at < 4; at += 1) {
        const [client, server] = sides();
        try {
          run(client, server, (command, index) => (index === at ? change(command) : command));
        } catch (error) {
          assert.ok(error instanceof ZmqError, String(error));
          assert.ok(error instanceof ProtocolError || error instanceof AuthenticationError, error.message);
          assert.ok(error.message.length < 300);
        }
      }
    }
  });

  test(`${name}: random octets in any command never do anything else`, () => {
    let seed = 99;
    const random = (below: number): number => {
      seed = (seed * 1103515245 + 12345) & 0x7fffffff;
      return (seed >> 8) % below;
    };
    for (let round = 0; round < 500; round += 1) {
      const side = new Side(random(2) === 0 ? mechanism.client() : mechanism.server(), ofClient);
      side.go();
      for (let i = 0; i < 4 && !side.isOver; i += 1) {
        const names = ["HELLO", "WELCOME", "INITIATE", "READY", "ERROR", "MESSAGE", "SUBSCRIBE"];
        const data = Uint8Array.from({ length: random(60) }, () => random(256));
        try {
          side.take({ name: names[random(names.length)] as string, data });
        } catch (error) {
          assert.ok(error instanceof ProtocolError || error instanceof AuthenticationError, String(error));
          break;
        }
      }
    }
  });
}
