// SPDX-License-Identifier: MIT
/** The control socket of a proxy, in libzmq's words (zmq_proxy_steerable(3)). Used by `proxy.ts`. */
import { decodeText } from "../base/bytes.ts";
import type { Message } from "../pipe/message.ts";
import type { ProxyStatistics } from "./proxy.ts";
import type { SocketWorks } from "./socket-works.ts";

/** What can be done to a proxy. */
export interface Steerable {
  pause(): void;
  resume(): void;
  terminate(): void;
  statistics(): ProxyStatistics;
}

/** Takes commands and carries them out. */
export class ProxyControl {
  private readonly works: SocketWorks;
  private readonly proxy: Steerable;

  constructor(works: SocketWorks, proxy: Steerable) {
    this.works = works;
    this.proxy = proxy;
  }

  /** Listens until the proxy ends, or the control socket does. */
  async listen(signal: AbortSignal): Promise<void> {
    const { works } = this;
    try {
      while (!signal.aborted) {
        const answer = this.obey(await works.receive({ signal, timeout: -1 }));
        if (answer !== undefined) await works.send(answer, { timeout: -1, ...(signal.aborted ? {} : { signal }) });
      }
    } catch (error) {
      // The proxy has ended; or nobody steers it any more, which is no reason to end it.
      if (!signal.aborted && !works.core.isOver) throw error;
    }
  }

  /** Carries out a command; what it is answered with, if anything. Commands that there are not, and parts too many, do nothing. */
  private obey(message: Message): Message | undefined {
    const { proxy } = this;
    const command = message.length === 1 ? decodeText(message[0] as Uint8Array) : "";
    const { name, canSend } = this.works.core.type;
    if (command === "STATISTICS" && canSend) return frames(proxy.statistics());
    if (command === "PAUSE") proxy.pause();
    else if (command === "RESUME") proxy.resume();
    else if (command === "TERMINATE") proxy.terminate();
    return name === "REP" ? [new Uint8Array(0)] : undefined;
  }
}

/** Eight numbers, as libzmq sends them: parts, not messages, in this machine's order of octets. */
function frames({ frontEnd, backEnd }: ProxyStatistics): Message {
  const counts = [frontEnd.received, frontEnd.sent, backEnd.received, backEnd.sent];
  return counts
    .flatMap(({ parts, octets }) => [parts, octets])
    .map((number) => new Uint8Array(new BigUint64Array([BigInt(number)]).buffer));
}
