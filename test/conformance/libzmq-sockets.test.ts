// SPDX-License-Identifier: MIT
/** What sockets begin with, as libzmq's test_ctx_options and test_setsockopt pin it. */
import assert from "node:assert/strict";
import { testBoth } from "../support/implementations.ts";

/** The options that libzmq's test sets and reads, by its numbers, and what they are at first. */
const DEFAULTS = { SNDBUF: [11, -1], RCVBUF: [12, -1], USE_FD: [89, -1], PRIORITY: [112, 0] } as const;
const BINDTODEVICE = 92;

interface Numbered {
  getInt32Option(id: number): number;
  setInt32Option(id: number, value: number): void;
  getStringOption(id: number): string | null;
}

testBoth("options of the system's sockets begin with its own choice, which can be set again", async (open) => {
  for (const [name, [id, value]] of Object.entries(DEFAULTS)) {
    const socket = open("pair") as unknown as Numbered;
    assert.equal(socket.getInt32Option(id), value, name);
    socket.setInt32Option(id, value);
    assert.equal(socket.getInt32Option(id), value, name);
  }
  assert.equal((open("pair") as unknown as Numbered).getStringOption(BINDTODEVICE), null);
});

testBoth("a context's ipv6 and blocky are what its sockets begin with, the earlier ones excepted", async (_, zmq) => {
  const context = new zmq.Context();
  const create = () => new zmq.Dealer({ context });
  const sockets = [create()];
  context.ipv6 = true;
  context.blocky = false;
  sockets.push(create());
  context.ipv6 = false;
  context.blocky = true;
  sockets.push(create());
  assert.deepEqual(
    sockets.map(({ ipv6, linger }) => [ipv6, linger]),
    [
      [false, -1],
      [true, 0],
      [false, -1],
    ],
  );
  for (const socket of sockets) await socket.close();
});
