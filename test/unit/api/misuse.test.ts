// SPDX-License-Identifier: MIT
/** What an application may do from inside its own functions that the library calls, and with values that bite: nothing of it breaks a socket. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { Context, Pull, type Push } from "../../../src/index.ts";
import { RawPeer } from "../../support/peers/raw-peer.ts";
import { bound, join, nextEvent, receiveTexts, stateOf, withSockets } from "../../support/sockets.ts";
import { greeting, message, ready } from "../../support/zmtp-octets.ts";

const patience = { timeout: 15_000 };

test("a socket may be closed from inside each event that its listeners get", patience, async () => {
  for (const type of ["bind", "accept", "handshake", "limit", "disconnect"] as const) {
    await withSockets(async (open) => {
      const pull = open("pull", { maxMessageSize: 3 });
      const closed = new Promise<void>((resolve) => {
        pull.events.on(type, () => void pull.close({ linger: 0 }).then(resolve));
      });
      const endpoint = await bound(pull);
      if (type !== "bind") {
        await using peer = await RawPeer.connect(endpoint);
        await peer.write(greeting() + ready("PUSH") + message("more than that"));
        await closed;
        await peer.closed();
      }
      await closed;
      assert.equal(pull.closed, true);
    });
  }
});

test("a listener of limit may change the limit, and the next peer has the new one", patience, () =>
  withSockets(async (open) => {
    const pull = open("pull", { maxConnections: 1 });
    pull.events.on("limit", ({ error }) => {
      pull.maxConnections = error.limit.value + 1;
    });
    const push = open("push");
    const endpoint = await join(pull, push);
    await using refused = await RawPeer.connect(endpoint);
    await refused.closed();
    const another = open("push");
    const handshake = nextEvent(another, "handshake");
    another.connect(endpoint);
    await handshake;
  }),
);

test("the function that makes a message's key may send, throw, and close its socket", patience, async () => {
  const acts: Readonly<Record<string, (socket: Push) => void>> = {
    send: (socket) => assert.equal(socket.trySend("from inside"), true),
    throw: () => {
      throw new Error("no key");
    },
    close: (socket) => void socket.close({ linger: 0 }),
  };
  const outcomes = { send: ["sent", "from inside,A,B"], throw: ["no key", "B"], close: ["Socket is closed", ""] };
  for (const [name, act] of Object.entries(acts)) {
    await withSockets(async (open) => {
      let isFirst = true;
      const key = (parts: readonly Uint8Array[]): string => {
        const mayAct = isFirst;
        isFirst = false;
        if (mayAct) act(push);
        return String(parts[0]);
      };
      const push: Push = open("push", { conflate: { key } });
      const pull = open("pull");
      await join(pull, push);
      const outcome = await push.send("A").then(
        () => "sent",
        (error: Error) => error.message.split(":")[0],
      );
      const texts: string[] = [];
      if (!push.closed) {
        await push.send("B");
        while (texts.at(-1) !== "B") texts.push(...(await receiveTexts(pull)));
      }
      assert.deepEqual([outcome, texts.join()], outcomes[name as keyof typeof outcomes]);
    });
  }
});

test("options whose getters throw make no socket, and leave none behind", async () => {
  const context = new Context({ maxSockets: 2 });
  const trap = {
    context,
    get maxConnections(): number {
      throw new Error("bad getter");
    },
  };
  for (let i = 0; i < 10; i += 1) assert.throws(() => new Pull(trap), /bad getter/);
  for (const socket of [new Pull({ context }), new Pull({ context })]) await socket.close();
});

test("a message whose part cannot be read is refused before anything of them is sent", patience, () =>
  withSockets(async (open) => {
    const push = open("push");
    const pull = open("pull");
    await join(pull, push);
    const trap = new Proxy(["one", "two"], {
      get: (target, name) => {
        if (name === "1") throw new Error("bad part");
        return Reflect.get(target, name) as unknown;
      },
    });
    await assert.rejects(async () => push.send(trap), /bad part/);
    await push.send("good");
    assert.deepEqual(await receiveTexts(pull), ["good"]);
    assert.equal(await stateOf(pull.receive()), "pending");
  }),
);
