// SPDX-License-Identifier: MIT
/** Who talks to whom through a fault proxy: this library with itself, and with libzmq through npm `zeromq`, in both roles. */
import { test } from "node:test";
import * as ours from "../../src/index.ts";
import { FaultProxy } from "../support/fault-proxy.ts";
import type { OpenEither, Package } from "../support/implementations.ts";

const native = (await import("zeromq").catch(() => undefined)) as unknown as Package | undefined;

/** Opens sockets of who connects and of who binds; only what both packages have may be used. */
export interface Stage {
  readonly connecting: OpenEither;
  readonly binding: OpenEither;
  /** Binds a socket, connects the other through a proxy. */
  join(binder: ours.Socket, connecter: ours.Socket, ...plans: FaultProxy["plans"]): Promise<FaultProxy>;
}

const CLASSES = {
  pair: "Pair",
  pub: "Publisher",
  sub: "Subscriber",
  req: "Request",
  rep: "Reply",
  dealer: "Dealer",
  router: "Router",
  pull: "Pull",
  push: "Push",
  xpub: "XPublisher",
  xsub: "XSubscriber",
} as const;

/** Times that make reconnections quick. */
const QUICK = { linger: 0, reconnectInterval: 5 };

async function perform(casts: readonly [Package, Package], play: (stage: Stage) => Promise<void>): Promise<void> {
  const sockets: ours.Socket[] = [];
  const proxies: FaultProxy[] = [];
  const opener = (zmq: Package): OpenEither => {
    const context = new zmq.Context({ blocky: false });
    return ((type: keyof typeof CLASSES, options: object) => {
      const create = zmq[CLASSES[type]] as unknown as new (options: object) => ours.Socket;
      const socket = new create({ ...QUICK, ...options, context });
      sockets.push(socket);
      return socket;
    }) as unknown as OpenEither;
  };
  // Nothing that the library does by itself keeps the process alive, but a test waits for it.
  const hold = setInterval(() => {}, 1 << 30);
  try {
    await play({
      connecting: opener(casts[0]),
      binding: opener(casts[1]),
      async join(binder, connecter, ...plans) {
        await binder.bind("tcp://127.0.0.1:*");
        const proxy = await FaultProxy.open(binder.lastEndpoint as string);
        proxies.push(proxy);
        proxy.plans.push(...plans);
        connecter.connect(proxy.endpoint);
        return proxy;
      },
    });
  } finally {
    clearInterval(hold);
    for (const socket of sockets) if (!socket.closed) void socket.close();
    for (const proxy of proxies) await proxy[Symbol.asyncDispose]();
  }
}

/** The same for each cast. */
export function testCasts(title: string, play: (stage: Stage) => Promise<void>): void {
  const skip = native === undefined ? "npm zeromq cannot be loaded here" : false;
  const options = { timeout: 30_000 };
  test(`${title} (ours with ours)`, options, () => perform([ours, ours], play));
  test(`${title} (ours connects to libzmq)`, { ...options, skip }, () => perform([ours, native as Package], play));
  test(`${title} (libzmq connects to ours)`, { ...options, skip }, () => perform([native as Package, ours], play));
}
