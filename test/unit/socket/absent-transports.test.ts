// SPDX-License-Identifier: MIT
/** Transports of libzmq that no JavaScript runtime can have say why, whatever is asked of them. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { withSockets } from "../../support/sockets.ts";

/** Endpoints as libzmq's manual pages have them. */
const ENDPOINTS = [
  "vsock://2:5555",
  "vsock://*:*",
  "tipc://{5560,0,0}",
  "tipc://<*>",
  "vmci://1000:5555",
  "hvsocket://e0e16197-dd56-4a10-9195-5ee7a155a838:5555",
  "norm://1,eth0;224.1.2.3:5555",
] as const;

for (const endpoint of ENDPOINTS) {
  const scheme = endpoint.slice(0, endpoint.indexOf(":"));
  test(`${scheme}:// is EPROTONOSUPPORT, with the reason: ${endpoint}`, () =>
    withSockets(async (open) => {
      const sockets = [open("pub"), open("sub"), open("dealer"), open("stream")];
      for (const socket of sockets) {
        const error = (call: string): object => ({
          code: "EPROTONOSUPPORT",
          message: new RegExp(`^${call} ${scheme}://.*: .*no JavaScript runtime .*; there are tcp:`),
        });
        await assert.rejects(socket.bind(endpoint), error("bind"));
        assert.throws(() => socket.bindSync(endpoint), error("bind"));
        assert.throws(() => socket.connect(endpoint), error("connect"));
        assert.throws(() => socket.disconnect(endpoint), error("disconnect"));
        await assert.rejects(socket.unbind(endpoint), error("unbind"));
        assert.throws(() => socket.unbindSync(endpoint), error("unbind"));
        assert.equal(socket.lastEndpoint, null);
      }
    }));
}

test("other schemes are told apart from those", () =>
  withSockets(async (open) => {
    const error = { code: "EPROTONOSUPPORT", message: /no transport is called "carrier"; there are tcp:/ };
    assert.throws(() => open("pub").connect("carrier://pigeon"), error);
    await assert.rejects(open("pub").bind("VSOCK://2:5555"), { code: "EPROTONOSUPPORT" });
  }));
