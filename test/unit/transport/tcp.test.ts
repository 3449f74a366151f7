// SPDX-License-Identifier: MIT
/** The tcp transport: what it binds to and connects to, every address of a name, sources, and errors that say what to do. */
import assert from "node:assert/strict";
import { connect as connectSocket } from "node:net";
import { networkInterfaces } from "node:os";
import { test } from "node:test";
import { SystemClock } from "../../../src/base/clock.ts";
import { ZmqError } from "../../../src/base/errors.ts";
import type { Connection } from "../../../src/engine/connection.ts";
import { TcpTransport } from "../../../src/transport/tcp.ts";
import type { Listener, TransportOptions } from "../../../src/transport/transport.ts";
import { handler } from "../../support/fake-connection.ts";
import { turns, within } from "../../support/sockets.ts";
import { hasIpv6 } from "../../support/tcp.ts";

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
const ipv6 = { ...options, ipv6: true };
const transport = new TcpTransport(new SystemClock());
const withIpv6 = { skip: (await hasIpv6()) ? false : "no IPv6 on this machine's loopback" };

interface Bound {
  listener: Listener;
  accepted: Connection[];
  next(): Promise<Connection>;
}

async function listening(
  address: string,
  test: (bound: Bound) => Promise<void>,
  values: TransportOptions = options,
): Promise<void> {
  const accepted: Connection[] = [];
  let wake = (): void => {};
  const listener = await transport.listen(transport.parse(address, "bind"), values, {
    accepted: (connection) => {
      accepted.push(connection);
      wake();
    },
    acceptFailed: assert.fail,
  });
  const next = async (): Promise<Connection> => {
    while (accepted.length === 0)
      await new Promise<void>((resolve) => {
        wake = resolve;
      });
    return accepted.shift() as Connection;
  };
  const hold = setInterval(() => {}, 1 << 30);
  try {
    await test({ listener, accepted, next: () => within(3000, "accept", next()) });
  } finally {
    clearInterval(hold);
    for (const connection of accepted) connection.destroy();
    await listener.close();
  }
}

function connectTo(endpoint: string, values: TransportOptions = options, signal?: AbortSignal): Promise<Connection> {
  const address = transport.parse(endpoint.replace("tcp://", ""), "connect");
  return within(
    5000,
    `connect ${endpoint}`,
    transport.connect(address, values, signal ?? new AbortController().signal),
  );
}

function portOf(endpoint: string): string {
  return endpoint.slice(endpoint.lastIndexOf(":") + 1);
}

test("wildcards, addresses and interfaces are bound, and the endpoint shows the numbers", async () => {
  const lo = Object.keys(networkInterfaces()).find((name) =>
    networkInterfaces()[name]?.some(({ address }) => address === "127.0.0.1"),
  );
  for (const [address, host] of [
    ["*:*", "0.0.0.0"],
    ["*:0", "0.0.0.0"],
    ["127.0.0.1:*", "127.0.0.1"],
    ["0.0.0.0:0", "0.0.0.0"],
    [`${lo}:*`, "127.0.0.1"],
  ] as const) {
    await listening(address, async ({ listener, next }) => {
      assert.match(listener.endpoint, new RegExp(`^tcp://${host}:[1-9][0-9]*$`));
      const ours = await connectTo(`127.0.0.1:${portOf(listener.endpoint)}`);
      const theirs = await next();
      assert.equal(ours.remote, `127.0.0.1:${portOf(listener.endpoint)}`);
      assert.match(theirs.remote, /^127\.0\.0\.1:[1-9][0-9]*$/);
      ours.destroy();
      theirs.destroy();
    });
  }
});

test("with ipv6, * takes both families, and IPv4 peers keep their look", withIpv6, async () => {
  await listening(
    "*:*",
    async ({ listener, next }) => {
      const port = portOf(listener.endpoint);
      assert.equal(listener.endpoint, `tcp://[::]:${port}`);
      for (const [host, remote] of [
        ["127.0.0.1", /^127\.0\.0\.1:/],
        ["[::1]", /^\[::1\]:/],
      ] as const) {
        const ours = await connectTo(`${host}:${port}`, ipv6);
        assert.match((await next()).remote, remote);
        ours.destroy();
      }
    },
    ipv6,
  );
});

test("an IPv6 address is bound and reached without the option, too", withIpv6, async () => {
  await listening("[::1]:*", async ({ listener, next }) => {
    assert.match(listener.endpoint, /^tcp:\/\/\[::1\]:\d+$/);
    const ours = await connectTo(listener.endpoint);
    assert.match((await next()).remote, /^\[::1\]:/);
    ours.destroy();
  });
});

test("every address of a name is tried: localhost is reached whichever family listens", withIpv6, async () => {
  for (const address of ["127.0.0.1:*", "[::1]:*"]) {
    await listening(address, async ({ listener, next }) => {
      const ours = await connectTo(`localhost:${portOf(listener.endpoint)}`, ipv6).catch((error: ZmqError) => {
        // Not every machine gives localhost an IPv6 address.
        if (address.startsWith("127")) throw error;
        return undefined;
      });
      if (ours === undefined) return;
      await next();
      ours.destroy();
    });
  }
});

test("a source address and port are used; an interface's name will do, and a wildcard port", async () => {
  await listening("127.0.0.1:*", async ({ listener, next }) => {
    const destination = listener.endpoint.replace("tcp://", "");
    const first = await connectTo(`127.0.0.2:0;${destination}`);
    const { remote } = await next();
    assert.match(remote, /^127\.0\.0\.2:/);
    const port = portOf(remote);
    const second = await connectTo(`127.0.0.3:${port};${destination}`);
    assert.equal((await next()).remote, `127.0.0.3:${port}`);
    const third = await connectTo(`lo:*;${destination}`);
    assert.match((await next()).remote, /^127\.0\.0\.1:/);
    const fourth = await connectTo(`*:*;${destination}`);
    await next();
    for (const each of [first, second, third, fourth]) each.destroy();
  });
});

test("a bind that cannot be says why, with code and endpoint", async () => {
  await listening("127.0.0.1:*", async ({ listener }) => {
    const address = listener.endpoint.replace("tcp://", "");
    for (const [text, code, message] of [
      [address, "EADDRINUSE", /already in use/],
      ["192.0.2.1:5555", "EADDRNOTAVAIL", /does not have that address/],
      ["no-such-interface:5555", "ENODEV", /neither an address nor a network interface/],
      ["example.com:5555", "ENODEV", /neither an address nor a network interface/],
    ] as const) {
      const failed = transport.listen(transport.parse(text, "bind"), options, {
        accepted: () => assert.fail(),
        acceptFailed: () => assert.fail(),
      });
      await assert.rejects(failed, (error: unknown) => {
        assert.ok(error instanceof ZmqError);
        assert.deepEqual([error.code, error.address, error.syscall], [code, `tcp://${text}`, "bind"]);
        assert.match(error.message, message);
        return true;
      });
    }
  });
});

test("a closed listener's address is free at once, while accepted connections stay", async () => {
  let endpoint = "";
  let ours: Connection | undefined;
  let theirs: Connection | undefined;
  await listening("127.0.0.1:*", async ({ listener, next }) => {
    endpoint = listener.endpoint.replace("tcp://", "");
    ours = await connectTo(listener.endpoint);
    theirs = await next();
  });
  await listening(endpoint, async () => {
    const arrived = new Promise<string>((resolve) => {
      (theirs as Connection).handler = handler({ received: (chunk) => resolve(Buffer.from(chunk).toString()) });
    });
    theirs?.resume();
    ours?.write([Buffer.from("still here")]);
    assert.equal(await within(3000, "data", arrived), "still here");
    ours?.destroy();
    theirs?.destroy();
  });
});

test("connections that nobody accepts fail with ECONNREFUSED, names that nobody knows with EHOSTUNREACH", async () => {
  await assert.rejects(connectTo("127.0.0.1:1"), { code: "ECONNREFUSED", address: "tcp://127.0.0.1:1" });
  await assert.rejects(connectTo("does-not-exist.invalid:1"), { code: "EHOSTUNREACH" });
  await assert.rejects(connectTo("does-not-exist.invalid:0;127.0.0.1:1"), (error: unknown) => {
    assert.ok(error instanceof Error);
    return true;
  });
});

test("an aborted attempt is given up at once, before as well as after it has begun", async () => {
  await assert.rejects(connectTo("127.0.0.1:1", options, AbortSignal.abort()), { code: "ECANCELED" });
  const controller = new AbortController();
  const attempt = connectTo("127.0.0.1:1", options, controller.signal);
  controller.abort();
  await assert.rejects(attempt);
});

test("a connection to itself counts as none", async () => {
  // With source and destination alike, TCP's simultaneous open makes a socket its own peer.
  const free = await new Promise<string>((resolve) => {
    void listening("127.0.0.1:*", async ({ listener }) => resolve(portOf(listener.endpoint)));
  });
  await turns(5);
  await assert.rejects(connectTo(`127.0.0.1:${free};127.0.0.1:${free}`), { code: "ECONNREFUSED" });
});

test("keepalive options are accepted", async () => {
  for (const tcpKeepalive of [0, 1]) {
    const values = { ...options, tcpKeepalive, tcpKeepaliveIdle: 60 };
    await listening(
      "127.0.0.1:*",
      async ({ listener, next }) => {
        const ours = await connectTo(listener.endpoint, values);
        (await next()).destroy();
        ours.destroy();
      },
      values,
    );
  }
});

test("peers that come and go at once do no harm", async () => {
  await listening("127.0.0.1:*", async ({ listener, next }) => {
    for (let i = 0; i < 20; i += 1) {
      const socket = connectSocket(Number(portOf(listener.endpoint)), "127.0.0.1");
      socket.on("error", () => {});
      socket.once("connect", () => socket.resetAndDestroy());
    }
    const ours = await connectTo(`127.0.0.2:*;${listener.endpoint.replace("tcp://", "")}`);
    for (let found = false; !found; ) {
      const theirs = await next();
      found = theirs.remote.startsWith("127.0.0.2:");
      theirs.destroy();
    }
    ours.destroy();
  });
});
