// SPDX-License-Identifier: MIT
/**
 * The endpoints of one socket: what is bound, what is connected, and the sessions that came from each. Used by the socket
 * core, which lends itself as the host of the sessions.
 */
import { ZmqError } from "../base/errors.ts";
import type { Connection } from "../engine/connection.ts";
import type { EngineSetup } from "../engine/engine.ts";
import type { Pipe } from "../pipe/pipe.ts";
import { type EventDetails, type EventType, eventPeer, newEvent } from "../session/events.ts";
import { Session, type SessionHost, type SessionProfile } from "../session/session.ts";
import type {
  Address,
  Listener,
  ListenerHost,
  PipeEndpoint,
  PipeSide,
  PipeTransport,
  Transport,
} from "../transport/transport.ts";
import type { Admission } from "./admission.ts";
import { NameGroup } from "./name-group.ts";
import type { SocketOptionValues } from "./options.ts";

/** What endpoints need from their socket. */
export interface EndpointHost extends SessionHost {
  readonly typeName: string;
  readonly isSingleConnect: boolean;
  /** The only transports that the socket's type goes with; undefined: all. */
  readonly schemes: readonly string[] | undefined;
  readonly transports: ReadonlyMap<string, Transport>;
  /** How many threads for input and output the context was asked for. */
  readonly ioThreads: number;
  readonly inproc: PipeTransport | undefined;
  /** Who of those that come has a place. */
  readonly admission: Admission;
  /** This socket as a partner within the process, with the options of now. */
  pipeSide(endpoint: string, connectRoutingId: Uint8Array | undefined): PipeSide;
  /** A new session, which has no pipe yet. */
  added(session: Session): void;
  /** What the engines of endpoints with these options are made from. */
  /** `isConnecting`: for peers that this side connects to. */
  engineSetup(options: SocketOptionValues, isConnecting: boolean): EngineSetup;
  /** Closes a pipe on the socket's side, as if the application had closed the connection. */
  dropPipe(pipe: Pipe): void;
  /** Closes whatever pipe belongs to this session, or the session itself when it has none yet. */
  dropSession(session: Session): void;
  /** The same for all sessions of one profile. */
  dropSessions(profile: SessionProfile): void;
}

/** An endpoint that is bound, or that is within the process. */
interface Entry {
  readonly endpoint: string;
  readonly use: "bind" | "connect";
  /** What accepts, and what the accepted sessions have in common. */
  listener: Listener | undefined;
  profile: SessionProfile | undefined;
  /** Accepted, and not through with their handshakes; the oldest first. */
  readonly handshakes: Set<Session>;
  inproc: PipeEndpoint | undefined;
  pipe: Pipe | undefined;
}

/** All endpoints of one socket. */
export class Endpoints {
  /** The endpoint that was bound or connected last, wildcards replaced. */
  last: string | null = null;
  private readonly host: EndpointHost;
  private readonly entries = new Set<Entry>();
  /** The other connected endpoints: one session each, and there may be very many. */
  private readonly connected = new Set<Session>();
  /** Names of which all addresses are connected. */
  private readonly groups = new Set<NameGroup>();
  private readonly listening = new Set<Promise<unknown>>();
  private isClosed = false;

  constructor(host: EndpointHost) {
    this.host = host;
  }

  /** Number of endpoints that are bound or connected. */
  get size(): number {
    return this.entries.size + this.connected.size + this.groups.size;
  }

  /** Starts to accept peers at an endpoint. */
  async bind(endpoint: string, options: SocketOptionValues): Promise<void> {
    const { scheme, address } = split(endpoint, "bind");
    if (this.bindInproc(scheme, address, endpoint)) return;
    const transport = this.transport(scheme, endpoint, "bind", options);
    const entry = newEntry(endpoint, "bind");
    const work = this.listen(transport, address, entry, options);
    this.listening.add(work);
    try {
      await work;
    } finally {
      this.listening.delete(work);
    }
  }

  /** The same, done when it returns. */
  bindSync(endpoint: string, options: SocketOptionValues): void {
    const { scheme, address } = split(endpoint, "bind");
    if (this.bindInproc(scheme, address, endpoint)) return;
    const transport = this.transport(scheme, endpoint, "bind", options);
    const entry = newEntry(endpoint, "bind");
    try {
      if (transport.listenSync === undefined) throw notAtOnce(endpoint);
      const parsed = transport.parse(address, "bind", this.host.typeName);
      this.prepare(transport, parsed, options);
      this.opened(entry, transport.listenSync(parsed, options, this.listenerHost(transport, entry, options)));
    } catch (error) {
      this.tell("bind:error", entry, { error: error as ZmqError });
      throw error;
    }
  }

  private bindInproc(scheme: string, address: string, endpoint: string): boolean {
    const { host } = this;
    if (host.inproc?.scheme !== scheme) return false;
    this.requireCompatible(scheme, endpoint, "bind");
    const inproc = host.inproc.bind(address, host.pipeSide(endpoint, undefined));
    this.add({ ...newEntry(endpoint, "bind"), inproc });
    return true;
  }

  /** Connects to an endpoint, and stays connected. */
  connect(
    endpoint: string,
    options: SocketOptionValues,
    connectRoutingId: Uint8Array | undefined,
    resolveInterval?: number,
  ): void {
    const { scheme, address } = split(endpoint, "connect");
    const { host } = this;
    if (host.inproc?.scheme === scheme) {
      this.requireCompatible(scheme, endpoint, "connect");
      const entry = newEntry(endpoint, "connect");
      this.add(entry);
      const connected = host.inproc.connect(address, host.pipeSide(endpoint, connectRoutingId));
      entry.inproc = connected;
      entry.pipe = connected.pipe;
      return;
    }
    if (host.isSingleConnect && this.isConnected(endpoint)) return;
    const transport = this.transport(scheme, endpoint, "connect", options);
    const parsed = transport.parse(address, "connect", this.host.typeName);
    transport.prepare?.(parsed, options, "connect");
    requireSecurable(transport, this.host.engineSetup(options, true), "connect", parsed);
    this.last = endpoint;
    if (resolveInterval !== undefined && transport.resolve !== undefined) {
      this.connectAll(parsed, transport, options, resolveInterval);
      return;
    }
    const session = this.newSession(this.profile(endpoint, transport, options, true, connectRoutingId));
    this.connected.add(session);
    session.connect(parsed);
  }

  /** Connects to all addresses of a name. */
  private connectAll(name: Address, transport: Transport, options: SocketOptionValues, interval: number): void {
    const { host } = this;
    const group = new NameGroup(
      name.endpoint,
      {
        clock: host.clock,
        resolve: async () => (await transport.resolve?.(name, options)) ?? [],
        join: (address, lost) => {
          const session = this.newSession({
            ...this.profile(address.endpoint, transport, options, true),
            unreached: lost,
          });
          session.connect(address);
          return session;
        },
        leave: (session) => host.dropSession(session),
        failed: (error) => {
          if (!host.isObserved) return;
          host.emit(newEvent("close", { address: name.endpoint, error }, { remote: name.endpoint }));
        },
      },
      { interval, pause: Math.max(1, options.reconnectInterval) },
    );
    this.groups.add(group);
    group.start();
  }

  /**
   * Stops accepting at an endpoint, and ends the connections that came through it. The address is free when it returns; the
   * promise resolves when that was told.
   * @throws ZmqError `ENOENT` when it is not bound
   */
  unbind(endpoint: string): Promise<void> {
    const [entry] = this.find(endpoint, "bind");
    if (entry === undefined) throw this.noSuchEndpoint("unbind", endpoint);
    this.entries.delete(entry);
    return this.release(entry);
  }

  /** Ends the connections to an endpoint; what is unsent gets the time that `linger` allows. */
  disconnect(endpoint: string): void {
    const entries = this.find(endpoint, "connect");
    const sessions = [...this.connected].filter((session) => session.endpoint === endpoint);
    const groups = [...this.groups].filter((group) => group.endpoint === endpoint);
    if (entries.length + sessions.length + groups.length === 0) throw this.noSuchEndpoint("disconnect", endpoint);
    for (const entry of entries) {
      this.entries.delete(entry);
      void this.release(entry);
    }
    for (const session of sessions) {
      this.connected.delete(session);
      this.host.dropSession(session);
    }
    for (const group of groups) {
      this.groups.delete(group);
      group.close();
    }
  }

  /** Ends everything; resolves once all addresses are free again. */
  async close(): Promise<void> {
    this.isClosed = true;
    const entries = [...this.entries];
    const sessions = [...this.connected];
    this.entries.clear();
    this.connected.clear();
    for (const group of this.groups) group.close();
    this.groups.clear();
    for (const session of sessions) this.host.dropSession(session);
    await Promise.all(entries.map((entry) => this.release(entry)));
    await Promise.allSettled(this.listening);
  }

  /** A session is over by itself: a connected endpoint goes with it. */
  forget(session: Session): void {
    if (this.connected.delete(session)) return;
    for (const group of this.groups) if (group.forget(session)) return;
  }

  /** A pipe within the process is over: there is no reconnecting, so its endpoint goes with it. */
  forgetPipe(pipe: Pipe): void {
    for (const entry of this.entries) if (entry.pipe === pipe) this.entries.delete(entry);
  }

  private async listen(
    transport: Transport,
    address: string,
    entry: Entry,
    options: SocketOptionValues,
  ): Promise<void> {
    let listener: Listener;
    try {
      const parsed = transport.parse(address, "bind", this.host.typeName);
      this.prepare(transport, parsed, options);
      listener = await transport.listen(parsed, options, this.listenerHost(transport, entry, options));
    } catch (error) {
      this.tell("bind:error", entry, { error: error as ZmqError });
      throw error;
    }
    if (this.isClosed) {
      entry.listener = listener;
      await listener.close();
      throw new ZmqError("EBADF", `bind ${entry.endpoint}: the socket was closed meanwhile`, {
        address: entry.endpoint,
      });
    }
    this.opened(entry, listener);
  }

  /** Whatever the options rule out is told by the bind: nobody would catch it when the first peer comes. */
  private prepare(transport: Transport, parsed: Address, options: SocketOptionValues): void {
    transport.prepare?.(parsed, options, "bind");
    requireSecurable(transport, this.host.engineSetup(options, false), "bind", parsed);
  }

  /** What a listener of an entry calls. */
  private listenerHost(transport: Transport, entry: Entry, options: SocketOptionValues): ListenerHost {
    return {
      accepted: (connection) => {
        if (this.isClosed || (entry.listener !== undefined && !this.entries.has(entry))) {
          connection.destroy();
          return;
        }
        this.accept(entry, transport, options, connection);
      },
      acceptFailed: (error, remote) => this.tell("accept:error", entry, { error }, remote),
    };
  }

  private accept(entry: Entry, transport: Transport, options: SocketOptionValues, connection: Connection): void {
    const { host } = this;
    const { remote } = connection;
    const error = host.admission.refusal(remote);
    if (error?.limit !== undefined) {
      connection.destroy();
      host.peers?.limitPassed(error.limit);
      this.tell("accept:error", entry, { error }, remote);
      this.tell("limit", entry, { error } as EventDetails["limit"], remote);
      return;
    }
    entry.profile ??= {
      ...this.profile(entry.listener?.endpoint ?? entry.endpoint, transport, options, false),
      handshakes: entry.handshakes,
    };
    const session = this.newSession(entry.profile);
    host.admission.admit(session, remote, entry.handshakes);
    session.accept(connection);
  }

  private opened(entry: Entry, listener: Listener): void {
    entry.listener = listener;
    this.add(entry);
    this.tell("bind", entry, {});
  }

  private profile(
    endpoint: string,
    transport: Transport,
    options: SocketOptionValues,
    isConnecting: boolean,
    connectRoutingId?: Uint8Array,
  ): SessionProfile {
    const engineSetup = this.host.engineSetup(options, isConnecting);
    return { endpoint, transport, options, connectRoutingId, conflates: options.conflate, engineSetup };
  }

  private newSession(profile: SessionProfile): Session {
    const session = new Session(this.host, profile);
    this.host.added(session);
    return session;
  }

  private async release(entry: Entry): Promise<void> {
    const { host } = this;
    const closing = entry.listener?.close();
    if (entry.profile !== undefined) host.dropSessions(entry.profile);
    if (entry.pipe !== undefined) host.dropPipe(entry.pipe);
    entry.inproc?.close();
    if (closing === undefined) return;
    try {
      await closing;
      this.tell("close", entry, {});
    } catch (error) {
      // Nobody can do anything about it, and the socket must be able to close all the same.
      this.tell("close:error", entry, { error: error as ZmqError });
    }
  }

  /** Tells of a listener. */
  private tell<T extends EventType>(type: T, entry: Entry, details: Partial<EventDetails[T]>, remote?: string): void {
    if (!this.host.isObserved) return;
    const endpoint = entry.listener?.endpoint ?? entry.endpoint;
    const peer = remote === undefined ? undefined : eventPeer(remote);
    const scheme = endpoint.slice(0, endpoint.indexOf("://"));
    const facts = { endpoint, local: endpoint, remote: remote === undefined ? "" : `${scheme}://${remote}`, peer };
    // libzmq tells of a bind that failed without the transport.
    const address = type === "bind:error" ? endpoint.slice(endpoint.indexOf("://") + 3) : endpoint;
    this.host.emit(newEvent(type, { address, ...details } as unknown as EventDetails[T], facts));
  }

  private add(entry: Entry): void {
    this.entries.add(entry);
    this.last = entry.listener?.endpoint ?? entry.endpoint;
  }

  private find(endpoint: string, use: Entry["use"]): Entry[] {
    return [...this.entries].filter(
      (entry) => entry.use === use && (entry.listener?.endpoint ?? entry.endpoint) === endpoint,
    );
  }

  private isConnected(endpoint: string): boolean {
    for (const session of this.connected) if (session.endpoint === endpoint) return true;
    for (const group of this.groups) if (group.endpoint === endpoint) return true;
    return false;
  }

  private requireCompatible(scheme: string, endpoint: string, use: string): void {
    const { schemes, typeName } = this.host;
    if (schemes === undefined || schemes.includes(scheme)) return;
    const all = schemes.map((each) => `${each}://`).join(", ");
    const text = `${use} ${endpoint}: ${typeName} sockets go with ${all} only`;
    throw new ZmqError("ENOCOMPATPROTO", text, { address: endpoint, syscall: use });
  }

  private transport(scheme: string, endpoint: string, use: string, options: SocketOptionValues): Transport {
    const transport = this.host.transports.get(scheme);
    if (transport !== undefined) {
      this.requireCompatible(scheme, endpoint, use);
      if (!hasThread(this.host.ioThreads, options.affinity)) throw noThread(endpoint, use);
      return transport;
    }
    throw this.noSuchTransport(scheme, endpoint, use);
  }

  private noSuchTransport(scheme: string, endpoint: string, use: string): ZmqError {
    const known = [...this.host.transports.keys(), this.host.inproc?.scheme].map((each) => `${each}://`).join(", ");
    const why = ABSENT.get(scheme) ?? `no transport is called ${JSON.stringify(scheme)}`;
    const text = `${use} ${endpoint}: ${why}; there are ${known}`;
    return new ZmqError("EPROTONOSUPPORT", text, { address: endpoint, syscall: use });
  }

  /** What is wrong with an endpoint that is not there: what could never be one says so, as with libzmq. */
  private noSuchEndpoint(use: "unbind" | "disconnect", endpoint: string): ZmqError {
    const { scheme } = split(endpoint, use);
    const { transports, inproc } = this.host;
    if (!transports.has(scheme) && inproc?.scheme !== scheme) return this.noSuchTransport(scheme, endpoint, use);
    const made = use === "unbind" ? "bound; use its lastEndpoint where it had a wildcard" : "connected";
    const text = `${use} ${endpoint}: no such endpoint is ${made}`;
    return new ZmqError("ENOENT", text, { address: endpoint, syscall: use });
  }
}

/** Transports of libzmq that cannot be here, and why. */
const ABSENT: ReadonlyMap<string, string> = new Map([
  ["vsock", "no JavaScript runtime opens vsock sockets"],
  ["tipc", "no JavaScript runtime opens TIPC sockets"],
  ["hvsocket", "no JavaScript runtime opens Hyper-V sockets"],
  ["vmci", "VMCI sockets need VMware's library, which no JavaScript runtime has"],
  ["norm", "NORM needs a library of its own, which no JavaScript runtime has"],
]);

/** Where nobody shakes hands, nobody can be authenticated: options that ask for it are not passed over in silence. */
function requireSecurable(transport: Transport, setup: EngineSetup, use: string, { endpoint }: Address): void {
  if (transport.isConnectionless !== true || !setup.requiresSecurity) return;
  const text = `${use} ${endpoint}: ${transport.scheme}:// has no handshake, and so no security mechanism, ZAP or authorize; unset their options`;
  throw new ZmqError("ENOTSUP", text, { address: endpoint, syscall: use });
}

function newEntry(endpoint: string, use: Entry["use"]): Entry {
  return {
    endpoint,
    use,
    listener: undefined,
    profile: undefined,
    handshakes: new Set(),
    inproc: undefined,
    pipe: undefined,
  };
}

function split(endpoint: string, use: string): { scheme: string; address: string } {
  const at = endpoint.indexOf("://");
  const scheme = endpoint.slice(0, at);
  const address = endpoint.slice(at + 3);
  if (at > 0 && address !== "") return { scheme, address };
  const text = `${use} ${JSON.stringify(endpoint)}: an endpoint is transport://address, such as tcp://127.0.0.1:5555`;
  throw new ZmqError("EINVAL", text, { address: endpoint, syscall: use });
}

function notAtOnce(endpoint: string): ZmqError {
  const text = `bind ${endpoint}: this transport cannot bind at once; use await bind()`;
  return new ZmqError("ENOTSUP", text, { address: endpoint, syscall: "bind" });
}

/**
 * Whether the context's threads for input and output may serve an endpoint. Here the runtime's event loop does that work,
 * whatever their number: but a program that rules all of them out gets what it asked for, as with libzmq.
 */
function hasThread(ioThreads: number, affinity: number): boolean {
  if (affinity === 0) return ioThreads > 0;
  const first = BigInt.asUintN(Math.min(64, ioThreads), BigInt(affinity));
  return first !== 0n;
}

function noThread(endpoint: string, use: string): ZmqError {
  const text = `${use} ${endpoint}: the context's ioThreads is 0, or the socket's affinity allows none of its threads`;
  return new ZmqError("EMTHREAD", text, { address: endpoint, syscall: use });
}
