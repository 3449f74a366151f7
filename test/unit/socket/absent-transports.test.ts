// SPDX-License-Identifier: MIT
/** Transports of libzmq that no JavaScript runtime can have say why. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { withSockets } from "../../support/sockets.ts";

for (const scheme of ["vsock", "tipc", "hvsocket", "vmci", "norm"]) {
  test(`${scheme}:// is EPROTONOSUPPORT, with the reason`, () =>
    withSockets(async (open) => {
      const socket = open("pub");
      const error = { code: "EPROTONOSUPPORT", message: /no JavaScript runtime .*; there are tcp:/ };
      await assert.rejects(socket.bind(`${scheme}://1:2`), error);
      assert.throws(() => socket.connect(`${scheme}://1:2`), error);
    }));
}
