// SPDX-License-Identifier: MIT
/** The sentences of RFC 37 (37/ZMTP, version 3.1), in short. How they are written: `index.ts`. */
import type { Sections } from "./index.ts";

const NOT_BUILT = "these socket types are not built yet";
const ON_WORDS = "binds those who define mechanisms or write applications, not an implementation";
const ENCRYPTED = "needs a mechanism with encryption, and only NULL and PLAIN are built";

export const rfc37: Sections = {
  greeting: {
    format: "is a signature, version 3.1, a null-padded mechanism, as-server and a filler, 64 octets in all",
    "partial-greeting": "the peer SHALL send a partial greeting sufficient to trigger version detection",
    "read-partial": "the peer SHALL read the other's first eleven octets, and determine whether to downgrade",
    "full-greeting": {
      says: "a peer that demands ZMTP 3 SHALL send its entire greeting and expect a matching one",
      untested: "the other case is built: older versions are detected",
    },
    "padding-ignored": "a peer SHALL NOT assign any significance to the padding field",
    "higher-versions": "a peer MUST accept higher protocol versions as valid",
    "own-protocol": "a peer SHALL always use its own protocol when talking to an equal or higher protocol peer",
    "lower-versions": "a peer MAY downgrade its protocol to talk to a lower protocol peer",
    "cannot-downgrade": "a peer that cannot downgrade its protocol to match its peer MUST close the connection",
    "as-server": "the as-server field SHALL have no significance without roles, and SHOULD be zero",
    "mechanism-names": {
      says: "mechanisms for the public SHALL be RFCs, with names of A to Z, digits, - and _",
      untested: ON_WORDS,
    },
    "full-mutual": "a peer that reads a full greeting MUST also send a full greeting",
    "mechanism-mismatch": "a peer MUST close the connection if the mechanisms do not match exactly",
    "downgrade-attack": "an implementation MUST guard against attacks by old headers or weaker mechanisms",
    "old-peer-security": "with a mechanism other than NULL, a peer of ZMTP 1.0 or 2.0 MUST be cut off at once",
    "pseudo-signature": "its size field, the identity's length plus 1, SHALL be 8 octets in network byte order",
  },
  errors: {
    "error-fatal":
      "the peer SHALL treat ERROR as fatal, close the connection, and not reconnect with the same credentials",
    "close-signals": {
      says: "an implementation SHOULD signal any other error, e.g. overload, by closing the connection",
      untested: "there is no limit that refuses connections yet; what is malformed is covered by 37/frames and 37/null",
    },
    "close-temporary": "the peer SHALL treat an unexpected close as a temporary error, and SHOULD reconnect",
    "back-off": "should reconnect after a short, possibly random interval, and increase it when it fails again",
  },
  frames: {
    "short-and-long": "a frame of 0 to 255 octets has a short size, a longer one a long size in network byte order",
    "reserved-bits": "bits 7 to 3 of the flags MUST be zero",
    "command-not-more": "the MORE bit SHALL be zero on command frames",
    "command-size": "a command of up to 255 octets SHOULD use a short size, a longer one a long size",
    "long-may-be-short": "a long frame has a body of 0 to 2^63-1 octets",
    atomic: "an implementation SHALL send and deliver all the frames of a message, or none of them",
    "clear-text": "on a clear text connection, message data SHALL be sent as message frames",
    encrypted: {
      says: "on an encrypted connection, message data SHALL be encoded as commands, padded, with noise",
      untested: ENCRYPTED,
    },
    "visible-commands": "command names SHALL be visible and command frames SHALL be printable",
  },
  null: {
    "as-server-zero": "the as-server field MUST be zero",
    "client-ready": "the client SHALL send a READY command and then wait for a READY command in reply",
    "server-ready": "the server SHOULD parse READY and, if there is no error, MUST send a READY in reply",
    "then-messages": "a peer MAY send messages after having both sent and received a READY command",
    "name-length": "a metadata name SHALL be 1 to 255 characters",
    "name-case": "the case of metadata names SHALL NOT be significant",
    "value-length": "a metadata value SHALL be 0 to 2^31-1 octets",
    "value-size": "the value size field SHALL be four octets, in network byte order",
  },
  metadata: {
    exchange: "the mechanism SHALL provide a way to exchange metadata as a key-value dictionary",
    "socket-type": "the sender SHOULD specify the Socket-Type, which SHALL match its grammar",
    "application-names": { says: "names starting with X- SHALL be reserved for application use", untested: ON_WORDS },
    "legal-peers": "the peer SHOULD enforce that the other peer is using a valid socket type",
    "illegal-peer": "a peer that validates the socket type SHOULD disconnect one with an illegal type",
    "illegal-peer-error": "a peer that validates the socket type SHOULD return an ERROR command for an illegal type",
    "identity-ignored": "for all other socket types, the Identity property shall be ignored",
    "identity-grammar": "the Identity SHALL be 0 to 255 octets",
    "identity-zero": "the first octet of the Identity SHALL NOT be zero",
    "resource-accepted": "the implementation SHALL accept all resource requests",
    "resource-grammar": {
      says: "the Resource SHALL match its grammar",
      untested: "as in libzmq, endpoints name no resources",
    },
    "resource-credentials": {
      says: "all services that use the same endpoint SHALL use the same security credentials",
      untested: "as in libzmq, endpoints name no resources: one endpoint is one socket",
    },
  },
  sockets: {
    "accept-and-connect": "all sockets SHALL accept connections and make connections",
    opportunistic: "all sockets SHALL connect asynchronously, and SHOULD reconnect if the connection is broken",
    "atomic-sending": "the peer SHALL queue all frames of a message in memory until the final frame is sent",
    "atomic-receiving": "a message SHALL be received atomically",
    once: "a message SHALL NOT be delivered more than once to any peer",
    order: "all messages between two immediate peers SHALL be delivered in order",
    patterns: {
      says: "the implementation SHOULD follow RFC 28, 29, 30 and 31 for the semantics of the classic socket types",
      untested: "is what the tests of the sentences of RFC 28 to 31 show",
    },
    draft: {
      says: "the implementation SHOULD follow RFC 47, 48, 49, 51 and 52 for the newer socket types",
      untested: NOT_BUILT,
    },
    groups: { says: "group checks SHALL happen at the RADIO, and DISH SHALL send JOIN and LEAVE", untested: NOT_BUILT },
    "thread-safe": {
      says: "thread-safe sockets MUST be atomic and MUST NOT take multipart messages",
      untested: NOT_BUILT,
    },
  },
  pubsub: {
    "publisher-filters": "message filtering SHALL happen at the publisher side",
    subscribe: "to create a subscription, the SUB or XSUB peer SHALL send a SUBSCRIBE command",
    cancel: "to cancel a subscription, the SUB or XSUB peer SHALL send a CANCEL command",
    prefix: "a subscription of A SHALL match all messages starting with A",
    empty: "an empty subscription SHALL match all messages",
    additive: "subscriptions SHALL be additive and SHALL NOT be idempotent",
  },
  heartbeat: {
    pong: "a peer that receives a PING command SHALL respond with a PONG that echoes the context",
    "context-limit": "the context of a PONG MUST not exceed 16 octets",
    ping: "the peer MAY send a PING at any point after the handshake, with a TTL in tenths of seconds",
    "any-traffic": "a peer SHOULD treat any incoming traffic as a sign of life",
    silence: "a peer SHOULD consider the connection dead if it sends a PING and does not receive any traffic",
    "time-to-live": "a peer SHOULD consider the connection dead after a PING with a TTL and no traffic within it",
    reconnect: "after a failed heartbeat, the peer SHOULD reconnect as normal",
  },
};
