// SPDX-License-Identifier: MIT
/** NULL: READY on both sides at once, and an authenticator only where a domain is set. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { ProtocolError } from "../../../src/base/errors.ts";
import { NullMechanism } from "../../../src/security/null.ts";
import { encodeProperties } from "../../../src/wire/metadata.ts";
import { octets, text } from "../../support/pattern-host.ts";

const properties = encodeProperties([["Socket-Type", octets("PAIR")]]);

test("READY goes out at once, and the peer's gives its properties", () => {
  const steps = new NullMechanism().handshake(properties);
  assert.deepEqual(steps.next().value, { do: "exchange", send: { name: "READY", data: properties } });
  const step = steps.next({ command: { name: "READY", data: encodeProperties([["X-App", octets("1")]]) } });
  assert.ok(step.done === true);
  assert.equal(text(step.value.properties.get("X-App") as Uint8Array), "1");
  assert.equal(step.value.authentication, undefined);
  assert.equal(step.value.send, undefined);
});

test("with a domain the authenticator is asked first, and READY follows its consent", () => {
  const steps = new NullMechanism("at once").handshake(properties);
  assert.deepEqual(steps.next().value, { do: "authenticate", mechanism: "NULL", credentials: [] });
  const reply = { status: 200, text: "", userId: octets("u"), metadata: new Map() };
  assert.deepEqual(steps.next({ reply }).value, { do: "exchange", send: { name: "READY", data: properties } });
  const step = steps.next({ command: { name: "READY", data: properties } });
  assert.ok(step.done === true && step.value.authentication === reply);
});

test("where the application decides, the side that was connected to waits for READY and sends its own after the consent", () => {
  const steps = new NullMechanism("before READY").handshake(properties);
  assert.deepEqual(steps.next().value, { do: "exchange" });
  const asks = steps.next({ command: { name: "READY", data: encodeProperties([["X-App", octets("1")]]) } }).value;
  assert.ok("mechanism" in asks && asks.do === "authenticate");
  assert.equal(text(asks.properties?.get("X-App") as Uint8Array), "1");
  const reply = { status: 200, text: "", userId: octets("u"), metadata: new Map() };
  const step = steps.next({ reply });
  assert.ok(step.done === true && step.value.authentication === reply);
  assert.deepEqual(step.value.send, { name: "READY", data: properties });
});

test("and the side that connected speaks first, as otherwise both would wait; whom it refuses, it tells", () => {
  const steps = new NullMechanism("after READY").handshake(properties);
  assert.deepEqual(steps.next().value, { do: "exchange", send: { name: "READY", data: properties } });
  const asks = steps.next({ command: { name: "READY", data: properties } }).value;
  assert.ok("do" in asks && asks.do === "authenticate");
  const reply = { status: 400, text: "no", userId: octets(""), metadata: new Map() };
  const refuses = steps.next({ reply }).value;
  assert.ok("do" in refuses && refuses.do === "refuse");
  assert.equal(refuses.send?.name, "ERROR");
});

test("a READY that is cut off is a protocol error", () => {
  for (let length = 1; length < properties.length; length += 1) {
    const steps = new NullMechanism().handshake(properties);
    steps.next();
    assert.throws(
      () => steps.next({ command: { name: "READY", data: properties.subarray(0, length) } }),
      (error: unknown) => error instanceof ProtocolError && error.protocolError === "ZMTP_MALFORMED_COMMAND_READY",
      `${length} octets`,
    );
  }
});
