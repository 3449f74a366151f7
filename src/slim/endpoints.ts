// SPDX-License-Identifier: MIT
/**
 * In the place of `socket/endpoints.ts` in browsers: a page binds within itself alone, and what it connects to has one session or one
 * partner. The texts of errors are its own, as no other transports are there.
 */
import { ZmqError } from "../base/errors.ts";
import type { Pipe } from "../pipe/pipe.ts";
import { newEvent } from "../session/events.ts";
import { Session } from "../session/session.ts";
import type { EndpointHost } from "../socket/endpoints.ts";
import type { SocketOptionValues } from "../socket/options.ts";
import type { PipeEndpoint, Transport } from "../transport/transport.ts";

/** An endpoint, and what goes with it. */
interface Entry {
  readonly endpoint: string;
  readonly isBound: boolean;
  session?: Session;
  inproc?: PipeEndpoint & { readonly pipe?: Pipe };
}

/** All endpoints of one socket. */
export class Endpoints {
  last: string | null = null;
  private readonly host: EndpointHost;
  private readonly entries = new Set<Entry>();

  constructor(host: EndpointHost) {
    this.host = host;
  }

  get size(): number {
    return this.entries.size;
  }

  async bind(endpoint: string): Promise<void> {
    this.bindSync(endpoint);
  }

  bindSync(endpoint: string): void {
    const { host } = this;
    const { address, transport } = this.split(endpoint, "bind");
    if (transport === undefined) {
      this.add({
        endpoint,
        isBound: true,
        inproc: host.inproc?.bind(address, host.pipeSide(endpoint, undefined)) as PipeEndpoint,
      });
      return;
    }
    try {
      transport.parse(address, "bind", host.typeName);
    } catch (error) {
      if (host.isObserved) {
        host.emit(newEvent("bind:error", { address, error: error as ZmqError }, { endpoint, local: endpoint }));
      }
      throw error;
    }
  }

  connect(endpoint: string, options: SocketOptionValues, connectRoutingId: Uint8Array | undefined): void {
    const { host } = this;
    const { address, transport } = this.split(endpoint, "connect");
    const entry: Entry = { endpoint, isBound: false };
    if (transport === undefined) {
      this.add(entry);
      entry.inproc = host.inproc?.connect(address, host.pipeSide(endpoint, connectRoutingId)) as PipeEndpoint;
      return;
    }
    if (host.isSingleConnect && this.find(endpoint, false).length > 0) return;
    const parsed = transport.parse(address, "connect", host.typeName);
    const engineSetup = host.engineSetup(options, true);
    const { conflate: conflates } = options;
    entry.session = new Session(host, { endpoint, transport, options, connectRoutingId, conflates, engineSetup });
    host.added(entry.session);
    this.add(entry);
    entry.session.connect(parsed);
  }

  async unbind(endpoint: string): Promise<void> {
    this.leave(endpoint, "unbind");
  }

  disconnect(endpoint: string): void {
    this.leave(endpoint, "disconnect");
  }

  async close(): Promise<void> {
    for (const entry of this.entries) this.release(entry);
  }

  forget(session: Session): void {
    for (const entry of this.entries) if (entry.session === session) this.entries.delete(entry);
  }

  forgetPipe(pipe: Pipe): void {
    for (const entry of this.entries) if (entry.inproc?.pipe === pipe) this.entries.delete(entry);
  }

  private add(entry: Entry): void {
    this.entries.add(entry);
    this.last = entry.endpoint;
  }

  private find(endpoint: string, isBound: boolean): Entry[] {
    return [...this.entries].filter((entry) => entry.isBound === isBound && entry.endpoint === endpoint);
  }

  private leave(endpoint: string, use: "unbind" | "disconnect"): void {
    const entries = this.find(endpoint, use === "unbind");
    if (entries.length === 0) {
      this.split(endpoint, use);
      throw failure("ENOENT", endpoint, use, `no such endpoint is ${use === "unbind" ? "bound" : "connected"}`);
    }
    for (const entry of entries) this.release(entry);
  }

  private release(entry: Entry): void {
    const { session, inproc } = entry;
    this.entries.delete(entry);
    if (session !== undefined) this.host.dropSession(session);
    if (inproc?.pipe !== undefined) this.host.dropPipe(inproc.pipe);
    inproc?.close();
  }

  /** `transport`: undefined within the process. */
  private split(endpoint: string, use: string): { address: string; transport: Transport | undefined } {
    const { inproc, transports } = this.host;
    const at = endpoint.indexOf("://");
    const scheme = endpoint.slice(0, at);
    const address = endpoint.slice(at + 3);
    if (at < 1 || address === "") throw failure("EINVAL", endpoint, use, "write ws://host:port/path");
    const transport = transports.get(scheme);
    if (transport !== undefined || scheme === inproc?.scheme) return { address, transport };
    throw failure("EPROTONOSUPPORT", endpoint, use, "a browser has ws://, wss:// and inproc://");
  }
}

function failure(
  code: "EINVAL" | "ENOENT" | "EPROTONOSUPPORT",
  address: string,
  syscall: string,
  why: string,
): ZmqError {
  return new ZmqError(code, `${syscall} ${address}: ${why}`, { address, syscall });
}
