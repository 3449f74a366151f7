// SPDX-License-Identifier: MIT
/**
 * Peers that break the rules of RFC 41, 48, 49 and 52 after a good handshake, and what the wire looks like: octets by hand,
 * beside a good peer, which must not notice.
 */
import assert from "node:assert/strict";
import test from "node:test";
import { octets, RawListener, RawPeer } from "../support/peers/raw-peer.ts";
import { bound, join, type Open, receiveTexts, withSockets } from "../support/sockets.ts";
import { greetingTail, ready } from "./old-versions.ts";

const patience = { timeout: 15000 };

function command(name: string, data: string | Uint8Array): Buffer {
  const body = Buffer.concat([Buffer.from([name.length]), Buffer.from(name), Buffer.from(data)]);
  const header =
    body.length > 255 ? octets(`06 000000000000 ${body.length.toString(16).padStart(4, "0")}`) : octets("04");
  return Buffer.concat([header, ...(body.length > 255 ? [] : [Buffer.from([body.length])]), body]);
}

function frame(body: string | Uint8Array, more = false): Buffer {
  const content = Buffer.from(body);
  if (content.length > 255) {
    const length = content.length.toString(16).padStart(16, "0");
    return Buffer.concat([octets(`${more ? "03" : "02"} ${length}`), content]);
  }
  return Buffer.concat([Buffer.from([more ? 1 : 0, content.length]), content]);
}

const message = (...parts: (string | Uint8Array)[]): Buffer =>
  Buffer.concat(parts.map((part, i) => frame(part, i < parts.length - 1)));

/** Shakes hands as a peer of one type, with a tested socket of another. */
async function greet(peer: RawPeer, type: string, tested: string): Promise<RawPeer> {
  await peer.write("ff 0000000000000001 7f");
  await peer.write(greetingTail(1));
  await peer.write(ready(type, ""));
  await peer.read(64);
  await peer.expect(ready(tested, ""), `READY of ${tested}`);
  return peer;
}

async function connect(endpoint: string, type: string, tested: string): Promise<RawPeer> {
  return greet(await RawPeer.connect(endpoint), type, tested);
}

/** Runs until a message that is sent again and again has come: a RADIO does not tell when a JOIN has come. */
async function untilCome(say: () => Promise<void>, arrival: Promise<unknown>): Promise<void> {
  let isHere = false;
  const arrive = async (): Promise<void> => {
    await arrival;
    isHere = true;
  };
  const keepSaying = async (): Promise<void> => {
    while (!isHere) {
      await say();
      await new Promise(setImmediate);
    }
  };
  await Promise.all([arrive(), keepSaying()]);
}

test("a RADIO takes JOIN and LEAVE as commands, and sends group and part as two frames", patience, () =>
  withSockets(async (open) => {
    const radio = open("radio");
    await using peer = await connect(await bound(radio), "DISH", "RADIO");
    await peer.write(command("JOIN", "now"));
    const first = message("now", "?");
    await untilCome(() => radio.send("?", { group: "now" }), peer.expect(first, "a message"));
    await peer.write(command("JOIN", "two"));
    await peer.write(command("LEAVE", "now"));
    await untilCome(
      async () => {
        await radio.send("2", { group: "two" });
      },
      (async () => {
        for (;;) {
          const [, length] = await peer.read(2);
          const group = String(await peer.read(length as number));
          await peer.expect(frame(group === "two" ? "2" : "?"), "the part");
          if (group === "two") return;
        }
      })(),
    );
  }),
);

test("a DISH says what it joins and leaves as commands, and again on each connection", patience, () =>
  withSockets(async (open) => {
    await using listener = await RawListener.open();
    const dish = open("dish", { reconnectInterval: 1 });
    dish.join("early");
    dish.connect(listener.endpoint);
    {
      await using first = await greet(await listener.accept(), "RADIO", "DISH");
      await first.expect(command("JOIN", "early"), "JOIN");
      dish.join("late", "");
      await first.expect(command("JOIN", "late"), "JOIN");
      await first.expect(command("JOIN", ""), "JOIN");
      dish.leave("early");
      await first.expect(command("LEAVE", "early"), "LEAVE");
      await first.write(message("late", "hello"));
      assert.deepEqual(await dish.receive(), [Buffer.from("hello"), { group: Buffer.from("late") }]);
    }
    await using second = await greet(await listener.accept(), "RADIO", "DISH");
    const again = await second.read(command("JOIN", "late").length + command("JOIN", "").length);
    assert.ok(again.includes(command("JOIN", "late")) && again.includes(command("JOIN", "")));
    await second.write(message("", "again"));
    assert.deepEqual(await receiveTexts({ receive: async () => [(await dish.receive())[0]] }), ["again"]);
  }),
);

test("a RADIO takes no harm from a DISH that breaks the rules", patience, () =>
  withSockets(async (open) => {
    const [radio, good] = [open("radio"), open("dish")];
    const endpoint = await join(radio, good);
    good.join("g");
    await using bad = await connect(endpoint, "DISH", "RADIO");
    await bad.write(command("JOIN", Buffer.alloc(300, "x")));
    await bad.write(command("LEAVE", Buffer.alloc(300, "x")));
    await bad.write(command("LEAVE", "never joined"));
    await bad.write(command("SUBSCRIBE", ""));
    await bad.write(command("CANCEL", ""));
    await bad.write(message("\x01"));
    await bad.write(message("\x01g", "a", "b"));
    for (let i = 0; i < 3000; i += 1) await bad.write(message("upstream", `${i}`));
    await bad.write(command("JOIN", "mine"));
    const mine = bad.read(message("mine", "x").length);
    const say = async (): Promise<void> => {
      await radio.send("not for the bad one", { group: "g" });
      await radio.send("x", { group: "x".repeat(255) });
      await radio.send("x", { group: "mine" });
    };
    await untilCome(say, mine);
    assert.deepEqual(await mine, message("mine", "x"));
    assert.deepEqual(await good.receive(), [Buffer.from("not for the bad one"), { group: Buffer.from("g") }]);
  }),
);

test("a DISH drops what is not a group and one part, and goes on with the same peer", patience, () =>
  withSockets(async (open) => {
    const dish = open("dish", { receiveHighWaterMark: 4 });
    dish.join("g", "x".repeat(255));
    await using radio = await connect(await bound(dish), "RADIO", "DISH");
    for (let i = 0; i < 50; i += 1) {
      await radio.write(message("g"));
      await radio.write(message("g", "a", "b"));
      await radio.write(message("other", "a"));
      await radio.write(message(Buffer.alloc(256, "x"), "a"));
      await radio.write(command("SUBSCRIBE", "g"));
      await radio.write(command("JOIN", "g"));
    }
    await radio.write(message("g", "good"));
    await radio.write(message("x".repeat(255), "good too"));
    assert.deepEqual(await dish.receive(), [Buffer.from("good"), { group: Buffer.from("g") }]);
    assert.equal(String((await dish.receive())[0]), "good too");
  }),
);

async function dropsParts(
  open: Open,
  type: "client" | "server" | "gather" | "channel",
  peerType: string,
): Promise<void> {
  const socket = open(type, { receiveHighWaterMark: 4 });
  await using peer = await connect(await bound(socket), peerType, type.toUpperCase());
  for (let i = 0; i < 50; i += 1) {
    await peer.write(message("a", "b"));
    await peer.write(command("JOIN", "g"));
    await peer.write(message("a", "", "c"));
  }
  await peer.write(message("good"));
  assert.equal(String((await socket.receive())[0]), "good");
  assert.equal(socket.tryReceive(), undefined);
}

for (const [type, peerType] of [
  ["client", "SERVER"],
  ["server", "CLIENT"],
  ["gather", "SCATTER"],
  ["channel", "CHANNEL"],
] as const) {
  test(`${type.toUpperCase()} drops messages of several parts, and JOINs, whatever their number`, patience, () =>
    withSockets((open) => dropsParts(open, type, peerType)),
  );
}

test("a JOIN means nothing to sockets of other types", patience, () =>
  withSockets(async (open) => {
    const [pull, pub] = [open("pull"), open("pub")];
    await using push = await connect(await bound(pull), "PUSH", "PULL");
    await push.write(command("JOIN", "g"));
    await push.write(message("job"));
    assert.deepEqual(await receiveTexts(pull), ["job"]);
    await using sub = await connect(await bound(pub), "SUB", "PUB");
    await sub.write(command("JOIN", ""));
    await sub.write(command("SUBSCRIBE", "b"));
    await untilCome(
      async () => {
        await pub.send("a");
        await pub.send("b");
      },
      sub.expect(message("b"), "only what was subscribed"),
    );
  }),
);
