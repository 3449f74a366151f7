// SPDX-License-Identifier: MIT
/** libzmq's tests of contexts, sockets as such, messages and helpers. How to write a line: `../standing.ts`. */
import { notHere, partly, type Standings, works } from "../standing.ts";

const MEMORY = "messages are arrays of Buffers, whose memory the runtime looks after";
const C_API = "it is about pointers and buffers of C";
const NUMBERS = "conformance/option-numbers.test.ts";
const CONTEXT_END = "conformance/context-end.test.ts";

/** By the names of their files. */
export const sockets: Standings = {
  test_ctx_destroy: works(
    `${CONTEXT_END}: everything that waits fails with ETERM`,
    `${CONTEXT_END}: whatever is called later fails with ETERM`,
    "unit/api/poller.test.ts: a socket that is closed, or whose context ends",
  ),
  test_ctx_options: partly(
    "there are no threads to set up",
    `${NUMBERS}: numbers of contexts`,
    "conformance/libzmq-sockets.test.ts: a context's ipv6 and blocky",
  ),
  test_many_sockets: works(`${CONTEXT_END}: as many sockets as maxSockets`),
  test_socket_null: notHere(C_API),
  test_getsockopt_memset: notHere(C_API),
  test_ancillaries: works("unit/api/about.test.ts: version is libzmq's", "unit/api/about.test.ts: strerror"),
  test_capabilities: works("unit/api/about.test.ts: has: libzmq's names", "unit/api/about.test.ts: a transport that"),
  test_atomics: notHere("it is a helper for programs in C; JavaScript has Atomics"),
  test_msg_ffn: notHere(MEMORY),
  test_msg_init: notHere(MEMORY),
  test_iov: notHere(MEMORY),
  test_msg_flags: partly(
    "whether memory is shared is the runtime's matter",
    "conformance/transport.ts: messages of all sizes and many parts",
    "conformance/libzmq-turns.test.ts: a request is framed by an empty part",
  ),
  test_base85: works("unit/base/z85.test.ts: what was encoded is decoded", "unit/base/z85.test.ts: what it refuses"),
  test_sodium: works(
    "unit/api/curve-keys.test.ts: a secret key's public key is libzmq's",
    "unit/api/curve-keys.test.ts: what is no secret key is EINVAL",
  ),
  test_timers: works(
    "unit/api/timers.test.ts: a timer is due after its interval",
    "unit/api/timers.test.ts: reset begins anew",
    "unit/api/timers.test.ts: what it refuses",
  ),
  test_poller: partly(
    "descriptors are the runtime's own matter",
    "unit/api/poller.test.ts: waits for a message",
    "unit/api/poller.test.ts: what is added, changed or taken away",
    "unit/api/poller.test.ts: what it refuses",
  ),
  test_zmq_poll_fd: notHere("descriptors are the runtime's own matter"),
  test_zmq_ppoll_fd: notHere("descriptors are the runtime's own matter"),
  test_zmq_ppoll_signals: notHere("signals of the process are events of the runtime"),
  test_thread_safe: partly(
    "objects of JavaScript are not shared by threads",
    "conformance/libzmq-single-part.test.ts: those that are thread-safe say so",
    "conformance/workers.test.ts: the main thread and many workers",
  ),
  test_fork: notHere("a JavaScript process cannot fork"),
  test_system: notHere("it tries the machine, not the library"),
  test_setsockopt: partly(
    "runtimes do not let programs set most of these, and anything but the default is refused",
    "conformance/libzmq-sockets.test.ts: options of the system's sockets",
    `${NUMBERS}: every number takes and refuses the same whole numbers`,
  ),
  test_sockopt_hwm: works(
    "conformance/libzmq-hwm.test.ts: a mark changed before the connect",
    "conformance/libzmq-hwm.test.ts: a mark raised after the connect",
    "conformance/libzmq-hwm.test.ts: a mark lowered while the pipe is full",
  ),
  test_timeo: works("conformance/libzmq-turns.test.ts: a receive gives up with EAGAIN"),
  test_srcfd: notHere("no JavaScript runtime shows the descriptors of its connections"),
  test_shutdown_stress: works(`${CONTEXT_END}: sockets that come and go beneath a publisher`),
  test_socket_options_fuzzer: works(`${NUMBERS}: any number with any value`),
};
