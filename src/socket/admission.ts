// SPDX-License-Identifier: MIT
/**
 * How many peers a socket lets in: connections in all, those from one address, and those of one listener that have not
 * finished their handshakes. Used by `endpoints.ts` for what listeners accept; connections that the socket makes itself do not count.
 */
import { type LimitName, ZmqError } from "../base/errors.ts";
import { addressOctets } from "../base/ip-address.ts";
import type { Pipe } from "../pipe/pipe.ts";
import type { Session } from "../session/session.ts";

/** The options it looks at, at the moment of use. 0 is no limit. */
export interface AdmissionOptions {
  maxConnections: number;
  maxConnectionsPerAddress: number;
  maxHandshakes: number;
}

/** What every place costs: the address that has it; empty where addresses do not count. */
type Place = string;

/** The places of one socket. */
export class Admission {
  private readonly options: AdmissionOptions;
  private taken = 0;
  private readonly byAddress = new Map<Place, number>();
  /** Places of connections that have gone, while messages of theirs are unread: else a peer could leave any number behind. */
  private readonly left = new Map<Pipe, Place>();

  constructor(options: AdmissionOptions) {
    this.options = options;
  }

  /** Why a connection from there cannot have a place; undefined: it can. */
  refusal(remote: string): ZmqError | undefined {
    const { maxConnections, maxConnectionsPerAddress } = this.options;
    if (maxConnections > 0 && this.taken >= maxConnections) {
      return passed("maxConnections", maxConnections, `${remote}: ${this.taken} connections are there`);
    }
    if (maxConnectionsPerAddress === 0) return undefined;
    const place = placeOf(remote);
    const count = this.byAddress.get(place) ?? 0;
    if (place === "" || count < maxConnectionsPerAddress) return undefined;
    return passed(
      "maxConnectionsPerAddress",
      maxConnectionsPerAddress,
      `${remote}: ${count} connections from its address are there`,
    );
  }

  /**
   * Gives a connection its place. `handshakes`: those of its listener, the oldest first. Where these are too many, the oldest goes: a
   * peer that means it well is done in a moment, and one that only holds places holds the oldest.
   */
  admit(session: Session, remote: string, handshakes: Set<Session>): void {
    session.place = placeOf(remote);
    this.take(session.place);
    handshakes.add(session);
    const { maxHandshakes } = this.options;
    if (maxHandshakes === 0) return;
    while (handshakes.size > maxHandshakes) {
      const [oldest] = handshakes;
      if (oldest === undefined) return;
      handshakes.delete(oldest);
      oldest.turnAway(
        passed("maxHandshakes", maxHandshakes, "the oldest unfinished handshake makes room for a new one"),
      );
    }
  }

  /** A session is over. `unread`: its pipe, if messages are left in it. */
  ended(session: Session, unread: Pipe | undefined): void {
    const { place } = session;
    if (place === undefined) return;
    session.place = undefined;
    if (unread === undefined) this.free(place);
    else this.left.set(unread, place);
  }

  /** A pipe is nobody's any more. */
  released(pipe: Pipe): void {
    const place = this.left.get(pipe);
    if (place === undefined) return;
    this.left.delete(pipe);
    this.free(place);
  }

  private take(place: Place): void {
    this.taken += 1;
    if (place !== "") this.byAddress.set(place, (this.byAddress.get(place) ?? 0) + 1);
  }

  private free(place: Place): void {
    this.taken -= 1;
    if (place === "") return;
    const count = (this.byAddress.get(place) ?? 1) - 1;
    if (count > 0) this.byAddress.set(place, count);
    else this.byAddress.delete(place);
  }
}

/** IPv6 addresses count by their first 64 bits, which one host has to itself. Empty for what has no address, such as ipc. */
function placeOf(remote: string): Place {
  const octets = addressOctets(remote.slice(0, Math.max(0, remote.lastIndexOf(":"))));
  return octets === undefined ? "" : octets.slice(0, octets.length === 16 ? 8 : 4).join(".");
}

function passed(option: LimitName, value: number, what: string): ZmqError {
  const text = `${what}, and ${option} is ${value}: raise it, or see who connects`;
  return new ZmqError("ECONNABORTED", text, { limit: { option, value } });
}
