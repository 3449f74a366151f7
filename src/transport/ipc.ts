// SPDX-License-Identifier: MIT
/**
 * The ipc transport: ZMTP over Unix domain sockets, `ipc://path`, `ipc://*` and, on Linux, names in the abstract namespace,
 * `ipc://@name` (zmq_ipc(7)). On Windows `node:net` gives named pipes, which only programs on Node, Bun and Deno can reach.
 */
import type * as fs from "node:fs";
import type { Server, Socket } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import type { Clock } from "../base/clock.ts";
import { ZmqError } from "../base/errors.ts";
import type { Connection } from "../engine/connection.ts";
import type { Engine, EngineHost, EngineSetup } from "../engine/engine.ts";
import { NetConnection } from "./net-connection.ts";
import { bindError, closeServer, connectOnce, listen, listenNow } from "./net-listener.ts";
import { createStreamEngine } from "./stream-engine.ts";
import type { Address, Listener, ListenerHost, Transport, TransportOptions } from "./transport.ts";

/** Octets of a path: `sun_path` has 108, one of them for the end (unix(7)). */
const MAX_PATH = 107;

/** How peers of ipc connections are called: the transport has no addresses for them. */
const PEER_NAME = "localhost";

/** Loaded with the first bind: it takes 2.5 ms, and most programs have no use for it. */
type Files = typeof fs;

/** Has something done at the end of the program; what it returns takes that back. */
export type AtExit = (cleanUp: () => void) => () => void;

interface IpcAddress extends Address {
  /** Path as written; `*` for a wildcard. */
  readonly path: string;
}

/** ZMTP over Unix domain sockets. */
export class IpcTransport implements Transport {
  readonly scheme = "ipc";
  readonly connectsAtOnce = true;
  private readonly clock: Clock;
  private readonly atExit: AtExit;

  /** `atExit`: how to have something done when the program ends without closing its sockets. */
  constructor(clock: Clock, atExit: AtExit = () => () => {}) {
    this.clock = clock;
    this.atExit = atExit;
  }

  parse(path: string, use: "bind" | "connect"): IpcAddress {
    const endpoint = `ipc://${path}`;
    const details = { address: endpoint, syscall: use };
    if (path === "@" || path === "" || path.includes("\0")) {
      throw new ZmqError("EINVAL", `${use} ${endpoint}: a path, or a name after @, is missing`, details);
    }
    if (path === "*" && use === "connect") {
      throw new ZmqError(
        "EINVAL",
        `connect ${endpoint}: * is only good for bind; connect to its lastEndpoint`,
        details,
      );
    }
    if (Buffer.byteLength(path) > MAX_PATH) {
      const text = `${use} ${endpoint}: the path has ${Buffer.byteLength(path)} octets, the system takes ${MAX_PATH}`;
      throw new ZmqError("ENAMETOOLONG", text, details);
    }
    return { endpoint, path };
  }

  async listen(address: IpcAddress, options: TransportOptions, host: ListenerHost): Promise<Listener> {
    const { useFd: fd, backlog } = options;
    const accept = this.acceptor(host);
    if (fd >= 0) return takeOver(await listen({ fd, backlog }, address.endpoint, accept), address, host);
    const files = await import("node:fs");
    const plan = planOf(files, address);
    const server = await listen({ path: systemPath(plan.place), backlog }, address.endpoint, accept);
    return this.listener(files, server, plan, address, host);
  }

  listenSync(address: IpcAddress, options: TransportOptions, host: ListenerHost): Listener {
    const { useFd: fd, backlog } = options;
    const accept = this.acceptor(host);
    if (fd >= 0) return takeOver(listenNow({ fd, backlog }, address.endpoint, accept), address, host);
    const files = filesNow(address.endpoint);
    const plan = planOf(files, address);
    const server = listenNow({ path: systemPath(plan.place), backlog }, address.endpoint, accept);
    return this.listener(files, server, plan, address, host);
  }

  /** What becomes of a connection that comes in. */
  private acceptor(host: ListenerHost): (socket: Socket) => void {
    return (socket) => host.accepted(new NetConnection(socket, PEER_NAME, this.clock));
  }

  /** Gives a server that listens its name, and cares for the file of that name. */
  private listener(files: Files, server: Server, plan: Plan, address: IpcAddress, host: ListenerHost): Listener {
    const { path, place, isWildcard } = plan;
    let inode: number | undefined;
    try {
      if (place !== path) inode = takeName(files, place, path);
    } catch (error) {
      void closeServer(server);
      throw bindError(error as Error, address.endpoint);
    }
    reportFailures(server, address, host);
    const removeFile = (): void => {
      if (inode !== undefined && inodeOf(files, path) === inode) files.unlinkSync(path);
      if (isWildcard) files.rmSync(dirname(path), { recursive: true, force: true });
    };
    const forget = this.atExit(removeFile);
    return {
      endpoint: `ipc://${path}`,
      close: async () => {
        forget();
        // The address is free when this function has returned, and not only when its promise resolves.
        const closed = closeServer(server);
        removeFile();
        await closed;
      },
    };
  }

  async connect(address: IpcAddress, _options: TransportOptions, signal: AbortSignal): Promise<Connection> {
    const socket = await connectOnce({ path: systemPath(address.path) }, address.endpoint, signal);
    return new NetConnection(socket, PEER_NAME, this.clock);
  }

  createEngine(connection: Connection, setup: EngineSetup, host: EngineHost): Engine {
    return createStreamEngine(connection, setup, host);
  }
}

/** Listens with a descriptor that somebody else has bound, and whose file is theirs. */
function takeOver(server: Server, address: IpcAddress, host: ListenerHost): Listener {
  reportFailures(server, address, host);
  return { endpoint: address.endpoint, close: () => closeServer(server) };
}

function reportFailures(server: Server, { endpoint }: IpcAddress, host: ListenerHost): void {
  server.on("error", (error) => host.acceptFailed(new ZmqError("EMFILE", `${endpoint}: ${error.message}`)));
}

/** Where a bind goes. */
interface Plan {
  /** What the endpoint is called after. */
  readonly path: string;
  /** What is bound at first. */
  readonly place: string;
  readonly isWildcard: boolean;
}

function planOf(files: Files, { path: written, endpoint }: IpcAddress): Plan {
  const isWildcard = written === "*";
  const path = isWildcard ? join(files.mkdtempSync(join(tmpdir(), "zmq-")), "socket") : written;
  const isFile = !isAbstract(path) && process.platform !== "win32";
  if (isFile) requireFolder(files, path, endpoint);
  const place = isFile && !isWildcard ? placeBeside(path) : path;
  if (isFile && place === path) removeStaleSocket(files, path);
  return { path, place, isWildcard };
}

/** A bind that is done when it returns cannot wait for an import. */
function filesNow(endpoint: string): Files {
  const { getBuiltinModule } = process as { getBuiltinModule?: (name: "node:fs") => Files };
  if (getBuiltinModule !== undefined) return getBuiltinModule("node:fs");
  const text = `bind ${endpoint}: this runtime cannot bind at once; use await bind()`;
  throw new ZmqError("ENOTSUP", text, { address: endpoint, syscall: "bind" });
}

function isAbstract(path: string): boolean {
  return path.startsWith("@");
}

function systemPath(path: string): string {
  return isAbstract(path) ? `\0${path.slice(1)}` : path;
}

/** The system reports a folder that is not there as one that may not be written to; this says which it is. */
function requireFolder(files: Files, path: string, endpoint: string): void {
  if (files.existsSync(dirname(path))) return;
  const text = `bind ${endpoint}: the folder ${dirname(path)} does not exist`;
  throw new ZmqError("ENOENT", text, { address: endpoint, syscall: "bind" });
}

/**
 * Where to bind first. Node removes the file that it has bound when it closes, even where a later program has taken the
 * name over since: so the socket is bound beside its name and then moved there, and Node finds nothing to remove.
 */
function placeBeside(path: string): string {
  const place = join(dirname(path), `.zmq${crypto.randomUUID().slice(0, 8)}`);
  return Buffer.byteLength(place) > MAX_PATH ? path : place;
}

/** Moves a socket's file to its name, over a socket that has the name now but over nothing else. */
function takeName(files: Files, place: string, path: string): number {
  const present = files.lstatSync(path, { throwIfNoEntry: false });
  if (present !== undefined && !present.isSocket()) {
    throw Object.assign(new Error(`${path} is a file`), { code: "EADDRINUSE" });
  }
  files.renameSync(place, path);
  return files.lstatSync(path).ino;
}

function inodeOf(files: Files, path: string): number | undefined {
  return files.lstatSync(path, { throwIfNoEntry: false })?.ino;
}

/**
 * Removes the socket file that an earlier program left, so that the bind succeeds; as libzmq does it, a bind also takes
 * the name over from a program that still runs. Files that are no sockets are left alone, and the bind then fails.
 */
function removeStaleSocket(files: Files, path: string): void {
  try {
    if (files.lstatSync(path).isSocket()) files.unlinkSync(path);
  } catch {
    // Nothing is there, or it cannot be touched: the bind itself will tell.
  }
}
