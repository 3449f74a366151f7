// SPDX-License-Identifier: MIT
/**
 * Within one process: `inproc://` joins parts of a program without any connection; nothing is encoded. The sockets
 * must be of one context. See docs/transports/inproc.md. In a program of your own, import from "zeromq-ts".
 */
import { Context } from "../src/index.ts";

const context = new Context({ defaults: { linger: 0 } });

// Connecting before anything is bound is allowed: messages wait.
await using left = context.socket("pair");
left.connect("inproc://wire");
await left.send(["ping", "1"]);

await using right = context.socket("pair");
await right.bind("inproc://wire");
const [word, number] = await right.receive();
console.log(`right received ${word} ${number}`);
await right.send(["pong", String(Number(number) + 1)]);
console.log(`left received ${(await left.receive()).join(" ")}`);
