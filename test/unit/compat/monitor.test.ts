// SPDX-License-Identifier: MIT
/** Events under their names of version 5, and their arguments. */
import assert from "node:assert/strict";
import { EventEmitter } from "node:events";
import { test } from "node:test";
import { passOn } from "../../../src/compat/monitor.ts";
import type { Observer } from "../../../src/index.ts";

test("events are passed on under the names of version 5, until that is ended", () => {
  const events = new EventEmitter();
  const target = new EventEmitter();
  const seen: unknown[][] = [];
  for (const name of ["connect", "connect_delay", "connect_retry", "listen", "bind_error", "disconnect", "close"]) {
    target.on(name, (...values: unknown[]) => seen.push([name, ...values]));
  }
  const stop = passOn(events as unknown as Observer, target);
  const address = "tcp://127.0.0.1:5555";
  const error = Object.assign(new Error("in use"), { errno: 98 });
  const tell = (event: { type: string; [name: string]: unknown }): boolean => events.emit(event.type, event);
  tell({ type: "bind", address });
  tell({ type: "bind:error", address, error });
  tell({ type: "connect:delay", address });
  tell({ type: "connect:retry", address, interval: 100 });
  tell({ type: "connect", address });
  tell({ type: "handshake", address });
  tell({ type: "disconnect", address, error });
  stop();
  tell({ type: "close", address });
  assert.deepEqual(seen, [
    ["listen", undefined, address, undefined],
    ["bind_error", 98, address, error],
    ["connect_delay", undefined, address, undefined],
    ["connect_retry", 100, address, undefined],
    ["connect", undefined, address, undefined],
    ["disconnect", undefined, address, undefined],
  ]);
});
