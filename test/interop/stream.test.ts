// SPDX-License-Identifier: MIT
/** STREAM against plain TCP sockets, with no ZMTP between: ours, and libzmq's beside it to prove the expectations. */
import assert from "node:assert/strict";
import test from "node:test";
import { type Corpus, makeMessage, summarizeBytes } from "../support/peers/corpus.ts";
import { lastPeer, type PeerKind, type PeerSocket } from "../support/peers/peer.ts";
import { RawListener, RawPeer } from "../support/peers/raw-peer.ts";
import { startPeer } from "../support/peers/start-peer.ts";
import { missing } from "../support/peers/toolchain.ts";

const corpus: Corpus = { seed: 40, count: 3, shapes: [[1], [10_000], [1_000_000]] };
const patience = { timeout: 15000 };

/** A notice of a connection, or of its end: a routing id and nothing. */
async function takeNotice(stream: PeerSocket): Promise<string> {
  const [routingId, nothing, ...rest] = await stream.take();
  assert.equal(routingId?.length, 5, "a routing id of five octets");
  assert.equal(routingId[0], 0, "that begins with zero");
  assert.equal(nothing?.length, 0);
  assert.equal(rest.length, 0);
  return routingId.toString("hex");
}

async function talk(stream: PeerSocket, raw: RawPeer): Promise<void> {
  const parts = [0, 1, 2].flatMap((number) => makeMessage(corpus, number));
  const bytes = summarizeBytes(corpus);
  await Promise.all([raw.write(Buffer.concat(parts)), stream.receiveBytes(bytes.octets)]).then(([, got]) =>
    assert.equal(got.digest, bytes.digest, "what the plain socket sent"),
  );
  await Promise.all([stream.send(corpus, lastPeer), raw.expect(Buffer.concat(parts), "what the STREAM sent")]);
}

for (const kind of ["here", "c"] satisfies PeerKind[]) {
  test(`a STREAM (${kind}) talks with plain TCP sockets`, async (t) => {
    const lack = missing(kind);
    if (lack !== undefined) return t.skip(lack);
    await using peer = await startPeer(kind);
    await t.test("that connect to it, and tells when they come and go", patience, async () => {
      await using stream = await peer.socket("stream");
      await using raw = await RawPeer.connect(await stream.bind("tcp://127.0.0.1:0"));
      const came = await takeNotice(stream);
      await talk(stream, raw);
      raw.end();
      assert.equal(await takeNotice(stream), came, "the same routing id when it goes");
    });
    await t.test("that it connects to", patience, async () => {
      await using stream = await peer.socket("stream");
      await using listener = await RawListener.open();
      await stream.connect(listener.endpoint);
      await using raw = await listener.accept();
      await takeNotice(stream);
      await talk(stream, raw);
    });
    await t.test("and closes a connection by sending nothing to it, but not the others", patience, async () => {
      await using stream = await peer.socket("stream", { linger: 1000 });
      const endpoint = await stream.bind("tcp://127.0.0.1:0");
      await using first = await RawPeer.connect(endpoint);
      const firstId = Buffer.from(await takeNotice(stream), "hex");
      await using second = await RawPeer.connect(endpoint);
      const secondId = Buffer.from(await takeNotice(stream), "hex");
      await stream.put(firstId, "goodbye");
      await stream.put(firstId, "");
      await first.expect("'goodbye'", "what was sent before");
      const goOn = async (): Promise<void> => {
        await first.closed();
        await second.write("'still here'");
      };
      // libzmq's sockets go on with closing only inside a call.
      const [message] = await Promise.all([stream.take(), goOn()]);
      assert.deepEqual(
        message,
        [secondId, Buffer.from("still here")],
        "the other connection, and no notice of the first",
      );
    });
  });
}
