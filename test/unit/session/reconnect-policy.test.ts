// SPDX-License-Identifier: MIT
/** When an endpoint is given up: bits and names, attempts, and what is for good whatever the options say. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { AuthenticationError, ProtocolError, ZmqError } from "../../../src/base/errors.ts";
import {
  type ReconnectOptions,
  reconnectStops,
  whyAfterAttempt,
  whyAfterConnection,
} from "../../../src/session/reconnect-policy.ts";

const refused = new ZmqError("ECONNREFUSED");
const lost = new ZmqError("ECONNRESET");

function options(reconnectStop: ReconnectOptions["reconnectStop"] = 0, reconnectAttempts = 0): ReconnectOptions {
  return { reconnectStop, reconnectAttempts };
}

test("libzmq's bits and their names mean the same", () => {
  for (const [bit, name] of reconnectStops.slice(0, 3).entries()) {
    for (const chosen of [options(1 << bit), options([name])]) {
      assert.equal(whyAfterAttempt(refused, 1, chosen), name === "refused" ? name : undefined);
      assert.equal(whyAfterAttempt(lost, 1, chosen), undefined);
      assert.equal(whyAfterConnection(lost, true, 1, chosen), name === "handshake" ? name : undefined);
      assert.equal(whyAfterConnection(undefined, false, 0, chosen), name === "disconnect" ? name : undefined);
    }
  }
});

test("so many attempts may fail in a row, at connecting or in the handshake", () => {
  assert.equal(whyAfterAttempt(refused, 1000, options()), undefined);
  assert.equal(whyAfterAttempt(refused, 2, options(0, 3)), undefined);
  assert.equal(whyAfterAttempt(refused, 3, options(0, 3)), "attempts");
  assert.equal(whyAfterConnection(lost, true, 3, options(0, 3)), "attempts");
  assert.equal(whyAfterConnection(lost, false, 3, options(0, 3)), undefined);
});

test("a refusal for good stops always, one for now only when it is asked for", () => {
  const no = (status: 300 | 400): AuthenticationError => new AuthenticationError(status, "no");
  assert.equal(whyAfterConnection(no(400), true, 1, options()), "authentication");
  assert.equal(whyAfterConnection(no(300), true, 1, options()), undefined);
  assert.equal(whyAfterConnection(no(300), true, 1, options(["authentication"])), "authentication");
  const broken = new ProtocolError("ZMTP_UNSPECIFIED", "broken");
  assert.equal(whyAfterConnection(broken, true, 1, options()), "protocol");
});
