// SPDX-License-Identifier: MIT
/** When each error code occurs and what to do, for docs/errors.md; read by `docs-tables.ts`. */
import type { ErrorCode } from "../src/base/errors.ts";

export const CODES_IN_USE: Readonly<Partial<Record<ErrorCode, string>>> = {
  EACCES:
    "`bind`: the system does not permit it, most often a port below 1024 or a folder that cannot be written to. In events: a peer was refused, by `tcpAcceptFilter` (`accept:error`) or by the authenticator (`handshake:error:auth`).",
  EADDRINUSE:
    "`bind`: another program, or another socket, has that address. Choose another, or port 0 for any free one and look at `lastEndpoint`.",
  EADDRNOTAVAIL: "`bind`: this machine does not have that address.",
  EAGAIN:
    "`send`, `receive` and their kin: the time was up (`timeout`, `sendTimeout`, `receiveTimeout`), or the socket was closed while the call waited. Nothing was sent or taken. Also when 65536 calls wait already.",
  EBADF: "Any call on a socket that is closed.",
  ECANCELED:
    "A call whose `signal` was aborted; the error's `name` is `AbortError`, its `cause` the signal's reason. Nothing was sent or taken.",
  ECONNREFUSED: "In events: nobody listens at that endpoint. It is tried again by itself.",
  ECONNRESET:
    "`request`: the connection was lost with the request, and there were no retries left; it may have been carried out. In events: the peer, or something on the way, cut the connection. It is tried again by itself.",
  EFAULT:
    "In events (`handshake:error:other`): a peer was refused since there is no authenticator, with `zapEnforceDomain`, or with PLAIN, which always needs one.",
  EFSM: "REQ and REP, out of turn: a REQ sends, then receives; a REP receives, then sends. Told at once by `trySend` and `tryReceive`; `send` and `receive` wait for their turn instead, until closed.",
  EHOSTUNREACH:
    "`send` of a ROUTER with `mandatory`, and of a STREAM: there is no peer with that routing id. In events: a host name cannot be resolved.",
  EINVAL:
    "An option's value is out of range, or an endpoint cannot be read; the message says what it should look like. In events: the socket types on the two sides do not go together.",
  EMFILE: "A new socket: the context has as many as its `maxSockets`. In events: the system has no more descriptors.",
  EMSGSIZE: "In events: a peer sent more than `maxMessageSize`. Its connection was closed.",
  ENAMETOOLONG: "`bind`, `connect`: an ipc path has more than 107 octets. Use a shorter one, or an abstract name.",
  ENODEV:
    "`bind` to a tcp name that is no address and no network interface of this machine. Host names are not resolved here.",
  ENOENT:
    "`unbind`, `disconnect`: there is no such endpoint; give it as `lastEndpoint` showed it. `bind`: the folder of an ipc path does not exist.",
  EPIPE: "In events: a connection ended during its handshake, or the authenticator went away before it had answered.",
  EPROTO:
    "In events: the network or the runtime failed in a way that has no code here; see `cause`. For what a peer does wrong see below.",
  EPROTONOSUPPORT: "`bind`, `connect`: there is no such transport. There are `tcp://`, `ipc://` and `inproc://`.",
  ETERM:
    "Any call but `close` when the context was terminated or shut down, those that wait included; also a new socket of such a context.",
  ETIMEDOUT:
    "In events: a connection took longer than `connectTimeout`, a handshake longer than `handshakeInterval`, or a peer was silent for longer than its heartbeat allows.",
};
