// SPDX-License-Identifier: MIT
/** The package `kerberos`: what is said where it is not installed, and how it is used, with a stand-in for it. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { loadKerberos, whyNoKerberos } from "../../../src/runtime/kerberos.ts";
import { octets, text } from "../../support/pattern-host.ts";
import { withSockets } from "../../support/sockets.ts";

function missing(): never {
  throw new Error("Cannot find module 'kerberos'");
}

test("where it is not installed, what to install is said", () => {
  assert.match(whyNoKerberos(missing) ?? "", /npm install kerberos/);
  assert.equal(
    whyNoKerberos(() => {}),
    undefined,
  );
  assert.throws(() => loadKerberos(missing), { code: "ENOTSUP", message: /Cannot find module 'kerberos'/ });
});

test("an option of GSSAPI is ENOTSUP without it; with it, endpoints are ENOTSUP without gssapiPlainText", () =>
  withSockets(async (open) => {
    const set = (): void => void open("rep", { gssapiServer: true });
    if (whyNoKerberos() !== undefined) assert.throws(set, { code: "ENOTSUP", message: /npm install kerberos/ });
    else {
      const server = open("rep", { gssapiServer: true });
      await assert.rejects(server.bind("tcp://127.0.0.1:0"), { code: "ENOTSUP", message: /gssapiPlainText/ });
      assert.throws(() => server.connect("tcp://127.0.0.1:1"), { code: "ENOTSUP", message: /gssapiPlainText/ });
    }
  }));

test("tokens travel as base64, with libzmq's flags and Kerberos as the mechanism", async () => {
  const calls: unknown[] = [];
  const side = (steps: (string | null)[]) => ({
    contextComplete: true,
    username: steps.length === 0 ? null : "ann@REALM",
    step: async (token: string) => {
      calls.push(token);
      return steps.shift() ?? null;
    },
  });
  const library = loadKerberos(() => ({
    GSS_C_MUTUAL_FLAG: 2,
    GSS_C_REPLAY_FLAG: 4,
    GSS_MECH_OID_KRB5: 9,
    initializeClient: async (...given: unknown[]) => calls.push(given) && side(["aGk=", null]),
    initializeServer: async (...given: unknown[]) => calls.push(given) && side([]),
  }));
  const client = await library.initiate("zmq@host", "");
  assert.equal(text(await client.step(octets(""))), "hi");
  assert.equal((await client.step(octets("yo"))).length, 0);
  assert.deepEqual([client.isComplete, client.client], [true, "ann@REALM"]);
  await library.initiate("zmq@host", "ann");
  assert.equal((await library.accept("")).client, "");
  assert.deepEqual(calls, [
    ["zmq@host", { flags: 6, mechOID: 9 }],
    "",
    "eW8=",
    ["zmq@host", { flags: 6, mechOID: 9, principal: "ann" }],
    [""],
  ]);
});
