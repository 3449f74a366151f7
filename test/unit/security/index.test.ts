// SPDX-License-Identifier: MIT
/** Which mechanism a socket's options choose. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { mechanisms } from "../../../src/security/index.ts";
import type { SecurityOptions } from "../../../src/security/mechanism.ts";
import { NullMechanism } from "../../../src/security/null.ts";
import { PlainClient, PlainServer } from "../../../src/security/plain.ts";

function chosen(changes: Partial<SecurityOptions>): unknown {
  const options = {
    plainServer: false,
    plainUsername: null,
    plainPassword: null,
    zapDomain: null,
    zapEnforceDomain: false,
    authorize: null,
    ...changes,
  };
  const choice = mechanisms.find((each) => each.isChosen(options));
  const mechanism = choice?.create(options, false);
  assert.equal(choice?.name, mechanism?.name);
  return mechanism?.constructor;
}

test("NULL unless something else is asked for; a server's side before a client's", () => {
  assert.equal(chosen({}), NullMechanism);
  assert.equal(chosen({ zapDomain: "global" }), NullMechanism);
  assert.equal(chosen({ plainUsername: "u" }), PlainClient);
  assert.equal(chosen({ plainPassword: "p" }), PlainClient);
  assert.equal(chosen({ plainServer: true }), PlainServer);
  assert.equal(chosen({ plainServer: true, plainUsername: "u" }), PlainServer);
});

test("each handshake gets a mechanism of its own", () => {
  const [first] = mechanisms;
  const options = {
    plainServer: true,
    plainUsername: null,
    plainPassword: null,
    zapDomain: null,
    zapEnforceDomain: false,
    authorize: null,
  };
  assert.notEqual(first?.create(options, false), first?.create(options, false));
});
