// SPDX-License-Identifier: MIT
/** The sentences of RFC 30 (30/PIPELINE) and 31 (31/EXPAIR): PUSH, PULL, PAIR, in short. How they are written: `index.ts`. */
import type { Sections } from "./index.ts";

export const rfc30: Sections = {
  PUSH: {
    "only-send": "MAY be connected to any number of PULL peers, and SHALL only send messages",
    verbatim: "SHALL not filter or modify outgoing messages in any way",
    queue: "SHALL maintain an outgoing message queue for each connected peer",
    "queue-connecting": "SHALL create this queue when initiating a connection, and maintain it, established or not",
    "queue-accepting": "SHALL create this queue when a peer connects to it",
    "queue-destroyed": "SHALL destroy the queue of a peer that disconnects, and discard the messages it contains",
    limits: "SHOULD constrain queue sizes to a runtime-configurable limit",
    available: "SHALL consider a peer as available only when it has an outgoing queue that is not full",
    "round-robin": "SHALL route outgoing messages to available peers using a round-robin strategy",
    block: "SHALL block on sending, or return a suitable error, when it has no available peers",
    refuse: "SHALL not accept further messages when it has no available peers",
    keep: "SHALL NOT discard messages that it cannot queue",
  },
  PULL: {
    "only-receive": "MAY be connected to any number of PUSH peers, and SHALL only receive messages",
    verbatim: "SHALL not filter or modify incoming messages in any way",
    queue: "SHALL maintain an incoming queue for each connected peer",
    "queue-connecting": "SHALL create this queue when initiating a connection, and maintain it, established or not",
    "queue-accepting": "SHALL create this queue when a peer connects to it",
    "queue-destroyed": {
      says: "SHALL destroy the queue of a peer that disconnects, and discard the messages it contains",
      untested: "as in libzmq, what has arrived from a peer is delivered even when the peer has gone: nothing is lost",
    },
    limits: "SHOULD constrain incoming queue sizes to a runtime-configurable limit",
    "fair-queue": "SHALL receive incoming messages from its peers using a fair-queuing strategy",
    deliver: "SHALL deliver these to its calling application",
  },
};

export const rfc31: Sections = {
  PAIR: {
    "one-peer": "MAY be connected to at most one PAIR peer, and MAY both send and receive messages",
    verbatim: "SHALL not filter or modify outgoing or incoming messages in any way",
    "double-queue": "SHALL maintain a double queue for its peer, for outgoing and incoming messages independently",
    "queue-connecting": "SHALL create a double queue when initiating a connection, and maintain it, established or not",
    "queue-accepting": "SHALL create a double queue when a peer connects to it",
    "queue-destroyed": "SHALL destroy the queue of a peer that disconnects, and discard the messages it contains",
    limits: "SHOULD constrain incoming and outgoing queue sizes to a runtime-configurable limit",
    available: "SHALL consider its peer as available only when it has an outgoing queue that is not full",
    block: "SHALL block on sending, or return a suitable error, when it has no available peer",
    refuse: "SHALL not accept further messages when it has no available peer",
    keep: "SHALL NOT discard messages that it cannot queue",
    receive: "SHALL receive incoming messages from its single peer if it has one",
    deliver: "SHALL deliver these to its calling application",
  },
};
