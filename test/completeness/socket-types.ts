// SPDX-License-Identifier: MIT
/** All socket types of libzmq, and where they stand. How to write a line: `standing.ts`. */
import { type Standings, works } from "./standing.ts";

/** By libzmq's name. */
export const socketTypes: Standings = {
  PAIR: works(
    "unit/api/sockets/pair.test.ts: PAIR sends and receives",
    "unit/api/socket.test.ts: a connection of PAIR beyond the first",
  ),
  PUB: works("unit/api/sockets/publish.test.ts: PUB and SUB"),
  SUB: works("unit/api/sockets/publish.test.ts: PUB and SUB"),
  REQ: works(
    "unit/api/sockets/request.test.ts: REQ asks and REP answers",
    "conformance/libzmq-requests.test.ts: a REQ without peers waits",
  ),
  REP: works(
    "unit/api/sockets/request.test.ts: REQ asks and REP answers",
    "conformance/libzmq-requests.test.ts: an envelope of any depth",
  ),
  DEALER: works(
    "unit/api/sockets/request.test.ts: DEALER and ROUTER likewise",
    "conformance/libzmq-requests.test.ts: a chain of REQ, ROUTER, DEALER",
  ),
  ROUTER: works(
    "unit/api/sockets/request.test.ts: DEALER and ROUTER likewise",
    "conformance/libzmq-router.test.ts: a hundred dealers",
  ),
  PULL: works("unit/api/sockets/pipeline.test.ts: PUSH sends and PULL receives"),
  PUSH: works(
    "unit/api/sockets/pipeline.test.ts: PUSH sends and PULL receives",
    "conformance/libzmq-requests.test.ts: messages go round the receivers",
  ),
  XPUB: works(
    "unit/api/sockets/publish.test.ts: XPUB hears of subscriptions",
    "conformance/libzmq-pubsub.test.ts: a topic is told of once",
  ),
  XSUB: works(
    "unit/api/sockets/publish.test.ts: XSUB makes them",
    "conformance/libzmq-pubsub.test.ts: a forwarder of XSUB and XPUB",
  ),
  STREAM: works(
    "unit/api/sockets/stream.test.ts: STREAM tells of peers",
    "conformance/libzmq-streams.test.ts: two STREAMs in a dialogue",
  ),
  SERVER: works(
    "unit/api/sockets/client-server.test.ts: CLIENT asks and SERVER answers",
    "conformance/libzmq-single-part.test.ts: a SERVER refuses the number 0",
  ),
  CLIENT: works(
    "unit/api/sockets/client-server.test.ts: CLIENT asks and SERVER answers",
    "conformance/libzmq-single-part.test.ts: a CLIENT sends to its servers in turn",
  ),
  RADIO: works(
    "unit/api/sockets/radio-dish.test.ts: a DISH may bind and a RADIO connect",
    "unit/api/sockets/radio-dish.test.ts: groups in batches",
  ),
  DISH: works(
    "unit/api/sockets/radio-dish.test.ts: join and leave take several groups",
    "unit/api/sockets/radio-dish.test.ts: groups in batches",
  ),
  GATHER: works("unit/api/sockets/scatter-gather.test.ts: SCATTER sends and GATHER receives"),
  SCATTER: works(
    "unit/api/sockets/scatter-gather.test.ts: SCATTER sends and GATHER receives",
    "conformance/libzmq-single-part.test.ts: and SCATTER to its GATHERs",
  ),
  DGRAM: works(
    "conformance/libzmq-udp.test.ts: DGRAM sends to an address, and answers",
    "conformance/libzmq-udp.test.ts: our DGRAM and libzmq's, both ways",
  ),
  PEER: works(
    "unit/api/sockets/client-server.test.ts: PEER may connect to itself",
    "conformance/libzmq-single-part.test.ts: a PEER knows whom it has connected to at once",
  ),
  CHANNEL: works(
    "unit/api/sockets/channel.test.ts: CHANNEL sends and receives one part",
    "conformance/libzmq-single-part.test.ts: a CHANNEL talks to one peer",
  ),
};
