// SPDX-License-Identifier: MIT
/** A TLS connection below an engine: what is written too early is held, and the end comes once, whenever it comes. */
import assert from "node:assert/strict";
import { once } from "node:events";
import { connect, createServer, type Socket } from "node:net";
import { test } from "node:test";
import { connect as connectTls, createSecureContext, TLSSocket } from "node:tls";
import { SystemClock } from "../../../src/base/clock.ts";
import type { ZmqError } from "../../../src/base/errors.ts";
import { NetConnection } from "../../../src/transport/net-connection.ts";
import { ClientShield, ServerShield } from "../../../src/transport/tls-shield.ts";
import { Authority, noCertificates } from "../../support/certificates.ts";
import { handler } from "../../support/fake-connection.ts";
import { turns, within } from "../../support/sockets.ts";
import { withTcpPair } from "../../support/tcp.ts";

const skip = noCertificates ?? false;
const clock = new SystemClock();
const authority = skip === false ? new Authority() : undefined;

function serve(raw: Socket): NetConnection {
  const { key, certificate } = (authority as Authority).issue();
  const secureContext = createSecureContext({ key, cert: certificate });
  const socket = new TLSSocket(raw, { isServer: true, secureContext });
  return new NetConnection(socket, "client", clock, new ServerShield(raw, socket, "client", false));
}

function use(raw: Socket): NetConnection {
  const ca = (authority as Authority).certificate;
  const socket = connectTls({ socket: raw, ca, servername: "localhost" });
  return new NetConnection(socket, "server", clock, new ClientShield(raw, socket, "server"));
}

/** What is told of a connection. */
function watch(connection: NetConnection): { log: string[]; text: () => string; ended: Promise<ZmqError | undefined> } {
  const log: string[] = [];
  let text = "";
  const ended = new Promise<ZmqError | undefined>((resolve) => {
    connection.handler = handler({
      opened: () => log.push("opened"),
      drained: () => log.push("drained"),
      received: (chunk) => {
        text += Buffer.from(chunk).toString();
      },
      connectionEnded: (error) => {
        log.push(`ended ${error?.code ?? "in order"}`);
        resolve(error);
      },
    });
  });
  connection.resume();
  return { log, text: () => text, ended };
}

test("what is written before both know each other is held, and leaves then", { skip }, () =>
  withTcpPair(async (a, b) => {
    const [server, client] = [serve(a), use(b)];
    assert.deepEqual([server.isOpening, client.isOpening], [true, true]);
    assert.equal(server.write([Buffer.from("he"), Buffer.from("llo")]), false);
    const [there, here] = [watch(server), watch(client)];
    while (here.text() !== "hello") await turns(1);
    assert.equal(there.log[0], "opened");
    assert.deepEqual([server.isOpening, client.isOpening], [false, false]);
    assert.equal(server.facts?.has("Tls-Subject"), false);
    assert.equal(Buffer.from(client.facts?.get("Tls-Subject") ?? []).toString(), "O=Acme,CN=server");
    assert.ok(client.octetsReceived > 500 && client.octetsSent > 200);
    client.end();
    await Promise.all([there.ended, here.ended]);
    assert.deepEqual([there.log.at(-1), here.log.at(-1)], ["ended in order", "ended in order"]);
  }),
);

test("an end, or the loss of the connection, before that is the end of it", { skip }, async () => {
  await withTcpPair(async (a, b) => {
    const server = serve(a);
    const { ended, log } = watch(server);
    server.write([Buffer.from("never")]);
    server.end();
    assert.equal(await ended, undefined);
    assert.deepEqual(log, ["ended in order"]);
    assert.equal(b.bytesRead, 0);
  });
  await withTcpPair(async (a, b) => {
    const { ended } = watch(serve(a));
    b.end("\u0016\u0003");
    assert.equal((await ended)?.code, "ERR_TLS_CUT_OFF");
  });
});

test("both ends let go of the socket below when a handshake fails", { skip }, async () => {
  const server = createServer({ pauseOnConnect: true }).listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as { port: number };
  const raw = connect(port, "127.0.0.1");
  const [accepted] = (await once(server, "connection")) as [Socket];
  const { ended } = watch(serve(accepted));
  const closed = Promise.all([once(raw, "close"), once(accepted, "close")]);
  raw.write("no TLS at all");
  raw.resume();
  assert.equal((await ended)?.code, "ERR_TLS_NOT_SPOKEN");
  await within(3000, "the sockets' end", closed);
  server.close();
});
