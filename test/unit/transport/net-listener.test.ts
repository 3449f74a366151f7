// SPDX-License-Identifier: MIT
/** Listening and connecting: errors in the library's terms, an address that is free once a server is closed. */
import assert from "node:assert/strict";
import type { AddressInfo } from "node:net";
import { test } from "node:test";
import { bindError, closeServer, connectOnce, listen } from "../../../src/transport/net-listener.ts";

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
