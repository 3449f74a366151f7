// SPDX-License-Identifier: MIT
/** libzmq's tests of transports, of addresses and of connecting again. How to write a line: `../standing.ts`. */
import { notHere, partly, type Standings, works } from "../standing.ts";

const TURNS = "conformance/libzmq-turns.test.ts";
const CONNECTIONS = "conformance/libzmq-connections.test.ts";
const EVENTS = "conformance/libzmq-events.test.ts";
const INPROC = "conformance/libzmq-inproc.test.ts";
const OPTIONS = "conformance/libzmq-options.test.ts";
const STREAMS = "conformance/libzmq-streams.test.ts";
const BARE = "conformance/libzmq-protocol.test.ts";
const TIPC = notHere("no JavaScript runtime has sockets of TIPC");
const VMCI = notHere("VMware's library cannot be called");
const VSOCK = notHere("no JavaScript runtime has sockets of vsock");

/** By the names of their files. */
export const transports: Standings = {
  test_pair_tcp: works(`${TURNS}: tcp by the name localhost`, `${CONNECTIONS}: can be connected, disconnected`),
  test_bind_after_connect_tcp: works(`${CONNECTIONS}: what is sent before the other side binds`),
  test_bind_src_address: works(`${CONNECTIONS}: connect takes a source`),
  test_connect_resolve: works(`${CONNECTIONS}: connect takes names and addresses`),
  test_last_endpoint: works(`${CONNECTIONS}: lastEndpoint is each endpoint`),
  test_term_endpoint: works(
    `${CONNECTIONS}: after unbind, and after disconnect`,
    `${CONNECTIONS}: can be connected, disconnected and unbound, the wildcard cannot`,
  ),
  test_unbind_wildcard: works(`${CONNECTIONS}: can be connected, disconnected and unbound, the wildcard cannot`),
  test_reconnect_ivl: works(`${CONNECTIONS}: with a reconnectInterval of −1`),
  test_reconnect_options: works(
    `${EVENTS}: the server goes and comes back`,
    `${EVENTS}: reconnectStop 1: refused once`,
    `${EVENTS}: reconnectStop 2: a handshake that failed`,
  ),
  test_inproc_connect: works(
    `${INPROC}: ten connecters that came first`,
    `${INPROC}: routing ids are exchanged`,
    `${INPROC}: a subscriber that connected first`,
    `${INPROC}: a name can be bound once, and again after unbind`,
    "conformance/context-end.test.ts: a connect within the process whose name was never bound",
  ),
  test_pair_ipc: works(
    `${CONNECTIONS}: can be connected, disconnected and unbound`,
    `${CONNECTIONS}: an ipc path of 108 octets is too long`,
  ),
  test_ipc_wildcard: works(`${CONNECTIONS}: can be connected, disconnected and unbound`),
  test_rebind_ipc: works(`${CONNECTIONS}: an ipc path that another socket binds`),
  test_abstract_ipc: works(`${CONNECTIONS}: an abstract ipc name keeps its @`),
  test_filter_ipc: notHere("no JavaScript runtime says which process is at the other end of an ipc connection"),
  test_tcp_accept_filter: works(
    `${OPTIONS}: test_tcp_accept_filter: what is no address`,
    `${OPTIONS}: test_tcp_accept_filter: a peer comes in with`,
    `${OPTIONS}: test_tcp_accept_filter: a peer from elsewhere`,
  ),
  test_use_fd: works(`${OPTIONS}: test_use_fd: a bind over tcp`, `${OPTIONS}: test_use_fd: a bind over ipc`),
  test_diffserv: partly(
    "runtimes before Node.js 26 have no call for it, and refuse it",
    "unit/transport/net-features.test.ts: the type of service is one octet",
  ),
  test_busy_poll: partly(
    "nothing but its default is taken: no runtime has a call for it",
    "unit/socket/options.test.ts: what a runtime cannot honour takes its default",
  ),
  test_pair_tcp_cap_net_admin: notHere("no runtime binds a socket to a device"),
  test_socks: works(
    "interop/socks.test.ts: libzmq through a proxy to ours, and ours to libzmq",
    "unit/transport/socks.test.ts: through a SOCKS proxy",
    "unit/transport/socks.test.ts: is tried again",
  ),
  test_stream: works(
    `${STREAMS}: STREAM shows a DEALER's octets as they are`,
    `${STREAMS}: two STREAMs in a dialogue`,
    "unit/api/details.test.ts: a message is a plain array, and says who sent it",
  ),
  test_stream_disconnect: works(`${STREAMS}: two STREAMs in a dialogue`),
  test_stream_empty: works(`${STREAMS}: a DEALER whose connection a STREAM closes`),
  test_stream_exceeds_buffer: works(
    `${STREAMS}: 8193 octets from a bare peer`,
    `${OPTIONS}: test_stream_exceeds_buffer`,
  ),
  test_stream_timeout: works(`${BARE}: a peer that never shakes hands`),
  test_ws_transport: works(
    "interop/ws.test.ts: CURVE over ws with libzmq, in both roles",
    "conformance/transport.ts: a bound endpoint is shown",
  ),
  test_wss_transport: works("conformance/transport.ts: a bound endpoint is shown"),
  test_address_tipc: TIPC,
  test_pair_tipc: TIPC,
  test_reqrep_tipc: TIPC,
  test_reqrep_device_tipc: TIPC,
  test_sub_forward_tipc: TIPC,
  test_connect_delay_tipc: TIPC,
  test_router_mandatory_tipc: TIPC,
  test_shutdown_stress_tipc: TIPC,
  test_term_endpoint_tipc: TIPC,
  test_pair_vmci: VMCI,
  test_reqrep_vmci: VMCI,
  test_pair_vsock: VSOCK,
  test_reqrep_vsock: VSOCK,
};
