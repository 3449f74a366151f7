// SPDX-License-Identifier: MIT
/**
 * npm `zeromq` at rest, in the roles of ours-idle.ts: the same sockets and the same peers. Only its JavaScript has a heap;
 * what libzmq holds shows in `rss` alone. Neighbours: gauge.ts, crowd.ts.
 */
import {
  Dealer,
  Pair,
  Publisher,
  Pull,
  Push,
  Reply,
  Request,
  Router,
  type Socket,
  Stream,
  Subscriber,
  XPublisher,
  XSubscriber,
} from "zeromq";
import { connections, type Layout, layout, watch, weighOnDemand } from "./gauge.ts";
import { report, reportReady, runRole, type ToolArguments } from "./tool.ts";

async function idleAccept({ endpoint }: ToolArguments): Promise<void> {
  const router = new Router({ backlog: 8192 });
  await router.bind(endpoint);
  reportReady(router.lastEndpoint ?? endpoint);
  const receiving = router.receive().catch(() => {});
  await weighOnDemand();
  router.close();
  await receiving;
}

async function idleConnect({ endpoint, count, warmUp }: ToolArguments): Promise<void> {
  const pull = new Pull();
  const connect = (times: number) => {
    for (let i = 0; i < times; i += 1) pull.connect(endpoint);
  };
  connect(warmUp);
  const receiving = pull.receive().catch(() => {});
  await weighOnDemand(() => connect(count));
  pull.close();
  await receiving;
}

const classes = {
  PAIR: Pair,
  PUB: Publisher,
  SUB: Subscriber,
  REQ: Request,
  REP: Reply,
  DEALER: Dealer,
  ROUTER: Router,
  PULL: Pull,
  PUSH: Push,
  XPUB: XPublisher,
  XSUB: XSubscriber,
  STREAM: Stream,
} as const satisfies Record<Layout[number][0], unknown>;

async function idleCpu({ endpoint, count, more }: ToolArguments): Promise<void> {
  const sockets: Socket[] = [];
  const options = { heartbeatInterval: Number(more[0]), linger: 0 };
  for (const [bound, connected, peers] of layout) {
    const server = new classes[bound](options);
    await server.bind(endpoint);
    sockets.push(server);
    for (let i = 0; i < peers; i += 1) {
      const client = new classes[connected](options);
      if (client instanceof Subscriber) client.subscribe("topic");
      client.connect(server.lastEndpoint as string);
      sockets.push(client);
    }
  }
  await connections(200);
  report(await watch(count));
  for (const socket of sockets) socket.close();
}

runRole({ idle_accept: idleAccept, idle_connect: idleConnect, idle_cpu: idleCpu });
