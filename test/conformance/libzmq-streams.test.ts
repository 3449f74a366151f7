// SPDX-License-Identifier: MIT
/** STREAM as libzmq's test_stream*, test_connect_rid and the fuzzers of STREAM pin it. */
import assert from "node:assert/strict";
import { boundTo, type OpenEither, receiveSoon, testBoth } from "../support/implementations.ts";
import { RawListener, RawPeer } from "../support/peers/raw-peer.ts";
import { within } from "../support/sockets.ts";
import { frame, greeting, message, ready } from "../support/zmtp-octets.ts";

type Stream = ReturnType<typeof openStream>;

function openStream(open: OpenEither, options: object = {}) {
  return open("stream", { receiveTimeout: 3000, ...options });
}

/** The next chunk, with whom it is from. */
async function chunk(stream: Stream): Promise<{ id: Buffer; data: Buffer }> {
  const [id, data] = await stream.receive();
  return { id, data };
}

/** Takes as many octets of one connection as are expected, in whatever pieces. */
async function expectOctets(stream: Stream, id: Buffer, expected: string, seen = { hex: "" }): Promise<void> {
  while (seen.hex.length < expected.length) {
    const next = await chunk(stream);
    assert.deepEqual(next.id, id);
    assert.ok(next.data.length > 0 && next.data.length <= 8192, `${next.data.length} octets`);
    seen.hex += next.data.toString("hex");
  }
  assert.equal(seen.hex.slice(0, expected.length), expected);
  seen.hex = seen.hex.slice(expected.length);
}

testBoth("STREAM shows a DEALER's octets as they are, and can play its peer", async (open) => {
  const [stream, dealer] = [openStream(open), open("dealer")];
  dealer.connect(await boundTo(stream));
  await dealer.send("Hello");
  const { id, data } = await chunk(stream);
  assert.deepEqual([id.length, data.length], [5, 0]);
  const rest = { hex: "" };
  const send = (octets: string): Promise<void> => stream.send([id, Buffer.from(octets, "hex")]);
  await expectOctets(stream, id, greeting().slice(0, 20), rest);
  await send(greeting() + ready("ROUTER", ""));
  await expectOctets(stream, id, greeting().slice(20) + ready("DEALER", "") + message("Hello"), rest);
  await send(message("World"));
  assert.deepEqual(await receiveSoon(dealer), ["World"]);
  await dealer.send("x".repeat(64_000));
  await expectOctets(stream, id, frame("x".repeat(64_000)), rest);
});

function unlessFull(error: Error & { code?: string }): void {
  if (error.code !== "EAGAIN") throw error;
}

testBoth(
  "two STREAMs in a dialogue; an empty part closes the connection, and the other side hears of it",
  async (open) => {
    const [server, client] = [openStream(open), openStream(open, { reconnectInterval: -1 })];
    client.connect(await boundTo(server));
    const [toClient, toServer] = [await chunk(server), await chunk(client)];
    assert.deepEqual([toClient.data.length, toServer.data.length], [0, 0]);
    for (const [index, line] of ["can i haz?", "yes", "more?", "no"].entries()) {
      const [from, to, id, back] =
        index % 2 === 0
          ? ([client, server, toServer.id, toClient.id] as const)
          : ([server, client, toClient.id, toServer.id] as const);
      await from.send([id, line]);
      await expectOctets(to, back, Buffer.from(line).toString("hex"));
    }
    await client.send([toServer.id, ""]);
    await assert.rejects(
      async () => {
        // libzmq forgets the connection a moment later, and until then may say that there is no room.
        for (;;) await client.send([toServer.id, "gone"]).catch(unlessFull);
      },
      { code: "EHOSTUNREACH" },
    );
    assert.deepEqual(await chunk(server), { id: toClient.id, data: Buffer.alloc(0) });
  },
);

testBoth("a DEALER whose connection a STREAM closes is none the worse: it comes again", async (open) => {
  const [stream, dealer] = [openStream(open), open("dealer", { reconnectInterval: 10 })];
  dealer.connect(await boundTo(stream));
  await dealer.send("");
  const first = await chunk(stream);
  await stream.send([first.id, ""]);
  let next = await chunk(stream);
  while (next.data.length > 0 || next.id.equals(first.id)) next = await chunk(stream);
  assert.deepEqual([next.id.length, next.data.length], [5, 0]);
});

testBoth("connections of a STREAM that were named are addressed by that name at once", async (open) => {
  const client = openStream(open);
  const servers = [openStream(open), openStream(open)] as const;
  client.connect(await boundTo(servers[0]), { routingId: "conn1" });
  client.connect(await boundTo(servers[1]), { routingId: "conn2" });
  await client.send(["conn1", "hi 1"]);
  await client.send(["conn2", "hi 2"]);
  for (const [index, server] of servers.entries()) {
    const { id } = await chunk(server);
    await expectOctets(server, id, Buffer.from(`hi ${index + 1}`).toString("hex"));
    await server.send([id, `back ${index + 1}`]);
  }
  const heard: string[][] = [];
  while (heard.length < 2) {
    const { id, data } = await chunk(client);
    // The others say that the connections stand.
    if (data.length > 0) heard.push([String(id), String(data)]);
  }
  assert.deepEqual(heard.toSorted(), [
    ["conn1", "back 1"],
    ["conn2", "back 2"],
  ]);
});

testBoth("a STREAM that is not to tell of connections gives data only", async (open) => {
  const server = openStream(open, { notify: false });
  await using peer = await RawPeer.connect(await boundTo(server));
  await peer.write(Buffer.from("data"));
  const { id } = await (async () => {
    const first = await chunk(server);
    assert.equal(String(first.data), "data");
    return first;
  })();
  await server.send([id, "answer"]);
  await peer.expect(Buffer.from("answer"), "the answer");
  peer.end();
  assert.equal(await receiveSoon(server as never, 30), undefined);
});

testBoth("8193 octets from a bare peer arrive in pieces, whole", async (open) => {
  const stream = openStream(open);
  await using peer = await RawPeer.connect(await boundTo(stream));
  const { id } = await chunk(stream);
  const octets = Buffer.alloc(8193, "abcdefghij");
  await peer.write(octets);
  await expectOctets(stream, id, octets.toString("hex"));
});

/** The same octets in each run, and different ones in each round. */
function* noise(seed: number): Generator<Buffer, never> {
  let state = seed;
  const random = (below: number): number => {
    state = (state * 1103515245 + 12345) & 0x7fffffff;
    return (state >> 8) % below;
  };
  for (;;) yield Buffer.from(Uint8Array.from({ length: random(300) }, () => random(256)));
}

testBoth("whatever bare peers send to a bound STREAM, a good one beside them is served", async (open) => {
  const stream = openStream(open, { maxMessageSize: 1000 });
  const endpoint = await boundTo(stream);
  await using good = await RawPeer.connect(endpoint);
  const { id } = await chunk(stream);
  const octets = noise(4711);
  for (let round = 0; round < 30; round += 1) {
    await using peer = await RawPeer.connect(endpoint);
    await peer.write(octets.next().value);
    if (round % 3 === 0) peer.reset();
    else peer.end();
    const text = `round ${round};`;
    await good.write(Buffer.from(text));
    let seen = "";
    while (seen.length < text.length) {
      const next = await chunk(stream);
      if (next.id.equals(id)) seen += next.data;
    }
    assert.equal(seen, text);
    await stream.send([id, text]);
    await good.expect(Buffer.from(text), "the echo");
  }
});

testBoth("a connecting STREAM takes whatever a bare listener says, and connects again", async (open) => {
  await using listener = await RawListener.open();
  const stream = openStream(open, { reconnectInterval: 1 });
  stream.connect(listener.endpoint);
  const octets = noise(42);
  for (let round = 0; round < 10; round += 1) {
    const peer = await within(3000, `connection ${round}`, listener.accept());
    const said = Buffer.concat([Buffer.from("x"), octets.next().value]);
    await peer.write(said);
    let heard = 0;
    while (heard < said.length) heard += (await chunk(stream)).data.length;
    peer.end();
    await within(3000, `end ${round}`, peer.closed());
  }
});
