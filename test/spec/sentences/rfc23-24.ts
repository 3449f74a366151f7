// SPDX-License-Identifier: MIT
/**
 * The sentences of RFC 23 (ZMTP 3.0) that differ from RFC 37's, and of RFC 24 (24/ZMTP-PLAIN), in short. RFC 24 has a
 * grammar and prose in the place of SHALLs. How they are written: `index.ts`.
 */
import type { Sections } from "./index.ts";

export const rfc23: Sections = {
  null: {
    "both-ready": "both peers SHALL send each other a READY command",
    "ready-first": "each peer MUST send its READY before attempting to receive the other's",
    "no-names": "the case of metadata names SHALL NOT be significant, and zero-sized names are not valid",
  },
  pubsub: {
    subscribe: "to create a subscription, the SUB or XSUB peer SHALL send a message of a 1 and the subscription",
    unsubscribe: "to cancel a subscription, the SUB or XSUB peer SHALL send a message of a 0 and the subscription",
    "publisher-filters": "message filtering SHALL happen at the publisher side",
    additive: "subscriptions SHALL be additive and SHALL NOT be idempotent",
  },
  greeting: {
    "higher-versions": "a peer of ZMTP 3.0 talks to a peer of ZMTP 3.1 in its own protocol",
  },
};

export const rfc24: Sections = {
  plain: {
    hello: "the client authenticates itself with HELLO: user name and password, each with its length",
    welcome: "a server that accepts the credentials replies with WELCOME",
    reject: "a server that does not accept the credentials replies with ERROR, or closes the connection",
    initiate: "the client then sends INITIATE with its metadata",
    ready: "the server responds with READY and its metadata",
    "client-messages": "the client MAY send messages after receiving READY",
    "server-messages": "the server MAY send messages immediately after sending READY",
    order: "commands come in the order of the grammar: anything else ends the connection",
  },
};
