// SPDX-License-Identifier: MIT
/** Sockets of one process share the ends of a pipe: order of bind and connect, marks of both sides, what is left behind. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { FrameGuard } from "../../../src/pipe/frame-guard.ts";
import type { Peer, Pipe, PipeOwner } from "../../../src/pipe/pipe.ts";
import { InprocTransport } from "../../../src/transport/inproc.ts";
import type { PipeSide } from "../../../src/transport/transport.ts";
import { octets, peerNamed, show } from "../../support/pattern-host.ts";

/** A socket, as far as the transport sees one. */
class Side implements PipeSide, PipeOwner {
  readonly sendHighWaterMark: number;
  readonly receiveHighWaterMark: number;
  readonly conflate: boolean;
  readonly peer: Peer;
  readonly guard: FrameGuard = new FrameGuard();
  readonly pipes: Pipe[] = [];
  readonly told: string[] = [];

  constructor(name: string, send = 0, receive = 0, conflate = false) {
    this.peer = peerNamed(name);
    this.sendHighWaterMark = send;
    this.receiveHighWaterMark = receive;
    this.conflate = conflate;
  }

  get pipe(): Pipe {
    return this.pipes.at(-1) as Pipe;
  }

  attach(pipe: Pipe, isLocal: boolean): void {
    pipe.owner = this;
    this.pipes.push(pipe);
    this.told.push(isLocal ? "attached as connecter" : "attached as binder");
  }

  send(text: string): boolean {
    return this.pipe.write([octets(text)]);
  }

  fill(): number {
    let count = 0;
    while (count < 10_000 && this.send("x")) count += 1;
    return count;
  }

  receive(): unknown {
    return show(this.pipe.read());
  }

  readActivated(): void {}
  writeActivated(): void {}
  disconnected(): void {}
  hiccuped(): void {}

  connected(pipe: Pipe): void {
    this.told.push(`connected to ${Buffer.from(pipe.peer?.routingId ?? []).toString()}`);
  }

  closing(): void {
    this.told.push("closing");
  }

  closed(): void {
    this.told.push("closed");
  }
}

test("whichever comes first, both ends are married, and know each other", () => {
  for (const binderFirst of [true, false]) {
    const transport = new InprocTransport();
    const [binder, connecter] = [new Side("B"), new Side("C")];
    if (binderFirst) transport.bind("name", binder);
    transport.connect("name", connecter);
    if (!binderFirst) transport.bind("name", binder);
    assert.deepEqual(binder.told, ["attached as binder", "connected to C"]);
    assert.deepEqual(connecter.told, ["attached as connecter", "connected to B"]);
    connecter.send("there");
    binder.send("and back");
    assert.deepEqual([binder.receive(), connecter.receive()], [["there"], ["and back"]]);
  }
});

test("what was sent before the bind is there after it, in order, from each connecter", () => {
  const transport = new InprocTransport();
  const connecters = [new Side("1"), new Side("2"), new Side("3")];
  for (const each of connecters) {
    transport.connect("name", each);
    each.send("a");
    each.send("b");
  }
  const binder = new Side("B");
  transport.bind("name", binder);
  assert.deepEqual(
    binder.pipes.map((pipe) => [
      show(pipe.read()),
      show(pipe.read()),
      Buffer.from(pipe.peer?.routingId ?? []).toString(),
    ]),
    [
      [["a"], ["b"], "1"],
      [["a"], ["b"], "2"],
      [["a"], ["b"], "3"],
    ],
  );
});

test("a pipe holds the marks of both sides together; 0 on either is no limit", () => {
  for (const [send, receive, capacity] of [
    [2, 3, 5],
    [1, 1, 2],
    [0, 3, 10_000],
    [2, 0, 10_000],
  ] as const) {
    for (const binderFirst of [true, false]) {
      for (const senderBinds of [true, false]) {
        const transport = new InprocTransport();
        const [sender, receiver] = [new Side("S", send, 7), new Side("R", 9, receive)];
        const [binder, connecter] = senderBinds ? [sender, receiver] : [receiver, sender];
        if (binderFirst) transport.bind("name", binder);
        transport.connect("name", connecter);
        if (!binderFirst) transport.bind("name", binder);
        assert.equal(sender.fill(), capacity, `${send}+${receive} ${binderFirst} ${senderBinds}`);
      }
    }
  }
});

test("before the bind only the connecter's own mark counts", () => {
  const transport = new InprocTransport();
  const connecter = new Side("C", 2, 2);
  transport.connect("name", connecter);
  assert.equal(connecter.fill(), 2);
  transport.bind("name", new Side("B", 5, 5));
  assert.equal(connecter.fill(), 5);
});

test("with conflate on either side only the newest message waits", () => {
  for (const [a, b] of [
    [true, false],
    [false, true],
  ] as const) {
    const transport = new InprocTransport();
    const [binder, connecter] = [new Side("B", 1, 1, a), new Side("C", 1, 1, b)];
    transport.bind("name", binder);
    transport.connect("name", connecter);
    for (const each of ["1", "2", "3"]) assert.ok(connecter.send(each));
    assert.deepEqual([binder.receive(), binder.receive()], [["3"], undefined]);
  }
});

test("a name is bound once, is free again after close, and belongs to one context", () => {
  const transport = new InprocTransport();
  const first = transport.bind("name", new Side("1"));
  assert.throws(() => transport.bind("name", new Side("2")), { code: "EADDRINUSE", address: "inproc://name" });
  assert.ok(transport.isBound("name"));
  assert.ok(!new InprocTransport().isBound("name"));
  first.close();
  assert.ok(!transport.isBound("name"));
  transport.bind("name", new Side("2"));
  first.close();
  assert.ok(transport.isBound("name"), "an endpoint that was closed long ago has no say any more");
  assert.throws(() => transport.bind("", new Side("3")), { code: "EINVAL" });
  assert.throws(() => transport.connect("", new Side("3")), { code: "EINVAL" });
});

test("giving the name back leaves the pipes alone", () => {
  const transport = new InprocTransport();
  const [binder, connecter] = [new Side("B"), new Side("C")];
  const endpoint = transport.bind("name", binder);
  transport.connect("name", connecter);
  endpoint.close();
  connecter.send("x");
  assert.deepEqual(binder.receive(), ["x"]);
  assert.ok(!connecter.told.includes("closing"));
});

test("a connecter that went before the bind is forgotten, unless it left messages", () => {
  for (const leaves of [false, true]) {
    const transport = new InprocTransport();
    const connecter = new Side("C");
    const endpoint = transport.connect("name", connecter);
    if (leaves) connecter.send("last words");
    connecter.pipe.close();
    endpoint.close();
    const binder = new Side("B");
    transport.bind("name", binder);
    assert.equal(binder.pipes.length, leaves ? 1 : 0);
    if (!leaves) continue;
    assert.deepEqual([binder.receive(), binder.receive()], [["last words"], undefined]);
    assert.equal(binder.told.at(-1), "closed");
  }
});

test("an application's small buffers are its own again after the send, on either side", () => {
  const transport = new InprocTransport();
  const [binder, connecter] = [new Side("B"), new Side("C")];
  transport.bind("name", binder);
  transport.connect("name", connecter);
  for (const [from, to] of [
    [binder, connecter],
    [connecter, binder],
  ] as const) {
    const part = octets("before");
    from.guard.isForeign = true;
    from.pipe.write([part]);
    from.guard.release();
    part.fill(0);
    assert.deepEqual(to.receive(), ["before"]);
  }
});
