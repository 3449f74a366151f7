// SPDX-License-Identifier: MIT
/** Which engine serves a byte stream. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { RawEngine } from "../../../src/engine/raw-engine.ts";
import { ZmtpEngine } from "../../../src/engine/zmtp-engine.ts";
import { createStreamEngine } from "../../../src/transport/stream-engine.ts";
import { EngineRig } from "../../support/engine-rig.ts";

test("ZMTP, unless the socket wants octets as they are", () => {
  assert.ok(new EngineRig({ createEngine: createStreamEngine }).engine instanceof ZmtpEngine);
  assert.ok(new EngineRig({ createEngine: createStreamEngine, isRaw: true }).engine instanceof RawEngine);
});
