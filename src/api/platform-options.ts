// SPDX-License-Identifier: MIT
/**
 * Options that every socket has and that only some platforms honour, or none so far: where one cannot be honoured, setting it
 * to anything but its default fails with `ENOTSUP` and the reason. All of npm `zeromq`'s and libzmq's are here.
 */

/** Options of the network below the sockets. */
export interface NetworkOptions {
  /** Which of the context's `ioThreads` may serve later endpoints, as bits; 0: all. When it rules all of them out, bind and connect fail with `EMTHREAD`. Default 0. */
  affinity: number;
  /** Seconds between TCP keepalive probes; −1 as the system has it. Node.js 26 and newer. Default −1. */
  tcpKeepaliveInterval: number;
  /** TCP keepalive probes without an answer before the connection is lost; −1 as the system has it. Node.js 26 and newer. Default −1. */
  tcpKeepaliveCount: number;
  /** Type of service, or DSCP and ECN, in the header of each IP packet: its lowest eight bits. Node.js 26 and newer. Default 0. */
  typeOfService: number;
  /** A descriptor that listens already, such as systemd hands over; the next bind takes it instead of making one. −1: none. Default −1. */
  useFd: number;
  /** Windows: short-cut TCP within the machine. Other systems have no use for it, and there it is kept only. Default false. */
  loopbackFastPath: boolean;
  /** SOCKS5 proxy for connections, `host:port`; names are looked up there. For tcp and all above it. Default null. */
  socksProxy: string | null;
  /** User name at the proxy. Default null. */
  socksUsername: string | null;
  /** Password at the proxy. Default null. */
  socksPassword: string | null;
  /** Octets that may be read and not yet received before a long chunk is cut in two: STREAM, and ROUTER with `routerRaw`, give no longer ones. Default 8192. */
  inBatchSize: number;
  /** Octets that are gathered before they are handed to the system; at its default, as many as are best. Default 8192. */
  outBatchSize: number;
  /** Multicast: what a sender may send, in kilobits a second. Default 100. */
  rate: number;
  /** Multicast: how long what was sent can be asked for again, in milliseconds. Default 10000. */
  recoveryInterval: number;
  /** Multicast: the longest packet, in octets. Default 1500. */
  multicastMaxTransportDataUnit: number;
  /** Multicast: what is sent comes back to listeners on the same machine. Default true. */
  multicastLoop: boolean;
  /**
   * Properties that this socket tells its peers in the handshake, by names that begin with `X-`; null: none. A text `"X-name:value"`
   * adds one to those that are there. Default none.
   */
  get metadata(): Readonly<Record<string, string | Uint8Array>>;
  set metadata(value: Readonly<Record<string, string | Uint8Array>> | string | Uint8Array | null);
  /** True for the types whose sockets libzmq lets several threads use at once. Here all sockets belong to one thread. */
  readonly threadSafe: boolean;
}

/** Options that take only their defaults here. They are there for programs that pass them. */
export interface PlatformOptions {
  /** TCP's timeout for what is not acknowledged, in milliseconds. Default 0. */
  tcpMaxRetransmitTimeout: number;
  /** Network interface to which all connections are bound. Default null. */
  interface: string | null;
  /** Priority of the packets within the machine. Default 0. */
  priority: number;
  /** How long the system polls a network card for packets, in microseconds. Default 0. */
  busyPoll: number;
  /** Accept only this process over ipc. Default null. */
  ipcFilterPid: number | null;
  /** Accept only processes of this user over ipc. Default null. */
  ipcFilterUid: number | null;
  /** Accept only processes of this group over ipc. Default null. */
  ipcFilterGid: number | null;
  /** Buffer of VMCI connections, in octets. Default 0. */
  vmciBufferSize: number;
  /** Least buffer of VMCI connections, in octets. Default 0. */
  vmciBufferMinSize: number;
  /** Largest buffer of VMCI connections, in octets. Default 0. */
  vmciBufferMaxSize: number;
  /** Time for a VMCI connection, in milliseconds. Default −1. */
  vmciConnectTimeout: number;
  /** NORM: congestion control. Default 1. */
  normMode: number;
  /** NORM: ask the sender alone for repair. Default false. */
  normUnicastNack: boolean;
  /** NORM: buffer, in kilo-octets. Default 2048. */
  normBufferSize: number;
  /** NORM: octets of a segment. Default 1400. */
  normSegmentSize: number;
  /** NORM: segments of a block. Default 16. */
  normBlockSize: number;
  /** NORM: parity segments that are computed for a block. Default 4. */
  normNumParity: number;
  /** NORM: parity segments that are sent unasked. Default 0. */
  normNumAutoparity: number;
  /** NORM: deliver what is not whole when a sender ends. Default false. */
  normPush: boolean;
}
