// SPDX-License-Identifier: MIT
/** `bindSync` and `unbindSync`: done when they return, with the errors of `bind`; the same on libzmq but for a fault there. */
import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { eventOf, receiveSoon, testBoth, testOurs } from "../support/implementations.ts";
import { withFolder } from "../support/tcp.ts";

testBoth("bindSync: the endpoint is there when the call returns, with its real port", async (open) => {
  const [push, pull] = [open("push"), open("pull")];
  push.bindSync("tcp://127.0.0.1:*");
  assert.match(String(push.lastEndpoint), /^tcp:\/\/127\.0\.0\.1:[1-9]\d*$/);
  pull.connect(push.lastEndpoint as string);
  await push.send("through it");
  assert.deepEqual(await receiveSoon(pull), ["through it"]);
});

testBoth("bindSync: ipc and inproc as well", async (open) => {
  await withFolder(async (folder) => {
    for (const endpoint of [`ipc://${join(folder, "socket")}`, "inproc://at-once"]) {
      const [push, pull] = [open("push"), open("pull")];
      push.bindSync(endpoint);
      assert.equal(push.lastEndpoint, endpoint);
      pull.connect(endpoint);
      await push.send("through it");
      assert.deepEqual(await receiveSoon(pull), ["through it"]);
    }
  });
});

testBoth("bindSync: what is wrong is thrown", async (open) => {
  const [first, second] = [open("push"), open("push")];
  first.bindSync("tcp://127.0.0.1:*");
  const endpoint = first.lastEndpoint as string;
  assert.throws(() => second.bindSync(endpoint), { code: "EADDRINUSE", address: endpoint });
  assert.throws(() => second.bindSync("tcp://192.0.2.1:0"), { code: "EADDRNOTAVAIL" });
  assert.throws(() => second.bindSync("ipc:///no/such/folder/socket"), { code: "ENOENT" });
  assert.throws(() => second.bindSync("nothing://"), { code: "EINVAL" });
  assert.throws(() => second.bindSync("nothing://there"), { code: "EPROTONOSUPPORT" });
  assert.throws(() => second.bindSync(1 as unknown as string), new TypeError("Address must be a string"));
  void second.close();
  assert.throws(() => second.bindSync("tcp://127.0.0.1:*"), { code: "EBADF" });
});

// npm zeromq 6 binds a second time instead.
testOurs("unbindSync: the address is free when the call returns", async (open) => {
  const [first, second] = [open("push"), open("push")];
  await withFolder(async (folder) => {
    const path = join(folder, "socket");
    for (const wanted of ["tcp://127.0.0.1:*", `ipc://${path}`, "inproc://at-once"]) {
      first.bindSync(wanted);
      const endpoint = first.lastEndpoint as string;
      first.unbindSync(endpoint);
      assert.equal(existsSync(path), false);
      second.bindSync(endpoint);
      assert.throws(() => first.unbindSync(endpoint), { code: "ENOENT" });
      second.unbindSync(endpoint);
    }
  });
});

testOurs("bindSync and unbindSync are told like bind and unbind", async (open) => {
  const push = open("push");
  const bound = eventOf(push, "bind");
  push.bindSync("tcp://127.0.0.1:*");
  const endpoint = push.lastEndpoint as string;
  assert.equal(((await bound) as { address: string }).address, endpoint);
  const gone = eventOf(push, "close");
  push.unbindSync(endpoint);
  assert.equal(((await gone) as { address: string }).address, endpoint);
  const failed = eventOf(push, "bind:error");
  assert.throws(() => push.bindSync("tcp://192.0.2.1:0"));
  assert.equal((await failed).type, "bind:error");
});

for (const use of ["unbind", "disconnect"] as const) {
  testBoth(
    `${use}: what is no endpoint, or has no transport, is told apart from one that is not there`,
    async (open) => {
      const push = open("push");
      const attempt = async (address: string): Promise<void> => push[use](address);
      await assert.rejects(attempt("tcp://127.0.0.1:1"), { code: "ENOENT" });
      await assert.rejects(attempt("foo-bar"), { code: "EINVAL" });
      await assert.rejects(attempt("foo://bar"), { code: "EPROTONOSUPPORT" });
    },
  );
}
