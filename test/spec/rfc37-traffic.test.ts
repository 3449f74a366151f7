// SPDX-License-Identifier: MIT
/**
 * RFC 37, sentence by sentence: what all sockets do, subscriptions on the wire. The sentences are in
 * `sentences/rfc37.ts`.
 */
import assert from "node:assert/strict";
import { partnerOf, type Sut, type TypeName, turns, typeNames, until } from "./implementation.ts";
import { clause, type Lab, ON_THE_WIRE } from "./laboratory.ts";
import { COMMAND, encodeFrame, MORE, octets, parseCommand } from "./wire-octets.ts";

const wire = { over: ON_THE_WIRE };

// ── All sockets ──────────────────────────────────────────────────────────────────────────────────────────────────

clause("37/sockets/accept-and-connect", async (lab) => {
  for (const type of typeNames) {
    await lab.peer(await lab.bound(type), partnerOf[type]);
    await lab.connected(lab.open(type), partnerOf[type]);
  }
});

clause("37/sockets/opportunistic", async (lab) => {
  const endpoint = await lab.endpoint();
  const sut = lab.open("DEALER");
  sut.api.connect(endpoint); // nobody is there
  const late = lab.open("DEALER");
  if (lab.transport === "inproc") {
    await late.api.bind(endpoint);
  } else {
    await sut.next("connect:retry");
    await late.api.bind(endpoint);
    await late.next("handshake");
    await late.api.unbind(late.api.lastEndpoint ?? "");
    await until(() => {
      late.touch(); // libzmq's socket has a part in ending its connections
      return sut.seen("disconnect") > 0;
    });
    await late.api.bind(endpoint);
  }
  await sut.send("hello");
  assert.deepEqual(await late.receive(), ["hello"]);
});

clause("37/sockets/atomic-sending", async (lab) => {
  const sut = lab.open("DEALER", { sendHighWaterMark: 1 });
  const parts = Array.from({ length: 300 }, (_, i) => `${i}`);
  const place = await lab.place();
  sut.api.connect(place.endpoint);
  assert.equal(await sut.trySend(...parts), true); // the mark counts messages, not frames
  assert.equal(await sut.trySend("second"), false);
  const peer = await place.accept(sut, "DEALER");
  assert.deepEqual(await peer.receive(), parts);
  await sut.send("second", ...parts);
  assert.deepEqual(await peer.receive(), ["second", ...parts]);
});

clause(
  "37/sockets/atomic-receiving",
  async (lab) => {
    const { sut, peer } = await lab.talking("PULL", "PUSH");
    for (let i = 0; i < 5; i += 1) peer.write(encodeFrame(MORE, octets(`${i}`)));
    await turns();
    assert.equal(sut.api.readable, false);
    assert.equal(await sut.tryReceive(), undefined);
    const receiving = sut.receive();
    peer.write(encodeFrame(0, octets("last")));
    assert.deepEqual(await receiving, ["0", "1", "2", "3", "4", "last"]);
  },
  wire,
);

clause("37/sockets/once", async (lab) => {
  const sut = await lab.bound("PUSH");
  const peers = await lab.peers(sut, "PULL", ["A", "B"]);
  for (let i = 0; i < 600; i += 1) await sut.send(`${i}`);
  const received = new Set<string>();
  for (const peer of peers) {
    for (let i = 0; i < 300; i += 1) {
      const [first = ""] = await peer.receive();
      assert.equal(received.has(first), false, first);
      received.add(first);
    }
  }
  assert.equal(received.size, 600);
});

clause("37/sockets/order", async (lab) => {
  const sut = await lab.bound("PAIR");
  const peer = await lab.peer(sut, "PAIR");
  const sending = (async () => {
    for (let i = 0; i < 500; i += 1) await sut.send(`${i}`, "x".repeat(i));
  })();
  for (let i = 0; i < 500; i += 1) {
    assert.equal((await peer.receive())[0], `${i}`);
    await peer.send(`${i}`);
  }
  await sending;
  for (let i = 0; i < 500; i += 1) assert.deepEqual(await sut.receive(), [`${i}`]);
});

// ── Subscriptions ────────────────────────────────────────────────────────────────────────────────────────────────

/** Those that subscribe. libzmq passes on what an XSUB's application sends as it is, as a message. */
function subscribers(lab: Lab): readonly TypeName[] {
  return lab.implementation.name === "libzmq" ? ["SUB"] : ["SUB", "XSUB"];
}

clause(
  "37/pubsub/publisher-filters",
  async (lab) => {
    for (const type of ["PUB", "XPUB"] as const) {
      const { sut, peer } = await lab.talking(type, partnerOf[type]);
      peer.subscribe("wanted");
      await peer.settled();
      for (const topic of ["unwanted", "wanted", "want", "", "wanted too"]) await sut.send(topic);
      assert.deepEqual([await peer.receive(), await peer.receive()], [["wanted"], ["wanted too"]]);
      await peer.settled(); // nothing else is on the wire before the answers
    }
  },
  wire,
);

clause(
  "37/pubsub/subscribe",
  async (lab) => {
    for (const type of subscribers(lab)) {
      const { sut, peer } = await lab.talking(type, partnerOf[type]);
      for (const topic of ["", "topic", "\x00\xff"]) {
        await sut.subscribe(topic);
        const frame = await peer.frame();
        assert.equal(frame.flags, COMMAND);
        assert.equal(frame.body.toString("latin1"), `\x09SUBSCRIBE${topic}`);
      }
    }
  },
  wire,
);

clause(
  "37/pubsub/cancel",
  async (lab) => {
    for (const type of subscribers(lab)) {
      const { sut, peer } = await lab.talking(type, partnerOf[type]);
      for (const topic of ["", "topic", "\x00\xff"]) {
        await sut.subscribe(topic);
        await sut.unsubscribe(topic);
        assert.equal(parseCommand(await peer.frame()).name, "SUBSCRIBE");
        const frame = await peer.frame();
        assert.equal(frame.flags, COMMAND);
        assert.equal(frame.body.toString("latin1"), `\x06CANCEL${topic}`);
      }
    }
  },
  wire,
);

clause("37/pubsub/prefix", async (lab) => {
  const sut = await lab.bound("XPUB");
  const peer = await lab.peer(sut, "SUB");
  await peer.subscribe("A");
  assert.deepEqual(await sut.receive(), ["\x01A"]);
  for (const topic of ["A", "a", "AB", "BA", "", "A\x00"]) await sut.send(topic);
  for (const topic of ["A", "AB", "A\x00"]) assert.deepEqual(await peer.receive(), [topic]);
});

clause("37/pubsub/empty", async (lab) => {
  const sut = await lab.bound("XPUB");
  const peer = await lab.peer(sut, "SUB");
  await peer.subscribe("");
  assert.deepEqual(await sut.receive(), ["\x01"]);
  for (const topic of ["", "A", "\x00", "x".repeat(300)]) {
    await sut.send(topic);
    assert.deepEqual(await peer.receive(), [topic]);
  }
});

/** What of these topics reaches a subscriber. */
async function heard(publisher: Sut, subscriber: Sut): Promise<string[]> {
  for (const topic of ["A", "B", "end"]) await publisher.send(topic);
  const topics: string[] = [];
  for (;;) {
    const [topic = ""] = await subscriber.receive();
    if (topic === "end") return topics;
    topics.push(topic);
  }
}

clause("37/pubsub/additive", async (lab) => {
  const publisher = await lab.bound("XPUB");
  const sut = lab.open("SUB");
  await lab.link(sut, publisher);
  const change = async (verb: "subscribe" | "unsubscribe", topic: string, told?: string): Promise<string[]> => {
    await sut[verb](topic);
    if (told !== undefined) assert.deepEqual(await publisher.receive(), [told]);
    return heard(publisher, sut);
  };
  await sut.subscribe("end");
  assert.deepEqual(await publisher.receive(), ["\x01end"]);
  assert.deepEqual(await change("subscribe", "A", "\x01A"), ["A"]);
  assert.deepEqual(await change("subscribe", "A"), ["A"]);
  assert.deepEqual(await change("subscribe", "", "\x01"), ["A", "B"]);
  assert.deepEqual(await change("unsubscribe", "A"), ["A", "B"]);
  assert.deepEqual(await change("unsubscribe", "", "\x00"), ["A"]); // one of the two is left
  assert.deepEqual(await change("unsubscribe", "A", "\x00A"), []);
});
