// SPDX-License-Identifier: MIT
/**
 * Giving up: with a time, with a signal, by closing. Giving up has no effect on the messages: none is lost by it.
 * See docs/guide/cancellation-and-timeouts.md. In a program of your own, import from "zeromq-ts".
 */
import { Pull, Push, type ZmqError } from "../src/index.ts";

const pull = new Pull();
await pull.bind("tcp://127.0.0.1:0");

/** What a call ends with. */
async function outcome(call: Promise<unknown>): Promise<string> {
  try {
    return `got ${await call}`;
  } catch (error) {
    const { name, code } = error as ZmqError;
    return `${name} ${code}`;
  }
}

console.log("a timeout:", await outcome(pull.receive({ timeout: 20 })));

const controller = new AbortController();
const waiting = outcome(pull.receive({ signal: controller.signal }));
controller.abort();
console.log("a signal:", await waiting);

// The platform's own signals do as well.
console.log("a signal with a time:", await outcome(pull.receive({ signal: AbortSignal.timeout(20) })));

// Several calls may wait; each is served in its turn, and those that gave up take no message.
const first = outcome(pull.receive({ timeout: 20 }));
const second = outcome(pull.receive());
await first;
const push = new Push();
push.connect(pull.lastEndpoint ?? "");
await push.send("the message");
console.log("the one that gave up:", await first);
console.log("the one that waited on:", await second);

const last = outcome(pull.receive());
await pull.close();
console.log("closing:", await last);
await push.close();
