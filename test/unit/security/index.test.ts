// SPDX-License-Identifier: MIT
/** Which mechanism a socket's options choose. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { mechanisms } from "../../../src/security/index.ts";
import type { SecurityOptions } from "../../../src/security/mechanism.ts";
import { NullMechanism } from "../../../src/security/null.ts";
import { PlainClient, PlainServer } from "../../../src/security/plain.ts";
import { defaultOptions } from "../../../src/socket/options.ts";

function chosen(changes: Partial<SecurityOptions>): unknown {
  const options = { ...defaultOptions(), ...changes };
  const choice = mechanisms.find((each) => each.isChosen(options));
  const mechanism = choice?.create(options, false);
  assert.equal(choice?.name, mechanism?.name);
  return mechanism?.constructor;
}

test("NULL unless something else is asked for, and of that the side that is asked for", () => {
  assert.equal(chosen({}), NullMechanism);
  assert.equal(chosen({ zapDomain: "global" }), NullMechanism);
  assert.equal(chosen({ mechanism: "plain" }), PlainClient);
  assert.equal(chosen({ mechanism: "plain", isSecurityServer: true }), PlainServer);
  assert.equal(chosen({ isSecurityServer: true }), NullMechanism);
});

test("each handshake gets a mechanism of its own", () => {
  const [first] = mechanisms;
  const options = { ...defaultOptions(), mechanism: "plain" as const };
  assert.notEqual(first?.create(options, false), first?.create(options, false));
});
