// SPDX-License-Identifier: MIT
/** Peers, statistics and subscribers, as a user writes them. */
import * as zmq from "zeromq-ts";

export async function whoSent(router: zmq.Router): Promise<zmq.MessagePeer | undefined> {
  router.messageDetails = true;
  const message = await router.receive();
  const details = message as Buffer[] & zmq.MessageDetails;
  console.log(details.peer?.address, details.metadata.get("User-Id"), zmq.metadataOf(message).size);
  const state: zmq.PeerState = router.peerState(message[0] ?? "nobody");
  if (state.readable && !state.writable) router.disconnectPeer("somebody");
  return zmq.peerOf(message);
}

export function counted(socket: zmq.Socket): number {
  const statistics: zmq.SocketStatistics = socket.statistics();
  const { full, unroutable, conflated, lost }: zmq.DroppedMessages = statistics.dropped;
  const waiting: zmq.Backlog = statistics.outgoing;
  for (const peer of socket.peers()) {
    const { routingId, roundTripTime = 0, isConnected }: zmq.PeerStatistics = peer;
    console.log(routingId.length, roundTripTime.toFixed(1), isConnected, peer.metadata.get("X-Name"));
  }
  socket.events.on("drop", ({ peer, address }) => console.log(peer?.socketType, address));
  socket.events.on("drop:end", ({ count }) => console.log(count.toFixed()));
  socket.events.on("pipes:stats", ({ outgoing, incoming }) => console.log(outgoing + incoming));
  socket.events.pipesStats();
  console.log(zmq.toOpenMetrics(statistics, { socket: "x" }).length);
  return full + unroutable + conflated + lost + waiting.messages + waiting.octets;
}

export async function joined(publisher: zmq.Publisher | zmq.XPublisher | zmq.Radio): Promise<number> {
  const list: zmq.SubscribedTopic[] = publisher.subscriptions();
  const options: zmq.SubscriberWaitOptions = { topic: "a", count: 2, timeout: 100, signal: AbortSignal.timeout(50) };
  return list.length + (await publisher.waitForSubscribers(options)) + (await publisher.waitForSubscribers());
}
