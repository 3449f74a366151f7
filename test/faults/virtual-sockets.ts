// SPDX-License-Identifier: MIT
/** Sockets of this library on a `VirtualNetwork`: the same classes, in contexts whose only transport and clock are the test's. */
import { Context } from "../../src/api/context.ts";
import * as zmq from "../../src/index.ts";
import { nodeRuntime } from "../../src/runtime/node.ts";
import type { SlabPool } from "../../src/wire/frame.ts";
import { VirtualNetwork } from "./virtual-network.ts";

/** What is needed of the classes here. */
const classes: zmq.Sockets = {
  pair: zmq.Pair,
  pub: zmq.Publisher,
  sub: zmq.Subscriber,
  req: zmq.Request,
  rep: zmq.Reply,
  dealer: zmq.Dealer,
  router: zmq.Router,
  pull: zmq.Pull,
  push: zmq.Push,
  xpub: zmq.XPublisher,
  xsub: zmq.XSubscriber,
  stream: zmq.Stream,
  server: zmq.Server,
  client: zmq.Client,
  radio: zmq.Radio,
  dish: zmq.Dish,
  gather: zmq.Gather,
  scatter: zmq.Scatter,
  dgram: zmq.Datagram,
  peer: zmq.Peer,
  channel: zmq.Channel,
  xreq: zmq.Dealer,
  xrep: zmq.Router,
  upstream: zmq.Pull,
  downstream: zmq.Push,
};

/** Slabs are spoilt when they come back: whoever still looks at one sees it. */
const slabs: SlabPool = {
  take: (least) => new Uint8Array(least),
  give: (slab) => void slab.fill(0xee),
};

/** A context on a network. */
export type VirtualContext = Context<zmq.Sockets>;

function contextOn(network: VirtualNetwork, defaults: Readonly<Record<string, unknown>>): VirtualContext {
  const runtime = {
    ...nodeRuntime,
    clock: network.clock,
    keepAlive: { hold() {}, release() {} },
    createTransports: () => [network],
    createSlabs: () => slabs,
    beforeExit: () => {},
  };
  return new Context<zmq.Sockets>(runtime, () => classes, {
    defaults: { linger: 0, reconnectJitter: "none", ...defaults },
  });
}

/** Runs a test with a context on a network of its own; nothing may be left running once its sockets are closed. */
export async function withNetwork(
  test: (network: VirtualNetwork, context: VirtualContext) => Promise<void>,
  defaults: Readonly<Record<string, unknown>> = {},
): Promise<void> {
  const network = new VirtualNetwork();
  const context = contextOn(network, defaults);
  try {
    await test(network, context);
  } finally {
    const ended = context.terminate({ linger: 0 });
    await network.run();
    // Wires that are stalled or torn off are told of nothing.
    network.clock.advance(60_000);
    await network.run();
    await ended;
  }
  if (network.clock.running > 0) throw new Error(`${network.clock.running} timers are left when all is closed`);
}
