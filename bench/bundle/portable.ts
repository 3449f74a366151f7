// SPDX-License-Identifier: MIT
/**
 * What an entry for browsers would be made of, to measure how much there is to load: all that knows no runtime (sockets of
 * every type but STREAM, contexts, observers, proxies, patterns, the engine, NULL and PLAIN) on a runtime that has nothing but
 * the web's own. Its one transport reaches nobody, and begins without a greeting, which only byte streams have: it stands for
 * what a WebSocket would add. Bundled by ../size.ts; never run.
 */
import { type ContextOptions, Context as CoreContext } from "../../src/api/context.ts";
import * as sockets from "../../src/api/sockets.ts";
import { encodeText } from "../../src/base/bytes.ts";
import { SystemClock } from "../../src/base/clock.ts";
import { ZmqError } from "../../src/base/errors.ts";
import type { Dialect } from "../../src/engine/dialect.ts";
import { ZmtpEngine } from "../../src/engine/zmtp-engine.ts";
import { zmtpV2Framing } from "../../src/engine/zmtp-v2-framing.ts";
import { mechanisms } from "../../src/security/index.ts";
import type { Runtime } from "../../src/socket/core-context.ts";
import { InprocTransport } from "../../src/transport/inproc.ts";
import type { Transport } from "../../src/transport/transport.ts";
import { ZmtpV2Decoder, ZmtpV2Encoder } from "../../src/wire/zmtp-v2.ts";

const SLAB = 98304;

const dialect: Dialect = {
  negotiate: ({ mechanism }) => ({
    signature: new Uint8Array(0),
    next: () => ({ protocol: { version: "3.1", mechanism, asServer: false, major: 3, minor: 1 } }),
  }),
  createEncoder: (_, slabs) => new ZmtpV2Encoder(slabs),
  createDecoder: (_, limits) => new ZmtpV2Decoder(limits),
  framingOf: () => zmtpV2Framing,
};

const nowhere: Transport = {
  scheme: "ws",
  parse: (address) => ({ endpoint: `ws://${address}` }),
  listen: ({ endpoint }) => Promise.reject(new ZmqError("EPROTONOSUPPORT", endpoint)),
  connect: ({ endpoint }) => Promise.reject(new ZmqError("EPROTONOSUPPORT", endpoint)),
  createEngine: (connection, setup, host) => new ZmtpEngine(connection, setup, host, dialect),
};

function never(): never {
  throw new ZmqError("ENOTSUP", "CURVE is not part of this");
}

const runtime: Runtime = {
  clock: new SystemClock(),
  mechanisms,
  curve: { crypto: undefined, load: never, keyPair: never, publicKey: never },
  keepAlive: { hold() {}, release() {} },
  createTransports: () => [nowhere],
  createInproc: () => new InprocTransport(),
  openFiles: never,
  createSlabs: () => ({ take: () => new Uint8Array(SLAB), give() {} }),
  encodeText,
  partClass: Uint8Array,
  asPart: (octets) =>
    ArrayBuffer.isView(octets)
      ? new Uint8Array(octets.buffer, octets.byteOffset, octets.byteLength)
      : new Uint8Array(octets),
  beforeExit() {},
  whyUnsupported: () => undefined,
  warn: (text) => console.warn(text),
};

export class Context extends CoreContext {
  constructor(options?: ContextOptions) {
    super(runtime, () => classes as unknown as sockets.SocketClasses, options);
  }
}

export const context: Context = new Context();

export class Pair extends sockets.Pair {
  static override readonly context: Context = context;
}
export class Publisher extends sockets.Publisher {
  static override readonly context: Context = context;
}
export class Subscriber extends sockets.Subscriber {
  static override readonly context: Context = context;
}
export class XPublisher extends sockets.XPublisher {
  static override readonly context: Context = context;
}
export class XSubscriber extends sockets.XSubscriber {
  static override readonly context: Context = context;
}
export class Request extends sockets.Request {
  static override readonly context: Context = context;
}
export class Reply extends sockets.Reply {
  static override readonly context: Context = context;
}
export class Dealer extends sockets.Dealer {
  static override readonly context: Context = context;
}
export class Router extends sockets.Router {
  static override readonly context: Context = context;
}
export class Push extends sockets.Push {
  static override readonly context: Context = context;
}
export class Pull extends sockets.Pull {
  static override readonly context: Context = context;
}

const classes = {
  pair: Pair,
  pub: Publisher,
  sub: Subscriber,
  req: Request,
  rep: Reply,
  dealer: Dealer,
  router: Router,
  pull: Pull,
  push: Push,
  xpub: XPublisher,
  xsub: XSubscriber,
} satisfies Partial<sockets.SocketClasses>;

export { Observer } from "../../src/api/observer.ts";
export { Proxy } from "../../src/api/proxy.ts";
export { Socket } from "../../src/api/socket.ts";
export { AuthenticationError, ProtocolError, ZmqError } from "../../src/base/errors.ts";
