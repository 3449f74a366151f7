// SPDX-License-Identifier: MIT
/**
 * Real browsers for tests: a server with a page that asks for functions, runs them and tells what they gave; and Chromium and Firefox,
 * started with a fresh profile on that page. The functions run in the page itself, or in a worker of it, with the built entry as their first argument.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { bundleBrowserFiles } from "../../scripts/browser-bundle.mjs";

type Zmq = typeof import("../../src/browser.ts");

/** A browser that tests know how to start. */
export interface BrowserKind {
  readonly name: string;
  readonly path: string | undefined;
  command(profile: string, url: string, trusted: Trusted): string[];
}

/** A server whose certificate the browser takes, whoever has issued it. */
export interface Trusted {
  readonly port: number;
  /** SHA-256, two hexadecimal digits for each octet and colons between. */
  readonly fingerprint: string;
}

function findFirst(...paths: string[]): string | undefined {
  return paths.find((path) => existsSync(path));
}

/** Those that are installed have a path. */
export const browsers: readonly BrowserKind[] = [
  {
    name: "Chromium",
    path: findFirst("/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"),
    command: (profile, url) => [
      ...["--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run"],
      ...["--disable-background-networking", "--disable-component-update", "--enable-precise-memory-info"],
      ...["--ignore-certificate-errors", `--user-data-dir=${profile}`, url],
    ],
  },
  {
    name: "Firefox",
    path: findFirst("/usr/bin/firefox-esr", "/usr/bin/firefox"),
    command: (profile, url, { port, fingerprint }) => {
      const exception = `127.0.0.1:${port}:\tOID.2.16.840.1.101.3.4.2.1\t${fingerprint}\t\n`;
      writeFileSync(join(profile, "cert_override.txt"), exception);
      const settings = {
        "app.normandy.enabled": false,
        "app.update.enabled": false,
        "browser.shell.checkDefaultBrowser": false,
        "datareporting.policy.dataSubmissionEnabled": false,
        "network.captive-portal-service.enabled": false,
        "network.connectivity-service.enabled": false,
        "network.websocket.delay-failed-reconnects": false,
        "services.settings.server": "http://127.0.0.1:9/",
        "toolkit.telemetry.enabled": false,
      };
      const lines = Object.entries(settings).map(([name, value]) => `user_pref("${name}", ${JSON.stringify(value)});`);
      writeFileSync(join(profile, "user.js"), lines.join("\n"));
      return ["--headless", "--no-remote", "--profile", profile, url];
    },
  },
];

/** A page, or a worker, that runs functions. The functions must stand alone: they are sent as text. */
export interface Place {
  run<A, R>(work: (zmq: Zmq, argument: A) => R | Promise<R>, argument: A): Promise<R>;
}

/** A browser with a page. */
export interface OpenBrowser extends AsyncDisposable {
  readonly page: Place;
  readonly worker: Place;
  /** `http://127.0.0.1:…`, without a slash behind it. */
  readonly origin: string;
}

interface Job {
  readonly id: number;
  readonly code: string;
  readonly argument: unknown;
}

/** Asks for work, and does it; several jobs may run at the same time. */
const DRIVER = `
import * as zmq from "/zeromq.js";
globalThis.__name = (of) => of;
globalThis.zmq = zmq;
const place = typeof document === "undefined" ? "worker" : "page";
if (place === "page") new Worker("/driver.js", { type: "module" });
const tell = (path, body) => fetch(path + "?" + place, { method: "POST", body: JSON.stringify(body) });
async function perform({ id, code, argument }) {
  try {
    const value = await (0, eval)("(" + code + ")")(zmq, argument);
    await tell("/done", { id, value });
  } catch (error) {
    await tell("/done", { id, error: String(error?.stack ?? error) + " " + (error?.message ?? "") });
  }
}
for (;;) {
  const response = await tell("/next", {});
  const job = await response.json();
  if (job === null) break;
  perform(job);
}`;

class Queue implements Place {
  private readonly jobs: Job[] = [];
  private readonly pending = new Map<number, PromiseWithResolvers<unknown>>();
  private asking: ServerResponse | undefined = undefined;
  private count = 0;

  run<A, R>(work: (zmq: Zmq, argument: A) => R | Promise<R>, argument: A): Promise<R> {
    const result = withResolvers<unknown>();
    this.count += 1;
    this.pending.set(this.count, result);
    this.jobs.push({ id: this.count, code: work.toString(), argument });
    this.serve();
    return result.promise as Promise<R>;
  }

  ask(response: ServerResponse): void {
    this.asking = response;
    this.serve();
  }

  done({ id, value, error }: { id: number; value?: unknown; error?: string }): void {
    const result = this.pending.get(id);
    this.pending.delete(id);
    if (error === undefined) result?.resolve(value);
    else result?.reject(new Error(error));
  }

  fail(reason: Error): void {
    for (const { reject } of this.pending.values()) reject(reason);
    this.pending.clear();
    this.asking?.end("null");
  }

  private serve(): void {
    if (this.asking === undefined || this.jobs.length === 0) return;
    this.asking.end(JSON.stringify(this.jobs.shift()));
    this.asking = undefined;
  }
}

interface PromiseWithResolvers<T> {
  readonly promise: Promise<T>;
  resolve(value: T): void;
  reject(reason: Error): void;
}

function withResolvers<T>(): PromiseWithResolvers<T> {
  let resolve: (value: T) => void = () => {};
  let reject: (reason: Error) => void = () => {};
  const promise = new Promise<T>((done, failed) => {
    resolve = done;
    reject = failed;
  });
  return { promise, resolve: (value) => resolve(value), reject: (reason) => reject(reason) };
}

let files: ReturnType<typeof bundleBrowserFiles> | undefined;

/** Starts a browser on the page; resolves when page and worker both ask for work. */
export async function openBrowser(
  kind: BrowserKind,
  trusted: Trusted = { port: 0, fingerprint: "" },
): Promise<OpenBrowser> {
  files ??= bundleBrowserFiles();
  const { main, curve } = await files;
  const places = { page: new Queue(), worker: new Queue() };
  const served: Record<string, readonly [type: string, body: string]> = {
    "/": ["text/html", '<!doctype html><title>zeromq-ts</title><script type="module" src="/driver.js"></script>'],
    "/driver.js": ["text/javascript", DRIVER],
    "/zeromq.js": ["text/javascript", main],
    "/browser-curve.js": ["text/javascript", curve],
  };
  const server = createServer((request, response) => {
    const { pathname, search } = new URL(request.url as string, "http://localhost");
    const file = served[pathname];
    const place = places[search.slice(1) as "page" | "worker"];
    if (file !== undefined) response.setHeader("Content-Type", file[0]).end(file[1]);
    else if (place === undefined) response.writeHead(404).end();
    else if (pathname === "/next") place.ask(response);
    else void read(request).then((body) => place.done(JSON.parse(body)) ?? response.end());
  });
  const origin = await listen(server);
  const profile = mkdtempSync(join(tmpdir(), "zeromq-ts-browser-"));
  const child = spawn(kind.path as string, kind.command(profile, `${origin}/`, trusted), {
    stdio: "ignore",
    detached: true,
    env: { ...process.env, HOME: profile, MOZ_CRASHREPORTER_DISABLE: "1" },
  });
  const gone = new Promise<void>((resolve) => child.once("exit", () => resolve()));
  void gone.then(() => {
    for (const place of Object.values(places)) place.fail(new Error(`${kind.name} has ended`));
  });
  await Promise.all(Object.values(places).map((place) => place.run(() => true, undefined)));
  return {
    ...places,
    origin,
    [Symbol.asyncDispose]: async () => {
      kill(child);
      await gone;
      server.closeAllConnections();
      server.close();
      rmSync(profile, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}

/** The browser and all the processes that it made. */
function kill({ pid }: ChildProcess): void {
  try {
    process.kill(-(pid as number), "SIGKILL");
  } catch {
    // It has ended by itself.
  }
}

async function listen(server: Server): Promise<string> {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

async function read(request: IncomingMessage): Promise<string> {
  let body = "";
  for await (const chunk of request) body += String(chunk);
  return body;
}
