// SPDX-License-Identifier: MIT
/** What tests of tls+tcp share: an authority, a server and a client with certificates of it, and the failures of handshakes. */
import assert from "node:assert/strict";
import { once } from "node:events";
import { test } from "node:test";
import { type ConnectionOptions, connect as connectTls, type TLSSocket } from "node:tls";
import type { Event, EventType, Pull, Socket } from "../../src/index.ts";
import { Authority, type Identity, noCertificates } from "./certificates.ts";
import { type Open, receiveTexts, within, withSockets } from "./sockets.ts";

const skip = noCertificates ?? false;
const nobody: Identity = { key: "", certificate: "" };

/** The authority that all trust; where there is none, every test is skipped. */
export const authority: Authority = skip === false ? new Authority() : (undefined as unknown as Authority);
export const trust: string = skip === false ? authority.certificate : "";
export const server: Identity = skip === false ? authority.issue() : nobody;
export const alice: Identity =
  skip === false ? authority.issue({ subject: "/O=Acme, Inc/CN=alice", names: "URI:spiffe://acme/alice" }) : nobody;

/** The options of a side with a certificate. */
export function as({ key, certificate }: Identity): { tlsKey: string; tlsCertificate: string } {
  return { tlsKey: key, tlsCertificate: certificate };
}

/** What to bind to. */
export const ANY = "tls+tcp://127.0.0.1:*";

/** A test with sockets, where certificates can be made. */
export function check(what: string, run: (open: Open) => Promise<void>): void {
  test(what, { skip, timeout: 20_000 }, () => withSockets(run));
}

/** The next event of a type. */
export function next<T extends EventType>(socket: Socket, type: T): Promise<Extract<Event, { type: T }>> {
  return within(
    5000,
    type,
    new Promise((resolve) => {
      socket.events.once(type, (event) => resolve(event as unknown as Extract<Event, { type: T }>));
    }),
  );
}

/** Code of the error with which the next handshake fails. */
export async function failure(socket: Socket): Promise<string> {
  const { error } = await next(socket, "handshake:error:other");
  return error.code;
}

/** Fails unless a client that does all things right is served. */
export async function serves(open: Open, pull: Pull, identity: Identity = alice): Promise<void> {
  const push = open("push", { tlsTrust: trust, ...as(identity) });
  push.connect(pull.lastEndpoint as string);
  await push.send("good");
  assert.deepEqual(await receiveTexts(pull), ["good"]);
  await push.close();
}

/** The port of a bound socket. */
export function portOf(socket: Socket): number {
  return Number(socket.lastEndpoint?.split(":").at(-1));
}

/** A TLS client of the runtime's own, once it is secure. */
export async function tlsClient(port: number, options: ConnectionOptions = {}): Promise<TLSSocket> {
  const socket = connectTls({ host: "127.0.0.1", port, ca: trust, ...options });
  await once(socket, "secureConnect");
  return socket;
}
