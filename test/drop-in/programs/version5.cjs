// SPDX-License-Identifier: MIT
/** A program for version 5 of npm `zeromq`: event emitters, callbacks, options by libzmq's names. */
"use strict";
const zmq = require("zeromq/v5-compat");

const next = (emitter, name) => new Promise((resolve) => emitter.once(name, (...values) => resolve(values)));

async function requests() {
  const [rep, req] = [zmq.socket("rep"), zmq.createSocket("req", { linger: 0 })];
  rep.on("message", (question) => rep.send(`${question} world`));
  const bound = next(rep, "bind");
  await new Promise((resolve) => rep.bind("tcp://127.0.0.1:*", resolve));
  console.log((await bound)[0]);
  req.connect(rep.last_endpoint);
  const answer = next(req, "message");
  req.send("hello", 0, (error) => console.log("sent", error));
  console.log((await answer).map(String));
  req.close();
  rep.close();
  console.log(req.closed, rep.closed);
}

async function multipart() {
  const [dealer, router] = [zmq.socket("dealer"), zmq.socket("router")];
  dealer.identity = "dealer";
  router.bindSync("inproc://multipart");
  dealer.connect("inproc://multipart");
  const received = next(router, "message");
  dealer.send("a", zmq.ZMQ_SNDMORE).send(["b", Buffer.from("c")], zmq.ZMQ_SNDMORE).send("");
  const [id, ...parts] = await received;
  console.log(String(id), parts.map(String));
  const reply = next(dealer, "message");
  router.send([id, "re"]);
  console.log((await reply).map(String));
  dealer.close();
  router.close();
}

async function publishing() {
  const [xpub, sub] = [zmq.socket("xpub"), zmq.socket("sub")];
  xpub.bindSync("tcp://127.0.0.1:*");
  const subscribed = next(xpub, "message");
  sub.subscribe("topic");
  sub.connect(xpub.last_endpoint);
  console.log((await subscribed)[0]);
  const received = next(sub, "message");
  xpub.send(["other", "no"]);
  xpub.send(["topic", "yes"]);
  console.log((await received).map(String));
  const cancelled = next(xpub, "message");
  sub.unsubscribe("topic");
  console.log((await cancelled)[0]);
  sub.close();
  xpub.close();
}

async function monitoring() {
  const [rep, req] = [zmq.socket("rep"), zmq.socket("req", { linger: 0 })];
  const listening = next(rep.monitor(), "listen");
  rep.bindSync("tcp://127.0.0.1:*");
  const address = rep.last_endpoint;
  const [value, where] = await listening;
  console.log(value, where === address);
  const accepted = next(rep, "accept");
  const connected = next(req.monitor(), "connect");
  req.connect(address);
  console.log((await accepted)[1] === address, (await connected)[1] === address);
  const gone = next(rep, "disconnect");
  req.close();
  console.log((await gone)[1] === address);
  rep.unmonitor();
  rep.close();
}

function options() {
  const sock = zmq.socket("router");
  sock.setsockopt("linger", 7).setsockopt(zmq.ZMQ_SNDHWM, 11).setsockopt(zmq.ZMQ_ROUTER_MANDATORY, 1);
  sock.setsockopt(zmq.ZMQ_IPV6, 1);
  sock.plain_username = "admin";
  sock.heartbeat_ivl = 100;
  const names = ["linger", "backlog", "reconnect_ivl", "plain_username", "plain_server", "heartbeat_ivl", "mechanism"];
  console.log(names.map((name) => [name, sock[name]]));
  const numbers = [zmq.ZMQ_SNDHWM, zmq.ZMQ_RCVHWM, zmq.ZMQ_IPV6, zmq.ZMQ_IPV4ONLY, zmq.ZMQ_TYPE];
  console.log(numbers.map((number) => sock.getsockopt(number)));
  sock.close();
}

function mistakes() {
  const sock = zmq.socket("push");
  for (const action of [
    () => zmq.socket("nothing"),
    () => sock.subscribe("topic"),
    () => sock.setsockopt(12345, 1),
    () => sock.getsockopt(12345),
    () => sock.getsockopt(zmq.ZMQ_FD),
    () => sock.read(),
    () => new zmq.Context(),
    () => zmq.proxy(sock, sock),
  ]) {
    try {
      action();
      console.log("went well");
    } catch (error) {
      console.log(error.message);
    }
  }
  sock.close();
}

async function failures() {
  const [first, second] = [zmq.socket("pub"), zmq.socket("pub")];
  first.bindSync("tcp://127.0.0.1:*");
  const failed = next(second, "error");
  second.bind(first.last_endpoint);
  console.log((await failed)[0].code);
  console.log(await new Promise((resolve) => second.bind("foo://bar", ({ code }) => resolve(code))));
  first.close();
  second.close();
}

(async () => {
  for (const part of [requests, multipart, publishing, monitoring, options, mistakes, failures]) {
    console.log(`-- ${part.name}`);
    await part();
  }
  console.log(zmq.version, zmq.Context.getMaxSockets(), Object.keys(zmq.options).length, zmq.STATE_CLOSED);
})();
