// SPDX-License-Identifier: MIT
/**
 * The socket types as classes, under npm `zeromq`'s names; each family has a file in `sockets/`. Each class takes its options
 * in the constructor and as properties. What they do is in `pattern/`, how they wait in `socket-works.ts`.
 */
import type { Pair } from "./sockets/pair.ts";
import type { Pull, Push } from "./sockets/pipeline.ts";
import type { Publisher, Subscriber, XPublisher, XSubscriber } from "./sockets/publish.ts";
import type { Dealer, Reply, Request, Router } from "./sockets/request.ts";
import type { Stream } from "./sockets/stream.ts";

export { Pair } from "./sockets/pair.ts";
export type { PipelineOptions } from "./sockets/pipeline.ts";
export { Pull, Push } from "./sockets/pipeline.ts";
export type { PublisherOptions, SubscriberOptions, XPublisherOptions, XSubscriberOptions } from "./sockets/publish.ts";
export { Publisher, Subscriber, XPublisher, XSubscriber } from "./sockets/publish.ts";
export type { DealerOptions, ReplyOptions, RequestOptions, RouterOptions } from "./sockets/request.ts";
export { Dealer, Reply, Request, Router } from "./sockets/request.ts";
export type { RouterConnectOptions, RoutingIdOptions } from "./sockets/routing.ts";
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
}
