// SPDX-License-Identifier: MIT
/**
 * Peers of every version of ZMTP, played octet by octet (`old-versions.ts`): connecting and accepting, whole and in a
 * trickle. The same scripts are played to libzmq in C, which proves the expectations; JeroMQ is in `matrix-jeromq`.
 */
import assert from "node:assert/strict";
import test from "node:test";
import type { Peer, PeerKind, PeerSocket, PeerSocketOptions, SocketType } from "../support/peers/peer.ts";
import { RawListener, RawPeer } from "../support/peers/raw-peer.ts";
import { startPeer } from "../support/peers/start-peer.ts";
import { missing } from "../support/peers/toolchain.ts";
import { type Version, versions } from "./old-versions.ts";

/** A conversation between a tested socket and a scripted peer, after the connection was opened. */
interface Script {
  readonly tested: SocketType;
  readonly peer: string;
  readonly does: string;
  readonly options?: PeerSocketOptions;
  readonly peerId?: string;
  readonly prepare?: (socket: PeerSocket) => Promise<void>;
  readonly play: (peer: RawPeer, socket: PeerSocket, message: MessageOctets, version: Version) => Promise<void>;
}

/** A message's octets in the version of the script. */
type MessageOctets = (...parts: (string | Uint8Array)[]) => Buffer;

/** Long enough for a long frame in every version. */
const long = Buffer.alloc(300, "long");

const scripts: readonly Script[] = [
  {
    tested: "pull",
    peer: "PUSH",
    does: "gets what is pushed",
    play: async (peer, socket, message) => {
      await peer.write(Buffer.concat([message("one"), message("", long), message("end")]));
      assert.deepEqual(await takeText(socket), ["one"]);
      assert.deepEqual(await takeText(socket), ["", long.toString()]);
      assert.deepEqual(await takeText(socket), ["end"]);
    },
  },
  {
    tested: "push",
    peer: "PULL",
    does: "pushes",
    play: async (peer, socket, message) => {
      await socket.put("one");
      await socket.put("", long);
      await peer.expect(Buffer.concat([message("one"), message("", long)]), "two messages");
    },
  },
  {
    tested: "xpub",
    peer: "SUB",
    does: "hears subscriptions and publishes what is wanted",
    play: async (peer, socket, message, version) => {
      if (version.name === "ZMTP 1.0") {
        assert.deepEqual(
          await takeText(socket),
          ["\x01"],
          "a subscription to everything, on behalf of a peer that sends none",
        );
        await socket.put("anything");
        return peer.expect(message("anything"), "a message");
      }
      await peer.write(Buffer.concat([version.subscribe("b"), version.subscribe("c")]));
      assert.deepEqual(await takeText(socket), ["\x01b"]);
      assert.deepEqual(await takeText(socket), ["\x01c"]);
      await socket.put("a", "unwanted");
      await socket.put("bb", long);
      await peer.expect(message("bb", long), "the message that matches");
      await peer.write(version.cancel("b"));
      assert.deepEqual(await takeText(socket), ["\x00b"]);
      await socket.put("bb", "no longer wanted");
      await socket.put("c");
      await peer.expect(message("c"), "the message that still matches");
    },
  },
  {
    tested: "sub",
    peer: "PUB",
    does: "says its subscriptions and gets what matches",
    prepare: (socket) => socket.subscribe("b"),
    play: async (peer, socket, message, version) => {
      // The receiving begins before: libzmq's sockets notice a new peer only inside a call.
      const talk = async (): Promise<void> => {
        await peer.expect(version.subscribe("b"), "the subscription");
        await peer.write(Buffer.concat([message("a", "filtered here"), message("bb", long)]));
      };
      const [got] = await Promise.all([takeText(socket), talk()]);
      assert.deepEqual(got, ["bb", long.toString()]);
      await socket.unsubscribe("b");
      await peer.expect(version.cancel("b"), "the end of the subscription");
    },
  },
  {
    tested: "req",
    peer: "REP",
    does: "asks and gets the answer",
    play: async (peer, socket, message) => {
      await socket.put("question", long);
      await peer.expect(message("", "question", long), "the request behind an empty delimiter");
      await peer.write(message("", "answer"));
      assert.deepEqual(await takeText(socket), ["answer"]);
    },
  },
  {
    tested: "rep",
    peer: "REQ",
    does: "is asked and answers with the envelope",
    play: async (peer, socket, message) => {
      await peer.write(message("hop", "", "question"));
      assert.deepEqual(await takeText(socket), ["question"]);
      await socket.put("answer", long);
      await peer.expect(message("hop", "", "answer", long), "the reply in its envelope");
    },
  },
  {
    tested: "dealer",
    peer: "ROUTER",
    does: "announces its routing id and talks",
    options: { routingId: "tested-id" },
    play: async (peer, socket, message) => {
      await socket.put("to", long);
      await peer.expect(message("to", long), "a message");
      await peer.write(message("from", ""));
      assert.deepEqual(await takeText(socket), ["from", ""]);
    },
  },
  {
    tested: "router",
    peer: "DEALER",
    does: "knows the peer by the routing id it announced",
    peerId: "peer-id",
    play: async (peer, socket, message) => {
      await peer.write(message("from", long));
      assert.deepEqual(await takeText(socket), ["peer-id", "from", long.toString()]);
      await socket.put("peer-id", "to", "");
      await peer.expect(message("to", ""), "a message");
    },
  },
];

async function takeText(socket: PeerSocket): Promise<string[]> {
  return (await socket.take()).map((part) => part.toString());
}

async function play(tested: Peer, script: Script, version: Version, accepts: boolean, trickle: boolean): Promise<void> {
  await using socket = await tested.socket(script.tested, script.options);
  await script.prepare?.(socket);
  await using listener = await RawListener.open();
  let connection: Promise<RawPeer>;
  if (accepts) {
    connection = RawPeer.connect(await socket.bind("tcp://127.0.0.1:0"), trickle);
  } else {
    connection = listener.accept(trickle);
    await socket.connect(listener.endpoint);
  }
  await using peer = await connection;
  const testedId = script.options?.routingId ?? "";
  await version.open(peer, {
    peer: script.peer,
    tested: script.tested.toUpperCase(),
    peerId: script.peerId ?? "",
    testedId,
  });
  const message: MessageOctets = (...parts) =>
    Buffer.concat(parts.map((part, index) => version.frame(Buffer.from(part), index + 1 < parts.length)));
  await script.play(peer, socket, message, version);
}

for (const kind of ["here", "c"] satisfies PeerKind[]) {
  const name = kind === "here" ? "ours" : "libzmq in C";
  test(`${name} steps down to the version that the peer speaks`, async (t) => {
    const lack = missing(kind);
    if (lack !== undefined) return t.skip(lack);
    await using tested = await startPeer(kind);
    for (const version of versions) {
      for (const script of scripts) {
        for (const accepts of [true, false]) {
          for (const trickle of [false, true]) {
            const how = `${accepts ? "accepting" : "connecting"}${trickle ? ", octet by octet" : ""}`;
            const title = `${version.name}, ${how}: ${script.tested.toUpperCase()} ${script.does} (${script.peer})`;
            await t.test(title, { timeout: 15000 }, () => play(tested, script, version, accepts, trickle));
          }
        }
      }
    }
  });
}
