// SPDX-License-Identifier: MIT
/** The ipc transport: paths, wildcards and abstract names; stale files that are removed, and others that never are. */
import assert from "node:assert/strict";
import { existsSync, lstatSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { dirname, join } from "node:path";
import { test } from "node:test";
import { SystemClock } from "../../../src/base/clock.ts";
import type { Connection } from "../../../src/engine/connection.ts";
import { IpcTransport } from "../../../src/transport/ipc.ts";
import type { Listener, TransportOptions } from "../../../src/transport/transport.ts";
import { handler } from "../../support/fake-connection.ts";
import { runProgram } from "../../support/program.ts";
import { within } from "../../support/sockets.ts";
import { withFolder } from "../../support/tcp.ts";

const options: TransportOptions = {
  backlog: 100,
  ipv6: false,
  tcpKeepalive: -1,
  tcpKeepaliveIdle: -1,
  tcpKeepaliveInterval: -1,
  tcpKeepaliveCount: -1,
  typeOfService: 0,
  tcpAcceptFilter: [],
  useFd: -1,
};
const transport = new IpcTransport(new SystemClock());
const onLinux = { skip: process.platform === "linux" ? false : "abstract names are Linux's" };

function listenAt(
  path: string,
  accepted: (connection: Connection) => void = (each) => each.destroy(),
): Promise<Listener> {
  return transport.listen(transport.parse(path, "bind"), options, { accepted, acceptFailed: assert.fail });
}

/** Whether a connection to the endpoint comes to this listener, and octets with it. */
async function reaches(endpoint: string, listen: (accepted: (connection: Connection) => void) => void): Promise<void> {
  const hold = setInterval(() => {}, 1 << 30);
  const arrived = new Promise<string>((resolve) => {
    listen((connection) => {
      connection.handler = handler({
        received(chunk) {
          resolve(Buffer.from(chunk).toString());
          connection.destroy();
        },
      });
      connection.resume();
    });
  });
  try {
    const address = transport.parse(endpoint.replace("ipc://", ""), "connect");
    const ours = await transport.connect(address, options, new AbortController().signal);
    ours.write([Buffer.from("hello")]);
    assert.equal(await within(3000, "octets", arrived), "hello");
    ours.destroy();
  } finally {
    clearInterval(hold);
  }
}

test("a path is bound and reached, and its file goes with the listener", () =>
  withFolder(async (folder) => {
    const path = join(folder, "feed");
    let accept: (connection: Connection) => void = () => {};
    const listener = await listenAt(path, (connection) => accept(connection));
    assert.equal(listener.endpoint, `ipc://${path}`);
    assert.ok(lstatSync(path).isSocket());
    await reaches(listener.endpoint, (accepted) => {
      accept = accepted;
    });
    await listener.close();
    assert.ok(!existsSync(path));
  }));

test("a wildcard makes a path of its own, private to this user, and leaves nothing behind", async () => {
  let accept: (connection: Connection) => void = () => {};
  const [first, second] = [await listenAt("*", (connection) => accept(connection)), await listenAt("*")];
  assert.notEqual(first.endpoint, second.endpoint);
  const folder = dirname(first.endpoint.slice("ipc://".length));
  assert.equal(lstatSync(folder).mode & 0o077, 0);
  await reaches(first.endpoint, (accepted) => {
    accept = accepted;
  });
  await first.close();
  await second.close();
  assert.ok(!existsSync(folder));
});

test("an abstract name is bound and reached, shows its @, and has no file", onLinux, async () => {
  const name = `@zeromq-ts-${process.pid}-${Math.random()}`;
  let accept: (connection: Connection) => void = () => {};
  const listener = await listenAt(name, (connection) => accept(connection));
  assert.equal(listener.endpoint, `ipc://${name}`);
  assert.ok(!existsSync(name));
  await reaches(listener.endpoint, (accepted) => {
    accept = accepted;
  });
  await assert.rejects(listenAt(name), { code: "EADDRINUSE" });
  await listener.close();
  await (await listenAt(name)).close();
});

test("the file that a program left when it was killed is no obstacle", () =>
  withFolder(async (folder) => {
    const path = join(folder, "stale");
    const { code } = await runProgram(`
      const pull = new zmq.Pull();
      await pull.bind("ipc://${path}");
      process.kill(process.pid, "SIGKILL");`).catch(() => ({ code: null }));
    assert.equal(code, null);
    assert.ok(lstatSync(path).isSocket());
    await (await listenAt(path)).close();
  }));

test("a file, a folder or a link that is no socket is never removed", () =>
  withFolder(async (folder) => {
    const file = join(folder, "file");
    writeFileSync(file, "precious");
    const subfolder = join(folder, "sub");
    mkdirSync(subfolder);
    const link = join(folder, "link");
    symlinkSync(file, link);
    for (const path of [file, subfolder, link]) {
      await assert.rejects(listenAt(path), { code: "EADDRINUSE", address: `ipc://${path}` });
      assert.ok(existsSync(path));
    }
    assert.equal(readFileSync(file, "utf8"), "precious");
    assert.ok(lstatSync(link).isSymbolicLink());
  }));

test("a later bind takes the name over, and closing the first leaves it alone", () =>
  withFolder(async (folder) => {
    const path = join(folder, "feed");
    const first = await listenAt(path);
    let accept: (connection: Connection) => void = () => {};
    const second = await listenAt(path, (connection) => accept(connection));
    await first.close();
    await reaches(`ipc://${path}`, (accepted) => {
      accept = accepted;
    });
    await second.close();
  }));

test("a folder that is not there is told of as such", () =>
  withFolder(async (folder) => {
    const path = join(folder, "missing", "feed");
    await assert.rejects(listenAt(path), { code: "ENOENT", message: /folder .*missing does not exist/ });
  }));

test("paths may have 107 octets, and not one more", () => {
  const text = (length: number): string => `/tmp/${"x".repeat(length - 5)}`;
  for (const use of ["bind", "connect"] as const) {
    assert.equal((transport.parse(text(107), use) as { path: string }).path.length, 107);
    assert.throws(() => transport.parse(text(108), use), { code: "ENAMETOOLONG", syscall: use });
    assert.throws(() => transport.parse(`/tmp/${"é".repeat(52)}`, use), { code: "ENAMETOOLONG" });
    assert.throws(() => transport.parse(`@${"x".repeat(107)}`, use), { code: "ENAMETOOLONG" });
  }
});

test("paths that cannot be are EINVAL", () => {
  for (const path of ["", "@", "a\0b"]) {
    for (const use of ["bind", "connect"] as const) assert.throws(() => transport.parse(path, use), { code: "EINVAL" });
  }
  assert.throws(() => transport.parse("*", "connect"), { code: "EINVAL", message: /lastEndpoint/ });
});

test("a connection to a path without a file, or without a listener, fails", () =>
  withFolder(async (folder) => {
    const attempt = (path: string): Promise<Connection> =>
      transport.connect(transport.parse(path, "connect"), options, new AbortController().signal);
    await assert.rejects(attempt(join(folder, "nothing")), { address: `ipc://${join(folder, "nothing")}` });
    const path = join(folder, "plain");
    const server = createServer().listen(path);
    await new Promise((resolve) => {
      server.once("listening", resolve);
    });
    (await attempt(path)).destroy();
    await new Promise((resolve) => {
      server.close(resolve);
    });
    await assert.rejects(attempt(path));
  }));
