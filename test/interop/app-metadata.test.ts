// SPDX-License-Identifier: MIT
/** The properties of the option `metadata`, told to libzmq and told by it: through pyzmq, which reads and sets them. */
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { test } from "node:test";
import { commandFor, missing } from "../support/peers/toolchain.ts";
import { receiveTexts, within, withSockets } from "../support/sockets.ts";

const program = `
import zmq
rep = zmq.Context().socket(zmq.REP)
rep.linger = 0
rep.rcvtimeo = 5000
rep.setsockopt(95, b"X-hello:world")
rep.setsockopt(95, b"X-connection:backup")
print(rep.bind_to_random_port("tcp://127.0.0.1"), flush=True)
frame = rep.recv(copy=False)
def of(name):
    try:
        return frame.get(name)
    except zmq.ZMQError:
        return "nothing"
rep.send_string(" ".join(of(name) for name in ["X-hello", "X-connection", "X-bin", "X-foobar", "Socket-Type"]))
`;

test("test_app_meta: properties reach libzmq, and those of libzmq reach us", { timeout: 15_000 }, async (t) => {
  const lack = missing("python");
  if (lack !== undefined) return t.skip(lack);
  const { program: python } = await commandFor("python");
  const child = spawn(python, ["-c", program], { stdio: ["ignore", "pipe", "inherit"] });
  try {
    const [port] = (await once(child.stdout.setEncoding("utf8"), "data")) as [string];
    await withSockets(async (open) => {
      const request = open("req", { metadata: { "X-hello": "hello", "X-connection": "primary", "X-bin": "009c6" } });
      const told = new Promise<ReadonlyMap<string, Uint8Array>>((resolve) => {
        request.events.on("handshake", ({ peer }) => resolve(peer?.metadata ?? new Map()));
      });
      request.connect(`tcp://127.0.0.1:${port.trim()}`);
      await request.send("?");
      assert.deepEqual(await receiveTexts(request), ["hello primary 009c6 nothing REQ"]);
      const metadata = [...(await told)].map(([name, value]) => [name, Buffer.from(value).toString()]);
      assert.deepEqual(Object.fromEntries(metadata), { "X-hello": "world", "X-connection": "backup" });
    });
    if (child.exitCode === null) await within(5000, "the program's end", once(child, "exit"));
  } finally {
    child.kill();
  }
});
