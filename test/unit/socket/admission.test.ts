// SPDX-License-Identifier: MIT
/** Places for connections: in all, for each address, and in handshakes. */
import assert from "node:assert/strict";
import { test } from "node:test";
import type { ZmqError } from "../../../src/base/errors.ts";
import type { Pipe } from "../../../src/pipe/pipe.ts";
import type { Session } from "../../../src/session/session.ts";
import { Admission, type AdmissionOptions } from "../../../src/socket/admission.ts";

interface FakeSession {
  place: string | undefined;
  why: ZmqError | undefined;
  turnAway(why: ZmqError): void;
}

function newSession(): Session & FakeSession {
  const session: FakeSession = {
    place: undefined,
    why: undefined,
    turnAway(why) {
      session.why = why;
    },
  };
  return session as Session & FakeSession;
}

/** An admission, and what lets a connection from somewhere in, if it can. */
function newAdmission(changes: Partial<AdmissionOptions>) {
  const options = { maxConnections: 0, maxConnectionsPerAddress: 0, maxHandshakes: 0, ...changes };
  const admission = new Admission(options);
  const handshakes = new Set<Session>();
  const enter = (remote = "192.0.2.1:5000"): Session & FakeSession => {
    const session = newSession();
    admission.admit(session, remote, handshakes);
    return session;
  };
  const refused = (remote = "192.0.2.1:5000"): string | undefined => admission.refusal(remote)?.limit?.option;
  return { admission, options, handshakes, enter, refused };
}

test("without limits everybody comes in", () => {
  const { enter, refused } = newAdmission({});
  for (let i = 0; i < 1000; i += 1) {
    assert.equal(refused(), undefined);
    enter();
  }
});

test("so many connections; one that has gone makes room, but not before its messages are read", () => {
  const { admission, options, enter, refused } = newAdmission({ maxConnections: 2 });
  const [first, second] = [enter(), enter("[2001:db8::1]:1")];
  assert.equal(refused(), "maxConnections");
  assert.match(admission.refusal("192.0.2.1:5000")?.message ?? "", /2 connections are there, and maxConnections is 2/);
  admission.ended(first, undefined);
  admission.ended(first, undefined);
  assert.equal(refused(), undefined);
  enter();
  const pipe = {} as Pipe;
  admission.ended(second, pipe);
  assert.equal(refused(), "maxConnections");
  admission.released({} as Pipe);
  assert.equal(refused(), "maxConnections");
  admission.released(pipe);
  assert.equal(refused(), undefined);
  enter();
  options.maxConnections = 3;
  assert.equal(refused(), undefined, "the limit of now");
});

test("connections that the socket makes itself have no place", () => {
  const { admission, enter, refused } = newAdmission({ maxConnections: 1 });
  admission.ended(newSession(), undefined);
  assert.equal(refused(), undefined);
  enter();
  assert.equal(refused(), "maxConnections");
});

test("so many from one address, whatever their ports; IPv6 counts by networks of 64 bits", () => {
  const { admission, enter, refused } = newAdmission({ maxConnectionsPerAddress: 2 });
  const first = enter("192.0.2.1:1");
  enter("192.0.2.1:2");
  assert.equal(refused("192.0.2.1:3"), "maxConnectionsPerAddress");
  assert.equal(
    refused("[::ffff:192.0.2.1]:3"),
    "maxConnectionsPerAddress",
    "the same address through a socket of both",
  );
  assert.equal(refused("192.0.2.2:3"), undefined);
  admission.ended(first, undefined);
  assert.equal(refused("192.0.2.1:3"), undefined);
  enter("[2001:db8::1]:1");
  enter("[2001:db8::2]:1");
  assert.equal(refused("[2001:db8::3]:1"), "maxConnectionsPerAddress");
  assert.equal(refused("[2001:db8:0:1::3]:1"), undefined);
});

test("what has no address, such as ipc, is not counted by it", () => {
  const { enter, refused } = newAdmission({ maxConnectionsPerAddress: 1 });
  enter("localhost");
  enter("");
  assert.deepEqual([refused("localhost"), refused("")], [undefined, undefined]);
});

test("with too many handshakes the oldest has to go", () => {
  const { handshakes, enter } = newAdmission({ maxHandshakes: 2 });
  const [first, second, third] = [enter(), enter(), enter()];
  assert.deepEqual([...handshakes], [second, third]);
  assert.deepEqual(first.why?.limit, { option: "maxHandshakes", value: 2 });
  assert.equal(first.why?.code, "ECONNABORTED");
  assert.match(first.why?.message ?? "", /makes room for a new one, and maxHandshakes is 2: raise it/);
  handshakes.delete(second);
  const fourth = enter();
  assert.equal(third.why, undefined);
  assert.deepEqual([...handshakes], [third, fourth]);
});
