// SPDX-License-Identifier: MIT
/** What the library uses of browsers, in pages and workers: WebSocket, timers, and text. Nothing of Node.js is needed. */
import { encodeText } from "../base/bytes.ts";
import { SystemClock } from "../base/clock.ts";
import { ProtocolError, ZmqError } from "../base/errors.ts";
import type { Mechanism, MechanismChoice, SecurityOptions } from "../security/mechanism.ts";
import { NullMechanism } from "../security/null.ts";
import { PlainClient } from "../security/plain.ts";
import { expectCommand } from "../security/steps.ts";
import type { Runtime } from "../socket/core-context.ts";
import { BrowserWsTransport } from "../transport/browser-ws.ts";
import { InprocTransport } from "../transport/inproc.ts";

declare class MessageChannel {
  readonly port1: { onmessage: (() => void) | null };
  readonly port2: { postMessage(message: unknown): void };
}
declare const console: { warn(text: string): void };

/** Time, with a way to defer that browsers do not slow down: nested timers wait four milliseconds, and a second in hidden pages. */
class BrowserClock extends SystemClock {
  private channel: MessageChannel | undefined = undefined;
  private waiting: (() => void)[] = [];

  override yieldTurn(callback: () => void): void {
    this.channel ??= new MessageChannel();
    this.channel.port1.onmessage ??= (): void => this.waiting.shift()?.();
    this.waiting.push(callback);
    this.channel.port2.postMessage(0);
  }
}

const clock: SystemClock = new BrowserClock();

function missing(): never {
  throw new ZmqError("ENOTSUP", "files and CURVE's servers are not part of the browser's entry");
}

/** What makes CURVE's side from options. */
type CurveMaker = (options: SecurityOptions) => Mechanism;

/** The second file, which must lie beside this one. */
async function loadCurve(): Promise<CurveMaker> {
  try {
    const { openCurve } = await import("./browser-curve.ts");
    return await openCurve({ ProtocolError, ZmqError, expectCommand });
  } catch (cause) {
    throw new ZmqError("ENOTSUP", "CURVE needs the file browser-curve.js beside this one", { cause });
  }
}

/** A page is nobody's server. */
const mechanisms: readonly MechanismChoice[] = [
  {
    name: "CURVE",
    isChosen: ({ mechanism }) => mechanism === "curve",
    prepare: () => void loadCurve().catch(() => {}),
    create: (options) => ({
      name: "CURVE",
      *handshake(properties) {
        let make: CurveMaker | undefined;
        const loaded = loadCurve().then((found) => {
          make = found;
        });
        yield { do: "wait", for: loaded };
        return yield* (make as unknown as CurveMaker)(options).handshake(properties);
      },
    }),
  },
  {
    name: "PLAIN",
    isChosen: ({ mechanism }) => mechanism === "plain",
    create: ({ plainUsername, plainPassword }) => new PlainClient(plainUsername ?? "", plainPassword ?? ""),
  },
  { name: "NULL", isChosen: () => true, create: () => new NullMechanism() },
];

/** The runtime that `browser.ts` gives to its contexts. */
export const browserRuntime: Runtime = {
  clock,
  mechanisms,
  curve: { crypto: undefined, load: missing, keyPair: missing, publicKey: missing },
  keepAlive: { hold() {}, release() {} },
  createTransports: () => [new BrowserWsTransport("ws", clock), new BrowserWsTransport("wss", clock)],
  createInproc: () => new InprocTransport(),
  openFiles: missing,
  createSlabs: () => ({ take: (least) => new Uint8Array(least), give() {} }),
  encodeText,
  partClass: Uint8Array,
  asPart: (octets) =>
    ArrayBuffer.isView(octets)
      ? new Uint8Array(octets.buffer, octets.byteOffset, octets.byteLength)
      : new Uint8Array(octets),
  beforeExit() {},
  whyUnsupported,
  warn: (text) => console.warn(text),
};

/** Options of what a page has no part in. */
const ELSEWHERE =
  /^(tcp|tls|wss|gssapi|multicast|backlog|ipv6|typeOfService|useFd|rate|recovery|loopback|affinity|routerRaw)/;

function whyUnsupported(option: string): string | undefined {
  return ELSEWHERE.test(option) ? "the browser makes the connections" : undefined;
}
