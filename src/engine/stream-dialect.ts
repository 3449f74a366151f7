// SPDX-License-Identifier: MIT
/**
 * ZMTP as byte streams carry it: a greeting, then the frames of the version that it found (RFC 37, 23, 15 and 13). For the
 * engines of tcp, ipc and their kin.
 */
import { GreetingNegotiation, type PeerProtocol } from "../wire/greeting.ts";
import { ZmtpV1Decoder, ZmtpV1Encoder } from "../wire/zmtp-v1.ts";
import { ZmtpV2Decoder, ZmtpV2Encoder } from "../wire/zmtp-v2.ts";
import type { Dialect } from "./dialect.ts";
import { zmtpV2Framing } from "./zmtp-v2-framing.ts";

/** Every version from 1.0 to 3.1. */
export const streamDialect: Dialect = {
  negotiate: (ours) => new GreetingNegotiation(ours),
  createEncoder: (protocol, slabs) => (usesV1(protocol) ? new ZmtpV1Encoder(slabs) : new ZmtpV2Encoder(slabs)),
  createDecoder: (protocol, limits) => (usesV1(protocol) ? new ZmtpV1Decoder(limits) : new ZmtpV2Decoder(limits)),
  framingOf: (encoder) => (encoder instanceof ZmtpV2Encoder ? zmtpV2Framing : undefined),
};

function usesV1(protocol: PeerProtocol): boolean {
  return protocol.version === "1.0" || (protocol.version === "2.0" && protocol.revision === 0);
}
