// SPDX-License-Identifier: MIT
/** Listening and connecting with `node:net`, for tcp and ipc alike. */
import { connect, createServer, type ListenOptions, type NetConnectOpts, type Server, type Socket } from "node:net";
import { errorCodeOf, ZmqError } from "../base/errors.ts";

/** Why the system refused a bind, in words that say what to do. */
const BIND_ADVICE: Readonly<Record<string, string>> = {
  EADDRINUSE: "the address is already in use; choose another, or stop the program that has it",
  EADDRNOTAVAIL: "this machine does not have that address",
  EACCES: "not permitted; ports below 1024 and some folders need more rights",
  ENOENT: "the folder does not exist",
};

/** Starts a server; rejects with a ZmqError that names the endpoint. */
export function listen(options: ListenOptions, endpoint: string, accept: (socket: Socket) => void): Promise<Server> {
  return new Promise((resolve, reject) => {
    const server = createServer({ pauseOnConnect: true, noDelay: true });
    server.once("error", (error) => reject(bindError(error, endpoint)));
    server.on("connection", accept);
    server.listen({ ...options, exclusive: true }, () => {
      server.removeAllListeners("error");
      resolve(server);
    });
    server.unref();
  });
}

/** The error of a failed bind. */
export function bindError(error: Error, endpoint: string): ZmqError {
  const code = errorCodeOf(error, "EADDRNOTAVAIL");
  const advice = BIND_ADVICE[(error as { code?: string }).code ?? ""] ?? error.message;
  return new ZmqError(code, `bind ${endpoint}: ${advice}`, { address: endpoint, syscall: "bind", cause: error });
}

/** Connects once; an aborted signal gives up at once. */
export function connectOnce(options: NetConnectOpts, endpoint: string, signal: AbortSignal): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect(options);
    const fail = (error: Error): void => {
      signal.removeEventListener("abort", abort);
      socket.destroy();
      const code = errorCodeOf(error, "ECONNREFUSED");
      reject(new ZmqError(code, `connect ${endpoint}: ${error.message}`, { address: endpoint, cause: error }));
    };
    const abort = (): void => fail(new ZmqError("ECANCELED", "given up"));
    socket.once("error", fail);
    socket.once("connect", () => {
      signal.removeEventListener("abort", abort);
      socket.removeListener("error", fail);
      resolve(socket);
    });
    if (signal.aborted) abort();
    else signal.addEventListener("abort", abort, { once: true });
    // A connection under way keeps no program alive; a program that waits for it holds on by itself.
    socket.unref();
  });
}

/** Stops listening. Resolves once the address is free; connections that were accepted stay. */
export function closeServer(server: Server): Promise<void> {
  return new Promise((resolve) => {
    if (!server.listening) {
      resolve();
      return;
    }
    // Node tells of the close only when every connection has gone as well, but gives the address back at once.
    server.close();
    setImmediate(resolve);
  });
}
