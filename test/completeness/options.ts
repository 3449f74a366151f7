// SPDX-License-Identifier: MIT
/**
 * All options of sockets and contexts, and where they stand. How to write a line: `standing.ts`. Options that take only their
 * default are not listed: their rows say why. All are also held against libzmq by `conformance/option-numbers.test.ts`.
 */
import { as, notHere, partly, type Standings, works } from "./standing.ts";

const EPGM = "interop/epgm.test.ts";
const CONNECTIONS = "conformance/libzmq-connections.test.ts";
const CURVE = "conformance/libzmq-curve.test.ts: CURVE: who has the server's key and a key that is known comes in";
const GSSAPI = partly(
  "only with gssapiPlainText, and where the package kerberos is installed",
  "interop/gssapi.test.ts: libzmq's client talks to our server",
  "unit/security/gssapi.test.ts: names become what the library takes",
);
const HWM = "conformance/libzmq-hwm.test.ts";
const NET = "unit/transport/net-features.test.ts";
const OPTIONS = "conformance/libzmq-options.test.ts";
const PROTOCOL = "conformance/libzmq-protocol.test.ts";
const PUBSUB = "conformance/libzmq-pubsub.test.ts";
const REQUESTS = "conformance/libzmq-requests.test.ts";
const ROUTER = "conformance/libzmq-router.test.ts";

const TLS = "unit/transport/tls.test.ts";
const TLS_CERTIFICATES = "unit/transport/tls-certificates.test.ts";
const TLS_HANDSHAKES = "unit/transport/tls-handshakes.test.ts";

/** Rows of `src/socket/option-rows.ts` that are kept, by name. */
export const socketOptions: Standings = {
  affinity: works(`${OPTIONS}: ioThreads and affinity`),
  routingId: works("unit/api/sockets/request.test.ts: likewise with a routing id", `${ROUTER}: with handover`),
  rate: works(
    `${EPGM}: the rate is held`,
    "unit/engine/pgm-engine.test.ts: the rate holds, on average and from the start",
  ),
  recoveryInterval: works(
    `${EPGM}: what is lost is repaired within the recoveryInterval`,
    `${EPGM}: a loss that nobody can repair is told`,
  ),
  linger: works("unit/api/socket.test.ts: close waits for what is unsent as long as linger says"),
  reconnectInterval: works(
    `${CONNECTIONS}: with a reconnectInterval of −1`,
    "unit/session/connecter.test.ts: without a maximum each delay",
  ),
  backlog: works("unit/transport/net-listener.test.ts: backlog goes to the system"),
  reconnectMaxInterval: works("unit/session/connecter.test.ts: with a maximum the delays double"),
  maxMessageSize: works(
    "unit/engine/announcer.test.ts: a frame over the limit",
    `${ROUTER}: half of a message is not delivered`,
  ),
  maxMessageParts: works(
    "unit/api/limits.test.ts: whoever sends more is gone",
    "unit/wire/frame-limits.test.ts: errors name the option",
  ),
  maxMessageBytes: works(
    "unit/api/limits.test.ts: whoever sends more is gone",
    "unit/wire/frame-limits.test.ts: a message that would be too long",
  ),
  maxConnections: works("unit/api/limits.test.ts: maxConnections: one more is refused when it comes"),
  maxConnectionsPerAddress: works(
    "unit/api/limits.test.ts: maxConnectionsPerAddress: the same for one address",
    "unit/socket/admission.test.ts: so many from one address",
  ),
  maxHandshakes: works("unit/api/limits.test.ts: maxHandshakes: those that only hold places"),
  maxSubscriptions: works(
    "unit/api/limits.test.ts: maxSubscriptions: whoever asks for more",
    "unit/pattern/subscription-limits.test.ts: so many groups",
  ),
  maxSubscriptionBytes: works("unit/pattern/subscription-limits.test.ts: so many octets of subscriptions"),
  sendHighWaterMark: works(`${HWM}: a mark raised after the connect counts at once`),
  receiveHighWaterMark: works(`${HWM}: a mark raised after the connect counts at once`),
  multicastHops: works(
    `${EPGM}: multicastHops is in every packet`,
    "interop/pgm.test.ts: multicastHops is in every packet",
  ),
  receiveTimeout: works("unit/api/readable.test.ts: a receive timeout ends it with EAGAIN"),
  sendTimeout: works(`${CONNECTIONS}: with immediate, a send without a connection waits`),
  mandatory: works(
    `${ROUTER}: with mandatory it is EHOSTUNREACH`,
    `${ROUTER}: with mandatory a full peer makes the send wait`,
  ),
  tcpKeepalive: works(
    `${NET}: keepalive is turned on and off`,
    "unit/transport/tcp.test.ts: keepalive options are accepted",
  ),
  tcpKeepaliveCount: works(`${NET}: interval and count of probes`),
  tcpKeepaliveIdle: works(`${NET}: keepalive is turned on and off`),
  tcpKeepaliveInterval: works(`${NET}: interval and count of probes`),
  tcpAcceptFilter: works(`${OPTIONS}: a peer comes in with`, `${OPTIONS}: a peer from elsewhere is turned away`),
  immediate: works(`${CONNECTIONS}: with immediate, all messages go to the peer that is there`),
  routerRaw: works("unit/pattern/router.test.ts: raw: ids are made at once"),
  ipv6: works("unit/transport/tcp.test.ts: IPv6"),
  curveServer: works(CURVE, "unit/socket/chosen-mechanism.test.ts: the option that was set last decides"),
  curvePublicKey: works(CURVE, "unit/security/curve-client.test.ts: keys that were not set, or are none"),
  curveSecretKey: works(CURVE, "unit/security/curve-client.test.ts: keys that were not set, or are none"),
  curveServerKey: works(CURVE, "unit/security/curve-client.test.ts: keys that were not set, or are none"),
  gssapiServer: GSSAPI,
  gssapiPrincipal: GSSAPI,
  gssapiServicePrincipal: GSSAPI,
  gssapiPlainText: partly(
    "it has to be true: kerberos 7.0.0 has no gss_wrap and gss_unwrap of whole frames",
    "unit/security/gssapi.test.ts: what it does not take is refused at bind and connect",
  ),
  gssapiPrincipalNameType: GSSAPI,
  gssapiServicePrincipalNameType: GSSAPI,
  plainServer: works("conformance/mechanism.test.ts: a client with the right name and password comes in"),
  plainUsername: works("conformance/mechanism.test.ts: a client with the right name and password comes in"),
  plainPassword: works("conformance/mechanism.test.ts: a wrong password is refused on both sides"),
  probeRouter: works(`${ROUTER}: with probeRouter tells a ROUTER that it is there`),
  correlate: works(`${REQUESTS}: a correlated request begins with an id`),
  relaxed: works(`${REQUESTS}: a relaxed request may be sent again`),
  conflate: works(
    `${REQUESTS}: conflate: only the newest of twenty`,
    "unit/transport/inproc.test.ts: with conflate on either side",
    "unit/api/conflate-by-key.test.ts: a publisher keeps the last value of each topic",
  ),
  zapDomain: works("conformance/mechanism.test.ts: NULL asks the authenticator where a domain is set"),
  handover: works(`${ROUTER}: with handover a second peer`),
  typeOfService: works(`${NET}: the type of service is one octet`),
  handshakeInterval: works(`${PROTOCOL}: a peer that never shakes hands`),
  noDrop: works(`${PUBSUB}: noDrop: nothing is lost`),
  manual: works("conformance/libzmq-manual.test.ts: manual: what was subscribed to"),
  welcomeMessage: works(`${PUBSUB}: a welcome message reaches those`),
  notify: works("unit/pattern/stream.test.ts: without notify only octets come"),
  invertMatching: works(`${PUBSUB}: invertMatching sends to those`),
  heartbeatInterval: works(`${PROTOCOL}: peers with heartbeats that answer`),
  heartbeatTimeToLive: works("unit/engine/heartbeat.test.ts: an engine's PING carries the time to live"),
  heartbeatTimeout: works(`${PROTOCOL}: a peer that answers no PING`),
  verbosity: works(`${PUBSUB}: verbosity allSubs tells of every subscription`),
  connectTimeout: works("unit/session/connecter.test.ts: an attempt that takes longer than the connect timeout"),
  multicastMaxTransportDataUnit: works(`${EPGM}: multicastMaxTransportDataUnit is what packets have at most`),
  useFd: works(`${OPTIONS}: test_use_fd: a bind over tcp`, `${OPTIONS}: test_use_fd: a bind over ipc`),
  zapEnforceDomain: works("conformance/mechanism.test.ts: unless the domain is enforced"),
  authorize: works(
    "unit/api/authorize.test.ts: three lines protect a socket",
    "unit/api/authenticator.test.ts: key and credentials together",
    "unit/api/authenticator.test.ts: a folder of certificates",
  ),
  loopbackFastPath: works(`${NET}: what the runtime has no call for`),
  whenFull: works(
    "unit/api/when-full.test.ts: dropOldest makes room",
    "property/overflow.test.ts: what a full pipe keeps",
    "unit/api/when-full.test.ts: disconnect ends the connection",
  ),
  sendHighWaterMarkBytes: works("unit/api/when-full.test.ts: octets: a message is taken while fewer wait"),
  receiveHighWaterMarkBytes: works("unit/api/when-full.test.ts: octets at the receiver hold a sender back"),
  reconnectAttempts: works("unit/api/reconnect.test.ts: after so many failed attempts"),
  reconnectJitter: works("unit/session/connecter.test.ts: jitter is chosen"),
  messageDetails: works("unit/api/details.test.ts: a message is a plain array, and says who sent it"),
  metadata: works(
    `${OPTIONS}: test_app_meta: properties reach the peer`,
    "interop/app-metadata.test.ts: properties reach libzmq",
  ),
  socksProxy: works(
    "interop/socks.test.ts: libzmq through a proxy to ours, and ours to libzmq",
    "unit/transport/socks.test.ts: through a SOCKS proxy",
    "unit/transport/socks.test.ts: is EINVAL at the connect",
  ),
  socksUsername: works(
    "unit/transport/socks.test.ts: through a SOCKS proxy",
    "unit/transport/socks.test.ts: is tried again",
  ),
  socksPassword: works(
    "unit/transport/socks.test.ts: through a SOCKS proxy",
    "unit/transport/socks.test.ts: is tried again",
  ),
  multicastLoop: works(
    "interop/udp-multicast.test.ts: multicastLoop: this machine does not hear",
    `${EPGM}: multicastLoop: this machine does not hear`,
  ),
  routerNotify: works(`${ROUTER}: with routerNotify a ROUTER hears`),
  manualLastValue: works("conformance/libzmq-manual.test.ts: manualLastValue"),
  inBatchSize: works(`${OPTIONS}: inBatchSize is the longest chunk`),
  outBatchSize: works("unit/engine/outbox.test.ts: outBatchSize"),
  onlyFirstSubscribe: works("unit/engine/zmtp-engine.test.ts: unless only the first may be"),
  reconnectStop: works(
    `${CONNECTIONS}: with reconnectStop`,
    "unit/session/session.test.ts: reconnectStop: refused, handshake failed",
  ),
  helloMessage: works(`${ROUTER}: hello: a message that each new peer gets first`),
  disconnectMessage: works(`${ROUTER}: disconnect: a message that a ROUTER receives`),
  hiccupMessage: works(`${ROUTER}: hiccup: a message that a DEALER receives`),
  verboseUnsubscribe: works(`${PUBSUB}: an XSUB passes a cancel on`),
  wssKeyPem: works("conformance/transport.ts: a bound endpoint is shown"),
  wssCertPem: works("conformance/transport.ts: a bound endpoint is shown"),
  wssTrustPem: works("conformance/transport.ts: a bound endpoint is shown"),
  wssHostname: works("interop/ws.test.ts: the name that a wss server must show"),
  wssTrustSystem: works("interop/ws.test.ts: the name that a wss server must show"),
  tlsKey: works(
    `${TLS}: both sides know each other's certificate`,
    `${TLS_CERTIFICATES}: certificates are renewed without a new bind`,
  ),
  tlsCertificate: works(
    `${TLS_CERTIFICATES}: chains, several authorities`,
    "interop/stunnel.test.ts: that stunnel serves",
  ),
  tlsPassphrase: works(`${TLS_CERTIFICATES}: chains, several authorities`),
  tlsTrust: works(`${TLS_HANDSHAKES}: a client refuses a server of another authority`),
  tlsServerName: works(`${TLS_HANDSHAKES}: the name in the certificate must be the endpoint's`),
  tlsRequireClient: works(
    `${TLS_HANDSHAKES}: a server that requires certificates`,
    "interop/stunnel.test.ts: tls+tcp and stunnel that do not trust each other",
  ),
  tlsMinVersion: works(`${TLS_HANDSHAKES}: versions of TLS below tlsMinVersion`),
  threadSafe: works(`${OPTIONS}: topicsCount is a property of the types`),
  topicsCount: works(`${OPTIONS}: test_pubsub_topics_count`),
};

/** Numbers of libzmq that are no rows: what they are here. */
export const otherSocketOptions: Standings = {
  SUBSCRIBE: as("subscriber.subscribe()", "unit/api/sockets/publish.test.ts: PUB and SUB"),
  UNSUBSCRIBE: as("subscriber.unsubscribe()", "unit/api/sockets/publish.test.ts: a topic that was subscribed to twice"),
  RCVMORE: as(
    "a message is an array of all its parts",
    "conformance/transport.ts: messages of all sizes and many parts",
  ),
  FD: notHere("there is no descriptor to wait for: messages come to promises"),
  EVENTS: as(
    "socket.readable, socket.writable",
    "unit/api/socket-works.test.ts: whenReadable and whenWritable resolve",
  ),
  TYPE: as("socket.type", "unit/api/context.test.ts: sockets are made by the names"),
  LAST_ENDPOINT: as("socket.lastEndpoint", `${CONNECTIONS}: lastEndpoint is each endpoint that was bound`),
  IPV4ONLY: as(
    "the opposite of ipv6, by its number",
    "conformance/option-numbers.test.ts: takes and refuses the same whole numbers",
  ),
  XPUB_VERBOSE: as('verbosity "allSubs"', `${PUBSUB}: verbosity allSubs tells of every subscription`),
  MECHANISM: as("socket.securityMechanism", "unit/api/socket.test.ts: securityMechanism follows the options"),
  CONNECT_ROUTING_ID: as("router.connect(address, { routingId })", `${ROUTER}: a connection that was named`),
};

/** Rows of `src/socket/context-option-rows.ts` that are no constant, by name, and the two that are methods. */
export const contextOptions: Standings = {
  ioThreads: works(`${OPTIONS}: ioThreads and affinity`),
  maxSockets: works("unit/api/context.test.ts: as many sockets as maxSockets may be open"),
  maxSocketsLimit: works("unit/api/context.test.ts: options of the context are checked"),
  maxMessageSize: works("unit/api/context-settings.test.ts: kept and shown"),
  msgTSize: works("unit/api/context-settings.test.ts: kept and shown"),
  ipv6: works("unit/api/context.test.ts: ipv6 and blocky are defaults too"),
  blocky: works("unit/api/context.test.ts: ipv6 and blocky are defaults too"),
  threadAffinityCpuAdd: notHere(
    "the event loop of the JavaScript runtime does the work, and is not bound to processors",
  ),
  threadAffinityCpuRemove: notHere(
    "the event loop of the JavaScript runtime does the work, and is not bound to processors",
  ),
};
