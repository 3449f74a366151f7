// SPDX-License-Identifier: MIT
/**
 * The endpoints of one socket: what is bound, what is connected, and the sessions that came from each. Used by the socket
 * core, which lends itself as the host of the sessions.
 */
import { ZmqError } from "../base/errors.ts";
import type { EngineSetup } from "../engine/engine.ts";
import type { Pipe } from "../pipe/pipe.ts";
import { type EventDetails, type EventType, eventPeer, newEvent } from "../session/events.ts";
import { Session, type SessionHost, type SessionProfile } from "../session/session.ts";
import type { Listener, PipeEndpoint, PipeSide, PipeTransport, Transport } from "../transport/transport.ts";
import type { SocketOptionValues } from "./options.ts";

/** What endpoints need from their socket. */
export interface EndpointHost extends SessionHost {
  readonly typeName: string;
  readonly isSingleConnect: boolean;
  readonly transports: ReadonlyMap<string, Transport>;
  readonly inproc: PipeTransport | undefined;
  /** This socket as a partner within the process, with the options of now. */
  pipeSide(endpoint: string, connectRoutingId: Uint8Array | undefined): PipeSide;
  /** A new session, which has no pipe yet. */
  added(session: Session): void;
  /** What the engines of endpoints with these options are made from. */
  engineSetup(options: SocketOptionValues): EngineSetup;
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
  private readonly listening = new Set<Promise<unknown>>();
  private isClosed = false;

  constructor(host: EndpointHost) {
    this.host = host;
  }

  /** Number of endpoints that are bound or connected. */
  get size(): number {
    return this.entries.size + this.connected.size;
  }

  /** Starts to accept peers at an endpoint. */
  async bind(endpoint: string, options: SocketOptionValues): Promise<void> {
    const { scheme, address } = split(endpoint, "bind");
    const { host } = this;
    if (host.inproc?.scheme === scheme) {
      const inproc = host.inproc.bind(address, host.pipeSide(endpoint, undefined));
      this.add({ ...newEntry(endpoint, "bind"), inproc });
      return;
    }
    const transport = this.transport(scheme, endpoint, "bind");
    const entry = newEntry(endpoint, "bind");
    const work = this.listen(transport, address, entry, options);
    this.listening.add(work);
    try {
      await work;
    } finally {
      this.listening.delete(work);
    }
  }

  /** Connects to an endpoint, and stays connected. */
  connect(endpoint: string, options: SocketOptionValues, connectRoutingId: Uint8Array | undefined): void {
    const { scheme, address } = split(endpoint, "connect");
    const { host } = this;
    if (host.inproc?.scheme === scheme) {
      const entry = newEntry(endpoint, "connect");
      this.add(entry);
      const connected = host.inproc.connect(address, host.pipeSide(endpoint, connectRoutingId));
      entry.inproc = connected;
      entry.pipe = connected.pipe;
      return;
    }
    if (host.isSingleConnect && this.isConnected(endpoint)) return;
    const transport = this.transport(scheme, endpoint, "connect");
    const parsed = transport.parse(address, "connect");
    const session = this.newSession(this.profile(endpoint, transport, options, connectRoutingId));
    this.connected.add(session);
    this.last = endpoint;
    session.connect(parsed);
  }

  /** Stops accepting at an endpoint, and ends the connections that came through it. */
  async unbind(endpoint: string): Promise<void> {
    const [entry] = this.find(endpoint, "bind");
    if (entry === undefined) throw noSuchEndpoint("unbind", endpoint);
    this.entries.delete(entry);
    await this.release(entry);
  }

  /** Ends the connections to an endpoint; what is unsent gets the time that `linger` allows. */
  disconnect(endpoint: string): void {
    const entries = this.find(endpoint, "connect");
    const sessions = [...this.connected].filter((session) => session.endpoint === endpoint);
    if (entries.length + sessions.length === 0) throw noSuchEndpoint("disconnect", endpoint);
    for (const entry of entries) {
      this.entries.delete(entry);
      void this.release(entry);
    }
    for (const session of sessions) {
      this.connected.delete(session);
      this.host.dropSession(session);
    }
  }

  /** Ends everything; resolves once all addresses are free again. */
  async close(): Promise<void> {
    this.isClosed = true;
    const entries = [...this.entries];
    const sessions = [...this.connected];
    this.entries.clear();
    this.connected.clear();
    for (const session of sessions) this.host.dropSession(session);
    await Promise.all(entries.map((entry) => this.release(entry)));
    await Promise.allSettled(this.listening);
  }

  /** A session is over by itself: a connected endpoint goes with it. */
  forget(session: Session): void {
    this.connected.delete(session);
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
    const { host } = this;
    let listener: Listener;
    try {
      listener = await transport.listen(transport.parse(address, "bind"), options, {
        accepted: (connection) => {
          if (this.isClosed || (entry.listener !== undefined && !this.entries.has(entry))) {
            connection.destroy();
            return;
          }
          entry.profile ??= this.profile(entry.listener?.endpoint ?? entry.endpoint, transport, options, undefined);
          this.newSession(entry.profile).accept(connection);
        },
        acceptFailed: (error) => host.emit({ type: "accept:error", address: entry.endpoint, error }),
      });
    } catch (error) {
      this.tell("bind:error", entry, { error: error as ZmqError });
      throw error;
    }
    entry.listener = listener;
    if (this.isClosed) {
      await listener.close();
      throw new ZmqError("EBADF", `bind ${entry.endpoint}: the socket was closed meanwhile`, {
        address: entry.endpoint,
      });
    }
    this.add(entry);
    this.tell("bind", entry, {});
  }

  private profile(
    endpoint: string,
    transport: Transport,
    options: SocketOptionValues,
    connectRoutingId: Uint8Array | undefined,
  ): SessionProfile {
    const engineSetup = this.host.engineSetup(options);
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
    const address = entry.listener?.endpoint ?? entry.endpoint;
    try {
      await closing;
      this.tell("close", entry, {});
    } catch (error) {
      // Nobody can do anything about it, and the socket must be able to close all the same.
      this.tell("close:error", entry, { error: error as ZmqError });
    }
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
    return false;
  }

  private transport(scheme: string, endpoint: string, use: string): Transport {
    const transport = this.host.transports.get(scheme);
    if (transport !== undefined) return transport;
    const known = [...this.host.transports.keys(), this.host.inproc?.scheme].map((each) => `${each}://`).join(", ");
    const text = `${use} ${endpoint}: no transport is called ${JSON.stringify(scheme)}; there are ${known}`;
    throw new ZmqError("EPROTONOSUPPORT", text, { address: endpoint, syscall: use });
  }
}

function newEntry(endpoint: string, use: Entry["use"]): Entry {
  return {
    endpoint,
    use,
    listener: undefined,
    profile: undefined,
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
  /** Tells of a listener. */
  private tell<T extends EventType>(type: T, entry: Entry, details: Partial<EventDetails[T]>, remote?: string): void {
    if (!this.host.isObserved) return;
    const endpoint = entry.listener?.endpoint ?? entry.endpoint;
    const peer = remote === undefined ? undefined : eventPeer(remote);
    const facts = { endpoint, local: endpoint, remote: remote === undefined ? "" : `tcp://${remote}`, peer };
    // libzmq tells of a bind that failed without the transport.
    const address = type === "bind:error" ? endpoint.slice(endpoint.indexOf("://") + 3) : endpoint;
    this.host.emit(newEvent(type, { address, ...details } as unknown as EventDetails[T], facts));
  }

  throw new ZmqError("EINVAL", text, { address: endpoint, syscall: use });
}

function noSuchEndpoint(use: "unbind" | "disconnect", endpoint: string): ZmqError {
  const made = use === "unbind" ? "bound; use its lastEndpoint where it had a wildcard" : "connected";
  return new ZmqError("ENOENT", `${use} ${endpoint}: no such endpoint is ${made}`, { address: endpoint, syscall: use });
}
