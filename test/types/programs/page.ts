// SPDX-License-Identifier: MIT
/** A program of a page, where there are no types of Node.js. */
import { type Message, Request, type SocketOptions, Subscriber, ZmqError } from "zeromq-ts/browser";

const options: SocketOptions<Request> = { receiveTimeout: 1000, heartbeatInterval: 5000 };
const request = new Request(options);
request.connect("wss://example.com/ask");
await request.send(new TextEncoder().encode("who is there?"));
const [answer] = await request.receive();
document.body.textContent = new TextDecoder().decode(answer);

const subscriber = new Subscriber();
subscriber.subscribe("news");
subscriber.connect("wss://example.com/news");
try {
  for await (const parts of subscriber) {
    const last: Message | undefined = parts.at(-1);
    const octets: Uint8Array | undefined = last;
    console.log(octets?.length);
  }
} catch (error) {
  if (error instanceof ZmqError) console.log(error.code);
}
