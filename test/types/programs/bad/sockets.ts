// SPDX-License-Identifier: MIT
/** Each line that ends in a code must fail with it. */
import { Context, Publisher, Pull, Push, Request, Router, Socket, Subscriber } from "zeromq-ts";

const push = new Push();
const pull = new Pull();
const subscriber = new Subscriber();
const publisher = new Publisher();

// Each socket sends or receives only what its type can.
void push.receive(); // TS2339
void pull.send("x"); // TS2339
void subscriber.send("x"); // TS2339
publisher.subscribe("x"); // TS2339
push.subscribe("x"); // TS2339
for await (const message of push) console.log(message); // TS2504

// Messages are text, octets, numbers or null.
void push.send(); // TS2554
void push.send(undefined); // TS2345
void push.send({ an: "object" }); // TS2353
void push.send([["nested"]]); // TS2322

// Options have their types, and belong to socket types.
new Push({ receiveHighWaterMark: 1 }); // TS2561
new Push({ sendHighWaterMark: "1" }); // TS2322
new Request({ mandatory: true }); // TS2353
new Router({ mandatory: 1 }); // TS2322
push.linger = "0"; // TS2322
push.lastEndpoint = "tcp://127.0.0.1:1"; // TS2540
push.closed = true; // TS2540

// Endpoints are text.
void push.bind(5000); // TS2345
push.connect("tcp://127.0.0.1:1", { routingId: "x" }); // TS2353

// Sockets are made through the classes of their types, or by their names.
new Socket("PUSH"); // TS2511
new Context().socket("pubb"); // TS2345
new Context().socket("pub").receive(); // TS2339
new Context({ defaults: 1 }); // TS2322
void push.send("x", { timeout: "1" }); // TS2322
