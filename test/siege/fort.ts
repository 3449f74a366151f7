// SPDX-License-Identifier: MIT
/** What is besieged: a process with a ROUTER that answers everybody, and says what it holds. */
import { readdirSync } from "node:fs";
import { monitorEventLoopDelay } from "node:perf_hooks";
import * as zmq from "../../src/index.ts";
import type { Commands } from "../soak/wire.ts";
import { collectGarbage } from "../support/leaks.ts";

/** What a fort is opened with. */
export interface FortPlan {
  /** The preset, or the library's defaults. */
  readonly isHardened: boolean;
  readonly options: ConstructorParameters<typeof zmq.Router>[0];
}

/** How a fort is doing. Octets and milliseconds. */
export interface FortReport {
  readonly heap: number;
  readonly buffers: number;
  readonly resident: number;
  /** Open descriptors; 0 where the system does not tell. */
  readonly descriptors: number;
  readonly handshakes: number;
  readonly peers: number;
  readonly handshakeFailures: number;
  readonly limitsPassed: zmq.SocketStatistics["limitsPassed"];
  /** The longest that the event loop was held up since the last report. */
  readonly longestTurn: number;
}

/** Opens the fort; gives what it can be asked. */
export function openFort(): { commands: Commands; close: () => Promise<void> } {
  let router: zmq.Router | undefined;
  const turns = monitorEventLoopDelay({ resolution: 5 });
  turns.enable();

  const commands = {
    open: async ({ isHardened, options }: FortPlan): Promise<string> => {
      const socket = new zmq.Router({ ...(isHardened ? zmq.hardened : {}), linger: 0, ...options });
      router = socket;
      await socket.bind("tcp://0.0.0.0:*");
      void (async () => {
        for await (const message of socket) await socket.send(message);
      })();
      return (socket.lastEndpoint as string).replace("0.0.0.0", "127.0.0.1");
    },
    /** `isExact`: after a collection of garbage, which holds everything up. */
    report: async ({ isExact }: { isExact: boolean }): Promise<FortReport> => {
      const longestTurn = turns.max / 1e6;
      if (isExact) await collectGarbage();
      turns.reset();
      const { heapUsed, arrayBuffers, rss } = process.memoryUsage();
      const { handshakes, peers, handshakeFailures, limitsPassed } = (router as zmq.Router).statistics();
      const counts = {
        descriptors: openDescriptors(),
        handshakes,
        peers: peers.length,
        handshakeFailures,
        limitsPassed,
      };
      return { heap: heapUsed, buffers: arrayBuffers, resident: rss, ...counts, longestTurn };
    },
  };
  return {
    commands,
    close: async () => {
      turns.disable();
      await router?.close();
    },
  };
}

/** What the runtime tells of handles leaves out those that keep no program alive, such as all of ours. */
function openDescriptors(): number {
  return process.platform === "linux" ? readdirSync("/proc/self/fd").length : 0;
}
