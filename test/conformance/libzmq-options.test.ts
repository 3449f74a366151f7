// SPDX-License-Identifier: MIT
/** What libzmq's own tests of options pin down, against this library and, where npm `zeromq` shows it, against libzmq. */
import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { type AddressInfo, createServer, type Server } from "node:net";
import type { Readable } from "node:stream";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { Context } from "../../src/index.ts";
import { boundTo, testBoth, testOurs } from "../support/implementations.ts";
import { bound, join, within, withSockets } from "../support/sockets.ts";

interface Numbered {
  getInt32Option(id: number): number;
  setStringOption(id: number, value: string): void;
}

// ── test_tcp_accept_filter ───────────────────────────────────────────────────────────────────────────────────────

testBoth("test_tcp_accept_filter: what is no address or network is EINVAL", async (open) => {
  for (const filter of ["foo", "0.0.0.0foo", "0.0.0.0/foo", "0.0.0.0/", "0.0.0.0/-1", "0.0.0.0/33"]) {
    const pair = open("pair");
    assert.throws(() => Object.assign(pair, { tcpAcceptFilter: filter }), { code: "EINVAL" }, filter);
  }
});

for (const [what, filters] of [
  ["none", [null]],
  ["one that does not match, and none again", ["127.0.0.255/32", null]],
  ["the address itself", ["127.0.0.1/32"]],
  ["a network of no bits", ["0.0.0.0/0"]],
  ["a network of seven bits", ["126.0.0.0/7"]],
  ["several, of which the last matches", ["10.0.0.0/8", "127.0.0.255/32", "127.0.0.1"]],
] as const) {
  testBoth(`test_tcp_accept_filter: a peer comes in with ${what}`, async (open) => {
    const [binder, connecter] = [open("pair"), open("pair")];
    for (const filter of filters) binder.tcpAcceptFilter = filter;
    connecter.connect(await boundTo(binder));
    await connecter.send("content");
    binder.receiveTimeout = 5000;
    assert.equal(String((await binder.receive())[0]), "content");
    await binder.send("back");
    connecter.receiveTimeout = 5000;
    assert.equal(String((await connecter.receive())[0]), "back");
  });
}

testBoth("test_tcp_accept_filter: a peer from elsewhere is turned away", async (open) => {
  const [binder, connecter] = [open("pull"), open("push")];
  binder.tcpAcceptFilter = "127.0.0.255/32";
  binder.tcpAcceptFilter = "10.0.0.0/8";
  const refused = (async () => {
    for await (const { type } of binder.events) if (type === "accept:error") return true;
    return false;
  })();
  connecter.connect(await boundTo(binder));
  assert.equal(await refused, true);
});

// ── test_pubsub_topics_count ─────────────────────────────────────────────────────────────────────────────────────

testBoth("test_pubsub_topics_count: prefixes are counted on both sides, nested ones too", async (open) => {
  const [pub, sub] = [open("pub"), open("sub")];
  const count = (socket: object): number => {
    // libzmq looks at what has come only when it is asked for something like this.
    assert.ok("writable" in socket && socket.writable !== undefined);
    return (socket as unknown as Numbered).getInt32Option(116);
  };
  /** The publisher hears of it over the network. */
  const settle = async (expected: number): Promise<void> => {
    const end = Date.now() + 5000;
    while (count(pub) !== expected && Date.now() < end) await new Promise(setImmediate);
    assert.equal(count(pub), expected);
  };
  assert.equal(count(pub), 0);
  sub.connect(await boundTo(pub));
  sub.subscribe("topicprefix1");
  assert.equal(count(sub), 1);
  await settle(1);
  sub.subscribe("topicprefix1-nested", "topicprefix2");
  assert.equal(count(sub), 3);
  await settle(3);
  sub.unsubscribe("topicprefix2");
  sub.unsubscribe("topicprefix1");
  assert.equal(count(sub), 1);
  await settle(1);
  sub.unsubscribe("topicprefix1-nested");
  assert.equal(count(sub), 0);
  await settle(0);
});

test("topicsCount is a property of the types that have topics, and only read", () =>
  withSockets(async (open) => {
    const [pub, sub] = [open("pub"), open("sub")];
    await join(pub, sub);
    sub.subscribe("a", "b", "b");
    assert.equal(sub.topicsCount, 2, "each once; libzmq counts what a subscriber subscribed to twice as two");
    assert.equal(pub.topicsCount, (pub as unknown as Numbered).getInt32Option(116));
    assert.equal("topicsCount" in open("push"), false);
    assert.throws(() => Object.assign(sub, { topicsCount: 5 }), TypeError);
    assert.throws(() => open("sub", { topicsCount: 5 } as never), { name: "TypeError", message: /only a getter/ });
    assert.equal(sub.threadSafe, false);
  }));

// ── test_app_meta ────────────────────────────────────────────────────────────────────────────────────────────────

testBoth("test_app_meta: what is no X- name with a value is EINVAL", async (open) => {
  const rep = open("rep") as unknown as Numbered;
  for (const text of [":", "key:", ":value", "keyvalue", "", `X-${"KeyTooLong".repeat(26)}:value`]) {
    assert.throws(() => rep.setStringOption(95, text), { code: "EINVAL" }, text);
  }
  rep.setStringOption(95, "X-hello:world");
  rep.setStringOption(95, "X-connection:backup");
});

for (const wildcard of ["tcp://127.0.0.1:*", "ipc://*"]) {
  test(`test_app_meta: properties reach the peer over ${wildcard}, both ways`, () =>
    withSockets(async (open) => {
      const rep = open("rep", { metadata: { "X-hello": "world" } });
      const req = open("req", { metadata: { "X-hello": "hello", "X-octets": Buffer.of(0, 255) } });
      rep.metadata = "X-connection:backup";
      assert.deepEqual(rep.metadata, { "X-hello": "world", "X-connection": "backup" });
      const told = (socket: typeof rep | typeof req): Promise<Record<string, string>> =>
        new Promise((resolve) => {
          socket.events.on("handshake", ({ peer }) => {
            const entries = [...(peer?.metadata ?? [])].map(([name, value]) => [
              name,
              Buffer.from(value).toString("hex"),
            ]);
            resolve(Object.fromEntries(entries));
          });
        });
      const both = [told(rep), told(req)];
      req.connect(await bound(rep, wildcard));
      const [toRep, toReq] = await Promise.all(both);
      const hex = (text: string): string => Buffer.from(text).toString("hex");
      assert.deepEqual(toRep, { "X-hello": hex("hello"), "X-octets": "00ff" });
      assert.deepEqual(toReq, { "X-hello": hex("world"), "X-connection": hex("backup") });
    }));
}

// ── ioThreads, affinity ──────────────────────────────────────────────────────────────────────────────────────────

for (const [what, ioThreads, affinity, works] of [
  ["no thread", 0, 0, false],
  ["a mask that leaves the only one", 1, 1, true],
  ["a mask that rules the only one out", 1, 2, false],
  ["a mask with one of many", 4, 8, true],
  ["a mask beyond all of them", 4, 16, false],
] as const) {
  test(`ioThreads and affinity: ${what}`, async () => {
    const context = new Context({ ioThreads });
    const push = context.socket("push", { affinity, linger: 0 });
    assert.equal(push.affinity, affinity);
    context.ioThreads = 1;
    if (works) {
      await push.bind("tcp://127.0.0.1:*");
      push.connect("tcp://127.0.0.1:1");
    } else {
      await assert.rejects(push.bind("tcp://127.0.0.1:*"), { code: "EMTHREAD" });
      assert.throws(() => push.connect("tcp://127.0.0.1:1"), { code: "EMTHREAD", message: /ioThreads/ });
    }
    await push.bind("inproc://needs-no-thread");
    await push.close();
  });
}

// ── Multicast ────────────────────────────────────────────────────────────────────────────────────────────────────

test("options of multicast are kept, and norm:// is refused with its reason", () =>
  withSockets(async (open) => {
    const values = { rate: 1000, recoveryInterval: 5, multicastMaxTransportDataUnit: 500, multicastLoop: false };
    const pub = open("pub", { ...values, multicastHops: 3 });
    assert.equal(pub.multicastHops, 3);
    for (const [name, value] of Object.entries(values)) assert.equal(pub[name as keyof typeof values], value);
    const endpoint = "norm://lo;239.192.1.1:5555";
    await assert.rejects(pub.bind(endpoint), { code: "EPROTONOSUPPORT" });
    assert.throws(() => pub.connect(endpoint), { code: "EPROTONOSUPPORT" });
  }));

// ── inBatchSize, test_use_fd ─────────────────────────────────────────────────────────────────────────────────────

testOurs("test_stream_exceeds_buffer: inBatchSize is the longest chunk that a STREAM gives", async (open) => {
  const [stream, push] = [open("stream", { inBatchSize: 100, notify: false }), open("stream", { notify: false })];
  const endpoint = await boundTo(stream);
  push.connect(endpoint, { routingId: "peer" });
  await push.send(["peer", "x".repeat(250)]);
  let length = 0;
  while (length < 250) {
    const [, chunk] = await stream.receive();
    assert.ok(chunk.length <= 100);
    length += chunk.length;
  }
});

const program = `
  import { Pull } from ${JSON.stringify(new URL("../../src/index.ts", import.meta.url).href)};
  const pull = new Pull({ linger: 0, useFd: 3 });
  await pull.bind(process.argv[1]);
  console.log(pull.lastEndpoint);
  console.log(String((await pull.receive())[0]));
`;

/** Gives the descriptor of a server to a program that takes it over, and sends that one message. */
async function handOver(server: Server, endpoint: string): Promise<void> {
  const { _handle: handle } = server as unknown as { _handle: { fd: number } };
  const child: ChildProcess = spawn(
    process.execPath,
    ["--import", "tsx", "--input-type=module", "-e", program, endpoint],
    {
      cwd: fileURLToPath(new URL("../..", import.meta.url)),
      stdio: ["ignore", "pipe", "inherit", handle.fd],
    },
  );
  let output = "";
  const stdout = child.stdout as Readable;
  stdout.setEncoding("utf8").on("data", (text: string) => {
    output += text;
  });
  const ended = once(child, "exit");
  // From here on the program alone has it.
  server.close();
  await withSockets(async (open) => {
    while (!output.includes("\n")) await within(10_000, "the bind", once(stdout, "data"));
    assert.equal(output.trim(), endpoint);
    const push = open("push");
    push.connect(endpoint);
    await push.send("through a descriptor");
    await within(10_000, "the program's end", ended);
    assert.equal(output, `${endpoint}\nthrough a descriptor\n`);
  });
}

const NO_DESCRIPTORS = "this runtime takes over no descriptors";
const isDeno = "Deno" in globalThis;

test("test_use_fd: a bind over tcp takes over a descriptor that listens", {
  skip: isDeno && NO_DESCRIPTORS,
}, async () => {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  await handOver(server, `tcp://127.0.0.1:${(server.address() as AddressInfo).port}`);
});

const onLinux = {
  skip: process.platform === "linux" ? isDeno && NO_DESCRIPTORS : "abstract names are Linux's",
};

test("test_use_fd: a bind over ipc takes over a descriptor that listens", onLinux, async () => {
  const name = `zeromq-ts-${process.pid}-${Date.now()}`;
  const server = createServer().listen(`\0${name}`);
  await once(server, "listening");
  await handOver(server, `ipc://@${name}`);
});

test("test_use_fd: what is no descriptor fails the bind", () =>
  withSockets(async (open) => {
    await assert.rejects(open("pull", { useFd: 999 }).bind("tcp://127.0.0.1:*"), ({ code }: { code: string }) =>
      (isDeno ? ["ENOTSUP"] : ["EINVAL", "EBADF", "EADDRNOTAVAIL"]).includes(code),
    );
  }));
