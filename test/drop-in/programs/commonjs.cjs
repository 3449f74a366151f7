// SPDX-License-Identifier: MIT
/** A CommonJS program for npm `zeromq` 6: what its users write most, and what it says when they err. */
"use strict";
const zmq = require("zeromq");
const { Dealer, Publisher, Pull, Push, Reply, Request, Router, Subscriber } = require("zeromq");

function attempt(what, action) {
  try {
    action();
    console.log(what, "went well");
  } catch (error) {
    const { code, errno, address } = error;
    console.log(what, error instanceof TypeError ? "TypeError" : { code, errno, address });
  }
}

async function pipeline() {
  const push = new Push({ linger: 0 });
  const pull = new Pull();
  await push.bind("tcp://127.0.0.1:*");
  pull.connect(push.lastEndpoint);
  for (const message of ["text", Buffer.from("octets"), 16.19, true, null, ["a", "", "c"], { an: "object" }]) {
    await push.send(message);
    console.log((await pull.receive()).map(String));
  }
  push.close();
  pull.close();
  console.log(push.closed, pull.closed);
  try {
    await pull.receive();
  } catch (error) {
    console.log(error.code);
  }
}

async function requests() {
  const server = new Reply();
  const client = new Request({ receiveTimeout: 5000 });
  await server.bind("inproc://requests");
  client.connect("inproc://requests");
  const serving = (async () => {
    for await (const [question] of server) await server.send(`${question} world`);
    return "the server is closed";
  })();
  for (const question of ["hello", "good bye"]) {
    await client.send(question);
    const [answer] = await client.receive();
    console.log(answer.toString(), Buffer.isBuffer(answer));
  }
  server.close();
  client.close();
  console.log(await serving);
}

async function publishing() {
  const publisher = new Publisher();
  const subscriber = new Subscriber();
  await publisher.bind("tcp://127.0.0.1:*");
  subscriber.connect(publisher.lastEndpoint);
  subscriber.subscribe("weather", Buffer.from("news"));
  const received = [];
  const reading = (async () => {
    for await (const [topic, text] of subscriber) {
      if (String(topic) === "weather.end") break;
      if (!received.includes(String(text))) received.push(String(text));
    }
  })();
  let done = false;
  reading.then(() => {
    done = true;
  });
  while (!done) {
    await publisher.send(["sports", "nobody asked"]);
    await publisher.send(["weather", "sunny"]);
    await publisher.send(["news", "none"]);
    if (received.length === 2) await publisher.send(["weather.end", ""]);
    await new Promise((resolve) => setImmediate(resolve));
  }
  console.log(received.sort());
  publisher.close();
  subscriber.close();
}

async function routing() {
  const router = new Router({ mandatory: true });
  const dealers = ["b", "a"].map((routingId) => new Dealer({ routingId, linger: 0 }));
  await router.bind("tcp://127.0.0.1:*");
  for (const dealer of dealers) {
    dealer.connect(router.lastEndpoint);
    await dealer.send(["", "ready"]);
  }
  const seen = [];
  for (const _ of dealers) {
    const [id, , text] = await router.receive();
    seen.push(`${id} ${text}`);
    await router.send([id, "", "work"]);
  }
  console.log(seen.sort());
  for (const dealer of dealers) console.log(dealer.routingId, (await dealer.receive()).map(String));
  console.log(await router.send(["nobody", "x"]).catch(({ code, errno }) => ({ code, errno })));
  for (const each of [router, ...dealers]) each.close();
}

async function events() {
  const [reply, request] = [new Reply(), new Request({ linger: 0 })];
  const seen = [];
  const listening = (async () => {
    for await (const event of reply.events) seen.push(event.type);
  })();
  await reply.bind("tcp://127.0.0.1:*");
  const connected = new Promise((resolve) => request.events.on("handshake", resolve));
  request.connect(reply.lastEndpoint);
  const { type, address } = await connected;
  console.log(type, address === reply.lastEndpoint);
  request.close();
  while (!seen.includes("disconnect")) await new Promise((resolve) => setImmediate(resolve));
  reply.close();
  await listening;
  console.log(seen);
}

async function proxies() {
  const proxy = new zmq.Proxy(new Router(), new Dealer());
  await proxy.frontEnd.bind("inproc://front");
  await proxy.backEnd.bind("inproc://back");
  const running = proxy.run();
  const [client, worker] = [new Request(), new Reply()];
  client.connect("inproc://front");
  worker.connect("inproc://back");
  await client.send("question");
  console.log(String((await worker.receive())[0]));
  await worker.send("answer");
  console.log(String((await client.receive())[0]));
  proxy.terminate();
  await running;
  console.log(proxy.frontEnd.closed, proxy.backEnd.closed);
  client.close();
  worker.close();
}

function mistakes() {
  attempt("an unknown option", () => {
    new Push().nothing = 1;
  });
  attempt("an option of a wrong type", () => {
    new Push().linger = "long";
  });
  attempt("a boolean that is none", () => {
    new Push().immediate = 1;
  });
  attempt("an option that cannot be set", () => {
    new Push().lastEndpoint = "x";
  });
  attempt("options that are none", () => new Push(null));
  attempt("options that are a number", () => new Push(1));
  attempt("a class without new", () => Push());
  attempt("an address that is none", () => new Push().connect(1));
  attempt("a protocol that is none", () => new Push().connect("foo://bar"));
  attempt("an endpoint that is none", () => new Push().connect("bar"));
  attempt("an endpoint that is not connected", () => new Push().disconnect("tcp://127.0.0.1:1"));
  attempt("a subscription that is none", () => new Subscriber().subscribe(1));
  attempt("an option of a context that is none", () => {
    new zmq.Context().nothing = 1;
  });
  attempt("a context's options that are none", () => new zmq.Context(1));
  attempt("a limit that cannot be set", () => {
    new zmq.Context().maxSocketsLimit = 1;
  });
  attempt("a proxy of no sockets", () => new zmq.Proxy(1, new Push()));
  attempt("a proxy of one socket", () => new zmq.Proxy(new Push(), 1));
  attempt("an observer of no socket", () => new zmq.Observer(1));
  const context = new zmq.Context({ maxSockets: 1 });
  const only = new Push({ context });
  attempt("more sockets than are allowed", () => new Push({ context }));
  only.close();
  const closed = new Push();
  closed.close();
  try {
    closed.connect("tcp://127.0.0.1:1");
  } catch ({ code, errno }) {
    console.log("a closed socket", code, errno);
  }
  attempt("a class of one's own with fields", () => {
    new (class extends Push {
      field = 1;
    })();
  });
}

(async () => {
  // Nobody shall wait for what the last messages of a part left behind.
  zmq.context.blocky = false;
  for (const part of [pipeline, requests, publishing, routing, events, proxies, mistakes]) {
    console.log(`-- ${part.name}`);
    await part();
  }
  console.log(zmq.capability.ipc, zmq.version, zmq.context instanceof zmq.Context);
})();
