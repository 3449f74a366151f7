// SPDX-License-Identifier: MIT
/** CURVE without connections, for tests: a loaded library, both sides of a handshake run against each other, and their armour. */
import { SodiumLibrary } from "../../src/runtime/sodium.ts";
import { X25519 } from "../../src/runtime/x25519.ts";
import { CurveClient } from "../../src/security/curve-client.ts";
import type { CurveCrypto, CurveLibrary, KeyPair } from "../../src/security/curve-crypto.ts";
import { CurveServer } from "../../src/security/curve-server.ts";
import type { Armour, HandshakeInput, HandshakeResult, HandshakeStep } from "../../src/security/mechanism.ts";
import type { Command } from "../../src/wire/command.ts";
import { encodeProperties } from "../../src/wire/metadata.ts";
import { ZmtpV2Decoder, ZmtpV2Encoder } from "../../src/wire/zmtp-v2.ts";
import { CountingPool } from "../unit/wire/pool.ts";

type LoadedLibrary = CurveLibrary & { readonly crypto: CurveCrypto };

/** Boxes by WebAssembly, as most users have it. */
export async function loadedLibrary(keys: X25519 = new X25519()): Promise<LoadedLibrary> {
  const absent = (): never => {
    throw new Error("not installed");
  };
  const library = new SodiumLibrary(undefined, absent, keys);
  await library.load();
  return library as LoadedLibrary;
}

/** Keys by WebAssembly too, as where the runtime's X25519 is not as it must be. */
export function wasmLibrary(): Promise<LoadedLibrary> {
  return loadedLibrary(new Unfit());
}

class Unfit extends X25519 {
  override works(): boolean {
    return false;
  }
}

type Steps = Generator<HandshakeStep, HandshakeResult, HandshakeInput>;

/** One side of a handshake, step by step. */
export class HandshakeSide {
  private readonly steps: Steps;
  result: HandshakeResult | undefined = undefined;
  /** What the authenticator was asked. */
  asked: (HandshakeStep & { readonly do: "authenticate" }) | undefined = undefined;

  constructor(steps: Steps) {
    this.steps = steps;
  }

  /** Goes on with a command of the peer, or begins; gives the command to send, if any. Nobody is there to be asked. */
  go(command?: Command): Command | undefined {
    let step = command === undefined ? this.steps.next() : this.steps.next({ command });
    while (step.done !== true && (step.value.do === "authenticate" || step.value.do === "wait")) {
      if (step.value.do === "authenticate") this.asked = step.value;
      step = this.steps.next(step.value.do === "wait" ? { waited: true } : { reply: undefined });
    }
    if (step.done !== true) return "send" in step.value ? step.value.send : undefined;
    this.result = step.value;
    return step.value.send;
  }
}

/** Keys of both sides, and a fresh handshake between them. */
export interface Pairing {
  readonly library: CurveLibrary & { readonly crypto: CurveCrypto };
  readonly serverKeys: KeyPair;
  readonly clientKeys: KeyPair;
  begin(now?: () => number): { readonly client: HandshakeSide; readonly server: HandshakeSide };
}

export const CLIENT_PROPERTIES: Uint8Array = encodeProperties([["Socket-Type", Buffer.from("DEALER")]]);
export const SERVER_PROPERTIES: Uint8Array = encodeProperties([["Socket-Type", Buffer.from("ROUTER")]]);

export async function pairing(): Promise<Pairing> {
  const library = await loadedLibrary();
  const serverKeys = library.keyPair();
  const clientKeys = library.keyPair();
  return {
    library,
    serverKeys,
    clientKeys,
    begin: (now = () => 0) => ({
      client: new HandshakeSide(
        new CurveClient(library, { ...clientKeys, serverKey: serverKeys.publicKey }).handshake(CLIENT_PROPERTIES),
      ),
      server: new HandshakeSide(new CurveServer(library, serverKeys, now).handshake(SERVER_PROPERTIES)),
    }),
  };
}

/** Runs a handshake to its end. */
export function shakeHands({ begin }: Pairing): { readonly client: Armour; readonly server: Armour } {
  const { client, server } = begin();
  server.go();
  const welcome = server.go(client.go());
  const ready = server.go(client.go(welcome));
  client.go(ready);
  return { client: client.result?.armour as Armour, server: server.result?.armour as Armour };
}

/** The body of the frame in which armour carries this one. */
export function sealedBy(armour: Armour, body: Uint8Array, flags = 0): Uint8Array {
  const encoder = new ZmtpV2Encoder(new CountingPool(20_000));
  armour.seal(body, flags, encoder);
  const decoder = new ZmtpV2Decoder({ maxMessageSize: -1, maxFrames: 1 });
  decoder.push(Uint8Array.from(Buffer.concat(encoder.take())));
  const [frame] = decoder.next() as Uint8Array[];
  return Uint8Array.from(frame as Uint8Array);
}
