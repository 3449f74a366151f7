// SPDX-License-Identifier: MIT
/**
 * One socket's part in keeping the program alive: by itself while operations wait, always after `ref`, never after `unref`.
 * What counts is kept here, so that a change of mind takes effect at once. Used by `socket-works.ts`.
 */
import type { KeepAlive } from "../socket/core-context.ts";

/** A socket's hold on the program. */
export class Hold implements KeepAlive {
  private readonly program: KeepAlive;
  private waiting = 0;
  private wish: "while waiting" | "always" | "never" = "while waiting";
  private isHolding = false;
  private isClosed = false;

  constructor(program: KeepAlive) {
    this.program = program;
  }

  hold(): void {
    this.waiting += 1;
    if (!this.isHolding) this.update();
  }

  release(): void {
    this.waiting -= 1;
    if (this.waiting === 0) this.update();
  }

  /** Holds from now on, until the socket is closed. */
  ref(): void {
    this.wish = this.isClosed ? "while waiting" : "always";
    this.update();
  }

  /** Holds no more, whatever waits. */
  unref(): void {
    this.wish = "never";
    this.update();
  }

  /** The socket is closed: only what still waits counts. */
  close(): void {
    this.isClosed = true;
    if (this.wish !== "always") return;
    this.wish = "while waiting";
    this.update();
  }

  private update(): void {
    const holds = this.wish === "always" || (this.wish === "while waiting" && this.waiting > 0);
    if (holds === this.isHolding) return;
    this.isHolding = holds;
    if (holds) this.program.hold();
    else this.program.release();
  }
}
