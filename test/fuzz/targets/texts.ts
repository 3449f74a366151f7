// SPDX-License-Identifier: MIT
/**
 * Texts that programs give: endpoints, networks, certificates, passwords, PEM. Each gives a value or an error that is documented,
 * and agrees with another reader where there is one.
 */
import assert from "node:assert/strict";
import { BlockList, isIP, isIPv6 } from "node:net";
import { formatCertificate, parseCertificate } from "../../../src/auth/certificate.ts";
import { parsePasswords } from "../../../src/auth/passwords.ts";
import { parseZpl, type ZplItem } from "../../../src/auth/zpl.ts";
import { AcceptFilter } from "../../../src/base/accept-filter.ts";
import { ZmqError } from "../../../src/base/errors.ts";
import { readPem } from "../../../src/base/pem.ts";
import { encodeZ85 } from "../../../src/base/z85.ts";
import { IpcTransport } from "../../../src/transport/ipc.ts";
import { TcpTransport } from "../../../src/transport/tcp.ts";
import { formatHostPort } from "../../../src/transport/tcp-address.ts";
import { FakeClock } from "../../support/fake-clock.ts";
import { Choices } from "../fuzzer/choices.ts";
import type { Random } from "../fuzzer/random.ts";
import type { Target } from "../fuzzer/target.ts";
import { ascii, concat } from "./streams.ts";
import { World } from "./world.ts";

/** What a call gives; undefined where it fails with one of these codes, which it may. */
function given<T>(codes: string, call: () => T): T | undefined {
  try {
    return call();
  } catch (error) {
    if (error instanceof ZmqError && codes.split(" ").includes(error.code)) return undefined;
    throw error;
  }
}

const clock = new FakeClock();
const tcp = new TcpTransport(clock);
const ipc = new IpcTransport(clock);

/** Latin-1, or for half of the inputs UTF-8 with whatever is none. */
function textOf(octets: Uint8Array, isUtf8: boolean): string {
  return isUtf8 ? new TextDecoder().decode(octets) : Buffer.from(octets).toString("latin1");
}

function fuzzAddress(data: Uint8Array): void {
  const choices = new Choices(data);
  const bits = choices.octet();
  const use = bits & 1 ? "bind" : "connect";
  const text = textOf(choices.rest(), (bits & 2) !== 0);
  const path = given("EINVAL ENAMETOOLONG", () => ipc.parse(text, use));
  if (path !== undefined) assert.equal(path.endpoint, `ipc://${text}`);
  const found = given("EINVAL", () => tcp.parse(text, use));
  if (found === undefined) return;
  for (const part of [found, ...(found.source === undefined ? [] : [found.source])]) {
    assert.ok(part.host.length > 0 && part.port >= 0 && part.port <= 65535);
    const isWild = part.port === 0 || part.host === "*";
    assert.ok(!isWild || use === "bind" || part === found.source, "a wildcard to connect to");
    if (isWild) continue;
    const again = tcp.parse(formatHostPort(part.host, part.port), use);
    // What was written as IPv4 in IPv6 is shown as IPv4.
    if (!/^::ffff:/i.test(part.host)) assert.equal(again.host, part.host);
    assert.equal(again.port, part.port);
  }
}

async function fuzzEndpoints(data: Uint8Array): Promise<void> {
  const world = new World();
  const choices = new Choices(data);
  const sockets = [world.open("dealer"), world.open("router"), world.open("dgram")];
  const codes = "EINVAL EPROTONOSUPPORT ENOCOMPATPROTO EADDRINUSE ENOENT ENAMETOOLONG";
  for (let steps = 0; !choices.isOver && steps < 30; steps += 1) {
    const bits = choices.octet();
    const socket = choices.pick(sockets);
    const text = textOf(choices.string(), (bits & 64) !== 0);
    if ((bits & 3) === 0) given(codes, () => socket.bindSync(text));
    else if ((bits & 3) === 1) given(codes, () => socket.connect(text));
    else if ((bits & 3) === 2) given(codes, () => socket.unbindSync(text));
    else given(codes, () => socket.disconnect(text));
  }
  await world.settle();
  await world.end();
}

function fuzzNetworks(data: Uint8Array): void {
  const [network = "", ...addresses] = Buffer.from(data).toString("latin1").split(" ");
  const filter = given("EINVAL", () => new AcceptFilter(network));
  const [base = "", bits] = network.split("/");
  const most = isIPv6(base) ? 128 : 32;
  const isPlain = isIP(base) !== 0 && !base.includes("%");
  const isGood = isPlain && (bits === undefined || (/^\d{1,3}$/.test(bits) && Number(bits) <= most));
  if (filter === undefined) {
    const isMapped = /^[0:]*:ffff:/i.test(base);
    assert.ok(!isGood || isMapped || network.split("/").length > 2, `${network} is a network`);
    return;
  }
  if (!isGood) return;
  const list = new BlockList();
  const family = isIPv6(base) ? "ipv6" : "ipv4";
  list.addSubnet(base, bits === undefined ? most : Number(bits), family);
  for (const address of addresses) {
    const kind = isIP(address) === 6 ? "ipv6" : "ipv4";
    if (isIP(address) === 0 || address.includes("%")) {
      filter.admits(address);
      continue;
    }
    // Node's list knows no mapped addresses.
    if (kind !== family || /ffff/i.test(address + base)) continue;
    assert.equal(filter.admits(formatHostPort(address, 5555)), list.check(address, kind), `${address} in ${network}`);
  }
}

function fuzzCertificate(data: Uint8Array): void {
  const depth = (items: readonly ZplItem[]): number =>
    items.reduce((most, { children }) => Math.max(most, 1 + depth(children)), 0);
  const items = given("EINVAL", () => parseZpl(Buffer.from(data).toString("latin1")));
  if (items !== undefined) assert.ok(depth(items) <= 16, "too deep");
  parsePasswords(data);
  const found = given("EINVAL", () => parseCertificate(data));
  if (found === undefined) return;
  for (const isSecret of [false, true]) {
    const written = given("EINVAL", () => formatCertificate(found, isSecret));
    if (written === undefined) continue;
    const again = parseCertificate(written);
    assert.equal(again.publicKey, found.publicKey);
    if (isSecret) assert.equal(again.secretKey, found.secretKey);
    assert.deepEqual([...again.metadata], [...found.metadata]);
  }
}

function certificate(random: Random): Uint8Array {
  const key = encodeZ85(Uint8Array.from({ length: 32 }, () => random.octet()));
  const lines = ["#  a comment", "", "metadata"];
  while (random.oneIn(2))
    lines.push(`    ${random.pick(["name", "X-a", "é", "a/b"])} = ${random.pick(['"v"', "'v'", '"', "v # c", ""])}`);
  lines.push("curve", `    public-key = "${key}"`);
  if (random.oneIn(2)) lines.push(`    secret-key = "${random.oneIn(3) ? "0".repeat(40) : key}"`);
  return new TextEncoder().encode(lines.join(random.oneIn(10) ? "\r\n" : "\n"));
}

function fuzzPem(data: Uint8Array): void {
  for (const content of ["certificates", "private key"] as const) {
    const found = given("EINVAL", () => readPem("tlsKey", content, data));
    if (found !== undefined) assert.equal(JSON.stringify(found), '"(secret)"');
    given("EINVAL", () => readPem("tlsKey", content, Buffer.from(data).toString("latin1")));
  }
}

const HOSTS = [
  "127.0.0.1",
  "*",
  "lo",
  "eth0",
  "[::1]",
  "::1",
  "[::]",
  "localhost",
  "a.b-c_d",
  "0",
  "[fe80::1%lo]",
  "::ffff:1.2.3.4",
];
const PORTS = ["5555", "*", "0", "65535", "65536", "-1", "!", "", "5e3", " 5", "005555", "0x10"];

function address(random: Random): string {
  const one = (): string => `${random.pick(HOSTS)}${random.oneIn(10) ? "" : ":"}${random.pick(PORTS)}`;
  return random.oneIn(5) ? `${one()};${one()}` : one();
}

function endpoints(random: Random): Uint8Array {
  const steps = Array.from({ length: random.below(8) }, () => {
    const scheme = random.pick(["tcp://", "inproc://", "ipc://", "://", "", "TCP://", "tcp:/", "udp://"]);
    const text = ascii(`${scheme}${random.oneIn(2) ? random.pick(["a", "b", "a;b", "*", ""]) : address(random)}`);
    return concat([random.octet(), random.below(3), text.length], text);
  });
  return concat(...steps);
}

function networks(random: Random): Uint8Array {
  const one = (): string =>
    random.oneIn(3)
      ? random.pick([
          "::1",
          "fe80::",
          "2001:db8::1:2",
          "::",
          "1:2:3:4:5:6:7:8",
          "::ffff:10.0.0.1",
          "2001:db8::10.0.0.1",
        ])
      : Array.from({ length: random.oneIn(20) ? 3 : 4 }, () =>
          random.pick([0, 1, 10, 127, 192, 255, random.below(300)]),
        ).join(".");
  const mask = random.oneIn(3)
    ? ""
    : `/${random.oneIn(10) ? random.pick(["", "-1", "129", "1e1", "8/8"]) : random.below(130)}`;
  return ascii([`${one()}${mask}`, ...Array.from({ length: random.below(5) }, one)].join(" "));
}

/** The targets of texts. */
export const textTargets: readonly Target[] = [
  {
    name: "addresses",
    about: "addresses of tcp and ipc: what is read is read the same when it is written again",
    runs: 1500,
    longest: 400,
    generate: (random) => concat([random.octet()], ascii(address(random))),
    fuzz: fuzzAddress,
  },
  {
    name: "endpoints",
    about: "any text to bind, connect, unbind, disconnect",
    runs: 150,
    longest: 1000,
    generate: endpoints,
    fuzz: fuzzEndpoints,
  },
  {
    name: "networks",
    about: "accept filters, as node's own list of networks has them",
    runs: 800,
    longest: 200,
    generate: networks,
    fuzz: fuzzNetworks,
  },
  {
    name: "certificates",
    about: "certificates, ZPL and files of passwords: what is read is read the same when it is written again",
    runs: 400,
    generate: certificate,
    fuzz: fuzzCertificate,
  },
  {
    name: "pem",
    about: "certificates and keys for TLS",
    runs: 300,
    generate: (random) => {
      const label = random.pick(["CERTIFICATE", "PRIVATE KEY", "RSA PRIVATE KEY", "X509 CERTIFICATE", "A", ""]);
      const body = Buffer.from(random.octets(random.below(200))).toString("base64");
      return ascii(`-----BEGIN ${label}-----\n${body}\n-----END ${random.oneIn(9) ? "A" : label}-----\n`);
    },
    fuzz: fuzzPem,
  },
];
