// SPDX-License-Identifier: MIT
/** `connect(address, { resolve: "all" })` over tcp, with a resolver of the test's own: several loopback addresses of one name. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { Context } from "../../../src/api/context.ts";
import { Pull, Push } from "../../../src/index.ts";
import { nodeRuntime } from "../../../src/runtime/node.ts";
import { InprocTransport } from "../../../src/transport/inproc.ts";
import { TcpTransport } from "../../../src/transport/tcp.ts";

test("all addresses are connected; one that comes later too, one that goes is let go; disconnect ends all", async () => {
  let addresses = ["127.0.0.1", "127.0.0.2"];
  let asked = 0;
  const lookup = async (host: string): Promise<{ address: string; family: number }[]> => {
    assert.equal(host, "workers.example");
    asked += 1;
    return addresses.map((address) => ({ address, family: 4 }));
  };
  const runtime = {
    ...nodeRuntime,
    createTransports: () => [new TcpTransport(nodeRuntime.clock, lookup)],
    createInproc: () => new InprocTransport(),
  };
  const context = new Context(runtime, () => ({}) as never);
  const hold = setInterval(() => {}, 1 << 30);
  const push = new Push({ context, linger: 0, reconnectInterval: 1, immediate: true });
  const first = new Pull({ context, linger: 0 });
  await first.bind("tcp://127.0.0.1:*");
  const port = (first.lastEndpoint as string).split(":").at(-1) as string;
  const [second, third] = [new Pull({ context, linger: 0 }), new Pull({ context, linger: 0 })];
  await second.bind(`tcp://127.0.0.2:${port}`);
  await third.bind(`tcp://127.0.0.3:${port}`);
  const reached = (count: number): Promise<string[]> => {
    const seen: string[] = [];
    return new Promise((resolve) => {
      push.events.on("handshake", ({ address }) => {
        seen.push(address);
        if (seen.length === count) resolve(seen.sort());
      });
    });
  };
  try {
    const name = `tcp://workers.example:${port}`;
    const both = reached(2);
    push.connect(name, { resolve: "all", resolveInterval: 0 });
    assert.equal(push.lastEndpoint, name);
    assert.deepEqual(await both, [`tcp://127.0.0.1:${port}`, `tcp://127.0.0.2:${port}`]);
    assert.equal(asked, 1);
    await push.send("1");
    await push.send("2");
    const got = await Promise.all([first.receive(), second.receive()]);
    assert.deepEqual(got.map(String).sort(), ["1", "2"]);

    addresses = ["127.0.0.1", "127.0.0.3"];
    const later = reached(1);
    await second.close();
    assert.deepEqual(await later, [`tcp://127.0.0.3:${port}`]);
    await push.send("3");
    await push.send("4");
    assert.deepEqual((await Promise.all([first.receive(), third.receive()])).map(String).sort(), ["3", "4"]);
    assert.deepEqual(
      push
        .peers()
        .map(({ endpoint }) => endpoint)
        .sort(),
      [`tcp://127.0.0.1:${port}`, `tcp://127.0.0.3:${port}`],
    );

    const gone = [first, third].map((pull) => new Promise((resolve) => pull.events.on("disconnect", resolve)));
    push.disconnect(name);
    await Promise.all(gone);
    assert.throws(() => push.disconnect(name), { code: "ENOENT" });
    assert.throws(() => push.connect(name, { resolve: "some" as never }), { code: "EINVAL" });
  } finally {
    clearInterval(hold);
    await Promise.all([push, first, second, third].map((socket) => socket.close({ linger: 0 })));
  }
});
