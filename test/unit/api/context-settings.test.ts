// SPDX-License-Identifier: MIT
/** Options of contexts: what is kept, what only takes its default, what is only read, and all of them by number. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { Context } from "../../../src/index.ts";
import { contextOptionRows } from "../../../src/socket/context-option-rows.ts";

type Values = Record<string, unknown>;

/** libzmq's names, numbers and defaults (zmq.h, zmq_ctx_set(3)). */
const LIBZMQ = [
  ["ioThreads", "IO_THREADS", 1, 1],
  ["maxSockets", "MAX_SOCKETS", 2, 1023],
  ["maxSocketsLimit", "SOCKET_LIMIT", 3, 65535],
  ["threadPriority", "THREAD_PRIORITY", 3, -1],
  ["threadSchedulingPolicy", "THREAD_SCHED_POLICY", 4, -1],
  ["maxMessageSize", "MAX_MSGSZ", 5, 2147483647],
  ["msgTSize", "MSG_T_SIZE", 6, 64],
  ["threadNamePrefix", "THREAD_NAME_PREFIX", 9, ""],
  ["zeroCopyReceive", "ZERO_COPY_RECV", 10, true],
  ["ipv6", "IPV6", 42, false],
  ["blocky", "BLOCKY", 70, true],
] as const;

test("names, numbers and defaults are libzmq's, and every row is listed", () => {
  const context = new Context() as unknown as Values;
  assert.deepEqual(
    contextOptionRows.map((row) => [row.name, row.libzmq, row.id, row.default]),
    LIBZMQ,
  );
  for (const row of contextOptionRows) assert.equal(context[row.name], row.default, row.name);
});

test("values that can be set are kept and shown, and each context has its own", () => {
  const values = { ioThreads: 3, maxSockets: 5, maxMessageSize: 1000, ipv6: true, blocky: false };
  const context = new Context(values) as unknown as Values;
  const other = new Context() as unknown as Values;
  for (const [name, value] of Object.entries(values)) {
    assert.equal(context[name], value);
    assert.notEqual(other[name], value);
  }
  assert.equal(context["msgTSize"], 64);
});

for (const row of contextOptionRows) {
  test(`${row.name}: what it takes`, () => {
    const context = new Context() as unknown as Values;
    const set = (value: unknown) => (): void => void Object.assign(context, { [row.name]: value });
    if (row.isReadOnly === true) {
      assert.throws(set(row.default), { name: "TypeError", message: /only a getter|readonly/ });
      return;
    }
    set(row.default)();
    const { type } = row;
    for (const wrong of [{}, null, type.kind === "text" ? 5 : "5"]) assert.throws(set(wrong), TypeError);
    if (type.kind === "integer") {
      for (const value of [type.min - 2, type.max + 1, 0.5]) assert.throws(set(value), { code: "EINVAL" });
    }
    if (type.kind === "text") assert.throws(set("x".repeat(17)), { code: "EINVAL" });
    const other = { integer: 7, boolean: row.default === false, text: "x" }[type.kind];
    if (row.never === undefined) set(other)();
    else assert.throws(set(other), { code: "ENOTSUP", message: new RegExp(`^${row.name} cannot be`) });
    assert.equal(context[row.name], row.never === undefined ? other : row.default);
  });
}

test("processors cannot be chosen, and one that was not added cannot be taken away", () => {
  const context = new Context();
  assert.throws(() => context.threadAffinityCpuAdd(0), { code: "ENOTSUP" });
  assert.throws(() => context.threadAffinityCpuRemove(0), { code: "EINVAL" });
  for (const cpu of [-1, 0.5, Number.NaN]) assert.throws(() => context.threadAffinityCpuAdd(cpu), { code: "EINVAL" });
  assert.throws(() => context.threadAffinityCpuRemove("0" as never), TypeError);
});

test("by number, as npm zeromq's class has it", () => {
  const context = new Context() as unknown as {
    getInt32Option(id: number): number;
    setInt32Option(id: number, value: number): void;
    getBoolOption(id: number): boolean;
    setBoolOption(id: number, value: boolean): void;
  };
  context.setInt32Option(1, 4);
  assert.equal(context.getInt32Option(1), 4);
  assert.equal(context.getInt32Option(3), 65535, "the limit of sockets is read");
  assert.throws(() => context.setInt32Option(3, 5), { code: "ENOTSUP" }, "the priority is set");
  context.setBoolOption(42, true);
  assert.equal(context.getBoolOption(42), true);
  context.setInt32Option(70, 0);
  assert.equal(context.getBoolOption(70), false);
  assert.throws(() => context.setInt32Option(7, 0), { code: "ENOTSUP" });
  assert.throws(() => context.setInt32Option(8, 0), { code: "EINVAL" });
  assert.throws(() => context.setInt32Option(9, 5), { code: "ENOTSUP" });
  assert.throws(() => context.setInt32Option(42, -1), { code: "EINVAL" });
  assert.throws(() => context.getInt32Option(99), { code: "EINVAL" });
  assert.throws(() => context.getInt32Option("1" as never), {
    name: "TypeError",
    message: "Identifier must be a number",
  });
  assert.throws(() => context.setBoolOption(42, 1 as never), TypeError);
  assert.throws(() => context.setInt32Option(1, "1" as never), TypeError);
});
