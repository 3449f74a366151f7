// SPDX-License-Identifier: MIT
/** The program as CommonJS: the same peers, asked with the package that `require` gives. */
const { Request } = require("zeromq-ts");

async function ask() {
  const request = new Request({ receiveTimeout: 10000, linger: 0 });
  request.connect(process.env.PLAIN_PEER);
  await request.send("required");
  const [answer] = await request.receive();
  request.close();
  console.log(answer.toString());
}

void ask();
