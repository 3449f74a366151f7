// SPDX-License-Identifier: MIT
/** Steps that handshakes have in common: the command that must come, and what an authenticator says. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { AuthenticationError, ProtocolError } from "../../../src/base/errors.ts";
import type { AuthenticationReply, HandshakeInput } from "../../../src/security/mechanism.ts";
import { authenticate, expectCommand } from "../../../src/security/steps.ts";
import { octets, text } from "../../support/pattern-host.ts";

function input(name: string, data = ""): HandshakeInput {
  return { command: { name, data: octets(data) } };
}

function reply(status: number): { reply: AuthenticationReply } {
  return { reply: { status, text: "why", userId: octets("u"), metadata: new Map() } };
}

test("a command is sent, and the awaited one gives its data", () => {
  const steps = expectCommand("READY", { name: "HELLO", data: octets("x") });
  assert.deepEqual(steps.next().value, { do: "exchange", send: { name: "HELLO", data: octets("x") } });
  const step = steps.next(input("READY", "data"));
  assert.ok(step.done === true);
  assert.equal(text(step.value), "data");
});

test("another command is a protocol error, and an answer where a command must come as well", () => {
  for (const wrong of [input("HELLO"), input("ready"), input(""), reply(200)]) {
    const steps = expectCommand("READY");
    assert.deepEqual(steps.next().value, { do: "exchange" });
    assert.throws(() => steps.next(wrong), ProtocolError);
  }
});

test("an ERROR with a status is a refusal, with anything else a protocol error; a strange name is shown harmlessly", () => {
  for (const status of ["300", "400", "500"]) {
    const steps = expectCommand("READY");
    steps.next();
    assert.throws(
      () => steps.next(input("ERROR", `\u0003${status}`)),
      (error: unknown) => error instanceof AuthenticationError && error.status === Number(status),
    );
  }
  for (const [name, data] of [
    ["ERROR", "\u0004nope"],
    ["ERROR", "\u0000"],
    ["ERROR", "\u0003200"],
    ["\u001b[31mred", ""],
    ["x".repeat(200), ""],
  ] as const) {
    const steps = expectCommand("READY");
    steps.next();
    assert.throws(
      () => steps.next(input(name, data)),
      (error: unknown) =>
        error instanceof ProtocolError && error.message.length < 250 && !error.message.includes("\u001b"),
    );
  }
});

test("200 lets the peer in; 300 refuses without a word; 400 and 500 are told", () => {
  const good = authenticate("PLAIN", [octets("u"), octets("p")], true);
  const asked = good.next().value;
  assert.deepEqual(asked, { do: "authenticate", mechanism: "PLAIN", credentials: [octets("u"), octets("p")] });
  const step = good.next(reply(200));
  assert.ok(step.done === true && step.value?.status === 200);
  for (const status of [300, 400, 500]) {
    const steps = authenticate("PLAIN", [], true);
    steps.next();
    const { value } = steps.next(reply(status));
    assert.ok(value !== undefined && "do" in value && value.do === "refuse");
    assert.ok(value.error instanceof AuthenticationError && value.error.status === status);
    if (status === 300) assert.equal(value.send, undefined);
    else assert.deepEqual(value.send, { name: "ERROR", data: octets(`\u0003${status}`) });
    assert.throws(() => steps.next(input("READY")), AuthenticationError);
  }
});

test("without an authenticator nobody is asked where none is required, and nobody comes in where one is", () => {
  const optional = authenticate("NULL", [], false);
  optional.next();
  const step = optional.next({ reply: undefined });
  assert.ok(step.done === true && step.value === undefined);
  const required = authenticate("PLAIN", [], true);
  required.next();
  const { value } = required.next({ reply: undefined });
  assert.ok(value !== undefined && "do" in value && value.do === "refuse" && value.error.code === "EFAULT");
});
