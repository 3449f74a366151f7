// SPDX-License-Identifier: MIT
/** A `node:net` socket as a connection: paused at first, honest about what has left, ended in order without losing anything. */
import assert from "node:assert/strict";
import { once } from "node:events";
import type { Socket } from "node:net";
import { test } from "node:test";
import { SystemClock } from "../../../src/base/clock.ts";
import type { ZmqError } from "../../../src/base/errors.ts";
import type { ConnectionHandler } from "../../../src/engine/connection.ts";
import { NetConnection } from "../../../src/transport/net-connection.ts";
import { handler } from "../../support/fake-connection.ts";
import { turns, within } from "../../support/sockets.ts";
import { withTcpPair } from "../../support/tcp.ts";

const clock = new SystemClock();

function wrap(socket: Socket): NetConnection {
  return new NetConnection(socket, "remote", clock);
}

function closeOf(connection: NetConnection, others: Partial<ConnectionHandler> = {}): Promise<ZmqError | undefined> {
  return new Promise((resolve) => {
    connection.handler = handler({ ...others, connectionEnded: resolve });
  });
}

test("nothing arrives before resume, and nothing is lost", () =>
  withTcpPair(async (a, b) => {
    const connection = wrap(b);
    let got = "";
    let wake = (): void => {};
    connection.handler = handler({
      received(chunk) {
        got += Buffer.from(chunk).toString();
        wake();
      },
    });
    a.write("early");
    await turns(20);
    assert.equal(got.length, 0);
    connection.resume();
    while (got !== "early")
      await new Promise<void>((resolve) => {
        wake = resolve;
      });
    connection.pause();
    a.write("x");
    await turns(20);
    assert.equal(got, "early");
  }));

test("chunks leave in order, in one write", () =>
  withTcpPair(async (a, b) => {
    const connection = wrap(b);
    assert.equal(connection.write([Buffer.from("a"), Buffer.from("b"), Buffer.from("c")]), true);
    const [chunk] = (await once(a, "data")) as [Buffer];
    assert.equal(chunk.toString(), "abc");
  }));

test("a peer that does not read makes write say false; it tells when all has left", () =>
  withTcpPair(async (a, b) => {
    const connection = wrap(b);
    a.pause();
    const chunk = Buffer.alloc(1 << 20, 7);
    let total = 0;
    let isTaken = true;
    while (isTaken) {
      isTaken = connection.write([chunk]);
      total += chunk.length;
    }
    const drained = new Promise<void>((resolve) => {
      connection.handler = handler({ drained: resolve });
    });
    let got = 0;
    a.on("data", (part: Buffer) => {
      got += part.length;
    });
    a.resume();
    await within(5000, "drain", drained);
    connection.end();
    await once(a, "end");
    assert.equal(got, total);
  }));

test("end lets everything leave, and tells once; a peer that ends is told of as well", () =>
  withTcpPair(async (a, b) => {
    const connection = wrap(b);
    let closes = 0;
    connection.handler = handler({
      connectionEnded() {
        closes += 1;
      },
    });
    connection.write([Buffer.alloc(100_000)]);
    connection.end();
    connection.end();
    let got = 0;
    a.on("data", (part: Buffer) => {
      got += part.length;
    });
    await once(a, "close");
    assert.equal(got, 100_000);
    await turns(20);
    assert.equal(closes, 1);
  }));

test("end loses nothing although the peer has sent what nobody reads any more", () =>
  withTcpPair(async (a, b) => {
    const connection = wrap(b);
    a.pause();
    a.write(Buffer.alloc(3_000_000));
    await turns(5);
    connection.write([Buffer.alloc(5_000_000, 1)]);
    const closed = closeOf(connection);
    connection.end();
    let got = 0;
    a.on("data", (part: Buffer) => {
      got += part.length;
    });
    a.resume();
    await within(5000, "the end", once(a, "end"));
    assert.equal(got, 5_000_000);
    assert.equal(await closed, undefined);
  }));

test("destroy drops what has not left, and ends at once", () =>
  withTcpPair(async (a, b) => {
    const connection = wrap(b);
    const closed = closeOf(connection, { received: () => assert.fail("nothing may arrive any more") });
    connection.resume();
    a.on("error", () => {});
    a.write("x");
    connection.destroy();
    connection.destroy();
    await within(5000, "the end", closed);
  }));

test("a peer that ends in order is no error; one that breaks off is", () =>
  withTcpPair(async (a, b) => {
    const connection = wrap(b);
    const closed = closeOf(connection);
    connection.resume();
    a.end();
    assert.equal(await within(5000, "the end", closed), undefined);
  }).then(() =>
    withTcpPair(async (a, b) => {
      const connection = wrap(b);
      const closed = closeOf(connection);
      connection.resume();
      a.resetAndDestroy();
      assert.equal((await within(5000, "the end", closed))?.code, "ECONNRESET");
    }),
  ));

test("a dead connection takes nothing, and never claims to have drained", () =>
  withTcpPair(async (a, b) => {
    const connection = wrap(b);
    const closed = closeOf(connection, { drained: () => assert.fail("nothing has left") });
    a.pause();
    while (connection.write([Buffer.alloc(1 << 20)]));
    a.resetAndDestroy();
    assert.notEqual(await within(5000, "the end", closed), undefined);
    assert.equal(connection.write([Buffer.from("x")]), false);
    connection.end();
    await turns(10);
  }));

test("an end that fails half way is an error, so that what is left can be sent again", () =>
  withTcpPair(async (a, b) => {
    const connection = wrap(b);
    const closed = closeOf(connection);
    a.pause();
    while (connection.write([Buffer.alloc(1 << 20)]));
    connection.end();
    a.resetAndDestroy();
    assert.notEqual(await within(5000, "the end", closed), undefined);
  }));
