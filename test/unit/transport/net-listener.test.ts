// SPDX-License-Identifier: MIT
/** Listening and connecting: errors in the library's terms, an address that is free once a server is closed. */
import assert from "node:assert/strict";
import { type AddressInfo, type ListenOptions, Server as Net, type Server } from "node:net";
import { join } from "node:path";
import { test } from "node:test";
import { bindError, closeServer, connectOnce, listen, listenNow } from "../../../src/transport/net-listener.ts";
import { withFolder } from "../../support/tcp.ts";

const endpoint = "tcp://127.0.0.1:9";

test("errors of a bind carry the system's code, the endpoint, and what to do", () => {
  for (const [code, advice] of [
    ["EADDRINUSE", /already in use; choose another/],
    ["EADDRNOTAVAIL", /does not have that address/],
    ["EACCES", /ports below 1024/],
    ["ENOENT", /folder does not exist/],
  ] as const) {
    const cause = Object.assign(new Error("system"), { code });
    const error = bindError(cause, endpoint);
    assert.deepEqual([error.code, error.address, error.syscall, error.cause], [code, endpoint, "bind", cause]);
    assert.match(error.message, advice);
    assert.ok(error.message.startsWith(`bind ${endpoint}: `));
  }
  const unknown = bindError(new Error("odd"), endpoint);
  assert.deepEqual([unknown.code, unknown.message], ["EADDRNOTAVAIL", `bind ${endpoint}: odd`]);
});

test("backlog goes to the system", async (t) => {
  const listening = t.mock.method(Net.prototype, "listen");
  const server = await listen({ host: "127.0.0.1", port: 0, backlog: 7 }, endpoint, () => {});
  await closeServer(server);
  const [call] = listening.mock.calls;
  assert.equal((call?.arguments as unknown as [ListenOptions] | undefined)?.[0].backlog, 7);
});

test("a server's address can be bound again as soon as it is closed, with a connection still open", async () => {
  let accepted = 0;
  const server = await listen({ host: "127.0.0.1", port: 0 }, endpoint, (socket) => {
    accepted += 1;
    socket.on("error", () => {});
  });
  const { port } = server.address() as AddressInfo;
  const socket = await connectOnce({ host: "127.0.0.1", port }, endpoint, new AbortController().signal);
  await assert.rejects(
    listen({ host: "127.0.0.1", port }, endpoint, () => {}),
    { code: "EADDRINUSE" },
  );
  await closeServer(server);
  await closeServer(server);
  const again = await listen({ host: "127.0.0.1", port }, endpoint, () => {});
  await closeServer(again);
  assert.equal(accepted, 1);
  socket.destroy();
});

test("an attempt fails with the system's code, or ECANCELED when it is given up", async () => {
  const refused = connectOnce({ host: "127.0.0.1", port: 1 }, endpoint, new AbortController().signal);
  await assert.rejects(refused, { code: "ECONNREFUSED", address: endpoint });
  const before = connectOnce({ host: "127.0.0.1", port: 1 }, endpoint, AbortSignal.abort());
  await assert.rejects(before, { code: "ECANCELED" });
  const controller = new AbortController();
  const during = connectOnce({ host: "127.0.0.1", port: 1 }, endpoint, controller.signal);
  controller.abort();
  await assert.rejects(during, { code: "ECANCELED" });
});

/** A server that listens at once, and what takes it away. */
function listenAtOnce(where: ListenOptions): Server {
  return listenNow(where, endpoint, (socket) => socket.destroy());
}

test("a server that must listen at once listens when the call returns, with an address or a path", async () => {
  const server = listenAtOnce({ host: "127.0.0.1", port: 0, backlog: 5 });
  assert.equal(server.listening, true);
  const { port } = server.address() as AddressInfo;
  const socket = await connectOnce({ host: "127.0.0.1", port }, endpoint, new AbortController().signal);
  socket.destroy();
  await closeServer(server);
  await withFolder(async (folder) => {
    const atPath = listenAtOnce({ path: join(folder, "socket") });
    assert.equal(atPath.address(), join(folder, "socket"));
    await closeServer(atPath);
  });
});

test("what stands in the way of listening at once is thrown, with the code that waiting would have given", async () => {
  const first = listenAtOnce({ host: "127.0.0.1", port: 0 });
  const { port } = first.address() as AddressInfo;
  assert.throws(() => listenAtOnce({ host: "127.0.0.1", port }), { code: "EADDRINUSE", address: endpoint });
  // TEST-NET-1 (RFC 5737): no machine has it.
  assert.throws(() => listenAtOnce({ host: "192.0.2.1", port: 0 }), { code: "EADDRNOTAVAIL" });
  await withFolder(async (folder) => {
    const path = join(folder, "socket");
    const atPath = listenAtOnce({ path });
    assert.throws(() => listenAtOnce({ path }), { code: "EADDRINUSE" });
    await closeServer(atPath);
  });
  await closeServer(first);
});

test("a server that was closed has given its address back when the call returned", async () => {
  const first = listenAtOnce({ host: "127.0.0.1", port: 0 });
  const { port } = first.address() as AddressInfo;
  const closed = closeServer(first);
  const second = listenAtOnce({ host: "127.0.0.1", port });
  await Promise.all([closed, closeServer(second)]);
});
