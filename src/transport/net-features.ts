// SPDX-License-Identifier: MIT
/**
 * The options of a TCP connection that `node:net` can set, and those that only newer runtimes can. What is there is found
 * out by trying, so that a runtime that learns a call is used at once.
 */
import { Socket } from "node:net";
import type { TransportOptions } from "./transport.ts";

/** What newer versions of `node:net` have (Node.js 26). */
interface NewerSocket {
  setKeepAlive(options: { enable: boolean; initialDelay: number; interval?: number; count?: number }): unknown;
  setTypeOfService(value: number): unknown;
}

/** Whether the runtime can set the interval and the number of keepalive probes. */
function hasProbeOptions(): boolean {
  let isRead = false;
  const options = {
    enable: false,
    get interval(): undefined {
      isRead = true;
      return undefined;
    },
  };
  // A socket that is never connected: only whether the call looks at the member is of interest.
  (new Socket() as unknown as { setKeepAlive(options: object): void }).setKeepAlive(options);
  return isRead;
}

/** Why this runtime cannot honour an option; undefined: it can. */
export function whyUnsupported(option: string): string | undefined {
  const { platform, version } = globalThis.process;
  const isMissing =
    ((option === "tcpKeepaliveInterval" || option === "tcpKeepaliveCount") && !hasProbeOptions()) ||
    (option === "typeOfService" && !("setTypeOfService" in Socket.prototype));
  if (isMissing) return `Node.js 26 has a call that sets it, and this runtime (${version}) has none`;
  if (option === "loopbackFastPath" && platform === "win32") return "no JavaScript runtime asks Windows for it";
  return undefined;
}

/** Sets what the options ask for on a connection. */
export function applyNetOptions(socket: Socket, options: TransportOptions): void {
  socket.setNoDelay(true);
  const { tcpKeepalive, tcpKeepaliveIdle, tcpKeepaliveInterval, tcpKeepaliveCount, typeOfService } = options;
  if (tcpKeepalive === 1) {
    const initialDelay = Math.max(0, tcpKeepaliveIdle) * 1000;
    if (tcpKeepaliveInterval < 0 && tcpKeepaliveCount < 0) {
      socket.setKeepAlive(true, initialDelay);
    } else {
      (socket as unknown as NewerSocket).setKeepAlive({
        enable: true,
        initialDelay,
        ...(tcpKeepaliveInterval < 0 ? {} : { interval: tcpKeepaliveInterval * 1000 }),
        ...(tcpKeepaliveCount < 0 ? {} : { count: tcpKeepaliveCount }),
      });
    }
  } else if (tcpKeepalive === 0) {
    socket.setKeepAlive(false);
  }
  // One octet of the packet's header: what is above it, the system leaves out as well.
  if (typeOfService > 0) (socket as unknown as NewerSocket).setTypeOfService(typeOfService & 255);
}
