// SPDX-License-Identifier: MIT
/**
 * A ws endpoint on a path of an HTTP server that the application has: upgrades to other paths stay the application's. Used by `ws.ts`.
 */
import type { IncomingMessage, Server } from "node:http";
import type { Socket } from "node:net";
import type { Duplex } from "node:stream";
import { ZmqError } from "../base/errors.ts";
import { type Head, UpgradeRefusal } from "../wire/ws-upgrade.ts";
import { formatHostPort } from "./tcp-address.ts";
import type { Address, Listener } from "./transport.ts";

/** A server of `node:http` or `node:https`, or one that has the same event. */
export type HttpServer = Pick<Server, "on" | "off" | "listenerCount" | "address">;

/** The paths of each server that sockets are mounted on, and who takes what comes there. */
const mounted = new WeakMap<object, Map<string, Take>>();

type Take = (socket: Socket, remote: string, head: Head) => void;

/** Starts to accept at a path. @throws ZmqError `EADDRINUSE`, `EINVAL` */
export function mount(
  server: HttpServer,
  scheme: string,
  { endpoint, path }: Address & { readonly path: string },
  take: Take,
): Listener {
  if (typeof server?.on !== "function" || typeof server.listenerCount !== "function") {
    throw new ZmqError("EINVAL", `bind ${endpoint}: server must be a server of node:http or node:https`, {
      address: endpoint,
      syscall: "bind",
    });
  }
  const paths = mounted.get(server) ?? listenTo(server);
  if (paths.has(path)) {
    const text = `bind ${endpoint}: another socket is bound to ${path} of this server`;
    throw new ZmqError("EADDRINUSE", text, { address: endpoint, syscall: "bind" });
  }
  paths.set(path, take);
  return {
    get endpoint(): string {
      const bound = server.address();
      if (bound === null || typeof bound === "string") return endpoint;
      return `${scheme}://${formatHostPort(bound.address, bound.port)}${path}`;
    },
    close: async () => {
      paths.delete(path);
      if (paths.size > 0) return;
      mounted.delete(server);
      server.off("upgrade", upgrades.get(server) as Upgrade);
    },
  };
}

type Upgrade = (request: IncomingMessage, socket: Duplex, ahead: Buffer) => void;

const upgrades = new WeakMap<object, Upgrade>();

function listenTo(server: HttpServer): Map<string, Take> {
  const paths = new Map<string, Take>();
  const upgrade: Upgrade = (request, socket, ahead) => {
    const take = paths.get((request.url ?? "/").replace(/\?.*$/, ""));
    if (take === undefined) {
      if (server.listenerCount("upgrade") === 1) refuse(socket);
      return;
    }
    if (ahead.length > 0) socket.unshift(ahead);
    const { remoteAddress, remotePort } = request.socket;
    take(socket as Socket, formatHostPort(remoteAddress, remotePort), headOf(request));
  };
  mounted.set(server, paths);
  upgrades.set(server, upgrade);
  server.on("upgrade", upgrade);
  return paths;
}

/** Nobody else would, and the connection would stand for ever. */
function refuse(socket: Duplex): void {
  const { response } = new UpgradeRefusal("404 Not Found", "no ZeroMQ socket is bound to this path");
  socket.on("error", () => {});
  socket.end(response);
}

function headOf({ method = "GET", url = "/", httpVersion, headers }: IncomingMessage): Head {
  const fields = new Map<string, string>();
  for (const [name, value] of Object.entries(headers)) {
    if (value !== undefined) fields.set(name, Array.isArray(value) ? value.join(", ") : value);
  }
  return { first: `${method} ${url} HTTP/${httpVersion}`, fields };
}
