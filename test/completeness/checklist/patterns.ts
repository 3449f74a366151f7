// SPDX-License-Identifier: MIT
/** libzmq's tests of socket types. How to write a line: `../standing.ts`. */
import { notHere, type Standings, works } from "../standing.ts";

const SINGLE = "conformance/libzmq-single-part.test.ts";
const GROUPS = "conformance/libzmq-groups.test.ts";
const TURNS = "conformance/libzmq-turns.test.ts";
const REQUESTS = "conformance/libzmq-requests.test.ts";
const ROUTER = "conformance/libzmq-router.test.ts";
const PUBSUB = "conformance/libzmq-pubsub.test.ts";
const MANUAL = "conformance/libzmq-manual.test.ts";
const HWM = "conformance/libzmq-hwm.test.ts";
const CONNECTIONS = "conformance/libzmq-connections.test.ts";
const WAIT = "conformance/libzmq-requests.test.ts: a REQ without peers waits";
const HEARD = `${TURNS}: peers that all have sent are heard in turn`;
const SERVED = `${TURNS}: peers are served in turn`;

/** By the names of their files. */
export const patterns: Standings = {
  test_pair_inproc: works("conformance/libzmq-inproc.test.ts: what is sent before as well as after arrives"),
  test_channel: works(`${SINGLE}: a CHANNEL talks to one peer`, `${SINGLE}: messages of several parts are refused`),
  test_client_server: works(
    `${SINGLE}: a SERVER tells its clients apart by numbers`,
    `${SINGLE}: messages of several parts are refused`,
  ),
  test_scatter_gather: works(
    `${SINGLE}: a CLIENT sends to its servers in turn, and SCATTER`,
    `${SINGLE}: messages of several parts are refused`,
  ),
  test_peer: works(`${SINGLE}: a PEER knows whom it has connected to at once`),
  test_peer_disconnect: works("unit/api/sockets/client-server.test.ts: SERVER ends a connection by its number"),
  test_radio_dish: works(
    `${GROUPS}: joining twice, leaving what was not joined`,
    `${GROUPS}: groups are compared whole`,
    "conformance/libzmq-udp.test.ts: RADIO and DISH over udp",
    "interop/udp-multicast.test.ts: a group reaches all who are bound to it",
    "interop/udp-multicast.test.ts: multicastLoop",
  ),
  test_dgram: works(
    "conformance/libzmq-udp.test.ts: over udp RADIO connects, and DISH and DGRAM are bound",
    "conformance/libzmq-udp.test.ts: DGRAM sends to an address, and answers",
  ),
  test_conflate: works(`${REQUESTS}: conflate: only the newest`),
  test_reqrep_inproc: works(`${TURNS}: requests and replies; disconnect and unbind`),
  test_reqrep_tcp: works(
    `${TURNS}: requests and replies; disconnect and unbind`,
    `${CONNECTIONS}: alternates between three others`,
    `${TURNS}: two requesters use the same source ports`,
  ),
  test_reqrep_ipc: works(
    `${TURNS}: requests and replies; disconnect and unbind`,
    `${REQUESTS}: a REP may answer a requester that has gone`,
  ),
  test_reqrep_device: works(`${REQUESTS}: a chain of REQ, ROUTER, DEALER and REP`),
  test_req_correlate: works(`${REQUESTS}: a correlated request begins with an id of four octets`),
  test_req_relaxed: works(
    `${REQUESTS}: a relaxed request may be sent again`,
    `${REQUESTS}: a relaxed request that was sent before anybody was there`,
    `${TURNS}: a REQ is writable when it may send`,
  ),
  test_invalid_rep: works(`${REQUESTS}: replies that are none are dropped`),
  test_spec_req: works(SERVED, `${TURNS}: a request is framed by an empty part`, WAIT),
  test_spec_rep: works(HEARD, `${REQUESTS}: an envelope of any depth`),
  test_spec_dealer: works(HEARD, SERVED, WAIT),
  test_spec_router: works(HEARD),
  test_spec_pushpull: works(HEARD, SERVED, WAIT, `${REQUESTS}: a message whose receiver goes away half way`),
  test_router_mandatory: works(
    `${ROUTER}: a message to nobody is dropped, and with mandatory`,
    "unit/pattern/router.test.ts: the state of a peer is told by its id",
  ),
  test_router_mandatory_hwm: works(`${ROUTER}: with mandatory a full peer makes the send wait`),
  test_router_handover: works(`${ROUTER}: with handover a second peer`, `${ROUTER}: without handover a second peer`),
  test_router_notify: works(
    `${ROUTER}: with routerNotify a ROUTER hears of peers`,
    `${ROUTER}: a peer that never finished its handshake is not told of`,
    `${ROUTER}: half of a message is not delivered`,
    "conformance/option-numbers.test.ts: every number takes and refuses the same whole numbers",
  ),
  test_probe_router: works(`${ROUTER}: with probeRouter tells a ROUTER`),
  test_connect_rid: works(
    `${ROUTER}: a connection that was named is addressed by that name`,
    "conformance/libzmq-streams.test.ts: connections of a STREAM that were named",
  ),
  test_issue_566: works(`${ROUTER}: a hundred dealers in turn`),
  test_sub_forward: works(`${PUBSUB}: a forwarder of XSUB and XPUB`),
  test_disconnect_inproc: works("conformance/libzmq-inproc.test.ts: a subscriber that disconnects"),
  test_hwm: works(
    `${HWM}: inproc: the marks of both sides add up`,
    `${HWM}: to send and `,
    `${HWM}: inproc: a connecter whose peer has not bound yet`,
  ),
  test_hwm_pubsub: works(
    `${HWM}: as many messages as an XPUB's mark`,
    `${HWM}: an XPUB that drops nothing says when it is full`,
    `${HWM}: marks count what has not been received`,
  ),
  test_immediate: works(
    `${CONNECTIONS}: without immediate, half of the messages wait`,
    `${CONNECTIONS}: with immediate, all messages go to the peer that is there`,
    `${CONNECTIONS}: with immediate, a send without a connection waits`,
  ),
  test_pub_invert_matching: works(`${PUBSUB}: invertMatching sends to those who did not subscribe`),
  test_pubsub: notHere("there is no implementation of NORM in JavaScript"),
  test_pubsub_topics_count: works("conformance/libzmq-options.test.ts: test_pubsub_topics_count: prefixes are counted"),
  test_xpub_manual: works(
    `${MANUAL}: manual: what was subscribed to is what the application says`,
    `${MANUAL}: manual: subscribers that go are told of`,
    `${MANUAL}: manual: a proxy that confirms each subscription`,
    `${MANUAL}: manual: subscribers that leave a proxy`,
    `${MANUAL}: manual: messages of a subscriber that are no subscriptions`,
    `${MANUAL}: onlyFirstSubscribe`,
  ),
  test_xpub_manual_last_value: works(`${MANUAL}: manualLastValue`),
  test_xpub_nodrop: works(`${PUBSUB}: noDrop: nothing is lost`),
  test_xpub_topic: works(`${PUBSUB}: topics of 245 octets and around it`),
  test_xpub_verbose: works(`${PUBSUB}: a topic is told of once`, `${PUBSUB}: verbosity allSubs tells`),
  test_xpub_welcome_msg: works(`${PUBSUB}: a welcome message reaches those`),
  test_xsub_verbose: works(`${PUBSUB}: an XSUB passes a cancel on`),
  test_hello_msg: works(
    `${ROUTER}: hello: a message that each new peer gets`,
    `${SINGLE}: gets the hello message first`,
  ),
  test_disconnect_msg: works(
    `${SINGLE}: a SERVER receives the disconnect message`,
    `${ROUTER}: disconnect: a message that a ROUTER receives`,
  ),
  test_hiccup_msg: works(
    `${SINGLE}: a CLIENT receives the hiccup message`,
    `${ROUTER}: hiccup: a message that a DEALER receives`,
  ),
};
