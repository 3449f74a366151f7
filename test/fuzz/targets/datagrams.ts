// SPDX-License-Identifier: MIT
/** Datagrams that anybody may send: those of RADIO and DGRAM, and packets of PGM. What is not sound is dropped, and all others are heard. */
import assert from "node:assert/strict";
import { equalBytes } from "../../../src/base/bytes.ts";
import type { ZmqError } from "../../../src/base/errors.ts";
import { type DatagramChannel, DatagramEngine } from "../../../src/engine/datagram-engine.ts";
import {
  blankData,
  NAK,
  NCF,
  nak,
  ODATA,
  RDATA,
  readPacket,
  SPMR,
  sealData,
  sourceNamed,
  spm,
  spmr,
} from "../../../src/wire/pgm.ts";
import { encodeDatagram } from "../../../src/wire/radio-datagram.ts";
import { EngineRig } from "../../support/engine-rig.ts";
import { FakeConnection } from "../../support/fake-connection.ts";
import { FakeNetwork, GROUP, identity, PORT } from "../../support/pgm-network.ts";
import { Choices } from "../fuzzer/choices.ts";
import type { Random } from "../fuzzer/random.ts";
import type { Target } from "../fuzzer/target.ts";
import { concat } from "./streams.ts";

const LONGEST = 8192;

class FakeChannel extends FakeConnection implements DatagramChannel {
  arrived: (datagram: Uint8Array, from: string) => void = () => {};
  failed: (error: ZmqError) => void = () => {};

  send(): boolean {
    return true;
  }
}

function rigOf(type: string, maxMessageSize: number) {
  const channel = new FakeChannel("");
  const drops: string[] = [];
  const rig = new EngineRig({
    type,
    connection: channel,
    options: { maxMessageSize },
    createEngine: (connection, setup, host) => {
      Object.assign(host, { datagramDropped: (error: ZmqError) => drops.push(error.code) });
      return new DatagramEngine(connection as FakeChannel, setup, host);
    },
  });
  rig.engine.start();
  return { rig, channel, drops };
}

/** The datagrams in an input: two octets of length before each. */
function* datagramsIn(choices: Choices): Generator<Uint8Array> {
  while (!choices.isOver) yield choices.octets(choices.below(9000));
}

/** What becomes of one at a DISH: the code of its drop, or the group's length. */
function plain(datagram: Uint8Array, isRaw: boolean, most: number): string | number {
  const length = isRaw ? -1 : datagram[0];
  if (length === undefined || length + 1 > datagram.length) return "EPROTO";
  if (datagram.length > LONGEST) return "EMSGSIZE";
  return most >= 0 && datagram.length - 1 - length > most ? "EMSGSIZE" : length;
}

function fuzzDatagrams(data: Uint8Array): void {
  const choices = new Choices(data);
  const bits = choices.octet();
  const most = bits & 2 ? 100 : -1;
  const isRaw = (bits & 1) !== 0;
  const { rig, channel, drops } = rigOf(isRaw ? "DGRAM" : "DISH", most);
  const expected: string[] = [];
  for (const datagram of datagramsIn(choices)) {
    const fate = plain(datagram, isRaw, most);
    if (typeof fate === "string") expected.push(fate);
    channel.arrived(datagram, "192.0.2.7:5555");
    const message = rig.near.read() as Uint8Array[] | undefined;
    assert.equal(message === undefined, typeof fate === "string");
    if (message === undefined || typeof fate === "string") continue;
    const [first, body] = message as [Uint8Array, Uint8Array];
    assert.ok(equalBytes(body, datagram.subarray(1 + fate)));
    if (isRaw) assert.equal(Buffer.from(first).toString(), "192.0.2.7:5555");
    else assert.ok(equalBytes(first, datagram.subarray(1, 1 + fate)));
    // What was read is written as it was.
    if (!isRaw) assert.ok(equalBytes(encodeDatagram(first, body), datagram));
  }
  assert.deepEqual(drops, expected);
  assert.equal(rig.isOver, false);
  rig.engine.stop();
}

function datagrams(random: Random): Uint8Array {
  const parts: Uint8Array[] = [Uint8Array.of(random.octet())];
  while (!random.oneIn(6)) {
    const group = random.octets(random.length(255));
    const body = random.octets(random.oneIn(20) ? random.pick([8190 - group.length, 8191, 8192]) : random.length());
    const datagram = concat([random.oneIn(8) ? random.octet() : group.length], group, body);
    parts.push(concat([datagram.length >> 8, datagram.length & 255], datagram));
  }
  return concat(...parts);
}

const STRANGER = sourceNamed("0102030405fe1234", PORT);
/** The first two that join a network: a subscriber and a publisher. */
const PUBLISHER = identity(2);

function fuzzPgm(data: Uint8Array): void {
  const choices = new Choices(data);
  const net = new FakeNetwork();
  const [sub, pub] = [net.join("SUB"), net.join("PUB")];
  const bits = choices.octet();
  let isForged = false;
  for (const datagram of datagramsIn(choices)) {
    const octets = Uint8Array.from(datagram);
    // The sum is put right, so that what follows is looked at.
    if (octets.length >= 24 && (octets[4] === ODATA || octets[4] === RDATA) && bits & 1)
      sealData(octets, octets[4], new DataView(octets.buffer).getUint32(20));
    else if (octets.length >= 8 && bits & 1) octets.fill(0, 6, 8);
    const packet = readPacket(octets);
    if (packet !== undefined) {
      assert.ok(packet.data.length <= octets.length && packet.others.length <= 62);
      assert.match(packet.source, /^[0-9a-f]{16}$/);
      // Who writes a publisher's name on data can spoil that publisher, which PGM has nothing against.
      isForged ||= packet.source === PUBLISHER.name && packet.type !== NAK && packet.type !== SPMR;
    }
    net.inject(octets);
    net.clock.advance(choices.below(16));
  }
  sub.receiveAll();
  pub.send("fine");
  net.clock.advance(300);
  if (!isForged) assert.deepEqual(sub.receiveAll().at(-1), ["fine"]);
  pub.engine.stop();
  sub.engine.stop();
  net.clock.advance(5);
  assert.equal(net.clock.running, 0);
}

function packet(random: Random): Uint8Array {
  const source = random.oneIn(3)
    ? { ...PUBLISHER.source }
    : random.oneIn(3)
      ? sourceNamed(`${random.next().toString(16).padStart(8, "0")}00001234`, PORT)
      : STRANGER;
  const near = (): number => (random.oneIn(10) ? random.next() : random.below(40)) >>> 0;
  switch (random.below(6)) {
    case 0:
      return spm(source, { sequence: near(), trail: near(), lead: near(), address: GROUP, isLast: random.oneIn(3) });
    case 1:
      return spmr(source);
    case 2:
    case 3: {
      const list = Array.from({ length: random.oneIn(4) ? 63 : 1 + random.below(5) }, near);
      return nak(random.pick([NAK, NCF]), source, list, GROUP, GROUP);
    }
    default: {
      const body = concat(
        [0, random.pick([0, 0, 5, 255]), random.below(4), random.below(12)],
        random.octets(random.length()),
      );
      const octets = blankData(source, near(), body.length);
      octets.set(body, 24);
      return sealData(octets, random.pick([ODATA, RDATA]), near());
    }
  }
}

function packets(random: Random): Uint8Array {
  const parts: Uint8Array[] = [Uint8Array.of(random.octet())];
  while (!random.oneIn(12)) {
    const octets = packet(random);
    for (let i = random.oneIn(3) ? random.below(5) : 0; i > 0; i -= 1)
      octets[random.below(octets.length)] = random.octet();
    const end = random.oneIn(10) ? random.below(octets.length) : octets.length;
    parts.push(concat([end >> 8, end & 255], octets.subarray(0, end), [random.octet()]));
  }
  return concat(...parts);
}

/** The targets of what comes without a connection. */
export const datagramTargets: readonly Target[] = [
  {
    name: "datagrams",
    about: "datagrams to DISH and DGRAM: a message as it was sent, or a drop that is told",
    runs: 500,
    longest: 20_000,
    generate: datagrams,
    fuzz: fuzzDatagrams,
  },
  {
    name: "pgm-packets",
    about: "packets to PGM's engines: nobody fails, and a good publisher is still heard",
    runs: 60,
    longest: 2500,
    patience: 5000,
    generate: packets,
    fuzz: fuzzPgm,
  },
];
