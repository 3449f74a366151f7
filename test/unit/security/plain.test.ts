// SPDX-License-Identifier: MIT
/** PLAIN: HELLO, WELCOME, INITIATE, READY; and whatever else a peer may try. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { ProtocolError } from "../../../src/base/errors.ts";
import type { Mechanism } from "../../../src/security/mechanism.ts";
import { PlainClient, PlainServer } from "../../../src/security/plain.ts";
import { encodeProperties } from "../../../src/wire/metadata.ts";
import { octets, text } from "../../support/pattern-host.ts";

const properties = encodeProperties([["Socket-Type", octets("PAIR")]]);
const good = { reply: { status: 200, text: "", userId: octets("u"), metadata: new Map() } };

/** Runs a mechanism against commands; gives what it sent and asked, and how it ended. */
function run(mechanism: Mechanism, ...inputs: ([string, Uint8Array] | typeof good)[]): unknown[] {
  const steps = mechanism.handshake(properties);
  const said: unknown[] = [];
  let step = steps.next();
  for (;;) {
    if (step.done === true) {
      said.push([...step.value.properties.keys()], step.value.send?.name);
      return said;
    }
    const { value } = step;
    if (value.do === "exchange")
      said.push(value.send === undefined ? undefined : `${value.send.name} ${text(value.send.data)}`);
    else if (value.do === "authenticate") said.push(value.credentials.map(text));
    else if (value.do === "refuse") throw value.error;
    const next = inputs.shift();
    if (next === undefined) return said;
    step = steps.next(Array.isArray(next) ? { command: { name: next[0], data: next[1] } } : next);
  }
}

test("both sides, to the end", () => {
  const client = run(new PlainClient("user", "word"), ["WELCOME", octets("")], ["READY", properties]);
  assert.deepEqual(client, ["HELLO \u0004user\u0004word", `INITIATE ${text(properties)}`, ["Socket-Type"], undefined]);
  const server = run(new PlainServer(), ["HELLO", octets("\u0004user\u0004word")], good, ["INITIATE", properties]);
  assert.deepEqual(server, [undefined, ["user", "word"], "WELCOME ", ["Socket-Type"], "READY"]);
});

test("names and passwords may be empty, of 255 octets, and of any octets", () => {
  for (const [user, word] of [
    ["", ""],
    ["x".repeat(255), "y".repeat(255)],
    ["\u0000\u00ff", "\u0001"],
  ] as const) {
    const hello = octets(String.fromCharCode(user.length) + user + String.fromCharCode(word.length) + word);
    assert.deepEqual(run(new PlainServer(), ["HELLO", hello])[1], [user, word]);
  }
  const [sent] = run(new PlainClient("é", ""));
  assert.equal(sent, "HELLO \u0002\u00c3\u00a9\u0000");
});

test("a HELLO that is anything but a name and a password is malformed", () => {
  for (const data of ["", "\u0001", "\u0001u", "\u0001u\u0002p", "\u0001u\u0001pX", "\u00ff", "\u0000"]) {
    assert.throws(
      () => run(new PlainServer(), ["HELLO", octets(data)]),
      (error: unknown) => error instanceof ProtocolError && error.protocolError === "ZMTP_MALFORMED_COMMAND_HELLO",
      JSON.stringify(data),
    );
  }
});

test("commands out of order, or malformed, end the handshake", () => {
  const cases: [Mechanism, ...(Parameters<typeof run> extends [Mechanism, ...infer R] ? R : never)][] = [
    [new PlainServer(), ["READY", properties]],
    [new PlainServer(), ["INITIATE", properties]],
    [new PlainServer(), ["HELLO", octets("\u0000\u0000")], good, ["HELLO", octets("\u0000\u0000")]],
    [new PlainServer(), ["HELLO", octets("\u0000\u0000")], good, ["INITIATE", octets("\u0005")]],
    [new PlainClient("u", "p"), ["READY", properties]],
    [new PlainClient("u", "p"), ["HELLO", octets("\u0000\u0000")]],
    [new PlainClient("u", "p"), ["WELCOME", octets("x")]],
    [new PlainClient("u", "p"), ["WELCOME", octets("")], ["WELCOME", octets("")]],
    [new PlainClient("u", "p"), ["WELCOME", octets("")], ["READY", octets("\u0005")]],
  ];
  for (const [mechanism, ...inputs] of cases) assert.throws(() => run(mechanism, ...inputs), ProtocolError);
});
