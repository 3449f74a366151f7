// SPDX-License-Identifier: MIT
/** Remote calls with npm `zerorpc`: an answer, a stream of answers, and an error, from one end of a socket to the other. */
"use strict";
const zerorpc = require("zerorpc");

const [address] = process.argv.slice(2);
const server = new zerorpc.Server({
  hello: function (name, reply) {
    reply(null, `hello ${name}`);
  },
  count: function (from, to, reply) {
    for (let i = from; i < to; i += 1) reply(null, i, true);
    reply();
  },
  fail: function (reply) {
    reply(new Error("it does not work"));
  },
});
server.bind(address);
const client = new zerorpc.Client();
client.connect(address);
client.invoke("hello", "world", (error, answer) => {
  console.log(error, answer);
  client.invoke("fail", (failure) => {
    console.log(failure.message);
    const numbers = [];
    client.invoke("count", 1, 5, (_, number, more) => {
      if (number !== undefined) numbers.push(number);
      if (more) return;
      console.log(numbers);
      client.close();
      server.close();
    });
  });
});
