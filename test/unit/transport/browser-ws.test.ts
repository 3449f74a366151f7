// SPDX-License-Identifier: MIT
/** The browser's ws and wss over a WebSocket that the test plays: what is offered and agreed on, back-pressure by `bufferedAmount`, the end in order and otherwise. */
import assert from "node:assert/strict";
import { test } from "node:test";
import type { ZmqError } from "../../../src/base/errors.ts";
import type { Connection } from "../../../src/engine/connection.ts";
import { BrowserWsTransport } from "../../../src/transport/browser-ws.ts";
import type { Address, TransportOptions } from "../../../src/transport/transport.ts";
import { EngineRig } from "../../support/engine-rig.ts";
import { FakeClock } from "../../support/fake-clock.ts";
import { handler } from "../../support/fake-connection.ts";

/** What a page has; the test is the network and the server. */
class PlayedSocket {
  static last: PlayedSocket;
  binaryType = "blob";
  bufferedAmount = 0;
  protocol = "";
  readonly url: string;
  readonly offered: string[];
  readonly sent: Uint8Array[] = [];
  closedWith: number | undefined;
  isClosed = false;
  onopen: (() => void) | null = null;
  onerror: (() => void) | null = null;
  onmessage: ((event: { data: unknown }) => void) | null = null;
  onclose: ((event: { code: number; reason: string }) => void) | null = null;

  constructor(url: string, offered: string[]) {
    this.url = url;
    this.offered = offered;
    PlayedSocket.last = this;
  }

  send(data: Uint8Array): void {
    this.sent.push(data);
    this.bufferedAmount += data.length;
  }

  close(code?: number): void {
    this.isClosed = true;
    this.closedWith = code;
  }

  open(protocol: string): void {
    this.protocol = protocol;
    this.onopen?.();
  }
}

/** Runs `work` where WebSocket is the one above. */
async function inPage<R>(work: () => R | Promise<R>): Promise<R> {
  const page = globalThis as { WebSocket?: unknown };
  const before = Object.getOwnPropertyDescriptor(page, "WebSocket");
  Object.defineProperty(page, "WebSocket", { value: PlayedSocket, configurable: true, writable: true });
  try {
    return await work();
  } finally {
    delete page.WebSocket;
    if (before !== undefined) Object.defineProperty(page, "WebSocket", before);
  }
}

interface Attempt {
  readonly clock: FakeClock;
  readonly transport: BrowserWsTransport;
  readonly address: Address;
  readonly socket: PlayedSocket;
  readonly connected: Promise<Connection>;
  readonly abort: AbortController;
}

function attempt(options: { mechanism?: string } = {}, before?: Attempt): Attempt {
  const clock = before?.clock ?? new FakeClock();
  const transport = before?.transport ?? new BrowserWsTransport("ws", clock);
  const address = before?.address ?? transport.parse("192.0.2.1:5555/a?b", "connect");
  const abort = new AbortController();
  const connected = transport.connect(address as never, options as TransportOptions, abort.signal);
  return { clock, transport, address, socket: PlayedSocket.last, connected, abort };
}

async function openConnection(): Promise<Attempt & { connection: Connection; ended: (ZmqError | undefined)[] }> {
  const made = attempt();
  made.socket.open("ZWS2.0-NULL");
  const connection = await made.connected;
  const ended: (ZmqError | undefined)[] = [];
  connection.handler = handler({ connectionEnded: (error) => ended.push(error) });
  return { ...made, connection, ended };
}

test("endpoints are checked, and a browser cannot bind", async () => {
  const transport = new BrowserWsTransport("wss", new FakeClock());
  assert.deepEqual(transport.parse("Example.org", "connect"), {
    endpoint: "wss://Example.org",
    url: "wss://example.org/",
  });
  for (const bad of ["", "host:port", "a#b", "user@host", "//"]) {
    assert.throws(() => transport.parse(bad, "connect"), { code: "EINVAL" }, bad);
  }
  assert.throws(() => transport.parse("*:80", "bind"), { code: "ENOTSUP" });
  await assert.rejects(transport.listen({ endpoint: "wss://x" }), { code: "ENOTSUP" });
});

test("a page offers its mechanism; where it has none, ZWS without one as well", () =>
  inPage(() => {
    const { socket } = attempt();
    assert.deepEqual([socket.url, socket.offered], ["ws://192.0.2.1:5555/a?b", ["ZWS2.0-NULL", "ZWS2.0"]]);
    assert.deepEqual(attempt({ mechanism: "plain" }).socket.offered, ["ZWS2.0-PLAIN"]);
  }));

test("an agreement makes a connection, and none is an error", () =>
  inPage(async () => {
    const good = await openConnection();
    assert.equal(good.connection.remote, "192.0.2.1:5555");
    assert.equal(good.socket.binaryType, "arraybuffer");
    const bad = attempt();
    bad.socket.open("");
    await assert.rejects(bad.connected, { code: "ERR_WS_UNSPECIFIED" });
    assert.ok(bad.socket.isClosed);
  }));

test("an attempt that fails, that the server closes, or that is given up", () =>
  inPage(async () => {
    const failed = attempt();
    failed.socket.onclose?.({ code: 1006, reason: "" });
    await assert.rejects(failed.connected, { code: "ECONNREFUSED", message: /failed, or was lost/ });
    const closed = attempt();
    closed.socket.onclose?.({ code: 1000, reason: "" });
    await assert.rejects(closed.connected, { code: "ECONNREFUSED", message: /closed the connection/ });
    const stopped = attempt();
    stopped.abort.abort();
    assert.ok(stopped.socket.isClosed);
    stopped.socket.onclose?.({ code: 1006, reason: "" });
    await assert.rejects(stopped.connected);
  }));

test("octets are counted both ways, and text is none", () =>
  inPage(async () => {
    const { connection, socket, ended } = await openConnection();
    const found: string[] = [];
    connection.handler.received = (chunk) => found.push(String(Buffer.from(chunk)));
    connection.resume();
    connection.pause();
    socket.onmessage?.({ data: new TextEncoder().encode("hello").buffer });
    connection.write([Buffer.from("you"), Buffer.from("too")]);
    assert.deepEqual([found, connection.octetsReceived, connection.octetsSent], [["hello"], 5, 6]);
    socket.onmessage?.({ data: "text" });
    assert.ok(socket.isClosed);
    socket.onclose?.({ code: 1005, reason: "" });
    assert.deepEqual(
      ended.map((error) => error?.code),
      ["ERR_WS_UNSPECIFIED"],
    );
  }));

test("a browser that holds a mebibyte takes no more until most of it has left", () =>
  inPage(async () => {
    const { clock, connection, socket } = await openConnection();
    let drained = 0;
    connection.handler.drained = () => {
      drained += 1;
    };
    assert.equal(connection.write([Buffer.alloc(1048575)]), true);
    assert.equal(connection.write([Buffer.alloc(1)]), false);
    assert.equal(connection.write([Buffer.alloc(1)]), false);
    assert.equal(clock.running, 1);
    clock.advance(100);
    socket.bufferedAmount = 262145;
    clock.advance(100);
    assert.equal(drained, 0);
    socket.bufferedAmount = 262144;
    clock.advance(16);
    assert.equal(drained, 1);
    assert.equal(clock.running, 0);
  }));

test("an end waits until everything has left, however long the other side takes", () =>
  inPage(async () => {
    const { clock, connection, socket, ended } = await openConnection();
    connection.write([Buffer.alloc(2_000_000)]);
    connection.end();
    assert.equal(socket.onmessage, null);
    clock.advance(60_000);
    assert.deepEqual([socket.isClosed, ended.length, clock.running], [false, 0, 1]);
    socket.bufferedAmount = 0;
    clock.advance(16);
    assert.deepEqual([socket.closedWith, ended, clock.running], [1000, [undefined], 0]);
    assert.equal(socket.onclose, null);
  }));

test("a connection that is lost while it ends is over once", () =>
  inPage(async () => {
    const { clock, connection, socket, ended } = await openConnection();
    connection.write([Buffer.alloc(10)]);
    connection.end();
    socket.onclose?.({ code: 1006, reason: "" });
    clock.advance(100);
    assert.deepEqual(
      ended.map((error) => error?.code),
      ["ECONNREFUSED"],
    );
    assert.equal(clock.running, 0);
  }));

test("what the other side's closes mean", () =>
  inPage(async () => {
    const codes: [number, string | undefined][] = [
      [1000, undefined],
      [1001, undefined],
      [1005, undefined],
      [1006, "ECONNREFUSED"],
      [1009, "ECONNRESET"],
    ];
    for (const [code, expected] of codes) {
      const { socket, ended } = await openConnection();
      socket.onclose?.({ code, reason: "why" });
      assert.deepEqual(
        ended.map((error) => error?.code),
        [expected],
      );
      if (code === 1009) assert.match(ended[0]?.message ?? "", /closed with code 1009 why/);
    }
  }));

test("a connection that is destroyed is closed at once and hears nothing more", () =>
  inPage(async () => {
    const { connection, socket } = await openConnection();
    connection.destroy();
    assert.deepEqual([socket.closedWith, socket.onmessage], [1000, null]);
  }));

test("a server that agrees on a mechanism and begins without one is asked for none the next time", () =>
  inPage(async () => {
    const first = attempt();
    first.socket.open("ZWS2.0-NULL");
    const connection = await first.connected;
    const rig = new EngineRig({
      createEngine: (_, setup, host) => first.transport.createEngine(connection, setup, host),
    });
    rig.engine.start();
    first.socket.onmessage?.({ data: Uint8Array.of(0).buffer });
    assert.equal(rig.ended?.error?.code, "ECONNRESET");
    const second = attempt({}, first);
    assert.deepEqual(second.socket.offered, ["ZWS2.0"]);
    second.socket.open("ZWS2.0");
    const again = await second.connected;
    const bare = new EngineRig({
      createEngine: (_, setup, host) => first.transport.createEngine(again, setup, host),
    });
    bare.engine.start();
    second.socket.onmessage?.({ data: Uint8Array.of(0).buffer });
    assert.ok(bare.peer !== undefined);
    assert.deepEqual([...(second.socket.sent[0] ?? [])], [0]);
  }));
