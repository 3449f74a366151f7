// SPDX-License-Identifier: MIT
/**
 * User name and password: a server that admits only those whom a handler knows (PLAIN, RFC 24; ZAP, RFC 27). PLAIN does not
 * encrypt: use it on networks that you trust. See docs/security/plain.md. In a program of your own, import from "zeromq-ts".
 */
import { Reply, Request } from "../src/index.ts";

const passwords = new Map([["ann", "open sesame"]]);

/** The handler that servers of this context ask. Has to be bound before the first client comes. */
const handler = new Reply();
await handler.bind("inproc://zeromq.zap.01");
async function authenticate(): Promise<void> {
  for await (const [version = "", id = "", _domain, _address, _routingId, mechanism, name, password] of handler) {
    const isKnown = String(mechanism) === "PLAIN" && passwords.get(String(name)) === String(password);
    const verdict = isKnown ? ["200", "OK", name ?? ""] : ["400", "No such user, or wrong password", ""];
    // Version and id as in the request; status, reason, user id; properties of the user, none here.
    await handler.send([version, id, ...verdict, ""]);
  }
}
const authenticating = authenticate();

const server = new Reply({ plainServer: true, zapDomain: "global", linger: 0 });
await server.bind("tcp://127.0.0.1:0");
async function serve(): Promise<void> {
  for await (const [name] of server) await server.send(`hello ${name}`);
}
const serving = serve();

async function call(plainUsername: string, plainPassword: string): Promise<string> {
  await using client = new Request({ plainUsername, plainPassword, linger: 0 });
  const refused = new Promise<string>((resolve) => {
    client.events.on("handshake:error:auth", ({ error }) =>
      resolve(`refused, ${(error as { status?: number }).status}`),
    );
  });
  client.connect(server.lastEndpoint ?? "");
  await client.send(plainUsername);
  const answer = client.receive().then(String);
  answer.catch(() => {}); // closing ends the wait of a client that was refused
  return await Promise.race([answer, refused]);
}

console.log("ann:", await call("ann", "open sesame"));
console.log("ann with a wrong password:", await call("ann", "open barley"));
console.log("eve:", await call("eve", "open sesame"));

await Promise.all([server.close(), handler.close()]);
await Promise.all([serving, authenticating]);
