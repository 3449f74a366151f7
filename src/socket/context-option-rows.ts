// SPDX-License-Identifier: MIT
/** The options of contexts: one row each, as for sockets. The properties are made by `api/context-settings.ts`. */

/** One option of contexts. */
export interface ContextOptionRow {
  readonly name: string;
  /** libzmq's number. */
  readonly id: number;
  /** libzmq's name, without `ZMQ_`. */
  readonly libzmq: string;
  /** The version of libzmq that brought it; drafts have `draft` before it. */
  readonly since: string;
  readonly type:
    | { readonly kind: "integer"; readonly min: number; readonly max: number }
    | { readonly kind: "boolean" }
    | { readonly kind: "text"; readonly max: number };
  readonly default: number | boolean | string;
  readonly isReadOnly?: boolean;
  /** Why nothing but the default can be set. */
  readonly never?: string;
}

const MAX_INT = 2147483647;
/** The limit that libzmq's builds with poll and epoll report. */
const MAX_SOCKETS_LIMIT = 65535;
const boolean = { kind: "boolean" } as const;
const THREADS = "the event loop of the JavaScript runtime does the input and output, and it has no threads to tune";

function integer(min: number, max: number = MAX_INT): ContextOptionRow["type"] {
  return { kind: "integer", min, max };
}

/** All options of contexts. Two of libzmq's are methods: `threadAffinityCpuAdd` and `threadAffinityCpuRemove`. */
export const contextOptionRows: readonly ContextOptionRow[] = [
  { name: "ioThreads", id: 1, libzmq: "IO_THREADS", since: "3.2", type: integer(0), default: 1 },
  {
    name: "maxSockets",
    id: 2,
    libzmq: "MAX_SOCKETS",
    since: "3.2",
    type: integer(1, MAX_SOCKETS_LIMIT),
    default: 1023,
  },
  {
    name: "maxSocketsLimit",
    id: 3,
    libzmq: "SOCKET_LIMIT",
    since: "4.1",
    type: integer(1),
    default: MAX_SOCKETS_LIMIT,
    isReadOnly: true,
  },
  {
    name: "threadPriority",
    id: 3,
    libzmq: "THREAD_PRIORITY",
    since: "4.1",
    type: integer(0),
    default: -1,
    never: THREADS,
  },
  {
    name: "threadSchedulingPolicy",
    id: 4,
    libzmq: "THREAD_SCHED_POLICY",
    since: "4.1",
    type: integer(0),
    default: -1,
    never: THREADS,
  },
  { name: "maxMessageSize", id: 5, libzmq: "MAX_MSGSZ", since: "4.2", type: integer(0), default: MAX_INT },
  { name: "msgTSize", id: 6, libzmq: "MSG_T_SIZE", since: "4.3", type: integer(0), default: 64, isReadOnly: true },
  {
    name: "threadNamePrefix",
    id: 9,
    libzmq: "THREAD_NAME_PREFIX",
    since: "4.3",
    type: { kind: "text", max: 16 },
    default: "",
    never: THREADS,
  },
  {
    name: "zeroCopyReceive",
    id: 10,
    libzmq: "ZERO_COPY_RECV",
    since: "draft 4.2.4",
    type: boolean,
    default: true,
    never: "frames are always taken from what was read without a copy; copy a part yourself to keep it alone",
  },
  { name: "ipv6", id: 42, libzmq: "IPV6", since: "4.2", type: boolean, default: false },
  { name: "blocky", id: 70, libzmq: "BLOCKY", since: "4.2", type: boolean, default: true },
];
