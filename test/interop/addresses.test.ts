// SPDX-License-Identifier: MIT
/** Endpoints spelled in the other ways that libzmq knows, each bound by one implementation and connected by the other. */
import assert from "node:assert/strict";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { createServer } from "node:net";
import { networkInterfaces } from "node:os";
import test from "node:test";
import { startPeer } from "../support/peers/start-peer.ts";
import { missing } from "../support/peers/toolchain.ts";

const unique = `zeromq-ts-${process.pid}-${Date.now()}`;
const hasIpv6 = Object.values(networkInterfaces()).some((list) => list?.some(({ address }) => address === "::1"));

/** Node 20 fills names in the abstract namespace up with zeros, so that they are other names than everybody else's. */
async function padsAbstractNames(): Promise<boolean> {
  const server = createServer().listen(`\0${unique}-probe`);
  await once(server, "listening");
  const names = readFileSync("/proc/net/unix", "latin1").split("\n");
  server.close();
  return !names.some((line) => line.endsWith(`@${unique}-probe`));
}

/** Why an endpoint cannot be tried on this machine; undefined when it can. */
async function obstacle(endpoint: string): Promise<string | undefined> {
  const isIpv6 = endpoint.includes("[");
  if (isIpv6 && !hasIpv6) return "no IPv6 here";
  if (/^tcp:..lo|@/.test(endpoint) && process.platform !== "linux") return "only on Linux";
  return endpoint.includes("@") && (await padsAbstractNames()) ? "this runtime pads abstract names" : undefined;
}

/** What is bound, and how the endpoint that the binding side reports is connected to. */
const spellings: readonly { bind: string; connect: (bound: string) => string }[] = [
  { bind: "tcp://*:*", connect: (bound) => bound.replace("0.0.0.0", "127.0.0.1") },
  { bind: "tcp://lo:*", connect: (bound) => bound },
  { bind: "tcp://127.0.0.1:*", connect: (bound) => bound.replace("127.0.0.1", "localhost") },
  { bind: "tcp://127.0.0.1:0", connect: (bound) => bound.replace("tcp://", "tcp://127.0.0.1:0;") },
  { bind: "tcp://[::1]:*", connect: (bound) => bound },
  { bind: "ipc://*", connect: (bound) => bound },
  { bind: `ipc://@${unique}`, connect: (bound) => bound },
];

for (const [binds, connects] of [
  ["here", "c"],
  ["c", "here"],
] as const) {
  test(`endpoints that ${binds} binds are reached by ${connects}`, async (t) => {
    const lack = missing("here") ?? missing("c");
    if (lack !== undefined) return t.skip(lack);
    await using server = await startPeer(binds);
    await using client = await startPeer(connects);
    for (const { bind, connect } of spellings) {
      const reason = await obstacle(bind);
      if (reason !== undefined) {
        t.diagnostic(`${bind} is left out: ${reason}`);
        continue;
      }
      await t.test(`${bind} bound by ${binds}`, { timeout: 15000 }, async () => {
        const options = bind.includes("[") ? { ipv6: true } : {};
        await using reply = await server.socket("rep", options);
        await using request = await client.socket("req", options);
        const bound = await reply.bind(bind);
        assert.doesNotMatch(bound.replace("@", ""), /\*|:0$/, "the endpoint as it is really bound");
        await request.connect(connect(bound));
        const ask = async (): Promise<string> => {
          await request.put("question");
          return `${await request.take()}`;
        };
        const [answer] = await Promise.all([ask(), reply.echo(1)]);
        assert.equal(answer, "question");
      });
    }
  });
}
