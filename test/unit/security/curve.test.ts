// SPDX-License-Identifier: MIT
/** Which side of CURVE the options ask for, and what is loaded when. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { Secret } from "../../../src/base/pem.ts";
import { curve } from "../../../src/security/curve.ts";
import { CurveClient } from "../../../src/security/curve-client.ts";
import type { CurveLibrary } from "../../../src/security/curve-crypto.ts";
import { CurveServer } from "../../../src/security/curve-server.ts";
import { defaultOptions } from "../../../src/socket/options.ts";
import { CLIENT, SERVER } from "../../support/curve-keys.ts";

function counting(): CurveLibrary & { loads: number; publicKeys: number } {
  return {
    crypto: undefined,
    loads: 0,
    publicKeys: 0,
    load() {
      this.loads += 1;
      return Promise.reject(new Error("not here"));
    },
    keyPair: () => assert.fail(),
    publicKey() {
      this.publicKeys += 1;
      return new Uint8Array(32);
    },
  };
}

test("a server is one with and without its key; else it is a client", () => {
  const choice = curve(counting(), () => 0);
  const options = { ...defaultOptions(), mechanism: "curve" as const };
  assert.equal(choice.isChosen(options), true);
  assert.equal(choice.isChosen(defaultOptions()), false);
  assert.ok(choice.create({ ...options, isSecurityServer: true }, false) instanceof CurveServer);
  assert.ok(choice.create(options, true) instanceof CurveClient);
  assert.ok(choice.create({ ...options, curveServerKey: SERVER.publicKey }, true) instanceof CurveClient);
});

test("what a server's secret key belongs to is found out once, and loading may fail without noise", () => {
  const library = counting();
  const choice = curve(library, () => 0);
  const curveSecretKey = new Secret(CLIENT.secretKey);
  const options = { ...defaultOptions(), mechanism: "curve" as const, isSecurityServer: true, curveSecretKey };
  for (let i = 0; i < 3; i += 1) choice.create(options, false);
  assert.equal(library.publicKeys, 1);
  choice.prepare?.();
  assert.equal(library.loads, 1);
});
