// SPDX-License-Identifier: MIT
import { ZmtpV2Decoder, ZmtpV2Encoder } from "../../../src/wire/zmtp-v2.ts";
import { decodeV2, encodeV2 } from "../../twins/zmtp-v2.ts";
import { testFraming } from "./framing.ts";

testFraming({
  name: "zmtp-v2",
  createEncoder: (pool) => new ZmtpV2Encoder(pool),
  createDecoder: (limits) => new ZmtpV2Decoder(limits),
  encodePlainly: encodeV2,
  decodePlainly: decodeV2,
});
