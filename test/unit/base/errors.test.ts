// SPDX-License-Identifier: MIT
import assert from "node:assert/strict";
import { constants } from "node:os";
import { test } from "node:test";
import {
  AuthenticationError,
  type ErrorCode,
  errorCodeOf,
  PROTOCOL_ERRORS,
  ProtocolError,
  ZmqError,
} from "../../../src/base/errors.ts";

/** ZeroMQ's own codes: `ZMQ_HAUSNUMERO` plus 51 to 54 (`zmq.h`). */
const OWN = { EFSM: 51, ENOCOMPATPROTO: 52, ETERM: 53, EMTHREAD: 54 } as const;
const ZMQ_HAUSNUMERO = 156384712;

test("an error has its code, number and sentence", () => {
  const error = new ZmqError("EAGAIN");
  assert.ok(error instanceof Error);
  assert.equal(error.name, "ZmqError");
  assert.equal(error.code, "EAGAIN");
  assert.equal(error.errno, 11);
  assert.equal(error.message, "Operation was not possible or timed out");
  assert.deepEqual([error.address, error.syscall, error.cause], [undefined, undefined, undefined]);
});

test("an error carries what is known besides", () => {
  const cause = new Error("below");
  const error = new ZmqError("EADDRINUSE", "bind tcp://127.0.0.1:5555: address in use", {
    address: "tcp://127.0.0.1:5555",
    syscall: "bind",
    cause,
  });
  assert.equal(error.message, "bind tcp://127.0.0.1:5555: address in use");
  assert.equal(error.address, "tcp://127.0.0.1:5555");
  assert.equal(error.syscall, "bind");
  assert.equal(error.cause, cause);
});

test("ZeroMQ's own numbers are those of zmq.h", () => {
  for (const [code, offset] of Object.entries(OWN)) {
    assert.equal(new ZmqError(code as ErrorCode).errno, ZMQ_HAUSNUMERO + offset, code);
  }
});

test("the other numbers are Linux's", { skip: process.platform !== "linux" && "numbers differ elsewhere" }, () => {
  for (const [code, number] of Object.entries(constants.errno)) {
    if (errorCodeOf({ code }, "EINTR") === code) assert.equal(new ZmqError(code).errno, number, code);
  }
});

test("a protocol error names the rule, with libzmq's number", () => {
  const error = new ProtocolError("ZMTP_INVALID_METADATA", "a property is cut off");
  assert.ok(error instanceof ZmqError);
  assert.equal(error.code, "ERR_ZMTP_INVALID_METADATA");
  assert.equal(error.errno, new ZmqError("EPROTO").errno);
  assert.equal(error.protocolError, "ZMTP_INVALID_METADATA");
  assert.equal(error.protocolCode, 0x10000018);
  assert.equal(error.message, "ZMTP protocol error: a property is cut off");
  assert.equal(new ProtocolError("ZAP_BAD_VERSION", "x").message, "ZAP protocol error: x");
  assert.equal(new ProtocolError("ZMTP_UNSPECIFIED", "too large", "EMSGSIZE").code, "EMSGSIZE");
});

test("each protocol error has a number of its own", () => {
  const numbers = Object.values(PROTOCOL_ERRORS);
  assert.equal(new Set(numbers).size, numbers.length);
});

test("an authentication error carries the status of the authenticator", () => {
  const error = new AuthenticationError(400, "refused");
  assert.equal(error.code, "EACCES");
  assert.equal(error.status, 400);
  assert.equal(error.message, "Authentication failure: refused");
  assert.equal(new AuthenticationError(300, "x").message, "Temporary error: x");
  assert.equal(new AuthenticationError(500, "x").message, "Internal error: x");
});

test("codes of the runtime are taken over where they are ours", () => {
  assert.equal(errorCodeOf({ code: "ECONNREFUSED" }), "ECONNREFUSED");
  assert.equal(errorCodeOf({ code: "ERR_SOMETHING" }), "EPROTO");
  assert.equal(errorCodeOf({ code: "toString" }, "EINVAL"), "EINVAL");
  assert.equal(errorCodeOf({ code: 7 }, "EINVAL"), "EINVAL");
  assert.equal(errorCodeOf(undefined, "EINVAL"), "EINVAL");
  assert.equal(errorCodeOf(null), "EPROTO");
});
