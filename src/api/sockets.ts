// SPDX-License-Identifier: MIT
/**
 * The socket types as classes, under npm `zeromq`'s names; each family has a file in `sockets/`. Each class takes its options
 * in the constructor and as properties. What they do is in `pattern/`, how they wait in `socket-works.ts`.
 */
import type { Channel } from "./sockets/channel.ts";
import type { Client, Peer, Server } from "./sockets/client-server.ts";
import type { Datagram } from "./sockets/datagram.ts";
import type { Pair } from "./sockets/pair.ts";
import type { Pull, Push } from "./sockets/pipeline.ts";
import type { Publisher, Subscriber, XPublisher, XSubscriber } from "./sockets/publish.ts";
import type { Dish, Radio } from "./sockets/radio-dish.ts";
import type { Dealer, Reply, Request, Router } from "./sockets/request.ts";
import type { Gather, Scatter } from "./sockets/scatter-gather.ts";
import type { Stream } from "./sockets/stream.ts";

export type { Addressed, AddressedWritable } from "./sockets/addressed.ts";
export { Channel } from "./sockets/channel.ts";
export type {
  ClientOptions,
  PeerOptions,
  ServerMessage,
  ServerOptions,
  ServerRouting,
} from "./sockets/client-server.ts";
export { Client, Peer, Server } from "./sockets/client-server.ts";
export { Datagram } from "./sockets/datagram.ts";
export { Pair } from "./sockets/pair.ts";
export type { PipelineOptions } from "./sockets/pipeline.ts";
export { Pull, Push } from "./sockets/pipeline.ts";
export type { PublisherOptions, SubscriberOptions, XPublisherOptions, XSubscriberOptions } from "./sockets/publish.ts";
export { Publisher, Subscriber, XPublisher, XSubscriber } from "./sockets/publish.ts";
export type { DishGroup, DishMessage, RadioGroup, RadioOptions } from "./sockets/radio-dish.ts";
export { Dish, Radio } from "./sockets/radio-dish.ts";
export type { DealerOptions, ReplyOptions, RequestOptions, RouterOptions } from "./sockets/request.ts";
export { Dealer, Reply, Request, Router } from "./sockets/request.ts";
export type { RouterConnectOptions, RoutingIdOptions } from "./sockets/routing.ts";
export { Gather, Scatter } from "./sockets/scatter-gather.ts";
export type { StreamOptions } from "./sockets/stream.ts";
export { Stream } from "./sockets/stream.ts";

/** The classes, by the names of their types. */
export interface SocketClasses {
  readonly pair: new (...options: ConstructorParameters<typeof Pair>) => Pair;
  readonly pub: new (...options: ConstructorParameters<typeof Publisher>) => Publisher;
  readonly sub: new (...options: ConstructorParameters<typeof Subscriber>) => Subscriber;
  readonly req: new (...options: ConstructorParameters<typeof Request>) => Request;
  readonly rep: new (...options: ConstructorParameters<typeof Reply>) => Reply;
  readonly dealer: new (...options: ConstructorParameters<typeof Dealer>) => Dealer;
  readonly router: new (...options: ConstructorParameters<typeof Router>) => Router;
  readonly pull: new (...options: ConstructorParameters<typeof Pull>) => Pull;
  readonly push: new (...options: ConstructorParameters<typeof Push>) => Push;
  readonly xpub: new (...options: ConstructorParameters<typeof XPublisher>) => XPublisher;
  readonly xsub: new (...options: ConstructorParameters<typeof XSubscriber>) => XSubscriber;
  readonly stream: new (...options: ConstructorParameters<typeof Stream>) => Stream;
  readonly server: new (...options: ConstructorParameters<typeof Server>) => Server;
  readonly client: new (...options: ConstructorParameters<typeof Client>) => Client;
  readonly radio: new (...options: ConstructorParameters<typeof Radio>) => Radio;
  readonly dish: new (...options: ConstructorParameters<typeof Dish>) => Dish;
  readonly gather: new (...options: ConstructorParameters<typeof Gather>) => Gather;
  readonly scatter: new (...options: ConstructorParameters<typeof Scatter>) => Scatter;
  readonly dgram: new (...options: ConstructorParameters<typeof Datagram>) => Datagram;
  readonly peer: new (...options: ConstructorParameters<typeof Peer>) => Peer;
  readonly channel: new (...options: ConstructorParameters<typeof Channel>) => Channel;
  // Names of libzmq 2.
  readonly xreq: new (
    ...options: ConstructorParameters<typeof Dealer>
  ) => Dealer;
  readonly xrep: new (...options: ConstructorParameters<typeof Router>) => Router;
  readonly upstream: new (...options: ConstructorParameters<typeof Pull>) => Pull;
  readonly downstream: new (...options: ConstructorParameters<typeof Push>) => Push;
}
