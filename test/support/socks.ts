// SPDX-License-Identifier: MIT
/**
 * SOCKS5 proxies of Debian for tests: microsocks, with a name and a password where one is asked for, and Dante, which has rules. Both log
 * whom they connect to. Ready when they are started.
 */
import { spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { LineProcess } from "./processes.ts";
import { freePort } from "./tcp.ts";

/** Why they are not here; undefined: they are. */
export const noSocks: string | undefined = ["microsocks", "danted"].every(
  (program) => spawnSync(program, ["-v"], { stdio: "ignore" }).error === undefined,
)
  ? undefined
  : "microsocks or danted are not installed (Debian: microsocks, dante-server)";

/** How a proxy is set up. */
export interface SocksOptions {
  /** microsocks unless said otherwise. */
  readonly program?: "microsocks" | "danted";
  /** Where it listens; default: a free port. */
  readonly port?: number;
  /** Who may use it; default: anybody. microsocks alone. */
  readonly user?: string;
  readonly password?: string;
  /** Lines of its own `/etc/hosts`; needs namespaces for mounts. microsocks alone. */
  readonly hosts?: string;
  /** A port that its rules forbid to connect to. Dante alone. */
  readonly forbidden?: number;
}

/** Why no program can be given its own `/etc/hosts` here; undefined: it can. */
export function whyNoHosts(): string | undefined {
  const { status } = spawnSync("unshare", ["--mount", "true"], { stdio: "ignore" });
  return status === 0 ? undefined : "no namespaces for mounts here";
}

/** A running proxy, on the loopback. */
export class SocksProxy {
  /** As `socksProxy` has it. */
  readonly address: string;
  readonly port: number;
  private readonly process: LineProcess;
  private readonly folder: string;

  private constructor(port: number, process: LineProcess, folder: string) {
    this.address = `127.0.0.1:${port}`;
    this.port = port;
    this.process = process;
    this.folder = folder;
  }

  static async start(options: SocksOptions = {}): Promise<SocksProxy> {
    const port = options.port ?? (await freePort());
    const folder = mkdtempSync(join(tmpdir(), "zt-socks-"));
    const [program = "", ...rest] =
      options.program === "danted" ? dante(port, folder, options) : micro(port, folder, options);
    const proxy = new SocksProxy(port, new LineProcess({ program, arguments: rest }), folder);
    await Promise.race([proxy.answers(), proxy.mourn()]);
    return proxy;
  }

  /** What it has written about those who came. */
  get log(): string {
    return this.process.errors;
  }

  /** Ends it, and with it the connections through it. */
  async stop(): Promise<void> {
    await this.process.stop();
    rmSync(this.folder, { recursive: true, force: true });
  }

  private async answers(): Promise<void> {
    for (;;) {
      const socket = connect(this.port, "127.0.0.1");
      const isThere = await once(socket, "connect").then(
        () => true,
        () => false,
      );
      socket.destroy();
      if (isThere) return;
      await new Promise(setImmediate);
    }
  }

  private async mourn(): Promise<never> {
    const reason = await this.process.exit;
    throw new Error(`the proxy ended with ${reason}: ${this.process.errors}`);
  }
}

function micro(port: number, folder: string, { user, password, hosts }: SocksOptions): string[] {
  const command = ["microsocks", "-i", "127.0.0.1", "-p", String(port)];
  if (user !== undefined && password !== undefined) command.push("-u", user, "-P", password);
  if (hosts === undefined) return command;
  const file = join(folder, "hosts");
  writeFileSync(file, `${hosts}\n`);
  return ["unshare", "--mount", "sh", "-c", `mount --bind "$0" /etc/hosts && exec "$@"`, file, ...command];
}

function dante(port: number, folder: string, { forbidden }: SocksOptions): string[] {
  const lines = [
    "logoutput: stderr",
    `internal: 127.0.0.1 port = ${port}`,
    "external.protocol: ipv4 ipv6",
    "external: lo",
    "clientmethod: none",
    "socksmethod: none",
    "client pass { from: 0/0 to: 0/0 }",
  ];
  if (forbidden !== undefined) lines.push(`socks block { from: 0/0 to: 0/0 port = ${forbidden} }`);
  lines.push("socks pass { from: 0/0 to: 0/0 log: connect error }");
  const file = join(folder, "danted.conf");
  writeFileSync(file, `${lines.join("\n")}\n`);
  return ["danted", "-f", file];
}
