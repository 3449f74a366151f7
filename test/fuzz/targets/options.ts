// SPDX-License-Identifier: MIT
/**
 * Any value to any option, by its name and by libzmq's number: it is taken, and then the socket still works, or it is refused with an
 * error that is documented, and then nothing has changed.
 */
import assert from "node:assert/strict";
import { inspect } from "node:util";
import { findOption, optionRows } from "../../../src/socket/options.ts";
import { Choices } from "../fuzzer/choices.ts";
import type { Target } from "../fuzzer/target.ts";
import { type AnySocket, type TypeName, World } from "./world.ts";

const TYPES: readonly TypeName[] = [
  ...(["pair", "pub", "sub", "req", "rep", "dealer", "router", "pull", "push", "xpub", "xsub", "stream"] as const),
  ...(["server", "client", "radio", "dish", "gather", "scatter", "dgram", "peer", "channel"] as const),
];
const NUMBERS = [
  0,
  1,
  -1,
  2,
  100,
  255,
  256,
  65535,
  2147483647,
  -2147483648,
  2147483648,
  6553599,
  2 ** 53,
  2 ** 63,
  2 ** 64,
  -(2 ** 63),
];
const ODD_NUMBERS = [Number.NaN, Number.POSITIVE_INFINITY, 0.5, -0, 1e300, 4294967295];
const TEXTS = ["", "a", "wait", "dropOldest", "full", "allSubs", "refused", "10.0.0.0/8", "X-a:b", "X-a:", "é", "\0"];

/** By number, as classes that extend a socket have them. */
interface Numbered {
  getInt32Option(id: number): number;
  getInt64Option(id: number): number;
  getStringOption(id: number): string | null;
  setBoolOption(id: number, value: unknown): void;
  setInt32Option(id: number, value: unknown): void;
  setInt64Option(id: number, value: unknown): void;
  setStringOption(id: number, value: unknown): void;
}

function valueFrom(choices: Choices): unknown {
  switch (choices.below(14)) {
    case 0:
      return choices.pick(NUMBERS);
    case 1:
      return choices.pick(ODD_NUMBERS);
    case 2:
      return choices.octet();
    case 3:
      return choices.flag();
    case 4:
      return choices.pick(TEXTS);
    case 5:
      return choices.text();
    case 6:
      return choices.string();
    case 7:
      return Buffer.from(choices.string());
    case 8:
      return null;
    case 9:
      return [choices.pick(TEXTS), choices.text(8)];
    case 10:
      return { [choices.pick(["X-a", "key", "authorize", "a"])]: choices.flag() ? choices.text(8) : (): string => "k" };
    case 11:
      return choices.pick([undefined, 12n, Symbol("s"), new Date(0), () => true, new Map(), new Set(["a"])]);
    case 12:
      return encodeLike(choices);
    default:
      return new Uint16Array(choices.string(8));
  }
}

/** A text as long as a key. */
function encodeLike(choices: Choices): string {
  return choices.pick(["0".repeat(40), "rq:rM>}U?@Lns47E1%kR.o@n%FcmmsL/@{H8]yf7", "x".repeat(41), "~".repeat(40)]);
}

function attempt(set: () => void): boolean {
  try {
    set();
    return true;
  } catch (error) {
    const { code, name } = error as Error & { code?: string };
    if (name !== "TypeError" && !["EINVAL", "ENOTSUP"].includes(code ?? "")) throw error;
    return false;
  }
}

function show(value: unknown): string {
  return inspect(value, { depth: 3, maxStringLength: 300 });
}

function setByName(socket: AnySocket, typeName: string, choices: Choices): void {
  const row = choices.pick(optionRows);
  const value = valueFrom(choices);
  if (findOption(row.name, typeName.toUpperCase()) === undefined && typeName !== "xreq") return;
  const open = socket as unknown as Record<string, unknown>;
  const before = show(open[row.name]);
  const isTaken = attempt(() => {
    open[row.name] = value;
  });
  const after = open[row.name];
  if (!isTaken) assert.equal(show(after), before, `${row.name} has changed`);
  else if (row.type.kind === "integer" && row.type.step === undefined) assert.ok(after === value, row.name);
  else if (row.type.kind === "boolean" && typeof value === "boolean") assert.ok(after === value, row.name);
}

function setByNumber(socket: AnySocket, choices: Choices): void {
  const numbered = socket as unknown as Numbered;
  const id = choices.octet() % 140;
  const how = choices.below(7);
  const value = valueFrom(choices);
  attempt(() => {
    if (how === 0) numbered.setBoolOption(id, value);
    else if (how === 1 || how === 2) numbered.setInt32Option(id, value);
    else if (how === 3) numbered.setInt64Option(id, value);
    else numbered.setStringOption(id, value);
  });
  for (const get of ["getInt32Option", "getInt64Option", "getStringOption"] as const)
    attempt(() => void numbered[get](id));
}

async function fuzz(data: Uint8Array): Promise<void> {
  const choices = new Choices(data);
  const world = new World();
  const type = choices.pick(TYPES);
  const socket = world.open(type);
  for (let steps = 0; !choices.isOver && steps < 60; steps += 1) {
    if (choices.flag()) setByName(socket, type, choices);
    else setByNumber(socket, choices);
  }
  // Whatever was set, it can be used, and comes to an end.
  if (type !== "dgram") {
    try {
      socket.bindSync("tcp://a");
      world.open(type === "stream" ? "dealer" : "router").connect("tcp://a");
      socket.connect("tcp://a");
      await world.settle();
      if ("tryReceive" in socket) socket.tryReceive();
    } catch (error) {
      const { code } = error as Error & { code?: string };
      // No thread is allowed; keys are missing; a REQ has asked nothing.
      if (!["EMTHREAD", "EINVAL", "ENOTSUP", "EFSM"].includes(code ?? "")) throw error;
    }
    await world.settle();
  }
  await world.end();
}

/** The target of options. */
export const optionTarget: Target = {
  name: "options",
  about: "any value to any option, by name and by number",
  runs: 200,
  longest: 1000,
  generate: (random) => random.octets(random.below(200)),
  fuzz,
};
