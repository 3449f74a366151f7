// SPDX-License-Identifier: MIT
/**
 * PLAIN (RFC 24) and its authenticator (RFC 27) with libzmq in C, pyzmq's authenticator and npm `zeromq`: both roles,
 * right and wrong passwords, mechanisms that do not match. The client connects; once, the server does.
 */
import assert from "node:assert/strict";
import test from "node:test";
import type { Peer, PeerKind, PeerSocketOptions } from "../support/peers/peer.ts";
import { startPeer } from "../support/peers/start-peer.ts";
import { missing } from "../support/peers/toolchain.ts";

const server: PeerSocketOptions = { plainServer: true, zapDomain: "global" };
const client: PeerSocketOptions = { plainUsername: "admin", plainPassword: "secret" };
const impostor: PeerSocketOptions = { plainUsername: "admin", plainPassword: "guess" };

/** Both directions: a REQ client asks, a REP server answers. */
async function roundTrip(asking: Peer, answering: Peer, serverBinds: boolean): Promise<void> {
  await using reply = await answering.socket("rep", server);
  await using request = await asking.socket("req", client);
  if (serverBinds) await request.connect(await reply.bind("tcp://127.0.0.1:0"));
  else await reply.connect(await request.bind("tcp://127.0.0.1:0"));
  const [, answer] = await Promise.all([reply.echo(1), request.put("question").then(() => request.take())]);
  assert.equal(answer.join(), "question");
}

async function refused(tested: Peer, peer: Peer): Promise<void> {
  await using pull = await tested.socket("pull", server);
  await pull.watch("handshake:error:auth");
  const endpoint = await pull.bind("tcp://127.0.0.1:0");
  await using wrong = await peer.socket("push", impostor);
  await wrong.connect(endpoint);
  assert.equal(await pull.event("handshake:error:auth"), "400");
  await using right = await peer.socket("push", client);
  await right.connect(endpoint);
  await right.put("from the client");
  assert.equal((await pull.take()).join(), "from the client");
}

async function refusedBy(tested: Peer, peer: Peer): Promise<void> {
  await using pull = await peer.socket("pull", server);
  const endpoint = await pull.bind("tcp://127.0.0.1:0");
  await using wrong = await tested.socket("push", impostor);
  await wrong.watch("handshake:error:auth");
  await wrong.connect(endpoint);
  assert.equal(await wrong.event("handshake:error:auth"), "400");
  await using right = await tested.socket("push", client);
  await right.connect(endpoint);
  await right.put("from the client");
  assert.equal((await pull.take()).join(), "from the client");
}

/** Both sides notice; which one hangs up first, and so what the other sees, is a race. */
async function mismatched(tested: Peer, peer: Peer, ours: PeerSocketOptions, theirs: PeerSocketOptions): Promise<void> {
  await using pull = await tested.socket("pull", ours);
  await pull.watch("disconnect");
  const endpoint = await pull.bind("tcp://127.0.0.1:0");
  await using wrong = await peer.socket("push", theirs);
  await wrong.connect(endpoint);
  await pull.event("disconnect");
  await using right = await peer.socket("push", ours.plainServer === true ? client : {});
  await right.connect(endpoint);
  await right.put("from the client");
  assert.equal((await pull.take()).join(), "from the client");
}

for (const kind of ["c", "python", "zeromq.js"] satisfies PeerKind[]) {
  test(`PLAIN with the ${kind} peer`, async (t) => {
    const lack = missing("here") ?? missing(kind);
    if (lack !== undefined) return t.skip(lack);
    await using tested = await startPeer("here");
    await using peer = await startPeer(kind);
    await tested.authenticate("admin", "secret");
    await peer.authenticate("admin", "secret");
    const check = (title: string, run: () => Promise<void>): Promise<void> => t.test(title, { timeout: 20000 }, run);
    await check(`a ${kind} client with the right password talks to our server`, () => roundTrip(peer, tested, true));
    await check(`our client with the right password talks to a ${kind} server`, () => roundTrip(tested, peer, true));
    await check(`our server may connect to a ${kind} client`, () => roundTrip(peer, tested, false));
    await check(`a ${kind} server may connect to our client`, () => roundTrip(tested, peer, false));
    await check(`a ${kind} client with a wrong password is refused with 400, others are served`, () =>
      refused(tested, peer),
    );
    await check(`our client hears 400 from a ${kind} server for a wrong password`, () => refusedBy(tested, peer));
    await check(`a ${kind} client without PLAIN is turned away, others are served`, () =>
      mismatched(tested, peer, server, {}),
    );
    await check(`a ${kind} client with PLAIN is turned away where there is none, others are served`, () =>
      mismatched(tested, peer, {}, client),
    );
  });
}

test("a libzmq client that our PLAIN server refuses takes RFC 24's ERROR for a breach, and stays away all the same", async (t) => {
  const lack = missing("zeromq.js");
  if (lack !== undefined) return t.skip(lack);
  await using tested = await startPeer("here");
  await using peer = await startPeer("zeromq.js");
  await tested.authenticate("admin", "secret");
  await using pull = await tested.socket("pull", server);
  await using wrong = await peer.socket("push", { ...impostor, reconnectInterval: 1 });
  await wrong.watch("handshake:error:protocol", "disconnect");
  await wrong.connect(await pull.bind("tcp://127.0.0.1:0"));
  // It knows ERROR only as its own servers misspell it: see `src/wire/command.ts`.
  assert.equal(await wrong.event("handshake:error:protocol"), "ERR_ZMTP_UNEXPECTED_COMMAND");
  await wrong.event("disconnect");
});
