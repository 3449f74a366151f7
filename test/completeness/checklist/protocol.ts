// SPDX-License-Identifier: MIT
/** libzmq's tests of the protocol, security, events, proxies, hostile input and its inner parts. How to write a line: `../standing.ts`. */
import { notHere, partly, type Standings, works } from "../standing.ts";

const BARE = "conformance/libzmq-protocol.test.ts";
const EVENTS = "conformance/libzmq-events.test.ts";
const PROXIES = "conformance/libzmq-proxies.test.ts";
const SECURITY = "conformance/libzmq-security.test.ts";
const ZAP = "conformance/libzmq-zap.test.ts";
const CURVE = "conformance/libzmq-curve.test.ts";
const WEBSOCKET = works(
  "interop/ws.test.ts: what is not WebSocket after the upgrade",
  "property/wire.test.ts: ${framing.name}: the decoder equals its twin on any octets",
);

/** By the names of their files. */
export const protocol: Standings = {
  test_heartbeats: works(
    `${BARE}: a PING is answered with its context`,
    `${BARE}: a peer that answers no PING`,
    `${BARE}: a peer that announced a time to live`,
    `${BARE}: peers with heartbeats that answer each other`,
    "interop/curve.test.ts: CURVE with the",
    "unit/socket/options.test.ts: a heartbeat's time to live is rounded down",
  ),
  test_mock_pub_sub: works(`${BARE}: a publisher of ZMTP 3.`, `${BARE}: a subscriber of ZMTP 3.`),
  test_app_meta: works(
    "conformance/libzmq-options.test.ts: test_app_meta: what is no X- name",
    "conformance/libzmq-options.test.ts: test_app_meta: properties reach the peer",
    "interop/app-metadata.test.ts: test_app_meta",
  ),
  test_metadata: works(
    "unit/api/details.test.ts: a message is a plain array, and says who sent it",
    "unit/api/details.test.ts: types that receive tell who sent a message",
  ),
  test_monitor: works(
    `${EVENTS}: connecting over tcp`,
    `${EVENTS}: connecting over ipc`,
    `${EVENTS}: libzmq's second version of events`,
    "unit/api/peers.test.ts: what is sent and received is counted",
  ),
  test_proxy: works(
    `${PROXIES}: three clients and five workers through a proxy`,
    "conformance/context-end.test.ts: loops over messages and events end, and so does a proxy",
  ),
  test_proxy_single_socket: works(`${PROXIES}: one REP as both sides of a proxy`),
  test_proxy_terminate: works(`${PROXIES}: a proxy whose back-end has no peer`),
  test_proxy_steerable: works(
    `${PROXIES}: a proxy that is paused passes nothing`,
    "unit/api/proxy.test.ts: statistics: nothing before",
    "unit/api/proxy-control.test.ts: PAUSE, RESUME, STATISTICS, TERMINATE",
  ),
  test_proxy_hwm: works(`${PROXIES}: what a proxy holds is bounded by the marks`),
  test_bind_fuzzer: works(`${BARE}: arbitrary texts as endpoints`),
  test_connect_fuzzer: works(`${BARE}: arbitrary texts as endpoints`),
  test_bind_null_fuzzer: works(
    `${BARE}: whatever a bare peer sends, a good one beside it is served`,
    "interop/hostile.test.ts: a bound ROUTER with a good libzmq peer",
  ),
  test_bind_curve_fuzzer: works(
    `${CURVE}: HELLO with`,
    "property/curve.test.ts: a handshake of which one bit of one command was turned",
  ),
  test_bind_stream_fuzzer: works("conformance/libzmq-streams.test.ts: whatever bare peers send to a bound STREAM"),
  test_bind_ws_fuzzer: WEBSOCKET,
  test_connect_null_fuzzer: works(`${BARE}: a bare listener that says anything`),
  test_connect_curve_fuzzer: works(
    "unit/security/curve-client.test.ts: a WELCOME of another server",
    "property/curve.test.ts: a handshake of which one bit of one command was turned",
  ),
  test_connect_stream_fuzzer: works("conformance/libzmq-streams.test.ts: a connecting STREAM takes whatever"),
  test_connect_ws_fuzzer: WEBSOCKET,
  test_z85_decode_fuzzer: works("unit/base/z85.test.ts: any text is decoded or refused"),
  test_security_null: works(
    `${SECURITY}: NULL without a domain asks nobody`,
    `${SECURITY}: NULL with a domain asks`,
    `${SECURITY}: a peer of a version without authentication is not heard`,
  ),
  test_security_plain: works(
    `${SECURITY}: PLAIN: the right name and password come in`,
    `${SECURITY}: is not let in, and nothing of it is heard`,
    `${SECURITY}: a peer of a version without authentication is not heard`,
  ),
  test_security_curve: works(
    `${CURVE}: CURVE: who has the server's key and a key that is known comes in`,
    `${CURVE}: CURVE: a key that nobody knows is refused with 400, once`,
    `${CURVE}: is a mismatch, and nobody is asked`,
    `${CURVE}: INITIATE with`,
    `${CURVE}: is nothing but zeros stays out`,
    `${CURVE}: a server with the largest routing id`,
  ),
  test_security_zap: works(
    `${ZAP}: the authenticator says`,
    `${ZAP}: , and nobody is let in`,
    `${ZAP}: no authenticator where the domain is enforced: EFAULT`,
    `${ZAP}: EPIPE when the client goes`,
    "conformance/mechanism.test.ts: and one that goes away fails who waits for it",
  ),
  test_security_no_zap_handler: works(`${SECURITY}: a domain without an authenticator`),
  test_security_gssapi: partly(
    "kerberos 7.0.0 has no gss_wrap and gss_unwrap of whole frames, so it does not encrypt",
    "interop/gssapi.test.ts: our client talks to libzmq's server",
    "interop/gssapi.test.ts: a client whom the ZAP handler refuses",
    "unit/security/gssapi.test.ts: a server: likewise",
  ),
  unittest_curve_encoding: works(
    "property/curve.test.ts: armour seals and opens as its plain twin does",
    "unit/runtime/sodium-wasm.test.ts: messages of any length",
  ),
  unittest_ip_resolver: works(
    "unit/transport/tcp-address.test.ts: is good",
    "unit/transport/tcp-address.test.ts: is EINVAL",
    "unit/transport/tcp-address.test.ts: interfaces give their address",
  ),
  unittest_udp_address: works(
    "unit/transport/udp-address.test.ts: is EINVAL",
    "unit/transport/udp-address.test.ts: an interface is told by its address or its name",
  ),
  unittest_mtrie: works(
    "unit/pattern/subscriptions.test.ts: each pipe is found once",
    "unit/pattern/subscriptions.test.ts: a pipe that leaves takes its topics with it",
    "property/pattern-subscriptions.test.ts: subscriptions behave as a plain list",
  ),
  unittest_radix_tree: works(
    "unit/pattern/prefix-tree.test.ts: all prefixes of a topic are found",
    "unit/pattern/subscriptions.test.ts: own subscriptions are counted",
    "property/pattern-subscriptions.test.ts: own subscriptions behave as a plain bag",
  ),
  unittest_ypipe: notHere("it is about memory that threads share"),
  unittest_poller: notHere("it is about descriptors and threads within libzmq"),
};
