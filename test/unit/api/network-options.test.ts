// SPDX-License-Identifier: MIT
/**
 * libzmq's options of the network below a socket: each is honoured, or setting it fails with a reason, by whichever way it is set. None is
 * taken and forgotten.
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import { whyUnsupported } from "../../../src/transport/net-features.ts";
import { withSockets } from "../../support/sockets.ts";

type Row = [name: string, number: number, value: number | string | boolean, initial: unknown, reason: RegExp];

/** What has no call in any runtime. */
const REFUSED: readonly Row[] = [
  ["sendBufferSize", 11, 65536, -1, /no JavaScript runtime has a call .*tcp_wmem/],
  ["receiveBufferSize", 12, 65536, -1, /no JavaScript runtime has a call .*tcp_rmem/],
  ["tcpMaxRetransmitTimeout", 80, 5000, 0, /heartbeatInterval/],
  ["interface", 92, "lo", null, /tcp:\/\/eth0:5555/],
  ["priority", 112, 6, 0, /no JavaScript runtime has a call/],
  ["busyPoll", 113, 50, 0, /no JavaScript runtime has a call/],
];

/** What newer ones have. */
const NEWER: readonly Row[] = [
  ["tcpKeepaliveCount", 35, 5, -1, /Node\.js 26/],
  ["tcpKeepaliveInterval", 37, 5, -1, /Node\.js 26/],
  ["typeOfService", 57, 0x28, 0, /Node\.js 26/],
];

/** What all have; where each has its effect, another test shows it. */
const HONOURED: readonly (readonly [name: string, number: number, value: number | string | boolean])[] = [
  ["backlog", 19, 5],
  ["multicastHops", 25, 3],
  ["tcpKeepalive", 34, 1],
  ["tcpKeepaliveIdle", 36, 10],
  ["ipv6", 42, true],
  ["socksProxy", 68, "127.0.0.1:1080"],
  ["connectTimeout", 79, 100],
  ["useFd", 89, 7],
  ["multicastLoop", 96, false],
  ["socksUsername", 99, "ali"],
  ["socksPassword", 100, "sesame"],
];

type Loose = Record<string, unknown> & {
  setInt32Option(id: number, value: number): void;
  setStringOption(id: number, value: string): void;
  setBoolOption(id: number, value: boolean): void;
  getInt32Option(id: number): number;
  getStringOption(id: number): string | null;
  getBoolOption(id: number): boolean;
};

function setByNumber(socket: Loose, id: number, value: number | string | boolean): void {
  if (typeof value === "number") socket.setInt32Option(id, value);
  else if (typeof value === "string") socket.setStringOption(id, value);
  else socket.setBoolOption(id, value);
}

for (const [name, number, value, initial, reason] of [
  ...REFUSED,
  ...NEWER.filter(([option]) => whyUnsupported(option) !== undefined),
]) {
  test(`${name} fails, with the reason, and stays as it was`, () =>
    withSockets(async (open) => {
      const error = { code: "ENOTSUP", message: new RegExp(`^${name} cannot be .* here: .*${reason.source}`) };
      assert.throws(() => open("dealer", { [name]: value }), error);
      const socket = open("dealer") as unknown as Loose;
      assert.throws(() => {
        socket[name] = value;
      }, error);
      assert.throws(() => setByNumber(socket, number, value), error);
      // Programs that set what is so anyway go on.
      if (initial !== null) setByNumber(socket, number, initial as number);
      if (name !== "busyPoll") assert.equal(socket[name], initial);
    }));
}

for (const [name, number, value] of [
  ...HONOURED,
  ...NEWER.filter(([option]) => whyUnsupported(option) === undefined),
]) {
  test(`${name} is taken, by its name and by its number`, () =>
    withSockets(async (open) => {
      const type = name.startsWith("multicast") ? "radio" : "dealer";
      assert.equal((open(type, { [name]: value }) as unknown as Loose)[name], value);
      const socket = open(type) as unknown as Loose;
      setByNumber(socket, number, value);
      assert.equal(socket[name], value);
    }));
}

test("a datagram has no type of service in any runtime, and a bind says so", () =>
  withSockets(async (open) => {
    const dish = open("dish");
    if (whyUnsupported("typeOfService") !== undefined) return;
    dish.typeOfService = 8;
    await assert.rejects(dish.bind("udp://127.0.0.1:*"), { code: "ENOTSUP" });
  }));
