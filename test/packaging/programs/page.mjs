// SPDX-License-Identifier: MIT
/** What a page has from the package: asks over `inproc://`, which needs no server. Both names are one entry, where bundlers build for browsers. */
import { Reply } from "zeromq-ts";
import { Request, Reply as Same } from "zeromq-ts/browser";

const request = new Request();
const reply = new Reply();
await reply.bind("inproc://page");
request.connect("inproc://page");
await request.send("who is there?");
const [question] = await reply.receive();
await reply.send(["a page", question]);
const answer = await request.receive();
console.log(answer.map((part) => new TextDecoder().decode(part)).join(", "), Reply === Same);
request.close();
reply.close();
