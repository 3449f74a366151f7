// SPDX-License-Identifier: MIT
/** Runs `transport.ts` for every transport. */
import { rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Authority, noCertificates } from "../support/certificates.ts";
import { hasIpv6 } from "../support/tcp.ts";
import { testTransport } from "./transport.ts";

let count = 0;
const unique = (): string => `zt-${process.pid}-${count++}`;
const paths: string[] = [];
process.once("exit", () => {
  for (const path of paths) rmSync(path, { force: true });
});

testTransport({
  name: "tcp",
  wildcard: () => "tcp://127.0.0.1:*",
  endpoint: /^tcp:\/\/127\.0\.0\.1:\d+$/,
  reconnects: true,
});

testTransport({
  name: "tcp over IPv6",
  wildcard: () => "tcp://[::1]:*",
  endpoint: /^tcp:\/\/\[::1\]:\d+$/,
  reconnects: true,
  options: { ipv6: true },
  skip: (await hasIpv6()) ? undefined : "no IPv6 on this machine's loopback",
});

const authority = noCertificates === undefined ? new Authority() : undefined;
const identity = authority?.issue();

testTransport({
  name: "tls+tcp",
  wildcard: () => "tls+tcp://127.0.0.1:*",
  endpoint: /^tls\+tcp:\/\/127\.0\.0\.1:\d+$/,
  reconnects: true,
  options: {
    tlsKey: identity?.key ?? null,
    tlsCertificate: identity?.certificate ?? null,
    tlsTrust: authority?.certificate ?? null,
    tlsRequireClient: true,
  },
  skip: noCertificates,
});

testTransport({
  name: "ws",
  wildcard: () => "ws://127.0.0.1:*/feed",
  endpoint: /^ws:\/\/127\.0\.0\.1:\d+\/feed$/,
  reconnects: true,
});

testTransport({
  name: "wss",
  wildcard: () => "wss://127.0.0.1:*",
  endpoint: /^wss:\/\/127\.0\.0\.1:\d+\/$/,
  reconnects: true,
  options: {
    wssKeyPem: identity?.key ?? null,
    wssCertPem: identity?.certificate ?? null,
    wssTrustPem: authority?.certificate ?? null,
  },
  skip: noCertificates,
});

testTransport({
  name: "ipc",
  wildcard: () => {
    const path = join(tmpdir(), unique());
    paths.push(path);
    return `ipc://${path}`;
  },
  endpoint: /^ipc:\/\/\/.+$/,
  reconnects: true,
});

testTransport({
  name: "ipc, abstract",
  wildcard: () => `ipc://@${unique()}`,
  endpoint: /^ipc:\/\/@.+$/,
  reconnects: true,
  skip: process.platform === "linux" ? undefined : "abstract names are Linux's",
});

testTransport({
  name: "inproc",
  wildcard: () => `inproc://${unique()}`,
  endpoint: /^inproc:\/\/.+$/,
  reconnects: false,
});
