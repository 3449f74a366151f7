// SPDX-License-Identifier: MIT
/**
 * Runs scenarios between two kinds of peers: each in both roles, over each transport, with either side binding, one
 * sub-test a combination. The two peers are started once; after a failure they are replaced, so that none spoils the next.
 */
import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import test, { type TestContext } from "node:test";
import type { Peer, PeerKind, PeerSocket } from "../support/peers/peer.ts";
import { startPeer } from "../support/peers/start-peer.ts";
import { missing } from "../support/peers/toolchain.ts";
import type { Scenario } from "./scenarios.ts";

/** How peers are called in titles. */
const names: Readonly<Record<PeerKind, string>> = {
  c: "libzmq in C",
  python: "pyzmq",
  "zeromq.js": "npm zeromq",
  jeromq: "JeroMQ",
  "zeromq-ts": "ours in its own process",
  here: "ours",
};

/** What carries the messages. */
export type Carrier = "tcp" | "ipc" | "ws";

/** Which combinations to run; all unless narrowed. */
export interface MatrixOptions {
  readonly transports?: readonly Carrier[];
}

/** Registers a test of all scenarios between two kinds of peers. */
export function testMatrix(
  first: PeerKind,
  second: PeerKind,
  scenarios: readonly Scenario[],
  options: MatrixOptions = {},
): void {
  test(`${names[first]} and ${names[second]} talk in every pair of socket types`, async (t) => {
    const lack = missing(first) ?? missing(second);
    if (lack !== undefined) return t.skip(lack);
    const folder = mkdtempSync(join(tmpdir(), "zeromq-ts-"));
    const table = new Table([first, second], folder);
    try {
      for (const scenario of scenarios) {
        for (const transport of options.transports ?? (["tcp", "ipc"] as const)) {
          for (const binder of ["left", "right"] as const) {
            for (const left of scenario.left === scenario.right && first === second ? [0] : [0, 1]) {
              await table.seat(t, scenario, transport, binder, left);
            }
          }
        }
      }
    } finally {
      await table.leave();
      rmSync(folder, { recursive: true, force: true });
    }
  });
}

/** Where two peers sit and talk, one scenario after another. */
class Table {
  readonly #kinds: readonly [PeerKind, PeerKind];
  readonly #folder: string;
  #peers: Peer[] = [];
  #count = 0;

  constructor(kinds: readonly [PeerKind, PeerKind], folder: string) {
    this.#kinds = kinds;
    this.#folder = folder;
  }

  /** Runs one combination; `left` says which of the two peers plays the scenario's left side. */
  async seat(
    t: TestContext,
    scenario: Scenario,
    transport: Carrier,
    binder: "left" | "right",
    left: number,
  ): Promise<void> {
    const sides = left === 0 ? this.#kinds : ([this.#kinds[1], this.#kinds[0]] as const);
    const says = (side: "left" | "right"): string => {
      const kind = names[sides[side === "left" ? 0 : 1]];
      return `${scenario[side].toUpperCase()} (${kind}) ${binder === side ? "binds" : "connects"}`;
    };
    const title = `${transport}: ${says("left")}, ${says("right")}: all arrives as it was sent`;
    let passed = false;
    await t.test(title, { timeout: 30000 }, async () => {
      const [one, other] = await this.#seated();
      assert.ok(one !== undefined && other !== undefined);
      await this.#talk(scenario, transport, binder, left === 0 ? [one, other] : [other, one]);
      passed = true;
    });
    if (!passed) await this.leave();
  }

  async leave(): Promise<void> {
    for (const peer of this.#peers.splice(0)) await peer[Symbol.asyncDispose]();
  }

  async #seated(): Promise<Peer[]> {
    if (this.#peers.length === 0) this.#peers = await Promise.all(this.#kinds.map((kind) => startPeer(kind)));
    return this.#peers;
  }

  async #talk(scenario: Scenario, transport: Carrier, binder: "left" | "right", peers: [Peer, Peer]): Promise<void> {
    await using left = await peers[0].socket(scenario.left, scenario.leftOptions);
    await using right = await peers[1].socket(scenario.right, scenario.rightOptions);
    const [bound, connected]: PeerSocket[] = binder === "left" ? [left, right] : [right, left];
    assert.ok(bound !== undefined && connected !== undefined);
    await scenario.prepare?.(left, right);
    const wanted =
      transport === "ipc" ? `ipc://${join(this.#folder, `${this.#count++}`)}` : `${transport}://127.0.0.1:0`;
    await connected.connect(await bound.bind(wanted));
    await scenario.talk(left, right);
  }
}
