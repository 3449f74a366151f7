// SPDX-License-Identifier: MIT
/** All functions of libzmq's zmq.h, what npm `zeromq` exports, and where they stand. How to write a line: `standing.ts`. */
import { as, notHere, type Standings, works } from "./standing.ts";

const CONTEXT_END = "conformance/context-end.test.ts";
const METADATA = "conformance/message-metadata.test.ts";
const TRANSPORT = "conformance/transport.ts";
const SOCKET = "unit/api/socket.test.ts";
const WORKS = "unit/api/socket-works.test.ts";
const OPTION_NUMBERS = "conformance/option-numbers.test.ts";
const C_HELPER = "a helper for programs in C; the language has its own";
const MEMORY = "messages are arrays of Buffers, whose memory the runtime looks after";
const DESCRIPTORS = "a runtime's own streams and servers are awaited beside sockets, without a common poll";

/** libzmq's functions. */
export const functions: Standings = {
  zmq_ctx_new: as("new Context()", "unit/api/context.test.ts: the global context serves sockets"),
  zmq_ctx_term: as("context.terminate()", `${CONTEXT_END}: everything that waits fails with ETERM`),
  zmq_ctx_shutdown: as("context.shutdown()", `${CONTEXT_END}: shutdown leaves the sockets to be closed`),
  zmq_ctx_set: as("properties of Context", "unit/api/context.test.ts: options of the context are checked"),
  zmq_ctx_get: as("properties of Context", "unit/api/context.test.ts: options of the context are checked"),
  zmq_ctx_set_ext: as("properties of Context", "unit/api/context-settings.test.ts: kept and shown"),
  zmq_ctx_get_ext: as("properties of Context", "unit/api/context-settings.test.ts: kept and shown"),
  zmq_init: as("new Context({ ioThreads })", "conformance/libzmq-options.test.ts: ioThreads and affinity"),
  zmq_term: as("context.terminate()", `${CONTEXT_END}: everything that waits fails with ETERM`),
  zmq_ctx_destroy: as("context.terminate()", `${CONTEXT_END}: everything that waits fails with ETERM`),
  zmq_socket: as("new Push(), context.socket()", "unit/api/context.test.ts: sockets are made by the names"),
  zmq_close: as("socket.close()", `${SOCKET}: close resolves when everything has left`),
  zmq_setsockopt: as(
    "properties of sockets; setInt32Option() and its kin",
    `${OPTION_NUMBERS}: takes and refuses the same whole numbers`,
  ),
  zmq_getsockopt: as(
    "properties of sockets; getInt32Option() and its kin",
    `${OPTION_NUMBERS}: takes and refuses the same whole numbers`,
  ),
  zmq_bind: as(
    "socket.bind(), bindSync()",
    `${TRANSPORT}: a bound endpoint is shown`,
    "conformance/bind-sync.test.ts: the endpoint is there",
  ),
  zmq_unbind: as("socket.unbind(), unbindSync()", "unit/socket/endpoints.test.ts: unbind ends the connections"),
  zmq_connect: as(
    "socket.connect()",
    `${TRANSPORT}: connect may come before bind`,
    "unit/api/resolve-all.test.ts: all addresses are connected",
  ),
  zmq_disconnect: as("socket.disconnect()", "unit/socket/endpoints.test.ts: disconnect ends one endpoint"),
  zmq_connect_peer: as(
    "peer.connectPeer()",
    "unit/api/sockets/client-server.test.ts: connectPeer fails as connect does",
    "conformance/libzmq-single-part.test.ts: a PEER knows whom it has connected to at once",
  ),
  zmq_disconnect_peer: as(
    "server.disconnectPeer()",
    "unit/api/sockets/client-server.test.ts: SERVER ends a connection by its number",
  ),
  zmq_join: as("dish.join()", "unit/api/sockets/radio-dish.test.ts: join and leave take several groups"),
  zmq_leave: as("dish.leave()", "unit/api/sockets/radio-dish.test.ts: join and leave take several groups"),
  zmq_socket_get_peer_state: as("router.peerState()", "unit/api/sockets/routing.test.ts: peerState: whether a peer"),
  zmq_send: as("socket.send(), trySend(), sendBatch()", `${WORKS}: sends that wait go out in call order`),
  zmq_send_const: as("socket.send()", "unit/api/writable.test.ts: small buffers may be used again at once"),
  zmq_recv: as(
    "socket.receive(), tryReceive(), receiveBatch()",
    `${WORKS}: receives that wait are served in call order`,
  ),
  zmq_msg_send: as("socket.send()", "unit/api/writable.test.ts: messages keep their parts"),
  zmq_msg_recv: as("socket.receive()", `${TRANSPORT}: messages of all sizes and many parts`),
  zmq_sendmsg: as("socket.send()", "unit/api/writable.test.ts: messages keep their parts"),
  zmq_recvmsg: as("socket.receive()", `${TRANSPORT}: messages of all sizes and many parts`),
  zmq_sendiov: as("socket.send([…])", "unit/api/writable.test.ts: messages keep their parts"),
  zmq_recviov: as("socket.receive()", `${TRANSPORT}: messages of all sizes and many parts`),
  zmq_msg_init: notHere(MEMORY),
  zmq_msg_init_size: notHere(MEMORY),
  zmq_msg_init_buffer: notHere(MEMORY),
  zmq_msg_init_data: notHere(MEMORY),
  zmq_msg_close: notHere(MEMORY),
  zmq_msg_move: notHere(MEMORY),
  zmq_msg_copy: notHere(MEMORY),
  zmq_msg_data: notHere(MEMORY),
  zmq_msg_size: notHere(MEMORY),
  zmq_msg_more: as("message.length", `${TRANSPORT}: messages of all sizes and many parts`),
  zmq_msg_get: as("message.length", `${TRANSPORT}: messages of all sizes and many parts`),
  zmq_msg_set: notHere("libzmq has no property that can be set"),
  zmq_msg_gets: as("metadataOf(message)", `${METADATA}: on each message`),
  zmq_msg_routing_id: as(
    "[part, { routingId }]",
    "unit/api/sockets/client-server.test.ts: all ways of receiving give the part and the number",
  ),
  zmq_msg_set_routing_id: as(
    "server.send(part, { routingId })",
    "unit/api/sockets/client-server.test.ts: CLIENT asks and SERVER answers",
  ),
  zmq_msg_group: as("[part, { group }]", "unit/api/sockets/radio-dish.test.ts: groups in batches go there and back"),
  zmq_msg_set_group: as(
    "radio.send(part, { group })",
    "unit/api/sockets/radio-dish.test.ts: groups in batches go there and back",
  ),
  zmq_poll: as("whenReadable(), whenWritable(), Promise.race()", `${WORKS}: whenReadable and whenWritable resolve`),
  zmq_ppoll: notHere("signals of the process are events of the runtime"),
  zmq_poller_new: as("new Poller()", "unit/api/poller.test.ts: waits for a message, and says whose it is"),
  zmq_poller_destroy: notHere("nothing has to be freed"),
  zmq_poller_size: as("poller.size", "unit/api/poller.test.ts: waits for a message, and says whose it is"),
  zmq_poller_add: as("poller.add()", "unit/api/poller.test.ts: waits for room to send"),
  zmq_poller_modify: as("poller.modify()", "unit/api/poller.test.ts: both at once, and only what was asked for"),
  zmq_poller_remove: as(
    "poller.remove()",
    "unit/api/poller.test.ts: what is added, changed or taken away while it waits",
  ),
  zmq_poller_wait: as("poller.wait()", "unit/api/poller.test.ts: timeout and signal give up"),
  zmq_poller_wait_all: as("poller.waitAll()", "unit/api/poller.test.ts: nobody is favoured"),
  zmq_poller_fd: notHere(DESCRIPTORS),
  zmq_poller_add_fd: notHere(DESCRIPTORS),
  zmq_poller_modify_fd: notHere(DESCRIPTORS),
  zmq_poller_remove_fd: notHere(DESCRIPTORS),
  zmq_proxy: as(
    "new Proxy().run()",
    "unit/api/proxy.test.ts: one socket for both",
    "interop/proxy.test.ts: libzmq's peers talk through a proxy",
  ),
  zmq_proxy_steerable: as(
    "proxy.pause(), resume(), terminate(), statistics(); { control }",
    "unit/api/proxy.test.ts: statistics: nothing before",
    "unit/api/proxy.test.ts: while paused, messages wait",
    "unit/api/proxy-control.test.ts: only STATISTICS is answered",
  ),
  zmq_device: as("new Proxy().run()", "unit/api/proxy.test.ts: one socket for both"),
  zmq_timers_new: as("new Timers()", "unit/api/timers.test.ts: nothing to wait for"),
  zmq_timers_destroy: notHere("nothing has to be freed"),
  zmq_timers_add: as("timers.add()", "unit/api/timers.test.ts: a timer is due after its interval"),
  zmq_timers_cancel: as("timers.cancel()", "unit/api/timers.test.ts: reset begins anew, setInterval too"),
  zmq_timers_set_interval: as("timers.setInterval()", "unit/api/timers.test.ts: reset begins anew, setInterval too"),
  zmq_timers_reset: as("timers.reset()", "unit/api/timers.test.ts: reset begins anew, setInterval too"),
  zmq_timers_timeout: as("timers.timeout()", "unit/api/timers.test.ts: several are called in the order"),
  zmq_timers_execute: as(
    "timers.execute(), timers.run()",
    "unit/api/timers.test.ts: several are called in the order",
    "unit/api/timers.test.ts: run: on the clock",
  ),
  zmq_curve_keypair: works("unit/api/curve-keys.test.ts: each pair is new, in Z85, and belongs together"),
  zmq_curve_public: works("unit/api/curve-keys.test.ts: a secret key's public key is libzmq's"),
  zmq_z85_encode: as("z85.encode()", "unit/base/z85.test.ts: what was encoded is decoded"),
  zmq_z85_decode: as("z85.decode()", "unit/base/z85.test.ts: any text is decoded or refused"),
  zmq_socket_monitor: as("socket.events", "conformance/libzmq-events.test.ts: events compare equal to plain objects"),
  zmq_socket_monitor_versioned: as(
    "socket.events",
    "conformance/libzmq-events.test.ts: libzmq's second version of events",
  ),
  zmq_socket_monitor_pipes_stats: as("socket.events.pipesStats()", "unit/api/peers.test.ts: pipesStats: an event"),
  zmq_version: as("version", "unit/api/about.test.ts: version is libzmq's"),
  zmq_has: as("has(), capability", "unit/api/about.test.ts: has: libzmq's names in any case"),
  zmq_errno: as("error.errno, error.code", "unit/base/errors.test.ts: ZeroMQ's own numbers are those of zmq.h"),
  zmq_strerror: as("strerror()", "unit/api/about.test.ts: strerror: by number and by code"),
  zmq_atomic_counter: notHere(C_HELPER),
  zmq_stopwatch: notHere(C_HELPER),
  zmq_sleep: notHere(C_HELPER),
  zmq_threadstart: notHere(C_HELPER),
  zmq_threadclose: notHere(C_HELPER),
};

/** What npm `zeromq` exports, besides the classes of socket types. */
export const exportsOfZeromqJs: Standings = {
  version: works("unit/api/about.test.ts: version is libzmq's"),
  capability: works("unit/api/about.test.ts: a transport that capability promises"),
  curveKeyPair: works("unit/api/curve-keys.test.ts: each pair is new, in Z85, and belongs together"),
  context: works("unit/api/context.test.ts: the global context serves sockets"),
  Context: works("unit/api/context.test.ts: options of the context are checked"),
  Socket: works("unit/api/context.test.ts: sockets are made by the names"),
  Observer: works("conformance/libzmq-events.test.ts: events compare equal to plain objects"),
  Proxy: works("unit/api/proxy.test.ts: one socket for both"),
  "zeromq/draft": works("unit/draft.test.ts: the entry has the classes of npm zeromq's"),
  "zeromq/v5-compat": works("drop-in/programs.test.ts: programs for npm zeromq run unchanged"),
};

/** What is known of a received message. */
export const messageProperties: Standings = {
  MORE: as("message.length", `${TRANSPORT}: messages of all sizes and many parts`),
  SRCFD: notHere("no JavaScript runtime shows the descriptors of its connections"),
  SHARED: notHere(MEMORY),
  "Routing-Id": works(`${METADATA}: the user name of PLAIN`),
  "Socket-Type": works(`${METADATA}: on each message`),
  "User-Id": works(`${METADATA}: the user name of PLAIN`),
  "Peer-Address": works(`${METADATA}: on each message`, `${METADATA}: the address of a plain peer`),
  "X-…": works(`${METADATA}: on each message`),
  "metadata of the authenticator": works(`${METADATA}: on each message`),
  "routing id of SERVER and PEER": as(
    "[part, { routingId }]",
    "unit/api/sockets/client-server.test.ts: all ways of receiving give the part and the number",
  ),
  "group of RADIO and DISH": as(
    "[part, { group }]",
    "unit/api/sockets/radio-dish.test.ts: groups in batches go there and back",
  ),
};
