// SPDX-License-Identifier: MIT
/**
 * Connections through SOCKS5 proxies that others have written, microsocks and Dante: ours and libzmq's to each other, names that only the
 * proxy knows, passwords, refusals, TLS and WebSocket through them, and a proxy that goes and comes back.
 */
import assert from "node:assert/strict";
import { createServer } from "node:net";
import { test } from "node:test";
import { curveKeyPair, type Socket } from "../../src/index.ts";
import { Authority, noCertificates } from "../support/certificates.ts";
import { type Corpus, makeMessage, Summarizer, summarize } from "../support/peers/corpus.ts";
import { startPeer } from "../support/peers/start-peer.ts";
import { missing } from "../support/peers/toolchain.ts";
import { bound, nextEvent, type Open, receiveTexts, withSockets } from "../support/sockets.ts";
import { noSocks, type SocksOptions, SocksProxy, whyNoHosts } from "../support/socks.ts";
import { freePort, hasIpv6 } from "../support/tcp.ts";

const corpus: Corpus = { seed: 31, count: 12, shapes: [[0], [255, 3], [70_000], [10, 100_000]] };
const fast = { reconnectInterval: 10 };
const portOf = (endpoint: string | null | undefined): number => Number(endpoint?.split(":").at(-1));

type Start = (options?: SocksOptions) => Promise<SocksProxy>;

/** The proxies end after the sockets: one of Dante's processes lives as long as a connection through it. */
function check(what: string, run: (open: Open, start: Start) => Promise<void>, lack?: string): void {
  test(what, { timeout: 20_000, skip: noSocks ?? lack ?? false }, async () => {
    const proxies: SocksProxy[] = [];
    const start: Start = async (options) => {
      const proxy = await SocksProxy.start(options);
      proxies.push(proxy);
      return proxy;
    };
    try {
      await withSockets((open) => run(open, start));
    } finally {
      await Promise.all(proxies.map((proxy) => proxy.stop()));
    }
  });
}

/** A question and its answer. */
async function talk(
  req: Socket & { send(part: string): Promise<void>; receive(): Promise<Uint8Array[]> },
  rep: typeof req,
): Promise<void> {
  await req.send("question");
  assert.deepEqual(await receiveTexts(rep), ["question"]);
  await rep.send("answer");
  assert.deepEqual(await receiveTexts(req), ["answer"]);
}

/** Why an attempt fails. */
function failureOf(socket: Socket): Promise<Error & { code?: string }> {
  return new Promise((resolve) => {
    socket.events.once("close", (event) => {
      if ("error" in event) resolve(event.error);
    });
  });
}

const authority = noCertificates === undefined ? new Authority() : undefined;
const certificates = authority?.issue({ names: "DNS:localhost,IP:127.0.0.1" });

for (const scheme of ["tcp", "tls+tcp", "ws", "wss"]) {
  const lack = scheme.includes("s+") || scheme === "wss" ? noCertificates : undefined;
  check(
    `${scheme} through microsocks`,
    async (open, start) => {
      const proxy = await start();
      const tls = { tlsKey: certificates?.key ?? null, tlsCertificate: certificates?.certificate ?? null };
      const rep = open("rep", tls);
      const endpoint = await bound(rep, `${scheme}://127.0.0.1:*`);
      const req = open("req", { ...fast, socksProxy: proxy.address, tlsTrust: authority?.certificate ?? null });
      req.connect(endpoint.replace("127.0.0.1", "localhost"));
      await talk(req, rep);
      assert.match(proxy.log, /connected to localhost:/);
      // Whoever looks at the connection sees who it is to.
      assert.equal(req.peers()[0]?.address, proxy.address);
    },
    lack,
  );
}

check(
  "a name and a password, ours and libzmq's; without them, or with wrong ones, nobody comes through",
  async (open, start) => {
    const proxy = await start({ user: "ali", password: "sesame ✓" });
    const rep = open("rep");
    const endpoint = await bound(rep);
    const socksProxy = proxy.address;
    const good = open("req", { socksProxy, socksUsername: "ali", socksPassword: "sesame ✓" });
    good.connect(endpoint);
    await talk(good, rep);
    const bad: [object, RegExp][] = [
      [{}, /wants a user name/],
      [{ socksUsername: "ali", socksPassword: "wheat" }, /refused socksUsername and socksPassword/],
      [{ socksUsername: "baba", socksPassword: "sesame ✓" }, /refused/],
      [{ socksUsername: "a".repeat(255), socksPassword: "b".repeat(255) }, /refused/],
    ];
    for (const [options, message] of bad) {
      const req = open("req", { socksProxy, ...fast, ...options });
      const failed = failureOf(req);
      const again = nextEvent(req, "connect:retry");
      req.connect(endpoint);
      assert.match((await failed).message, message);
      await again;
      await req.close();
    }
  },
);

check(
  "the name and the password of libzmq's drafts",
  async (open, start) => {
    const { Request } = await import("zeromq");
    const proxy = await start({ user: "ali", password: "sesame" });
    const rep = open("rep");
    const endpoint = await bound(rep);
    const theirs = new Request({ socksProxy: proxy.address, linger: 0 });
    try {
      const numbered = theirs as unknown as { setStringOption(option: number, value: string): void };
      numbered.setStringOption(99, "ali");
      numbered.setStringOption(100, "sesame");
      theirs.connect(endpoint);
      await theirs.send("theirs");
      assert.deepEqual(await receiveTexts(rep), ["theirs"]);
      await rep.send("ours");
      assert.equal(String((await theirs.receive())[0]), "ours");
    } finally {
      theirs.close();
    }
  },
  missing("zeromq.js"),
);

check("a target that refuses is tried again, through the proxy, until it is there", async (open, start) => {
  const proxy = await start();
  const port = await freePort();
  const req = open("req", { ...fast, socksProxy: proxy.address });
  const failed = failureOf(req);
  req.connect(`tcp://127.0.0.1:${port}`);
  const asked = req.send("question");
  assert.match((await failed).message, /did not connect: connection refused/);
  const rep = open("rep");
  await rep.bind(`tcp://127.0.0.1:${port}`);
  await asked;
  assert.deepEqual(await receiveTexts(rep), ["question"]);
});

for (const program of ["microsocks", "danted"] as const) {
  check(`an address of IPv6, through ${program}`, async (open, start) => {
    // Dante asks the system for IPv6 and fails to start without.
    if (!(await hasIpv6())) return;
    const proxy = await start({ program });
    const rep = open("rep", { ipv6: true });
    const req = open("req", { ...fast, socksProxy: proxy.address });
    req.connect(await bound(rep, "tcp://[::1]:*"));
    await talk(req, rep);
  });
}

check(
  "a name that only the proxy can look up, ours and libzmq's",
  async (open, start) => {
    const proxy = await start({ hosts: "127.0.0.1 inside.invalid" });
    const rep = open("rep");
    const port = portOf(await bound(rep));
    const req = open("req", { ...fast, socksProxy: proxy.address });
    req.connect(`tcp://inside.invalid:${port}`);
    await talk(req, rep);
    assert.match(proxy.log, new RegExp(`connected to inside.invalid:${port}`));
    await using peer = await startPeer("c");
    await using theirs = await peer.socket("req", { socksProxy: proxy.address });
    await theirs.connect(`tcp://inside.invalid:${port}`);
    const serve = async (): Promise<void> => {
      for (let i = 0; i < 2; i += 1) await rep.send(await rep.receive());
    };
    const two: Corpus = { seed: 1, count: 2, shapes: [[10]] };
    const [got] = await Promise.all([theirs.exchange(two), serve()]);
    assert.deepEqual(got, summarize(two));
  },
  whyNoHosts() ?? missing("c"),
);

for (const kind of ["c", "python"] as const) {
  check(
    `libzmq through a proxy to ours, and ours to libzmq: ${kind}`,
    async (open, start) => {
      const proxy = await start();
      const socksProxy = proxy.address;
      await using peer = await startPeer(kind);
      const rep = open("rep");
      await using request = await peer.socket("req", { socksProxy, reconnectInterval: 10 });
      await request.connect(await bound(rep));
      const serve = async (): Promise<void> => {
        for (let i = 0; i < corpus.count; i += 1) await rep.send(await rep.receive());
      };
      const [got] = await Promise.all([request.exchange(corpus), serve()]);
      assert.deepEqual(got, summarize(corpus));

      await using reply = await peer.socket("rep");
      const req = open("req", { ...fast, socksProxy });
      req.connect(await reply.bind("tcp://127.0.0.1:0"));
      const echo = new Summarizer();
      const exchange = async (): Promise<void> => {
        for (let i = 0; i < corpus.count; i += 1) {
          await req.send(makeMessage(corpus, i));
          echo.add(await req.receive());
        }
      };
      await Promise.all([reply.echo(corpus.count), exchange()]);
      assert.deepEqual(echo.finish(), summarize(corpus));
    },
    missing(kind),
  );
}

check(
  "a connection to the proxy comes from the address that the proxy's, or the endpoint, names",
  async (open, start) => {
    const proxy = await start();
    const rep = open("rep");
    const endpoint = (await bound(rep)).slice("tcp://".length);
    for (const [socksProxy, to, from] of [
      [`127.0.0.5:0;${proxy.address}`, endpoint, "127.0.0.5"],
      [proxy.address, `127.0.0.6:0;${endpoint}`, "127.0.0.6"],
      [`127.0.0.7:0;${proxy.address}`, `127.0.0.8:0;${endpoint}`, "127.0.0.7"],
      [`lo:0;${proxy.address}`, endpoint, "127.0.0.1"],
    ] as const) {
      const req = open("req", { ...fast, socksProxy });
      req.connect(`tcp://${to}`);
      await talk(req, rep);
      await req.close();
      assert.ok(proxy.log.includes(`] ${from}: connected to 127.0.0.1:`), `${from}: ${proxy.log}`);
    }
  },
);

check("when the proxy goes the connection goes; when it comes back, so do the messages", async (open, start) => {
  const rep = open("rep");
  const endpoint = await bound(rep);
  const proxy = await start();
  const req = open("req", { ...fast, socksProxy: proxy.address });
  req.connect(endpoint);
  await talk(req, rep);
  const gone = [nextEvent(req, "disconnect"), nextEvent(rep, "disconnect")];
  await proxy.stop();
  await Promise.all(gone);
  const asked = req.send("again");
  await nextEvent(req, "connect:retry");
  const again = await start({ port: proxy.port });
  await asked;
  assert.deepEqual(await receiveTexts(rep), ["again"]);
  await rep.send("answer");
  assert.deepEqual(await receiveTexts(req), ["answer"]);
  assert.match(again.log, /connected to/);
});

check("Dante: through, against its rules, and with a name that it does not ask for", async (open, start) => {
  const forbidden = await freePort();
  const proxy = await start({ program: "danted", forbidden });
  const socksProxy = proxy.address;
  const rep = open("rep");
  const endpoint = await bound(rep);
  const req = open("req", { ...fast, socksProxy });
  req.connect(endpoint);
  await talk(req, rep);
  for (const [options, to, message] of [
    [{}, `tcp://127.0.0.1:${forbidden}`, /did not connect: not allowed by its rules/],
    [{}, `tcp://nowhere.invalid:${forbidden}`, /did not connect: (not allowed|host unreachable|general failure)/],
    [{ socksUsername: "ali" }, endpoint, /takes no user name/],
  ] as const) {
    const refused = open("req", { ...fast, socksProxy, ...options });
    const failed = failureOf(refused);
    refused.connect(to);
    assert.match((await failed).message, message);
    await refused.close();
  }
});

check("CURVE through a proxy, which sees nothing of it", async (open, start) => {
  const proxy = await start();
  const [server, client] = [curveKeyPair(), curveKeyPair()];
  const rep = open("rep", { curveServer: true, curveSecretKey: server.secretKey });
  const req = open("req", {
    ...fast,
    socksProxy: proxy.address,
    curveServerKey: server.publicKey,
    curvePublicKey: client.publicKey,
    curveSecretKey: client.secretKey,
  });
  req.connect(await bound(rep));
  await talk(req, rep);
});

test("a proxy that takes connections and says nothing has as long as a handshake", { timeout: 20_000 }, () =>
  withSockets(async (open) => {
    const server = createServer((socket) => socket.on("error", () => {})).listen(0, "127.0.0.1");
    await new Promise((resolve) => server.once("listening", resolve));
    const { port } = server.address() as { port: number };
    try {
      const req = open("req", { ...fast, socksProxy: `127.0.0.1:${port}`, handshakeInterval: 50 });
      const failed = failureOf(req);
      const again = nextEvent(req, "connect:retry");
      req.connect("tcp://127.0.0.1:9");
      const error = await failed;
      assert.match(error.message, /did not answer in 50 ms/);
      assert.equal(error.code, "ETIMEDOUT");
      await again;
    } finally {
      server.close();
    }
  }),
);
