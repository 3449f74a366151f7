// SPDX-License-Identifier: MIT
/** Options of version 5, by number and short name: which property each of them is, and what the values become. */
import assert from "node:assert/strict";
import { test } from "node:test";
import * as zmq from "../../../src/compat/constants.ts";
import { getOption, optionNumber, type Properties, setOption, shortOptions } from "../../../src/compat/options.ts";

/** A socket that has all properties. */
function fakeSocket(): Properties {
  return new Proxy({}, { has: () => true });
}

test("an option has a number, given as such or by its short name", () => {
  assert.equal(optionNumber(17), 17);
  assert.equal(optionNumber("linger"), zmq.ZMQ_LINGER);
  assert.equal(optionNumber("identity"), zmq.ZMQ_IDENTITY);
  assert.ok(Number.isNaN(optionNumber("no such")));
  assert.ok(Number.isNaN(optionNumber("toString")));
});

for (const [number, property, value] of [
  [zmq.ZMQ_LINGER, "linger", 5],
  [zmq.ZMQ_IDENTITY, "routingId", Buffer.from([0, 1, 2])],
  [zmq.ZMQ_SNDHWM, "sendHighWaterMark", 7],
  [zmq.ZMQ_HEARTBEAT_IVL, "heartbeatInterval", 100],
] as const) {
  test(`option ${number} is ${property}, as it is`, () => {
    const socket = fakeSocket();
    setOption(socket, number, value);
    assert.deepEqual(socket, { [property]: value });
    assert.equal(getOption(socket, number), value);
  });
}

test("texts may be given as buffers, and 32 octets stay a key", () => {
  const socket = fakeSocket();
  setOption(socket, zmq.ZMQ_PLAIN_USERNAME, Buffer.from("admin"));
  setOption(socket, zmq.ZMQ_ZAP_DOMAIN, "global");
  const key = Buffer.alloc(32, 255);
  setOption(socket, zmq.ZMQ_CURVE_SECRETKEY, key);
  assert.deepEqual(socket, { plainUsername: "admin", zapDomain: "global", curveSecretKey: key });
  assert.equal(getOption(socket, zmq.ZMQ_PLAIN_USERNAME), "admin");
});

test("switches take anything, and give 1 or 0", () => {
  for (const [number, property] of [
    [zmq.ZMQ_ROUTER_MANDATORY, "mandatory"],
    [zmq.ZMQ_ROUTER_HANDOVER, "handover"],
    [zmq.ZMQ_ROUTER_RAW, "routerRaw"],
    [zmq.ZMQ_DELAY_ATTACH_ON_CONNECT, "immediate"],
    [zmq.ZMQ_IPV6, "ipv6"],
    [zmq.ZMQ_PLAIN_SERVER, "plainServer"],
    [zmq.ZMQ_CURVE_SERVER, "curveServer"],
  ] as const) {
    const socket = fakeSocket();
    setOption(socket, number, 1);
    assert.deepEqual([socket[property], getOption(socket, number)], [true, 1]);
    setOption(socket, number, 0);
    assert.deepEqual([socket[property], getOption(socket, number)], [false, 0]);
  }
});

test("options that are something else today", () => {
  const socket: Properties = {
    ipv6: true,
    verbosity: null,
    securityMechanism: "plain",
    type: 3,
    lastEndpoint: "inproc://a",
  };
  setOption(socket, zmq.ZMQ_IPV4ONLY, true);
  assert.deepEqual([socket["ipv6"], getOption(socket, zmq.ZMQ_IPV4ONLY)], [false, true]);
  assert.equal(getOption(socket, zmq.ZMQ_XPUB_VERBOSE), 0);
  setOption(socket, zmq.ZMQ_XPUB_VERBOSE, 1);
  assert.deepEqual([socket["verbosity"], getOption(socket, zmq.ZMQ_XPUB_VERBOSE)], ["allSubs", 1]);
  setOption(socket, zmq.ZMQ_XPUB_VERBOSE, 0);
  assert.equal(socket["verbosity"], null);
  assert.equal(getOption(socket, zmq.ZMQ_MECHANISM), 1);
  assert.equal(getOption({ securityMechanism: null }, zmq.ZMQ_MECHANISM), 0);
  assert.equal(getOption(socket, zmq.ZMQ_TYPE), 3);
  assert.equal(getOption(socket, zmq.ZMQ_LAST_ENDPOINT), "inproc://a");
  assert.equal(getOption({ readable: true, writable: true }, zmq.ZMQ_EVENTS), 3);
  assert.equal(getOption({ readable: false, writable: false }, zmq.ZMQ_EVENTS), 0);
});

test("what there is no way to have says so", () => {
  for (const [name, number] of [
    ["ZMQ_FD", zmq.ZMQ_FD],
    ["ZMQ_RCVMORE", zmq.ZMQ_RCVMORE],
  ] as const) {
    const expected = { message: `${name} is not supported in compatibility mode` };
    assert.throws(() => getOption({}, number), expected);
  }
  for (const number of [zmq.ZMQ_FD, 999, Number.NaN]) {
    assert.throws(() => setOption({}, number, 1), { message: "Unknown option" });
  }
  assert.throws(() => getOption({}, 999), { message: "Unknown option" });
});

test("every short name leads to an option that can be set or read", () => {
  const special: number[] = [zmq.ZMQ_FD, zmq.ZMQ_RCVMORE, zmq.ZMQ_SUBSCRIBE, zmq.ZMQ_UNSUBSCRIBE];
  for (const number of Object.values(shortOptions)) {
    if (!special.includes(number)) assert.doesNotThrow(() => getOption(fakeSocket(), number));
  }
});

test("what a type has no property for is set as libzmq's option", () => {
  const calls: unknown[] = [];
  const socket: Properties = {
    setStringOption: (...values: unknown[]) => calls.push(values),
    setInt32Option: (...values: unknown[]) => calls.push(values),
    getStringOption: () => "me",
    getInt32Option: () => 7,
  };
  setOption(socket, zmq.ZMQ_IDENTITY, "me");
  setOption(socket, zmq.ZMQ_SNDHWM, 7);
  setOption(socket, zmq.ZMQ_ROUTER_MANDATORY, true);
  assert.deepEqual(calls, [
    [zmq.ZMQ_IDENTITY, "me"],
    [zmq.ZMQ_SNDHWM, 7],
    [zmq.ZMQ_ROUTER_MANDATORY, 1],
  ]);
  assert.deepEqual([getOption(socket, zmq.ZMQ_IDENTITY), getOption(socket, zmq.ZMQ_SNDHWM)], ["me", 7]);
});
