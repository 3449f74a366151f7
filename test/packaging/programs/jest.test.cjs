// SPDX-License-Identifier: MIT
/** The package in Jest: CommonJS, with Jest's own way to load modules. */
const { Reply, Request } = require("zeromq-ts");

test("a request and its reply", async () => {
  const reply = new Reply();
  await reply.bind("tcp://127.0.0.1:*");
  const request = new Request({ linger: 0 });
  request.connect(reply.lastEndpoint);
  await request.send("question");
  const [question] = await reply.receive();
  expect(question.toString()).toBe("question");
  request.close();
  reply.close();
});
