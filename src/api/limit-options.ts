// SPDX-License-Identifier: MIT
/** The options that say how much peers may ask of a socket, which every socket has: see docs/security/limits.md. */

/** Limits. A peer that passes one is turned away, which an event `limit` tells of; nobody else notices. */
export interface LimitOptions {
  /**
   * Octets of messages that may wait from each peer, beside `receiveHighWaterMark`: a message is taken while fewer wait, so that
   * one of any size passes; 0: no limit. Of no use to types that do not receive. Takes effect for later peers. Default 0.
   */
  receiveHighWaterMarkBytes: number;
  /**
   * Octets of messages that may wait for each peer, beside `sendHighWaterMark`: a message is taken while fewer wait, so that one
   * of any size passes; 0: no limit. Of no use to types that do not send. Takes effect for later peers. Default 0.
   */
  sendHighWaterMarkBytes: number;
  /** Most parts that a received message may have. Default 1000000. */
  maxMessageParts: number;
  /** Most octets that the parts of a received message may have together, beside `maxMessageSize` for each; −1: 4 GiB. Default −1. */
  maxMessageBytes: number;
  /**
   * Connections that bound endpoints of this socket may have; others are turned away at once. One that has gone counts until its messages
   * are received. 0: no limit. Takes effect at once. Default 0.
   */
  maxConnections: number;
  /** The same for each IP address, and for IPv6 for each network of 64 bits; not for ipc. Takes effect at once. Default 0. */
  maxConnectionsPerAddress: number;
  /**
   * Connections of one bound endpoint that may be in their handshakes; with one more, the oldest of them has to go. 0: no limit. Takes effect
   * at once. Default 10000.
   */
  maxHandshakes: number;
  /** Subscriptions, or groups, that a PUB, XPUB or RADIO takes from one peer; 0: any number. Takes effect at once. Default 1000000. */
  maxSubscriptions: number;
  /** Octets of the topics that a PUB, XPUB or RADIO takes from one peer; 0: any number. Takes effect at once. Default 67108864. */
  maxSubscriptionBytes: number;
}
