// SPDX-License-Identifier: MIT
/**
 * Publishers and subscribers on a `Wire`, of ours and of Debian's libzmq, which is built with OpenPGM: what the tests of epgm and pgm
 * have in common. Each is a program on a host that prints lines, and goes on when it is told.
 */
import assert from "node:assert/strict";
import type { TestContext } from "node:test";
import { type Task, Wire } from "./namespaces.ts";

/** What both sides are given, and what is the publisher's alone. */
export interface How {
  readonly scheme: "epgm" | "pgm";
  readonly isV6?: boolean;
  /** Kilobits a second: packets enough that some of them are lost, and not for long. */
  readonly rate?: number;
  readonly recoveryInterval?: number;
  readonly multicastMaxTransportDataUnit?: number;
  readonly multicastHops?: number;
  readonly multicastLoop?: boolean;
}

/** One implementation. */
export interface Side {
  /**
   * Prints READY. At each "go" sends so many messages of three parts, of which every fiftieth spans packets, and a mark; prints SENT. At
   * "end" sends the end.
   */
  publish(wire: Wire, host: 0 | 1, how: How, count: number, name?: string): Task;
  /**
   * Prints READY; FIRST, with a publisher's name and the number of the message that came first; MARK, with how many have come; and after
   * so many ends GOT, how many messages came of each publisher, and whether all were right and in order.
   */
  subscribe(wire: Wire, host: 0 | 1, how: How, ends?: number): Task;
}

/** Enough that with one of a hundred lost, some of them are. */
export const COUNT = 600;
const RATE = 8000;

function endpoint(wire: Wire, host: 0 | 1, { scheme, isV6 = false }: How): string {
  const group = isV6 ? `${wire.addressesV6[host]};ff15::1` : `${wire.addresses[host]};239.192.1.1`;
  return `${scheme}://${group}:7500`;
}

function optionsOf(how: How, type: "pub" | "sub"): string {
  const { rate = RATE, recoveryInterval = 10_000, multicastMaxTransportDataUnit = 1500 } = how;
  const both = { rate, recoveryInterval, multicastMaxTransportDataUnit };
  const { multicastHops = 1, multicastLoop = true } = how;
  const publisher = { ...both, multicastHops, multicastLoop, sendHighWaterMark: 0 };
  return JSON.stringify(type === "pub" ? publisher : { ...both, receiveHighWaterMark: 0 });
}

function settingsOf({ rate = RATE, recoveryInterval = 10_000, multicastMaxTransportDataUnit = 1500 }: How): string {
  const values = { RATE: rate, RECOVERY_IVL: recoveryInterval, MULTICAST_MAXTPDU: multicastMaxTransportDataUnit };
  return Object.entries(values)
    .map(([name, value]) => `socket.setsockopt(zmq.${name}, ${value})`)
    .join("; ");
}

/** This library. Its subscribers also print LOSS, with packets and source. */
export const OURS: Side = {
  publish: (wire, host, how, count, name = "m") =>
    wire.startOurs(
      host,
      `const socket = new zmq.Publisher(${optionsOf(how, "pub")});
      await socket.bind(${JSON.stringify(endpoint(wire, host, how))});
      say("READY");
      for (let i = 0; (await line()) === "go"; say("SENT")) {
        for (const end = i + ${count}; i < end; i++)
          await socket.send([${JSON.stringify(name)}, String(i), Buffer.alloc(i % 50 ? 300 : 20000, String(i))]);
        await socket.send("mark");
      }
      await socket.send("end");
      await line();`,
    ),
  subscribe: (wire, host, how, ends = 1) =>
    wire.startOurs(
      host,
      `const socket = new zmq.Subscriber(${optionsOf(how, "sub")});
      socket.events.on("loss", ({ packets, source }) => say("LOSS " + packets + " " + source));
      socket.subscribe();
      await socket.bind(${JSON.stringify(endpoint(wire, host, how))});
      say("READY");
      const seen = {};
      let ends = 0, sound = true, marks = 0;
      for await (const [first, number, body] of socket) {
        const name = first.toString();
        if (name === "mark") { say("MARK " + ++marks); continue; }
        if (name === "end") { if (++ends === ${ends}) break; continue; }
        const i = Number(number.toString());
        const list = seen[name] ??= [];
        if (list.length === 0) say("FIRST " + name + " " + i);
        else sound &&= list.at(-1) < i;
        sound &&= body.equals(Buffer.alloc(i % 50 ? 300 : 20000, String(i)));
        list.push(i);
      }
      say("GOT " + Object.values(seen).map((list) => list.length).join(",") + " " + sound);`,
    ),
};

/** Debian's libzmq. */
export const THEIRS: Side = {
  publish: (wire, host, how, count, name = "m") =>
    wire.startTheirs(
      host,
      `
socket = context.socket(zmq.PUB)
${settingsOf(how)}; socket.setsockopt(zmq.SNDHWM, 0)
socket.bind("${endpoint(wire, host, how)}")
say("READY"); i = 0
while sys.stdin.readline() == "go\\n":
  for i in range(i, i + ${count}):
    socket.send_multipart([b"${name}", b"%d" % i, (b"%d" % i * 20000)[:20000 if i % 50 == 0 else 300]])
  i += 1; socket.send(b"mark"); say("SENT")
socket.send(b"end"); sys.stdin.readline()
`,
    ),
  subscribe: (wire, host, how, ends = 1) =>
    wire.startTheirs(
      host,
      `
def members():
  words = (open("/proc/net/igmp").read() + open("/proc/net/igmp6").read()).split()
  return sum(int(words[i + 1]) for i, word in enumerate(words) if word in ("0101C0EF", "ff15" + "0" * 27 + "1"))
before = members()
socket = context.socket(zmq.SUB)
${settingsOf(how)}; socket.setsockopt(zmq.RCVHWM, 0); socket.setsockopt(zmq.SUBSCRIBE, b"")
socket.connect("${endpoint(wire, host, how)}")
while members() == before: pass
say("READY")
seen = {}; done = 0; sound = True; marks = 0
while done < ${ends}:
  parts = socket.recv_multipart()
  if parts[0] == b"mark": marks += 1; say("MARK %d" % marks); continue
  if parts[0] == b"end": done += 1; continue
  i = int(parts[1]); items = seen.setdefault(parts[0], [])
  if not items: say("FIRST %s %d" % (parts[0].decode(), i))
  sound = sound and (not items or items[-1] < i) and parts[2] == (b"%d" % i * 20000)[:20000 if i % 50 == 0 else 300]
  items.append(i)
say("GOT %s %s" % (",".join(str(len(items)) for items in seen.values()), str(sound).lower()))
`,
    ),
};

/** Who sends to whom. */
export const ROLES: readonly (readonly [string, Side, Side])[] = [
  ["ours to ours", OURS, OURS],
  ["ours to libzmq's", OURS, THEIRS],
  ["libzmq's to ours", THEIRS, OURS],
];

/** A wire that goes with its test. */
export function wireFor(t: TestContext): Wire {
  const wire = new Wire();
  t.after(() => wire[Symbol.dispose]());
  return wire;
}

/** Sends messages over a wire that loses so many of a hundred packets both ways: all arrive, whole and in order. */
export async function transfer(t: TestContext, from: Side, to: Side, percent: number, how: How): Promise<void> {
  const wire = wireFor(t);
  using sub = to.subscribe(wire, 1, how);
  // It hears the publisher come, and so misses its first packet as well, when that is lost.
  await sub.prints(/READY/);
  using pub = from.publish(wire, 0, how, COUNT);
  await pub.prints(/READY/);
  for (const host of [0, 1] as const) wire.lose(host, percent, protocolOf(how));
  sendAll(pub);
  assert.deepEqual((await sub.prints(/GOT (.*)/))[1], `${COUNT} true`);
  if (to === OURS) assert.equal(await lossesOf(sub), 0);
}

/** What packets of a transport are to the rules of a wire. */
export function protocolOf({ scheme }: How): string {
  return scheme === "pgm" ? "meta l4proto 113" : "meta l4proto udp";
}

/** Tells publishers to send, and then to end. */
export function sendAll(...publishers: readonly Task[]): void {
  for (const pub of publishers) {
    pub.tell("go");
    pub.tell("end");
  }
}

/** How often our subscriber has told of a loss before the end. */
export async function lossesOf(sub: Task): Promise<number> {
  const [, lines = ""] = await sub.prints(/^([\s\S]*)GOT/);
  return lines.split("LOSS").length - 1;
}

/** A subscriber that comes when a publisher has sent a part: it gets the rest, whole, and asks for nothing more. */
export async function joinLate(t: TestContext, from: Side, to: Side, how: How): Promise<void> {
  const wire = wireFor(t);
  using early = to.subscribe(wire, 1, how);
  using pub = from.publish(wire, 0, how, 100);
  await Promise.all([early.prints(/READY/), pub.prints(/READY/)]);
  pub.tell("go");
  await early.prints(/MARK 1/);
  using late = to.subscribe(wire, 1, how);
  await late.prints(/READY/);
  sendAll(pub);
  assert.equal((await late.prints(/GOT (.*)/))[1], "100 true");
  assert.equal((await late.prints(/FIRST m (.*)/))[1], "100");
  assert.equal((await early.prints(/GOT (.*)/))[1], "200 true");
  if (to === OURS) for (const sub of [early, late]) assert.equal(await lossesOf(sub), 0);
}

/** The same machine hears it, or only others do, as the option says. */
export async function loop(t: TestContext, how: How): Promise<void> {
  const wire = wireFor(t);
  using near = OURS.subscribe(wire, 0, how);
  using far = OURS.subscribe(wire, 1, how, 2);
  using quiet = OURS.publish(wire, 0, { ...how, multicastLoop: false }, 50, "quiet");
  using heard = OURS.publish(wire, 0, how, 50, "heard");
  await Promise.all([near, far, quiet, heard].map((task) => task.prints(/READY/)));
  sendAll(quiet, heard);
  assert.equal((await far.prints(/GOT (.*)/))[1], "50,50 true");
  assert.equal((await near.prints(/GOT (.*)/))[1], "50 true");
  assert.ok(await near.prints(/FIRST heard 0/));
}

/** The field in the packets that come from the publisher's host. */
export async function hops(t: TestContext, how: How): Promise<void> {
  const wire = wireFor(t);
  const [from, field] = how.isV6
    ? [`ip6 saddr ${wire.addressesV6[0]}`, "ip6 hoplimit"]
    : [`ip saddr ${wire.addresses[0]}`, "ip ttl"];
  const packets = `${from} ${protocolOf(how)} ${field}`;
  const counts = wire.count(1, `${packets} 5`, `${packets} != 5`);
  using sub = OURS.subscribe(wire, 1, how);
  using pub = OURS.publish(wire, 0, { ...how, multicastHops: 5 }, 50);
  await Promise.all([sub.prints(/READY/), pub.prints(/READY/)]);
  sendAll(pub);
  await sub.prints(/GOT 50 true/);
  const [right, wrong] = counts();
  assert.ok((right?.packets ?? 0) >= 20, `${right?.packets} packets`);
  assert.equal(wrong?.packets, 0);
}
