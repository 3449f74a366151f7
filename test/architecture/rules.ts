// SPDX-License-Identifier: MIT
/**
 * The layer table of ARCHITECTURE.md §3 as data, and the exceptions that are granted. `checker.ts` holds sources against
 * it. A new exception needs a reason beside it; most often the file is in the wrong folder instead.
 */

/** One folder of `src/`. */
export interface Layer {
  /** What is imported has a lower rank, or is in the same folder. */
  readonly rank: number;
  /** Folders, or single files (contracts), that it may import besides itself. */
  readonly mayImport: readonly string[];
  /** Whether it may touch a runtime: `node:` modules, `process`, `Buffer`. */
  readonly touchesRuntime?: boolean;
}

/** Every folder of `src/`; `index`, `browser`, `draft` and `v5-compat` are the entry files. */
export const LAYERS: Readonly<Record<string, Layer>> = {
  base: { rank: 0, mayImport: [] },
  wire: { rank: 1, mayImport: ["base"] },
  pipe: { rank: 1, mayImport: ["base"] },
  security: { rank: 2, mayImport: ["base", "wire"] },
  auth: { rank: 3, mayImport: ["base", "wire", "security/mechanism.ts"] },
  pattern: { rank: 2, mayImport: ["base", "pipe"] },
  engine: { rank: 3, mayImport: ["base", "wire", "security", "pipe"] },
  transport: { rank: 4, mayImport: ["base", "wire", "engine"], touchesRuntime: true },
  session: { rank: 5, mayImport: ["base", "pipe", "engine", "transport/transport.ts"] },
  socket: {
    rank: 6,
    // Contracts, and the codec of RFC 27: docs/decisions/0007.
    mayImport: [
      "base",
      "auth",
      "pipe",
      "pattern",
      "session",
      "transport/transport.ts",
      "security/curve-crypto.ts",
      "security/mechanism.ts",
      "engine/connection.ts",
      "engine/engine.ts",
      "wire/frame.ts",
      "wire/zap.ts",
    ],
  },
  api: {
    rank: 7,
    mayImport: [
      "base",
      "auth",
      "wire",
      "security",
      "pattern",
      "socket",
      "pipe/message.ts",
      "pipe/origin.ts",
      "session/events.ts",
      "transport/transport.ts",
    ],
  },
  // What browsers' bundles hold in the place of modules of other folders: docs/decisions/0015.
  slim: {
    rank: 7,
    mayImport: [
      "base",
      "pattern",
      "pipe",
      "socket/endpoints.ts",
      "socket/option-row.ts",
      "socket/options.ts",
      "session",
      "security/mechanism.ts",
      "security/steps.ts",
      "engine/engine.ts",
      "transport/transport.ts",
    ],
  },
  runtime: {
    rank: 8,
    mayImport: ["base", "auth/files.ts", "transport", "security", "socket/core-context.ts"],
    touchesRuntime: true,
  },
  index: {
    rank: 9,
    mayImport: ["runtime", "api", "base/errors.ts", "base/tls-error.ts", "pipe/message.ts", "session/events.ts"],
  },
  browser: { rank: 9, mayImport: ["runtime", "api", "base/errors.ts", "pipe/message.ts", "session/events.ts"] },
  draft: { rank: 10, mayImport: ["index.ts"] },
  compat: { rank: 10, mayImport: ["index.ts"], touchesRuntime: true },
  cluster: { rank: 10, mayImport: ["index.ts"], touchesRuntime: true },
  cli: { rank: 10, mayImport: ["index.ts"], touchesRuntime: true },
  "v5-compat": { rank: 11, mayImport: ["compat"] },
};

/** Single files that may import more than their folder may. */
export const FILE_MAY_IMPORT: Readonly<Record<string, readonly string[]>> = {
  // inproc has no engine below it: it hands out the two ends of one pipe, and the contract says so.
  "transport/inproc.ts": ["pipe"],
  "transport/transport.ts": ["pipe"],
};

/** Packages that a file may load, with `import()` only: users who do not need them never pay for them. */
export const PACKAGES: Readonly<Record<string, readonly string[]>> = {
  "libsodium-wrappers": ["runtime/sodium.ts"],
  // Part of the browser's second file; users do not install it.
  tweetnacl: ["runtime/browser-curve.ts"],
};

/** Folders with a table in `index.ts`; elsewhere an `index.ts` is a package entry or nothing. */
export const TABLES: readonly string[] = ["pattern", "security"];

/** No file is longer. */
export const MOST_LINES = 500;
/** Files of `src/` that are longer are listed as a warning. */
export const COMFORTABLE_LINES = 300;

/** Time and deferral go through a Clock; these are the files that make one, or that care for the process as a whole. */
export const CLOCK_FILES: readonly string[] = ["base/clock.ts", "runtime/node.ts", "runtime/process-exit.ts"];

/** Module-level state that is granted: `file#name`. */
export const MODULE_STATE: readonly string[] = [
  // One empty list for all who have none; it is replaced, never filled.
  "base/bytes.ts#NO_CHUNKS",
  "base/ring.ts#NONE",
  "engine/zmtp-engine.ts#NOTHING",
  "pipe/local-pipe.ts#NO_ITEMS",
  // Filled while it is loaded, and read only after that.
  "slim/option-rows.ts#rows",
  "slim/lent.ts#ProtocolError",
  "slim/lent.ts#ZmqError",
  "slim/lent.ts#expectCommand",
  // The process ends once, for all contexts.
  "runtime/process-exit.ts#cleanUps",
  "runtime/process-exit.ts#held",
];

/**
 * Files of `src/` that hold logic and are tested by another test than `test/unit/<folder>/<file>.test.ts`
 * (or `<file>-….test.ts`): the test that covers them.
 */
export const COVERED_BY: Readonly<Record<string, string>> = {
  // The entry: loaded from a user's project, and by every test of the API.
  "index.ts": "test/types/types.test.ts",
  // Tables: every row is tested by what reads them.
  "socket/option-row.ts": "test/unit/socket/options.test.ts",
  "socket/option-rows.ts": "test/unit/socket/options.test.ts",
  "socket/context-option-rows.ts": "test/unit/api/context-settings.test.ts",
  "base/secret.ts": "test/unit/base/pem.test.ts",
  // Seen through sockets that have the option `authorize`.
  "auth/authorization.ts": "test/unit/api/authorize.test.ts",
  "auth/question.ts": "test/unit/auth/reply.test.ts",
  "api/authenticator-notices.ts": "test/unit/api/authenticator.test.ts",
  "api/zap-handler.ts": "test/unit/api/authenticator.test.ts",
  "socket/engine-setups.ts": "test/unit/api/authorize.test.ts",
  // Seen through sockets: what they count, and where messages say they come from.
  "pipe/origin.ts": "test/unit/api/details.test.ts",
  "socket/peers.ts": "test/unit/api/peers.test.ts",
  "transport/builtin.ts": "test/unit/transport/tls.test.ts",
  "transport/udp-connection.ts": "test/unit/transport/udp.test.ts",
  // The browser's entry: in browsers.
  "browser.ts": "test/browser/peers.test.ts",
  "runtime/browser.ts": "test/browser/peers.test.ts",
  "wire/zws-messages.ts": "test/unit/engine/page-engine.test.ts",
  "runtime/browser-curve.ts": "test/browser/curve.test.ts",
  "slim/acceptance.ts": "test/browser/peers.test.ts",
  "slim/curve-key.ts": "test/browser/peers.test.ts",
  "slim/lent.ts": "test/browser/peers.test.ts",
  "slim/authentication.ts": "test/browser/peers.test.ts",
  "slim/context-settings.ts": "test/browser/peers.test.ts",
  "slim/numbered-options.ts": "test/browser/peers.test.ts",
  "wire/ws-pieces.ts": "test/unit/wire/zws.test.ts",
  "transport/ws-mount.ts": "test/interop/ws.test.ts",
  // Seen through engines on a network without sockets.
  "engine/pgm-receiver.ts": "test/unit/engine/pgm-engine.test.ts",
  "engine/pgm-sender.ts": "test/unit/engine/pgm-engine.test.ts",
  "engine/pgm-settings.ts": "test/unit/engine/pgm-engine.test.ts",
  "engine/pgm-window.ts": "test/property/pgm.test.ts",
  "transport/epgm.ts": "test/interop/epgm.test.ts",
  "transport/pgm-channel.ts": "test/unit/transport/pgm.test.ts",
  "socket/statistics.ts": "test/unit/api/peers.test.ts",
  "api/open-metrics.ts": "test/unit/api/peers.test.ts",
  "draft.ts": "test/drop-in/programs.test.ts",
  "v5-compat.ts": "test/unit/compat/v5-compat.test.ts",
  "compat/constants.ts": "test/unit/compat/v5-compat.test.ts",
  "compat/works.ts": "test/unit/compat/socket.test.ts",
  "compat/curve-keys.ts": "test/unit/compat/v5-compat.test.ts",
  "socket/curve-option-rows.ts": "test/unit/socket/options.test.ts",
  "socket/gssapi-option-rows.ts": "test/unit/socket/options.test.ts",
  "runtime/node-crypto.ts": "test/unit/runtime/sodium.test.ts",
  "runtime/packages.ts": "test/unit/runtime/kerberos.test.ts",
  // A contract, and its constants.
  "security/curve-crypto.ts": "test/unit/runtime/sodium-wasm.test.ts",
  "security/curve-steps.ts": "test/unit/security/curve-server.test.ts",
};
