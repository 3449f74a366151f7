// SPDX-License-Identifier: MIT
/** Which engine serves a byte stream: ZMTP, or none at all for STREAM sockets, which speak to any TCP peer. */
import type { Connection } from "../engine/connection.ts";
import type { Engine, EngineHost, EngineSetup } from "../engine/engine.ts";
import { RawEngine } from "../engine/raw-engine.ts";
import { streamDialect } from "../engine/stream-dialect.ts";
import { ZmtpEngine } from "../engine/zmtp-engine.ts";

/** An engine for a connection of tcp, ipc and their kin. */
export function createStreamEngine(connection: Connection, setup: EngineSetup, host: EngineHost): Engine {
  return setup.isRaw ? new RawEngine(connection, setup, host) : new ZmtpEngine(connection, setup, host, streamDialect);
}
