// SPDX-License-Identifier: MIT
/** Addresses of ws and wss. What connections do is tested in test/conformance/transport.test.ts and test/interop/ws.test.ts. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { createWssTransport, createWsTransport, type WsAddress } from "../../../src/transport/ws.ts";
import { FakeClock } from "../../support/fake-clock.ts";

const clock = new FakeClock();
const ws = createWsTransport(clock);
const wss = createWssTransport(clock);

function parse(address: string, use: "bind" | "connect" = "connect"): unknown[] {
  const { host, port, path, endpoint } = ws.parse(address, use) as WsAddress;
  return [host, port, path, endpoint];
}

test("host and port are those of tcp; the path begins with its slash, and is / where there is none", () => {
  assert.deepEqual(parse("localhost:80"), ["localhost", 80, "/", "ws://localhost:80"]);
  assert.deepEqual(parse("[::1]:8080/a/b?c=d"), ["::1", 8080, "/a/b?c=d", "ws://[::1]:8080/a/b?c=d"]);
  assert.deepEqual(parse("*:*/feed", "bind"), ["*", 0, "/feed", "ws://*:*/feed"]);
  assert.equal(wss.parse("localhost:443/x", "connect").endpoint, "wss://localhost:443/x");
});

test("what cannot stand in a request is refused, and said", () => {
  for (const address of ["localhost:80/a b", "localhost:80/#top", "localhost:80/\u00e9", "localhost:80/\r\nX: y"]) {
    assert.throws(() => parse(address), { code: "EINVAL", message: /connect ws:\/\/localhost:80.*printable/s });
  }
  assert.throws(() => parse("localhost/feed"), { code: "EINVAL", message: /the port is missing/ });
  assert.throws(() => parse("*:80/feed"), { code: "EINVAL" });
});
