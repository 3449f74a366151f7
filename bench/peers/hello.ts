// SPDX-License-Identifier: MIT
/**
 * The least of ZMTP 3.1 (RFC 37) that makes a peer: a greeting with the mechanism NULL and READY, and where the other
 * side's end. Written by hand, so that every library faces the same stranger. Used by crowd.ts and stranger.ts.
 */
const GREETING_LENGTH = 64;

/** All that a peer of this socket type says before its first message; it may be sent at once. */
export function hello(socketType: string, routingId = ""): Buffer {
  const identity = routingId === "" ? "" : property("Identity", routingId);
  const ready = `\x05READY${property("Socket-Type", socketType)}${identity}`;
  return Buffer.concat([
    Buffer.from("ff00000000000000017f0301", "hex"),
    Buffer.from("NULL".padEnd(20, "\0")),
    Buffer.alloc(32),
    command(ready),
  ]);
}

/** A subscription to everything. */
export function subscribeToAll(): Buffer {
  return command("\x09SUBSCRIBE");
}

function property(name: string, value: string): string {
  return `${String.fromCharCode(name.length)}${name}\0\0\0${String.fromCharCode(value.length)}${value}`;
}

/** A short command frame. */
function command(body: string): Buffer {
  return Buffer.from(`\x04${String.fromCharCode(body.length)}${body}`, "latin1");
}

/** Waits for the other side's greeting and READY, which may come in pieces. */
export class Welcome {
  #received: Buffer | undefined = Buffer.alloc(0);

  /** True with the chunk that completes it, false before and ever after. */
  take(chunk: Buffer): boolean {
    if (this.#received === undefined) return false;
    this.#received = Buffer.concat([this.#received, chunk]);
    const length = this.#received[GREETING_LENGTH + 1];
    if (length === undefined || this.#received.length < GREETING_LENGTH + 2 + length) return false;
    if (this.#received[GREETING_LENGTH] !== 4) throw new Error("no short command behind the greeting");
    this.#received = undefined;
    return true;
  }
}
