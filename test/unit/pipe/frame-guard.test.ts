// SPDX-License-Identifier: MIT
/** Small parts that have to wait are copied, once; large ones travel by reference. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { FrameGuard } from "../../../src/pipe/frame-guard.ts";
import { createPipePair } from "../../../src/pipe/local-pipe.ts";
import { octets, show } from "../../support/pattern-host.ts";

test("parts of up to 128 octets are copied, longer ones and empty ones are not", () => {
  const guard = new FrameGuard();
  const parts = [0, 1, 127, 128, 129, 1000].map((length) => new Uint8Array(length));
  const message = [...parts];
  guard.isForeign = true;
  guard.own(message);
  assert.deepEqual(
    message.map((part, i) => part === parts[i]),
    [true, false, false, false, true, true],
  );
});

test("a message is copied once, however many pipes hold it, and the next one anew", () => {
  const guard = new FrameGuard();
  const message = [octets("x")];
  guard.isForeign = true;
  guard.own(message);
  const [copy] = message;
  guard.own(message);
  assert.equal(message[0], copy);
  guard.release();
  guard.own(message);
  assert.equal(message[0], copy, "what is the library's own needs no copy");
  guard.isForeign = true;
  guard.own(message);
  assert.notEqual(message[0], copy);
});

test("a Buffer stays a Buffer", () => {
  const guard = new FrameGuard();
  const message: Uint8Array[] = [Buffer.from("x")];
  guard.isForeign = true;
  guard.own(message);
  assert.ok(Buffer.isBuffer(message[0]));
});

test("a pipe copies what waits in it, and nothing that was read at once", () => {
  const [near, far] = createPipePair({ inbound: 0, outbound: 0 });
  const guard = new FrameGuard();
  near.guard = guard;
  const part = octets("before");
  const waiting = [part];
  guard.isForeign = true;
  near.write(waiting);
  guard.release();
  part.set(octets("after!"));
  assert.deepEqual(show(far.read()), ["before"]);
  assert.equal(far.read(), undefined);
  let seen: Uint8Array | undefined;
  far.owner = Object.assign(Object.create(far.owner), {
    readActivated: () => (seen = (far.read() as Uint8Array[])[0]),
  });
  guard.isForeign = true;
  near.write([part]);
  guard.release();
  assert.equal(seen, part);
});

test("between two applications small parts are always copied", () => {
  const [near, far] = createPipePair({ inbound: 0, outbound: 0 });
  near.guard = new FrameGuard();
  near.isDirect = true;
  const part = octets("before");
  let seen: Uint8Array | undefined;
  far.owner = Object.assign(Object.create(far.owner), {
    readActivated: () => (seen = (far.read() as Uint8Array[])[0]),
  });
  near.guard.isForeign = true;
  near.write([part]);
  assert.notEqual(seen, part);
  assert.deepEqual(seen, part);
});
