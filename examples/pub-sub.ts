// SPDX-License-Identifier: MIT
/**
 * Publish and subscribe: everybody gets what begins with a topic that they subscribed to. The publisher waits for its subscribers
 * before it begins, because it drops what nobody wants. See docs/sockets/xpub.md and sub.md, and the bigger football/.
 * In a program of your own, import from "zeromq-ts".
 */
import { Subscriber, XPublisher } from "../src/index.ts";

const publisher = new XPublisher();
await publisher.bind("tcp://127.0.0.1:0");

async function listen(name: string, ...topics: string[]): Promise<void> {
  await using subscriber = new Subscriber();
  subscriber.subscribe(...topics, "end");
  subscriber.connect(publisher.lastEndpoint ?? "");
  const heard: string[] = [];
  for await (const [topic, text] of subscriber) {
    if (String(topic) === "end") break;
    heard.push(`${topic} ${text}`);
  }
  console.log(`${name} heard: ${heard.join(", ")}`);
}

const listening = [listen("ann", "weather"), listen("bob", "sport/")];

// Each topic is told once, when its first subscriber comes: one octet 1, then the topic.
const awaited = new Set(["weather", "sport/"]);
while (awaited.size > 0) {
  const [notice] = await publisher.receive();
  awaited.delete(String(notice).slice(1));
}

await publisher.send(["weather", "sunny"]);
await publisher.send(["sport/football", "2:1"]);
await publisher.send(["politics", "nobody listens"]);
await publisher.send(["sport/chess", "draw"]);
await publisher.send("end");
await Promise.all(listening);
await publisher.close();
