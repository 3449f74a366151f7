// SPDX-License-Identifier: MIT
/** Which frames each version has on a byte stream. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { streamDialect } from "../../../src/engine/stream-dialect.ts";
import type { PeerProtocol } from "../../../src/wire/greeting.ts";
import { ZmtpV1Decoder, ZmtpV1Encoder } from "../../../src/wire/zmtp-v1.ts";
import { ZmtpV2Decoder, ZmtpV2Encoder } from "../../../src/wire/zmtp-v2.ts";
import { PoisonedSlabs } from "../../support/engine-rig.ts";

const full = { mechanism: "NULL", asServer: false, major: 3, minor: 1 };
const protocols: [PeerProtocol, framing: 1 | 2][] = [
  [{ version: "1.0" }, 1],
  [{ version: "2.0", revision: 0, socketType: 0 }, 1],
  [{ version: "2.0", revision: 1, socketType: 0 }, 2],
  [{ version: "3.0", ...full }, 2],
  [{ version: "3.1", ...full }, 2],
];

for (const [protocol, framing] of protocols) {
  const revision = "revision" in protocol ? `, revision ${protocol.revision}` : "";
  test(`ZMTP ${protocol.version}${revision} has the frames of ZMTP ${framing}.0`, () => {
    const encoder = streamDialect.createEncoder(protocol, new PoisonedSlabs());
    assert.ok(encoder instanceof (framing === 1 ? ZmtpV1Encoder : ZmtpV2Encoder));
    const decoder = streamDialect.createDecoder(protocol, { maxMessageSize: -1, maxFrames: 1 });
    assert.ok(decoder instanceof (framing === 1 ? ZmtpV1Decoder : ZmtpV2Decoder));
  });
}
