// SPDX-License-Identifier: MIT
/**
 * Talking to programs that know nothing of ZeroMQ: a STREAM socket as the simplest of web servers, and a client that is a
 * plain TCP connection. See docs/sockets/stream.md. In a program of your own, import from "zeromq-ts".
 */
import { connect } from "node:net";
import { Stream } from "../src/index.ts";

const server = new Stream();
await server.bind("tcp://127.0.0.1:0");

async function serve(): Promise<void> {
  // Octets come as they arrive, in pieces of any size; an empty piece says that a connection has come or gone.
  const requests = new Map<string, string>();
  for await (const [id, octets] of server) {
    if (id === undefined || octets === undefined || octets.length === 0) continue;
    const key = Buffer.from(id).toString("hex");
    const request = (requests.get(key) ?? "") + String(octets);
    requests.set(key, request);
    if (!request.includes("\r\n\r\n")) continue;
    requests.delete(key);
    const body = `you asked for ${request.split(" ")[1]}\n`;
    await server.send([id, `HTTP/1.0 200 OK\r\nContent-Length: ${body.length}\r\n\r\n${body}`]);
    await server.send([id, null]); // an empty part closes the connection
  }
}
const serving = serve();

const { port } = new URL(server.lastEndpoint ?? "");
const client = connect(Number(port), "127.0.0.1").setEncoding("utf8");
client.write("GET /hello HTTP/1.0\r\n\r\n");
let response = "";
for await (const text of client) response += text;
console.log(response.split("\r\n\r\n")[1]?.trimEnd());

await server.close();
await serving;
