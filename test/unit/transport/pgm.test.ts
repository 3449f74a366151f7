// SPDX-License-Identifier: MIT
/** The epgm and pgm transports as sockets see them: errors, and pgm on a package that is not there, may not, or works. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { Publisher, Push, Subscriber } from "../../../src/index.ts";
import { createPgmTransport } from "../../../src/transport/pgm.ts";
import type { NetworkHost } from "../../../src/transport/pgm-channel.ts";
import type { TransportOptions } from "../../../src/transport/transport.ts";

const GROUP = [239, 1, 1, 1];
const skip = process.platform === "linux" || process.platform === "darwin" ? false : "pgm is for Linux and macOS";

/** The package, on no network. */
class FakeRaw {
  readonly AddressFamily = { IPv4: 1 };
  readonly SocketLevel = { SOL_SOCKET: 1 };
  readonly SocketOption = { SO_RCVBUF: 8, SO_SNDBUF: 7 };
  readonly set: [number, unknown][] = [];
  readonly sent: { packet: Buffer; address: string }[] = [];
  isClosed = false;
  message: (packet: Uint8Array, source: string) => void = () => {};
  error: (error: Error) => void = () => {};

  createSocket(options: { protocol: number }): unknown {
    assert.equal(options.protocol, 113);
    return {
      on: (event: string, listener: NetworkHost["arrived"]) => {
        if (event === "message") this.message = listener as unknown as FakeRaw["message"];
        if (event === "error") this.error = listener as unknown as FakeRaw["error"];
      },
      // As the package has it: octets come with their length.
      setOption: (_level: number, option: number, value: number | Uint8Array, length?: number) => {
        if (typeof value === "number" ? length !== undefined : length !== value.length) throw new TypeError("Value");
        this.set.push([option, value]);
      },
      send: (packet: Buffer, _at: number, _length: number, address: string, done: (error: null) => void) => {
        this.sent.push({ packet, address });
        done(null);
      },
      close: () => {
        this.isClosed = true;
      },
    };
  }
}

test("pgm without the package says what to install", { skip }, async () => {
  const transport = createPgmTransport(() => {
    throw new Error("Cannot find module 'raw-socket'");
  });
  const address = transport.parse("127.0.0.1;239.1.1.1:7500", "bind", "PUB");
  const host = { accepted: () => {}, acceptFailed: () => {} };
  await assert.rejects(transport.listen(address, {} as TransportOptions, host), {
    code: "EPROTONOSUPPORT",
    message: /npm install raw-socket/,
  });
});

test("pgm without the permission says so", { skip }, async () => {
  const raw = new FakeRaw();
  raw.createSocket = () => {
    throw new Error("Operation not permitted");
  };
  const transport = createPgmTransport(() => raw);
  const address = transport.parse("127.0.0.1;239.1.1.1:7500", "connect", "SUB");
  await assert.rejects(transport.connect(address, {} as TransportOptions, new AbortController().signal), {
    code: "EACCES",
    message: /CAP_NET_RAW/,
  });
});

test("pgm with the package: joins, sends, and takes packets out of IP's", { skip }, async () => {
  const raw = new FakeRaw();
  const transport = createPgmTransport(() => raw);
  const address = transport.parse("127.0.0.1;239.1.1.1:7500", "connect", "SUB");
  const channel = await transport.connect(address, {} as TransportOptions, new AbortController().signal);
  assert.ok(raw.set.some(([, value]) => Buffer.isBuffer(value) && value.equals(Buffer.from([...GROUP, 127, 0, 0, 1]))));
  const packets: Uint8Array[] = [];
  (channel as unknown as NetworkHost).arrived = (packet) => void packets.push(packet);
  const ip = Buffer.alloc(24);
  ip.set([0x45], 0);
  ip.set([113], 9);
  ip.set(GROUP, 16);
  ip.set([1, 2, 3, 4], 20);
  raw.message(ip, "10.0.0.1");
  ip.set([9], 19);
  raw.message(ip, "10.0.0.1");
  ip.fill(0);
  raw.message(ip, "10.0.0.1");
  assert.deepEqual(
    packets.map((packet) => [...packet]),
    [[1, 2, 3, 4]],
  );
  channel.write([Uint8Array.of(5)]);
  assert.deepEqual(
    raw.sent.map((each) => each.address),
    ["239.1.1.1"],
  );
  channel.destroy();
  assert.equal(raw.isClosed, true);
});

test("pgm: nothing to be read is no error, and a network that is down is", { skip }, async () => {
  const raw = new FakeRaw();
  const transport = createPgmTransport(() => raw);
  const address = transport.parse("127.0.0.1;239.1.1.1:7500", "connect", "SUB");
  const channel = await transport.connect(address, {} as TransportOptions, new AbortController().signal);
  const ends: unknown[] = [];
  channel.handler = { received() {}, drained() {}, connectionEnded: (error) => ends.push(error?.code) };
  raw.error(new Error("Resource temporarily unavailable"));
  assert.deepEqual(ends, []);
  raw.error(new Error("Network is down"));
  assert.deepEqual(ends, ["ENETDOWN"]);
  assert.equal(raw.isClosed, true);
});

test("epgm is for publishers and subscribers, and without security", async () => {
  await using push = new Push();
  assert.throws(() => push.connect("epgm://127.0.0.1;239.1.1.1:7500"), { code: "ENOCOMPATPROTO" });
  await using publisher = new Publisher({ plainServer: true });
  assert.throws(() => publisher.connect("epgm://127.0.0.1;239.1.1.1:7500"), { code: "ENOTSUP", message: /handshake/ });
  await assert.rejects(publisher.bind("epgm://127.0.0.1;239.1.1.1:7500"), { code: "ENOTSUP" });
});

test("epgm: an interface that is not there, and packets without room", async () => {
  await using subscriber = new Subscriber();
  await assert.rejects(subscriber.bind("epgm://nosuch0;239.1.1.1:7500"), { code: "ENODEV" });
  await using small = new Subscriber({ multicastMaxTransportDataUnit: 74 });
  await assert.rejects(small.bind("epgm://127.0.0.1;239.1.1.1:7500"), { code: "EINVAL" });
});
