// SPDX-License-Identifier: MIT
/** The soak's libzmq, through npm `zeromq`: reads what is pushed and published, and asks the router. */
import * as zeromq from "zeromq";
import { eventually } from "../support/leaks.ts";
import { CLIENTS, type Endpoints, type Lane, Round, type Until } from "./lanes.ts";
import { Faults } from "./numbered.ts";
import { type Api, Receivers } from "./steady.ts";
import type { Commands } from "./wire.ts";

/** Opens libzmq's sockets; gives what it can be asked. */
export function openNative(): { commands: Commands; close: () => Promise<void> } {
  const faults = new Faults();
  const receivers = new Receivers(zeromq as unknown as Api, faults);
  const commands = {
    open: (endpoints: Endpoints): void => {
      receivers.pull("native.push", endpoints["native.push.tcp"] as string);
      const credits = endpoints["credits.ipc"] as string;
      receivers.subscribe("native", "native.pub", endpoints["native.pub.ipc"] as string, credits);
      receivers.dealer("native client", CLIENTS + 2, endpoints["router.tcp"] as string);
    },
    run: async (until: Until): Promise<void> => {
      const client = receivers.clients[0];
      await client?.run(new Round(until, [client.book.name]), client.book.name);
    },
    settle: async ({ sent, patience }: { sent: Record<Lane, number>; patience: number }): Promise<string[]> => {
      for (const [name, lane] of [
        ["native.push", "native.push"],
        ["native", "native.pub"],
      ] as const) {
        const book = receivers.books.get(name);
        await eventually(`${name}: ${sent[lane]} messages`, () => book?.last === sent[lane] - 1, patience);
      }
      return [];
    },
    account: (): object => {
      const received = Object.fromEntries([...receivers.books].map(([name, book]) => [name, book.received]));
      return { faults: faults.list, received };
    },
  };
  return { commands, close: () => receivers.close() };
}
