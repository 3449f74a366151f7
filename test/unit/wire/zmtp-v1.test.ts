// SPDX-License-Identifier: MIT
import { ZmtpV1Decoder, ZmtpV1Encoder } from "../../../src/wire/zmtp-v1.ts";
import { decodeV1, encodeV1 } from "../../twins/zmtp-v1.ts";
import { testFraming } from "./framing.ts";

testFraming({
  name: "zmtp-v1",
  createEncoder: (pool) => new ZmtpV1Encoder(pool),
  createDecoder: (limits) => new ZmtpV1Decoder(limits),
  encodePlainly: encodeV1,
  decodePlainly: decodeV1,
});
