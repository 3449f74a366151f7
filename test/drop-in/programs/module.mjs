// SPDX-License-Identifier: MIT
/** An ES module for npm `zeromq` 6: names, the namespace and the default; workers behind a queue, and a clean end. */

import * as all from "zeromq";
import zmq, { Dealer, Pull, Push } from "zeromq";

console.log(zmq.Push === Push, all.Push === Push, all.context === zmq.context, typeof all.Context);

/** Keeps messages until somebody can take them, and hands them out in order. */
class Queue {
  #waiting = [];
  #sender = new Dealer({ linger: 0 });
  #isSending = false;

  async bind(address) {
    await this.#sender.bind(address);
    return this.#sender.lastEndpoint;
  }

  send(message) {
    this.#waiting.push(message);
    return this.#trySend();
  }

  async #trySend() {
    if (this.#isSending) return;
    this.#isSending = true;
    while (this.#waiting.length > 0) await this.#sender.send(this.#waiting.shift());
    this.#isSending = false;
  }

  close() {
    this.#sender.close();
  }
}

const queue = new Queue();
const address = await queue.bind("tcp://127.0.0.1:*");
for (let i = 1; i <= 6; i += 1) queue.send(String(i));
const worker = new Dealer();
worker.connect(address);
const received = [];
for await (const [number] of worker) {
  received.push(Number(number));
  if (received.length === 6) break;
}
console.log(received, worker.closed);
queue.close();
worker.close();

// Timeouts, and what is under way when a socket is closed.
const pull = new Pull({ receiveTimeout: 10 });
await pull.bind("inproc://timeouts");
const codeOf = async (promise) => {
  try {
    await promise;
    return "done";
  } catch ({ code }) {
    return code;
  }
};
console.log(await codeOf(pull.receive()));
pull.receiveTimeout = -1;
const pending = codeOf(pull.receive());
pull.close();
console.log(await pending);

// High-water marks: with nobody to take them, messages wait, and the last does not fit.
const push = new Push({ sendHighWaterMark: 2, sendTimeout: 0, linger: 0 });
push.connect("tcp://127.0.0.1:1");
const outcomes = [];
for (let i = 0; i < 3; i += 1) outcomes.push(await codeOf(push.send("x")));
console.log(outcomes);
push.close();

// Large messages, in and out.
const [big, sink] = [new Push(), new Pull()];
await big.bind("tcp://127.0.0.1:*");
sink.connect(big.lastEndpoint);
const octets = Buffer.alloc(5_000_000, "abc");
await big.send([octets, "end"]);
const [body, end] = await sink.receive();
console.log(body.equals(octets), String(end));
big.close();
sink.close();
