// SPDX-License-Identifier: MIT
/** nginx as a reverse proxy in front of one ws endpoint, with and without TLS at its own side. Ready when it is started. */
import { spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Identity } from "./certificates.ts";
import { LineProcess } from "./processes.ts";
import { freePort } from "./tcp.ts";

/** Why there is none here; undefined: there is. */
export const noNginx: string | undefined =
  spawnSync("nginx", ["-v"], { stdio: "ignore" }).error === undefined
    ? undefined
    : "the command nginx is not installed (Debian: nginx-light)";

function passing(path: string, to: number): string {
  return `location ${path} {
    proxy_pass http://127.0.0.1:${to}/;
    proxy_http_version 1.1;
    proxy_set_header Upgrade $http_upgrade;
    proxy_set_header Connection "upgrade";
    proxy_set_header Host $host;
  }`;
}

/** A running nginx on the loopback. */
export class Nginx {
  /** Passes `/zmq` and `/zmq/…` on, and answers the rest itself. */
  readonly port: number;
  /** The same with TLS. */
  readonly tlsPort: number;
  private readonly process: LineProcess;
  private readonly folder: string;

  private constructor(port: number, tlsPort: number, process: LineProcess, folder: string) {
    this.port = port;
    this.tlsPort = tlsPort;
    this.process = process;
    this.folder = folder;
  }

  static async start(to: number, identity: Identity): Promise<Nginx> {
    const folder = mkdtempSync(join(tmpdir(), "zt-nginx-"));
    const [port, tlsPort] = [await freePort(), await freePort()];
    writeFileSync(join(folder, "cert"), identity.certificate);
    writeFileSync(join(folder, "key"), identity.key, { mode: 0o600 });
    const temporary = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"];
    const configuration = `
      daemon off; master_process off; pid ${folder}/pid; error_log stderr;
      events {}
      http {
        access_log off;
        ${temporary.map((name) => `${name}_temp_path ${folder}/${name};`).join(" ")}
        server {
          listen 127.0.0.1:${port};
          listen 127.0.0.1:${tlsPort} ssl;
          ssl_certificate ${folder}/cert;
          ssl_certificate_key ${folder}/key;
          ${["/zmq/", "= /zmq"].map((path) => passing(path, to)).join("\n")}
          location / { return 200 "the page"; }
        }
      }`;
    const file = join(folder, "nginx.conf");
    writeFileSync(file, configuration);
    const process = new LineProcess({ program: "nginx", arguments: ["-p", folder, "-e", "stderr", "-c", file] });
    const nginx = new Nginx(port, tlsPort, process, folder);
    await Promise.race([nginx.answers(), nginx.mourn()]);
    return nginx;
  }

  async stop(): Promise<void> {
    await this.process.stop();
    rmSync(this.folder, { recursive: true, force: true });
  }

  private async answers(): Promise<void> {
    for (;;) {
      const socket = connect(this.tlsPort, "127.0.0.1");
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
    throw new Error(`nginx ended with ${reason}: ${this.process.errors}`);
  }
}
