// SPDX-License-Identifier: MIT
/** Listening and connecting with `node:net`, for tcp and ipc alike. */
import net, {
  connect,
  createServer,
  isIPv6,
  type ListenOptions,
  type NetConnectOpts,
  type Server,
  type Socket,
} from "node:net";
import { getSystemErrorName } from "node:util";
import { errorCodeOf, ZmqError } from "../base/errors.ts";

/** Why the system refused a bind, in words that say what to do. */
const BIND_ADVICE: Readonly<Record<string, string>> = {
  EADDRINUSE: "the address is already in use; choose another, or stop the program that has it",
  EADDRNOTAVAIL: "this machine does not have that address",
  EACCES: "not permitted; ports below 1024 and some folders need more rights",
  ENOENT: "the folder does not exist",
};

/** Where to listen; a descriptor that listens already will do. */
export type ListenAt = ListenOptions & { readonly fd?: number };

/** Deno's `listen` of a descriptor does not end. @throws ZmqError there */
function needDescriptors({ fd = -1 }: ListenAt, endpoint: string): void {
  if (fd < 0 || !("Deno" in globalThis)) return;
  const text = `bind ${endpoint}: this runtime takes over no descriptors (useFd)`;
  throw new ZmqError("ENOTSUP", text, { address: endpoint, syscall: "bind" });
}

/** Starts a server; rejects with a ZmqError that names the endpoint. */
export function listen(options: ListenAt, endpoint: string, accept: (socket: Socket) => void): Promise<Server> {
  return new Promise((resolve, reject) => {
    needDescriptors(options, endpoint);
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

/** Where to listen: at an address that needs no look-up, at a path, or with a descriptor. */
type Where = ListenOptions & { readonly fd?: number };

/** What {@link listenNow} needs of a handle that is bound. */
interface BoundHandle {
  /** Zero, or the number of the error that the bind had: where an address is in use, the system says so only later. */
  getsockname(name: object): number;
  close(): void;
}

/**
 * Starts a server before it returns. `listen` looks up what it is given, numeric addresses too, and so is never done at once;
 * what it is made of, and what Node's cluster uses, is: it binds a handle, and gives the number of the error otherwise.
 */
export function listenNow(options: Where, endpoint: string, accept: (socket: Socket) => void): Server {
  needDescriptors(options, endpoint);
  const server = createServer({ pauseOnConnect: true, noDelay: true });
  server.on("connection", accept);
  // Node tells of a failure in the next tick as well; by then it is known.
  const ignore = (): void => {};
  server.on("error", ignore);
  if (options.host === undefined || createHandle === undefined) {
    server.listen({ ...options, exclusive: true });
    if (!server.listening) {
      server.close();
      throw bindError(failureOf(bindHandle(options, endpoint)), endpoint);
    }
  } else {
    const handle = bindHandle(options, endpoint);
    const failure = typeof handle === "object" ? handle.getsockname({}) : handle;
    if (failure !== 0) {
      if (typeof handle === "object") handle.close();
      throw bindError(failureOf(failure), endpoint);
    }
    server.listen(handle, options.backlog);
    // Where two programs have bound an address, the second to listen there is told only now.
    if (!server.listening) throw bindError(failureOf("EADDRINUSE"), endpoint);
  }
  server.removeListener("error", ignore);
  server.unref();
  return server;
}

/** Gives a handle that is bound, or the number of the error. */
type CreateHandle = (where: string, port: number, family: number, fd: number, flags: number) => BoundHandle | number;

/** Node's; other runtimes have none. */
const { _createServerHandle: createHandle } = net as unknown as { _createServerHandle?: CreateHandle };

/** As much of Bun as says why it cannot listen: its `node:net` listens at once, and tells of a failure later. */
interface BunRuntime {
  listen(where: object): { stop(): void };
}

/** A handle that is bound, or the number of the error, or its code. */
function bindHandle({ host = "", port = -1, path, fd = -1 }: Where, endpoint: string): BoundHandle | number | string {
  if (createHandle === undefined) return whyNotAtOnce({ host, port, path }, endpoint);
  if (path !== undefined || fd >= 0) return createHandle(path ?? "", -1, -1, fd, 0);
  return createHandle(host, port, isIPv6(host.split("%")[0] as string) ? 6 : 4, -1, 0);
}

function whyNotAtOnce({ host, port, path }: Pick<Where, "host" | "port" | "path">, endpoint: string): string {
  const { Bun } = globalThis as { Bun?: BunRuntime };
  if (Bun === undefined) {
    const text = `bind ${endpoint}: this runtime cannot bind at once; use await bind()`;
    throw new ZmqError("ENOTSUP", text, { address: endpoint, syscall: "bind" });
  }
  const where = path === undefined ? { hostname: host, port } : { unix: path };
  try {
    Bun.listen({ ...where, socket: { data() {} } }).stop();
  } catch (error) {
    return errorCodeOf(error, "EADDRNOTAVAIL");
  }
  return "EADDRINUSE";
}

/** The error of a number, or of a code, of the system. */
function failureOf(failure: BoundHandle | number | string): Error {
  if (typeof failure === "object") {
    failure.close();
    return failureOf("EADDRINUSE");
  }
  const code = typeof failure === "number" ? getSystemErrorName(failure) : failure;
  return Object.assign(new Error(code), { code });
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
