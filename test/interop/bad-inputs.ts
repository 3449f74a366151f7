// SPDX-License-Identifier: MIT
/**
 * What a peer may send by mistake or malice to a bound port, as octets: noise, other protocols, handshakes and frames that
 * break a rule. Each says whether the connection must be closed by us; otherwise the script ends it itself.
 */
import { makePart } from "../support/peers/corpus.ts";
import { type Octets, octets, type RawPeer } from "../support/peers/raw-peer.ts";
import { greetingTail, ready } from "./old-versions.ts";

/** One way to misbehave. */
export interface BadInput {
  readonly name: string;
  /** True: our side must close. False: the peer goes by itself, as what it sent may be the start of something legal. */
  readonly closes: boolean;
  /** The protocol error that `handshake:error:protocol` must tell of, where the handshake is what is wrong. */
  readonly error?: string;
  readonly sends: readonly Octets[];
}

const signature = "ff 0000000000000001 7f";
const greeting: readonly Octets[] = [signature, greetingTail(1)];
const handshake: readonly Octets[] = [...greeting, ready("DEALER", "")];

/** A command frame with a length octet, whatever its body. */
function command(body: Octets): Buffer {
  const bytes = octets(body);
  return Buffer.concat([Buffer.from([4, bytes.length]), bytes]);
}

function noise(seed: number, size: number): Buffer {
  return makePart(seed, 0, 0, size);
}

/** Nothing that a ZMTP peer would say. The older versions have no greeting: such octets may begin a message of 1.0. */
const noises: readonly BadInput[] = [
  { name: "nothing at all", closes: true, sends: [] },
  { name: "an HTTP request", closes: false, sends: ["'GET / HTTP/1.1' 0d0a 'Host: localhost' 0d0a 0d0a"] },
  { name: "a TLS hello", closes: false, sends: ["16 0301 00f8 01 0000f4 0303", noise(1, 243)] },
  ...[2, 3, 4, 5, 6, 7, 8, 9].map((seed) => ({
    name: `random octets (seed ${seed})`,
    closes: false,
    sends: [noise(seed, 100 * seed)],
  })),
  { name: "only zeros, which no version has as a length", closes: true, sends: [Buffer.alloc(100)] },
  { name: "only 0xff", closes: false, sends: [Buffer.alloc(100, 0xff)] },
];

const handshakes: readonly BadInput[] = [
  { name: "half a signature, and silence", closes: true, sends: ["ff 00000000"] },
  { name: "a greeting, and silence", closes: true, sends: greeting },
  { name: "half a READY, and silence", closes: true, sends: [...greeting, ready("DEALER", "").subarray(0, 20)] },
  ...["BOGUS", "PLAIN", "CURVE", "null", ""].map((mechanism) => ({
    name: `mechanism ${JSON.stringify(mechanism)} where NULL is spoken`,
    closes: true,
    error: "ZMTP_MECHANISM_MISMATCH",
    sends: [signature, greetingTail(1, mechanism)],
  })),
  { name: "random octets after a greeting", closes: true, sends: [...greeting, noise(20, 1000)] },
  { name: "a message where READY must come", closes: true, sends: [...greeting, "00 05 'hello'"] },
  {
    name: "another command where READY must come",
    closes: true,
    error: "ZMTP_UNEXPECTED_COMMAND",
    sends: [...greeting, command("05 'HELLO' 01 'a' 01 'b'")],
  },
  ...["PUB", "SUB", "PUSH", "PULL", "PAIR", "REP", "XPUB", "NONSENSE", ""].map((type) => ({
    name: `READY of ${type === "" ? "a type without a name" : `a ${type}`}, which no ROUTER talks to`,
    closes: true,
    error: "ZMTP_INVALID_METADATA",
    sends: [...greeting, ready(type, "")],
  })),
  {
    name: "READY with a property longer than itself",
    closes: true,
    sends: [...greeting, command("05 'READY' 0b 'Socket-Type' 7fffffff 'DEALER'")],
  },
  {
    name: "READY with half a property",
    closes: true,
    sends: [...greeting, command("05 'READY' 0b 'Socket-T'")],
  },
  { name: "a command without a name", closes: true, sends: [...greeting, command("")] },
  { name: "a command whose name is longer than itself", closes: true, sends: [...greeting, command("ff 'READY'")] },
  { name: "a READY that claims 1 GiB", closes: true, sends: [...greeting, "06 0000000040000000", noise(21, 1000)] },
  { name: "a READY that claims 2^63 octets", closes: true, sends: [...greeting, "06 8000000000000000"] },
  {
    name: "a routing id of 256 octets",
    closes: false,
    sends: [...greeting, longIdentity(256)],
  },
];

function longIdentity(size: number): Buffer {
  const type = octets("05 'READY' 0b 'Socket-Type' 00000006 'DEALER' 08 'Identity' 0000");
  const length = Buffer.from([size >> 8, size & 0xff]);
  const body = Buffer.concat([type, length, Buffer.alloc(size, "i")]);
  return Buffer.concat([octets("06 000000000000"), Buffer.from([body.length >> 8, body.length & 0xff]), body]);
}

/** After a good handshake. The tested socket takes messages of up to 1 MiB. */
const frames: readonly BadInput[] = [
  { name: "a frame that claims 2^63 octets", closes: true, sends: [...handshake, "02 8000000000000000"] },
  { name: "a frame that claims 2^64 − 1 octets", closes: true, sends: [...handshake, "02 ffffffffffffffff"] },
  { name: "a frame that claims 1 TiB", closes: true, sends: [...handshake, "02 0000010000000000", noise(30, 100)] },
  { name: "a frame that claims one octet too many", closes: true, sends: [...handshake, "02 0000000000100001"] },
  { name: "a PING without a time to live", closes: true, sends: [...handshake, command("04 'PING'")] },
  { name: "a command without a name after READY", closes: false, sends: [...handshake, command("00")] },
  { name: "commands that nobody knows", closes: false, sends: [...handshake, command("07 'UNKNOWN' 00ff")] },
  { name: "a SUBSCRIBE to a ROUTER", closes: false, sends: [...handshake, command("09 'SUBSCRIBE' 'topic'")] },
  { name: "READY again", closes: false, sends: [...handshake, ready("DEALER", "")] },
  { name: "half a message", closes: false, sends: [...handshake, "01 05 'hello' 00 05 'wor'"] },
  {
    name: "a message that has no end yet",
    closes: false,
    sends: [...handshake, ...new Array<string>(2000).fill("01 00")],
  },
  { name: "random octets for frames", closes: false, sends: [...handshake, noise(31, 10000)] },
];

/** Everything that a bound ROUTER must survive. */
export const badInputs: readonly BadInput[] = [...noises, ...handshakes, ...frames];

/** A good DEALER's handshake and a message of two parts, for cutting short. */
export const goodDealer: Buffer = Buffer.concat([...handshake.map(octets), octets("01 05 'hello' 00 05 'world'")]);

/** Sends all of it and waits for the end of the connection, which it brings about itself unless our side must. */
export async function misbehave(peer: RawPeer, input: BadInput): Promise<void> {
  for (const script of input.sends) await peer.write(script);
  if (!input.closes) peer.end();
  await peer.closed();
}
