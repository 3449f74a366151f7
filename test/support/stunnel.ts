// SPDX-License-Identifier: MIT
/**
 * stunnel, which carries TCP connections through TLS: in front of a peer that speaks no TLS, as a server or as a client. It is ready
 * when its port answers; peers try again until then.
 */
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Identity } from "./certificates.ts";
import { LineProcess } from "./processes.ts";
import { freePort } from "./tcp.ts";

/** Why there is none here; undefined: there is. */
export const noStunnel: string | undefined =
  spawnSync("stunnel4", ["-version"], { stdio: "ignore" }).status === 0
    ? undefined
    : "the command stunnel4 is not installed (Debian: stunnel4)";

/** How one stunnel is set up. */
export interface StunnelOptions {
  /** `server`: takes TLS and gives TCP; `client`: the other way round. */
  readonly role: "server" | "client";
  /** The port that it passes connections on to. */
  readonly to: number;
  readonly identity?: Identity;
  /** Peers must have a certificate of this authority. */
  readonly trust?: string;
}

/** A running stunnel. */
export class Stunnel {
  /** The port that it accepts connections at, on the loopback. */
  readonly port: number;
  private readonly process: LineProcess;
  private readonly folder: string;

  private constructor(port: number, process: LineProcess, folder: string) {
    this.port = port;
    this.process = process;
    this.folder = folder;
  }

  static async start({ role, to, identity, trust }: StunnelOptions): Promise<Stunnel> {
    const folder = mkdtempSync(join(tmpdir(), "zt-stunnel-"));
    const port = await freePort();
    const lines = [
      "foreground = yes",
      "pid =",
      "debug = notice",
      "[peer]",
      `client = ${role === "client" ? "yes" : "no"}`,
    ];
    lines.push(`accept = 127.0.0.1:${port}`, `connect = 127.0.0.1:${to}`, "TIMEOUTclose = 1");
    const file = (name: string, text: string): string => {
      const path = join(folder, name);
      writeFileSync(path, text, { mode: 0o600 });
      return path;
    };
    if (identity !== undefined) {
      lines.push(`cert = ${file("cert", identity.certificate)}`, `key = ${file("key", identity.key)}`);
    }
    if (trust !== undefined) lines.push(`CAfile = ${file("trust", trust)}`, "verifyChain = yes");
    const configuration = file("stunnel.conf", `${lines.join("\n")}\n`);
    return new Stunnel(port, new LineProcess({ program: "stunnel4", arguments: [configuration] }), folder);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.process.kill();
    rmSync(this.folder, { recursive: true, force: true });
  }
}
