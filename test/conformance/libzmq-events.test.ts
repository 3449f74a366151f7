// SPDX-License-Identifier: MIT
/**
 * Events as libzmq's monitor has them (test_monitor, test_reconnect_options): which come, in which order, of which endpoint.
 * Each sequence is held against libzmq too.
 */
import assert from "node:assert/strict";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { EventType, Socket } from "../../src/index.ts";
import { addresses, attend, type Seen, testBothWatched, testOursWatched, times } from "../support/event-watch.ts";
import { bindAgain, boundTo, freeEndpoint, receiveSoon } from "../support/implementations.ts";
import { RawPeer } from "../support/peers/raw-peer.ts";
import { within } from "../support/sockets.ts";

testBothWatched("connecting over tcp: both sides, with their endpoints", async (open, observe) => {
  const [server, client] = [open("dealer"), open("dealer")];
  const [ofServer, ofClient] = [observe(server), observe(client)];
  const endpoint = await boundTo(server);
  client.connect(endpoint);
  assert.deepEqual(addresses(await ofClient.next("connect:delay", "connect", "handshake")), times(endpoint, 3));
  assert.deepEqual(addresses(await ofServer.next("bind", "accept", "handshake")), times(endpoint, 3));
});

testBothWatched("connecting over ipc: there is no delay to tell of", async (open, observe) => {
  const [server, client] = [open("dealer"), open("dealer")];
  const [ofServer, ofClient] = [observe(server), observe(client)];
  const endpoint = await boundTo(server, "ipc://*");
  client.connect(endpoint);
  assert.deepEqual(addresses(await ofClient.next("connect", "handshake")), times(endpoint, 2));
  assert.deepEqual(addresses(await ofServer.next("bind", "accept", "handshake")), times(endpoint, 3));
  const nobody = open("dealer", { reconnectInterval: 1000 });
  const ofNobody = observe(nobody);
  nobody.connect(`ipc://${join(tmpdir(), `zmq-nobody-${process.pid}`)}`);
  await ofNobody.next("close", "connect:retry");
});

testBothWatched("within the process there are no connections, and no events but the end", async (open, observe) => {
  const [server, client, other] = [open("dealer"), open("dealer"), open("dealer")];
  const watches = [server, client, other].map((socket) => observe(socket));
  await server.bind("inproc://events");
  client.connect("inproc://events");
  await client.send("x");
  await receiveSoon(server);
  await assert.rejects(async () => other.bind("inproc://events"), { code: "EADDRINUSE" });
  for (const socket of [server, client, other]) void socket.close();
  for (const watch of watches) await watch.close();
});

testBothWatched("refused: each attempt, and the delay to the next", async (open, observe) => {
  const endpoint = await freeEndpoint();
  const client = open("dealer", { reconnectInterval: 20, reconnectMaxInterval: 40 });
  const watch = observe(client);
  client.connect(endpoint);
  const round: EventType[] = ["connect:delay", "close", "connect:retry"];
  const events = await watch.next(...round, ...round, ...round);
  assert.deepEqual(addresses(events), times(endpoint, 9));
  assert.deepEqual(
    events.filter((event) => event.type === "connect:retry").map(({ interval }) => interval),
    [20, 40, 40],
  );
  void client.close();
});

testBothWatched("reconnectStop 1: refused once is refused for good", async (open, observe) => {
  const client = open("dealer", { reconnectInterval: 10 });
  stopReconnecting(client, 1);
  const watch = observe(client);
  client.connect(await freeEndpoint());
  await watch.next("connect:delay", "close");
  await attend(client);
  await watch.close();
});

testBothWatched("reconnectStop 2: a handshake that failed is not tried again", async (open, observe) => {
  const server = open("dealer", { plainUsername: "a", plainPassword: "b" });
  const client = open("dealer", { reconnectInterval: 10 });
  stopReconnecting(client, 2);
  const watch = observe(client);
  client.connect(await boundTo(server));
  await watch.next("connect:delay", "connect", "handshake:error:protocol", "disconnect");
  await attend(client);
  await watch.close();
});

testBothWatched("the server goes and comes back: disconnect, retry, and from the beginning", async (open, observe) => {
  const client = open("dealer", { reconnectInterval: 10 });
  const server = open("dealer");
  const ofClient = observe(client);
  const endpoint = await boundTo(server);
  client.connect(endpoint);
  await ofClient.next("connect:delay", "connect", "handshake");
  void server.close();
  const lost = await ofClient.next("disconnect", "connect:retry", "connect:delay");
  assert.deepEqual(addresses(lost), times(endpoint, 3));
  const successor = open("dealer");
  await bindAgain(successor, endpoint);
  const isBack = within(5000, "the connection", new Promise((resolve) => client.events.on("handshake", resolve)));
  await client.send("x");
  assert.deepEqual(await receiveSoon(successor), ["x"]);
  await isBack;
});

for (const linger of [0, -1]) {
  testBothWatched(
    `linger ${linger}: closing tells of listeners and of the end; the other side of the connection`,
    async (open, observe) => {
      const [server, client] = [open("dealer", { linger }), open("dealer", { linger, reconnectInterval: 1000 })];
      const [ofServer, ofClient] = [observe(server), observe(client)];
      const endpoint = await boundTo(server);
      client.connect(endpoint);
      await ofServer.next("bind", "accept", "handshake");
      await ofClient.next("connect:delay", "connect", "handshake");
      await ofServer.close("close");
      await ofClient.next("disconnect", "connect:retry");
      await ofClient.close();
    },
  );
}

testBothWatched("a client that closes: the end for itself, a lost peer for the server", async (open, observe) => {
  const [server, client] = [open("dealer"), open("dealer")];
  const [ofServer, ofClient] = [observe(server), observe(client)];
  const endpoint = await boundTo(server);
  client.connect(endpoint);
  await ofServer.next("bind", "accept", "handshake");
  await ofClient.next("connect:delay", "connect", "handshake");
  await ofClient.close();
  assert.deepEqual(addresses(await ofServer.next("disconnect")), [endpoint]);
  await ofServer.close("close");
});

testBothWatched(
  "disconnect() and unbind(): the one who asks hears of listeners, the other of the lost peer",
  async (open, observe) => {
    const [server, client] = [open("dealer"), open("dealer", { reconnectInterval: 1000 })];
    const [ofServer, ofClient] = [observe(server), observe(client)];
    const endpoint = await boundTo(server);
    client.connect(endpoint);
    await ofServer.next("bind", "accept", "handshake");
    await ofClient.next("connect:delay", "connect", "handshake");
    client.disconnect(endpoint);
    await attend(client);
    await ofServer.next("disconnect");
    client.connect(endpoint);
    await ofServer.next("accept", "handshake");
    await ofClient.next("connect:delay", "connect", "handshake");
    await server.unbind(endpoint);
    assert.deepEqual(addresses(await ofServer.next("close")), [endpoint]);
    await attend(server);
    await ofClient.next("disconnect", "connect:retry");
  },
);

testBothWatched("several listeners are closed one after another", async (open, observe) => {
  const server = open("dealer");
  const watch = observe(server);
  await boundTo(server);
  await boundTo(server);
  await watch.next("bind", "bind");
  await watch.close("close", "close");
});

testBothWatched("a bind that fails: its address without the transport, and why", async (open, observe) => {
  const endpoint = await boundTo(open("dealer"));
  for (const [where, code] of [
    [endpoint, "EADDRINUSE"],
    ["tcp://203.0.113.1:5555", "EADDRNOTAVAIL"],
    ["tcp://no-such-host-anywhere:5555", "ENODEV"],
    ["tcp://127.0.0.1", "EINVAL"],
    ["ipc:///no/such/folder/anywhere", "ENOENT"],
  ] as const) {
    const other = open("dealer");
    const watch = observe(other);
    const failed = new Promise<Seen>((resolve) => other.events.on("bind:error", resolve));
    await assert.rejects(async () => other.bind(where));
    const { address, error } = await within(5000, where, failed);
    assert.deepEqual([address, error?.code], [where.slice(where.indexOf("://") + 3), code]);
    await watch.finish();
  }
});

testBothWatched("a peer that tcpAcceptFilter keeps out", async (open, observe) => {
  const server = open("dealer");
  server.tcpAcceptFilter = "203.0.113.0/24";
  const watch = observe(server);
  const endpoint = await boundTo(server);
  await using peer = await RawPeer.connect(endpoint);
  assert.deepEqual(addresses(await watch.next("bind", "accept:error")), times(endpoint, 2));
  await peer.closed();
});

testBothWatched("events compare equal to plain objects of what npm zeromq shows", async (open, observe) => {
  const [server, client] = [open("dealer"), open("dealer")];
  const [ofServer, ofClient] = [observe(server), observe(client)];
  const address = await boundTo(server);
  client.connect(address);
  const [, connect, handshake] = await ofClient.next("connect:delay", "connect", "handshake");
  const [bind, accept] = await ofServer.next("bind", "accept", "handshake");
  assert.deepStrictEqual(
    [bind, accept, connect, handshake],
    [
      { type: "bind", address },
      { type: "accept", address },
      { type: "connect", address },
      { type: "handshake", address },
    ],
  );
  void client.close();
  const [end] = await ofClient.next("end");
  assert.deepStrictEqual(end, { type: "end" });
});

// ── Where this library tells more than libzmq ──────────────────────────────────────────────────────────────────────

testOursWatched(
  "numbers, values and both addresses are those of libzmq's second version of events",
  async (open, observe) => {
    const [server, client] = [open("dealer"), open("dealer", { reconnectInterval: 500, reconnectMaxInterval: 500 })];
    const [ofServer, ofClient] = [observe(server), observe(client)];
    const endpoint = await boundTo(server);
    client.connect(endpoint);
    const [bind, accept, handshake] = await ofServer.next("bind", "accept", "handshake");
    const [delay, connect] = await ofClient.next("connect:delay", "connect", "handshake");
    void server.close();
    const [lost, retry] = await ofClient.next("disconnect", "connect:retry");
    const facts = [delay, connect, lost, retry, bind, accept, handshake].map((event) => [event?.number, event?.value]);
    assert.deepEqual(facts, [
      [2, 115],
      [1, -1],
      [0x200, -1],
      [4, 500],
      [8, -1],
      [0x20, -1],
      [0x1000, 0],
    ]);
    const own = connect?.local as string;
    assert.match(own, /^tcp:\/\/127\.0\.0\.1:\d+$/);
    const ends = [delay, connect, lost, retry, bind, accept, handshake].map((event) => [event?.local, event?.remote]);
    assert.deepEqual(ends, [
      ["", endpoint],
      [own, endpoint],
      [own, endpoint],
      ["", endpoint],
      [endpoint, ""],
      [endpoint, own],
      [endpoint, own],
    ]);
  },
);

/** npm `zeromq` has no name for the option. */
function stopReconnecting(socket: Socket, bits: number): void {
  const RECONNECT_STOP = 109;
  if ("reconnectStop" in socket) socket.reconnectStop = bits;
  else
    (socket as unknown as { setInt32Option(option: number, value: number): void }).setInt32Option(RECONNECT_STOP, bits);
}
