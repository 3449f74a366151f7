// SPDX-License-Identifier: MIT
/** Behaviour of udp:// observed on libzmq 4.3.5 with drafts and held against this library (test_radio_dish, test_dgram), and the two together. */
import assert from "node:assert/strict";
import { createSocket } from "node:dgram";
import { once } from "node:events";
import { test } from "node:test";
import type * as zmq from "../../src/index.ts";
import { testBoth } from "../support/implementations.ts";
import { nativeDrafts } from "../support/native-drafts.ts";
import { withSockets } from "../support/sockets.ts";

const native: unknown = await import("zeromq").catch(() => undefined);

/** A port of the loopback that is free. */
async function freePort(): Promise<number> {
  const socket = createSocket("udp4").bind(0, "127.0.0.1");
  await once(socket, "listening");
  const { port } = socket.address();
  socket.close();
  return port;
}

type RadioLike = Pick<zmq.Radio, "send" | "connect">;
type DishLike = Pick<zmq.Dish, "receive" | "join" | "leave" | "bind">;

async function grouped(dish: DishLike): Promise<string> {
  const [part, { group }] = await dish.receive();
  return `${group}: ${part}`;
}

/** Sends until something has come: libzmq binds a moment after it says so. Leaves nothing on the way. */
async function untilHeard(send: (text: string) => Promise<void>, receive: () => Promise<unknown>): Promise<void> {
  let isHeard = false;
  const heard = receive().then(() => {
    isHeard = true;
  });
  while (!isHeard) {
    await send("?");
    await new Promise((resolve) => {
      setTimeout(resolve, 5);
    });
  }
  await heard;
  await send("end");
  for (;;) if ((await receive()) === "end") return;
}

/** What test_radio_dish does over udp. */
async function talk(radio: RadioLike, dish: DishLike): Promise<void> {
  const endpoint = `udp://127.0.0.1:${await freePort()}`;
  await dish.bind(endpoint);
  radio.connect(endpoint);
  dish.join("?");
  await untilHeard(
    (text) => radio.send(text, { group: "?" }),
    async () => String((await dish.receive())[0]),
  );
  dish.leave("?");
  dish.join("TV");
  await radio.send("Godfather", { group: "Movies" });
  await radio.send("Friends", { group: "TV" });
  assert.equal(await grouped(dish), "TV: Friends");
  dish.join("Movies");
  await radio.send("Godfather", { group: "Movies" });
  assert.equal(await grouped(dish), "Movies: Godfather");
  dish.leave("TV");
  await radio.send("Friends", { group: "TV" });
  await radio.send("", { group: "Movies" });
  assert.equal(await grouped(dish), "Movies: ");
}

testBoth("RADIO and DISH over udp: groups are joined and left, and only the DISH knows", async (open) => {
  await talk(open("radio"), open("dish"));
});

testBoth("over udp RADIO connects, and DISH and DGRAM are bound", async (open) => {
  const endpoint = `udp://127.0.0.1:${await freePort()}`;
  assert.throws(() => open("dish").connect(endpoint), { code: "ENOCOMPATPROTO" });
  assert.throws(() => open("dgram").connect(endpoint), { code: "ENOCOMPATPROTO" });
  assert.throws(() => open("dealer").connect(endpoint), { code: "ENOCOMPATPROTO" });
  await assert.rejects(open("radio").bind(endpoint), { code: "ENOCOMPATPROTO" });
  await assert.rejects(open("dealer").bind(endpoint), { code: "ENOCOMPATPROTO" });
  assert.throws(() => open("radio").connect("udp://127.0.0.1:*"), { code: "EINVAL" });
  assert.throws(() => open("radio").connect("udp://*:5555"), { code: "EINVAL" });
});

testBoth("DGRAM sends to an address, and answers to the one that a message names", async (open) => {
  const [one, other] = [open("dgram"), open("dgram")];
  const [here, there] = [await freePort(), await freePort()];
  await one.bind(`udp://127.0.0.1:${here}`);
  await other.bind(`udp://127.0.0.1:${there}`);
  await untilHeard(
    (text) => one.send([`127.0.0.1:${there}`, text]),
    async () => String((await other.receive())[1]),
  );
  await one.send([`127.0.0.1:${there}`, "Is someone there?"]);
  const [from, question] = await other.receive();
  assert.equal(String(question), "Is someone there?");
  assert.equal(String(from).replace(/\0$/, ""), `127.0.0.1:${here}`);
  await other.send([from, "Yes"]);
  assert.deepEqual(String((await one.receive())[1]), "Yes");
});

/** With one socket of ours and one of libzmq's. */
function interop(name: string, body: (open: Open, theirs: Native) => Promise<void>): void {
  const skip = native === undefined ? "npm zeromq cannot be loaded here" : false;
  test(name, { skip, timeout: 20_000 }, () =>
    withSockets(async (open) => {
      const opened: { close(): void }[] = [];
      const theirs = (type: "Radio" | "Dish" | "Datagram"): never => {
        const socket = new (nativeDrafts(native)[type])({ linger: 0 });
        opened.push(socket as { close(): void });
        return socket as never;
      };
      try {
        await body(open, theirs);
      } finally {
        for (const socket of opened) socket.close();
      }
    }),
  );
}

type Open = Parameters<Parameters<typeof withSockets>[0]>[0];
type Native = (type: "Radio" | "Dish" | "Datagram") => never;

interop("our RADIO and libzmq's DISH", (open, theirs) => talk(open("radio"), theirs("Dish")));

interop("libzmq's RADIO and our DISH", (open, theirs) => talk(theirs("Radio"), open("dish")));

interop("our DGRAM and libzmq's, both ways", async (open, theirs) => {
  const ours = open("dgram");
  const other = theirs("Datagram") as zmq.Datagram;
  const port = await freePort();
  await other.bind(`udp://127.0.0.1:${port}`);
  ours.bindSync("udp://127.0.0.1:*");
  await untilHeard(
    (text) => ours.send([`127.0.0.1:${port}`, text]),
    async () => String((await other.receive())[1]),
  );
  await ours.send([`127.0.0.1:${port}`, "question"]);
  const [from, question] = await other.receive();
  assert.equal(String(from), `${ours.lastEndpoint?.slice(6)}\0`);
  await other.send([from, `${question}, answer`]);
  assert.deepEqual((await ours.receive()).map(String), [`127.0.0.1:${port}`, "question, answer"]);
});

interop("groups of 127 octets reach libzmq 4.3.5, and ours of 255 each other", async (open, theirs) => {
  const [endpoint, other] = [`udp://127.0.0.1:${await freePort()}`, open("dish")];
  const dish = theirs("Dish") as zmq.Dish;
  await dish.bind(endpoint);
  await other.bind("udp://127.0.0.1:*");
  const radio = open("radio");
  radio.connect(endpoint);
  dish.join("?");
  await untilHeard(
    (text) => radio.send(text, { group: "?" }),
    async () => String((await dish.receive())[0]),
  );
  dish.join("g".repeat(127));
  other.join("g".repeat(255));
  await radio.send("short", { group: "g".repeat(127) });
  // Not to libzmq 4.3.5 as well: it reads the length as a signed number, and the process aborts.
  radio.disconnect(endpoint);
  radio.connect(other.lastEndpoint as string);
  await radio.send("long", { group: "g".repeat(255) });
  assert.equal(await grouped(dish), `${"g".repeat(127)}: short`);
  assert.equal(await grouped(other), `${"g".repeat(255)}: long`);
});
