// SPDX-License-Identifier: MIT
/** Connections through a SOCKS5 proxy (RFC 1928, 1929): what is asked of it, and what becomes of proxies that refuse, are slow, or are none. */
import assert from "node:assert/strict";
import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Socket } from "node:net";
import { test } from "node:test";
import { bound, receiveTexts, withSockets } from "../../support/sockets.ts";

/** What a proxy sends, where that is not what it should. */
interface Manner {
  /** `name:password` that it wants. */
  auth?: string;
  /** In the place of its first, second and last answer. */
  choice?: string;
  verdict?: string;
  reply?: string;
  /** One octet at a time. */
  slow?: boolean;
}

/** A proxy, which notes what it is asked for in hex, and connects to the port on the loopback. */
async function withProxy(manner: Manner, body: (proxy: string, asked: string[]) => Promise<void>): Promise<void> {
  const asked: string[] = [];
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on("error", () => {});
    void serve(socket, manner, asked, sockets).catch(() => socket.destroy());
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  try {
    await body(`127.0.0.1:${(server.address() as AddressInfo).port}`, asked);
  } finally {
    for (const socket of sockets) socket.destroy();
    server.close();
  }
}

async function serve(socket: Socket, manner: Manner, asked: string[], sockets: Set<Socket>): Promise<void> {
  const next = async (): Promise<Buffer> => (await once(socket, "data"))[0] as Buffer;
  const say = async (hex: string): Promise<void> => {
    const octets = Buffer.from(hex, "hex");
    for (const octet of manner.slow === true ? octets : []) {
      socket.write(Uint8Array.of(octet));
      await new Promise(setImmediate);
    }
    if (manner.slow !== true) socket.write(octets);
  };
  socket.setNoDelay(true);
  asked.push((await next()).toString("hex"));
  await say(manner.choice ?? (manner.auth === undefined ? "0500" : "0502"));
  if (manner.auth !== undefined) {
    const said = await next();
    const name = said.subarray(2, 2 + (said[1] as number)).toString();
    const password = said.subarray(3 + (said[1] as number)).toString();
    await say(manner.verdict ?? (`${name}:${password}` === manner.auth ? "0100" : "0101"));
  }
  const request = await next();
  asked.push(request.toString("hex"));
  if (manner.reply !== undefined) {
    await say(manner.reply);
    return;
  }
  const far = connect(request.readUInt16BE(request.length - 2), "127.0.0.1");
  sockets.add(far);
  far.on("error", () => socket.destroy());
  await once(far, "connect");
  await say("05000001000000000000");
  socket.pipe(far).pipe(socket);
}

const works: [what: string, manner: Manner, options: object, host: string, asks: RegExp][] = [
  ["an address", {}, {}, "127.0.0.1", /^050100 050100017f000001....$/],
  [
    "a name, which the proxy looks up",
    {},
    {},
    "nowhere.invalid",
    /^050100 050100030f6e6f77686572652e696e76616c6964....$/,
  ],
  ["IPv6", {}, {}, "[2001:db8::1]", /^050100 0501000420010db8000000000000000000000001....$/],
  ["a proxy that is slow", { slow: true }, {}, "127.0.0.1", /./],
  [
    "a longer reply",
    { slow: true, auth: "me:secret" },
    { socksUsername: "me", socksPassword: "secret" },
    "127.0.0.1",
    /^050102 /,
  ],
  ["a user name alone", { auth: "me:" }, { socksUsername: "me" }, "127.0.0.1", /^050102 /],
  ["a password alone, which is nobody's", {}, { socksPassword: "secret" }, "127.0.0.1", /^050100 /],
  [
    "a name that the proxy does not want",
    {},
    { socksUsername: "me", socksPassword: "secret" },
    "127.0.0.1",
    /^050102 /,
  ],
];

for (const [what, manner, options, host, asks] of works) {
  test(`through a SOCKS proxy: ${what}`, () =>
    withProxy(manner, (socksProxy, asked) =>
      withSockets(async (open) => {
        const [rep, req] = [open("rep"), open("req", { socksProxy, ...options })];
        const endpoint = await bound(rep);
        const met = once(req.events as never, "handshake");
        req.connect(`tcp://${host}:${endpoint.slice(endpoint.lastIndexOf(":") + 1)}`);
        await req.send("question");
        assert.deepEqual(await receiveTexts(rep), ["question"]);
        await rep.send("answer");
        assert.deepEqual(await receiveTexts(req), ["answer"]);
        const [{ peer }] = (await met) as [{ peer: { address: string } }];
        assert.equal(peer.address, socksProxy);
        assert.match(asked.join(" "), asks);
      }),
    ));
}

const fails: [what: string, manner: Manner, options: object, message: RegExp][] = [
  ["wants a name", { choice: "05ff" }, {}, /wants a user name/],
  ["takes no name", { choice: "05ff" }, { socksUsername: "me" }, /takes no user name/],
  ["refuses the password", { auth: "me:x" }, { socksUsername: "me", socksPassword: "y" }, /refused socksUsername/],
  ["does not connect", { reply: "05050001000000000000" }, {}, /connection refused/],
  ["gives an error of its own", { reply: "05ee0001000000000000" }, {}, /error 238/],
  ["is something else", { choice: "485454502f" }, {}, /something else/],
  ["answers with garbage", { reply: "05000009000000000000" }, {}, /something else/],
];

for (const [what, manner, options, message] of fails) {
  test(`a SOCKS proxy that ${what} is tried again`, () =>
    withProxy(manner, (socksProxy) =>
      withSockets(async (open) => {
        const req = open("req", { socksProxy, reconnectInterval: 5, ...options });
        const failed = once(req.events as never, "close");
        const retried = once(req.events as never, "connect:retry");
        req.connect("tcp://127.0.0.1:9");
        const [{ error }] = (await failed) as [{ error: Error & { code: string } }];
        assert.match(error.message, message);
        assert.equal(error.code, "ECONNREFUSED");
        await retried;
      }),
    ));
}

test("an address that no proxy could have is EINVAL at the connect", () =>
  withSockets(async (open) => {
    for (const socksProxy of ["nonsense", "*:1", "host:*", "a;b;c:1"]) {
      assert.throws(() => open("req", { socksProxy }).connect("tcp://127.0.0.1:9"), { code: "EINVAL" });
    }
  }));

test("a SOCKS proxy that connects and hangs up in the same breath is tried again", async () => {
  const server = createServer((socket) => {
    socket.on("error", () => {});
    socket.once("data", () => socket.end(Buffer.from("050005000001000000000000ff", "hex")));
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  const socksProxy = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  try {
    await withSockets(async (open) => {
      const req = open("req", { socksProxy, reconnectInterval: 5 });
      const retried = once(req.events as never, "connect:retry");
      req.connect("tcp://127.0.0.1:9");
      await retried;
    });
  } finally {
    server.close();
  }
});
