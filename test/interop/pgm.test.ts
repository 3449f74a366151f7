// SPDX-License-Identifier: MIT
/**
 * pgm between two hosts, as a protocol of IP's own: through the package raw-socket where it is installed, beside libzmq's. Where it is
 * not, only that this is said.
 */
import assert from "node:assert/strict";
import { type TestContext, test } from "node:test";
import { Publisher } from "../../src/index.ts";
import { packages } from "../../src/runtime/packages.ts";
import { type How, hops, joinLate, loop, ROLES, transfer, wireFor } from "../support/multicast.ts";
import { whyNoNamespaces } from "../support/namespaces.ts";

const skip = whyNoNamespaces() ?? false;
const PGM: How = { scheme: "pgm" };

function hasPackage(): boolean {
  try {
    packages()("raw-socket");
    return true;
  } catch {
    return false;
  }
}

test("pgm", { skip, timeout: 60_000, concurrency: 4 }, async (t) => {
  if (!hasPackage()) {
    t.diagnostic("the package raw-socket is not installed: only that pgm says so is tested");
    await using publisher = new Publisher();
    const refused = { code: "EPROTONOSUPPORT", message: /npm install raw-socket/ };
    await assert.rejects(publisher.bind("pgm://127.0.0.1;239.192.1.1:7500"), refused);
    return;
  }
  const running: Promise<void>[] = [];
  const on = (name: string, run: (t: TestContext) => Promise<void>): void =>
    void running.push(t.test(name, { timeout: 60_000 }, run));

  for (const [roles, from, to] of ROLES) {
    on(`${roles}, with 5 % of all packets lost both ways`, (t) => transfer(t, from, to, 5, PGM));
    on(`${roles}: who joins late gets what is sent from then on`, (t) => joinLate(t, from, to, PGM));
  }
  on("multicastLoop: this machine does not hear what others do", (t) => loop(t, PGM));
  on("multicastHops is in every packet", (t) => hops(t, PGM));
  on("without the right to raw sockets it says what is needed", async (t) => {
    const wire = wireFor(t);
    const code = `await new zmq.Publisher().bind("pgm://${wire.addresses[0]};239.192.1.1:7500").catch((error) => say(String(error)))`;
    using poor = wire.startOurs(0, code, "setpriv", "--bounding-set=-net_raw", "--inh-caps=-net_raw");
    assert.match(
      (await poor.prints(/.*\n/))[0],
      /^ZmqError.* \(Operation not permitted\): this needs root, or on Linux CAP_NET_RAW/,
    );
  });
  await Promise.all(running);
});
