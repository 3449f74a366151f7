// SPDX-License-Identifier: MIT
/** GSSAPI with a library that only counts tokens: the order of commands as libzmq has it, errors on each side, and what options mean. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { AuthenticationError, ProtocolError, ZmqError } from "../../../src/base/errors.ts";
import { type GssapiContext, type GssapiLibrary, gssapi } from "../../../src/security/gssapi.ts";
import type { HandshakeInput, HandshakeStep, Mechanism, SecurityOptions } from "../../../src/security/mechanism.ts";
import { type Command, NO_COMMAND } from "../../../src/wire/command.ts";
import { encodeProperties } from "../../../src/wire/metadata.ts";
import { octets, text } from "../../support/pattern-host.ts";

const SERVER: Partial<SecurityOptions> = { isSecurityServer: true, gssapiPrincipal: "zmq@host" };
const CLIENT: Partial<SecurityOptions> = { gssapiServicePrincipal: "zmq@host" };
const READY = encodeProperties([["Socket-Type", octets("REP")]]);

function options(changes: Partial<SecurityOptions>): SecurityOptions {
  return {
    mechanism: "gssapi",
    isSecurityServer: false,
    gssapiPlainText: true,
    gssapiPrincipal: null,
    gssapiPrincipalNameType: "hostBased",
    gssapiServicePrincipal: null,
    gssapiServicePrincipalNameType: "hostBased",
    ...changes,
  } as SecurityOptions;
}

/** Sides that want so many tokens of each other, and say who they are. */
function counting(rounds: number): { library: () => GssapiLibrary; made: string[] } {
  const made: string[] = [];
  const side = (name: string): GssapiContext => {
    let left = rounds;
    return {
      step: async (token) => {
        if (text(token) === "bad") throw new Error("not a token");
        left -= 1;
        return octets(left >= 0 ? `${name}${left}` : "");
      },
      get isComplete() {
        return name === "c" ? left < 0 : left <= 0;
      },
      client: "ann@REALM",
    };
  };
  const library: GssapiLibrary = {
    initiate: async (service, principal) => {
      made.push(`${service} ${principal}`);
      return side("c");
    },
    accept: async (service) => {
      made.push(service);
      return side("s");
    },
  };
  return { library: () => library, made };
}

/** Runs one side: what it sends, and what it gives in the end. `others`: the peer's commands, and 200 or 400 for the authenticator. */
async function play(mechanism: Mechanism, ...others: (Command | number)[]): Promise<{ sent: string[]; end: unknown }> {
  const steps = mechanism.handshake(READY);
  const sent: string[] = [];
  let input: HandshakeInput | undefined;
  try {
    for (;;) {
      const step = input === undefined ? steps.next() : steps.next(input);
      if (step.done === true) {
        if (step.value.send !== undefined) sent.push(show(step.value.send));
        return { sent, end: step.value.authentication?.status ?? "in" };
      }
      input = await react(step.value, sent, others);
    }
  } catch (end) {
    return { sent, end };
  }
}

async function react(step: HandshakeStep, sent: string[], others: (Command | number)[]): Promise<HandshakeInput> {
  if (step.do === "wait") {
    await step.for;
    return { waited: true };
  }
  if (step.do === "authenticate") {
    sent.push(`? ${step.mechanism} ${step.credentials.map(text)}`);
    const status = others.shift();
    if (typeof status !== "number") return { reply: undefined };
    return { reply: { status, text: "", userId: octets(""), metadata: new Map() } };
  }
  if (step.send !== undefined) sent.push(show(step.send));
  if (step.do === "refuse") throw step.error;
  const command = others.shift();
  assert.ok(typeof command === "object", `nothing left for ${JSON.stringify(sent)}`);
  return { command };
}

function show({ name, data }: Command): string {
  return name === "INITIATE" ? `INITIATE ${data.subarray(0, 4).join(".")} ${text(data.subarray(4))}` : name;
}

function initiate(token: string, length: number = token.length): Command {
  return { name: "INITIATE", data: Uint8Array.of(0, 0, 0, length, ...octets(token)) };
}

const ready: Command = { name: "READY", data: READY };

test("a client: its token, the server's, an empty command, READY both ways", async () => {
  const { library, made } = counting(1);
  const client = gssapi(library).create(options(CLIENT), true);
  const { sent, end } = await play(client, initiate("s0"), ready);
  assert.deepEqual([sent, end], [["INITIATE 0.0.0.2 c0", "", "READY"], "in"]);
  assert.deepEqual(made, ["zmq@host "]);
});

test("a server: likewise; without an authenticator everybody with a ticket comes in", async () => {
  const { library, made } = counting(1);
  const server = gssapi(library).create(options(SERVER), false);
  const { sent, end } = await play(server, initiate("c0"), NO_COMMAND, undefined as never, ready);
  assert.deepEqual([sent, end], [["INITIATE 0.0.0.2 s0", "? GSSAPI ann@REALM", "READY"], "in"]);
  assert.deepEqual(made, ["zmq@host"]);
});

test("a server asks who has more rounds to go, and refuses whom the authenticator refuses", async () => {
  const { library } = counting(2);
  const server = (): Mechanism => gssapi(library).create(options(SERVER), false);
  const good = await play(server(), initiate("c1"), initiate("c0"), NO_COMMAND, 200, ready);
  const both = ["INITIATE 0.0.0.2 s1", "INITIATE 0.0.0.2 s0", "? GSSAPI ann@REALM"];
  assert.deepEqual([good.sent, good.end], [[...both, "READY"], 200]);
  const bad = await play(server(), initiate("c1"), initiate("c0"), NO_COMMAND, 400);
  assert.deepEqual(bad.sent, [...both, "ERROR"]);
  assert.ok(bad.end instanceof AuthenticationError);
});

test("what is no token, and a token that the library does not take, are protocol errors", async () => {
  const { library } = counting(1);
  const make = (changes: Partial<SecurityOptions>): Mechanism => gssapi(library).create(options(changes), false);
  const cases: [Partial<SecurityOptions>, Command, string][] = [
    [SERVER, initiate("c0", 3), "ZMTP_MALFORMED_COMMAND_INITIATE"],
    [SERVER, initiate(""), "ZMTP_MALFORMED_COMMAND_INITIATE"],
    [SERVER, { name: "INITIATE", data: octets("abc") }, "ZMTP_MALFORMED_COMMAND_INITIATE"],
    [SERVER, ready, "ZMTP_UNEXPECTED_COMMAND"],
    [SERVER, NO_COMMAND, "ZMTP_MALFORMED_COMMAND_UNSPECIFIED"],
    [SERVER, initiate("bad"), "ZMTP_CRYPTOGRAPHIC"],
    [CLIENT, initiate("bad"), "ZMTP_CRYPTOGRAPHIC"],
    [CLIENT, ready, "ZMTP_UNEXPECTED_COMMAND"],
  ];
  for (const [changes, command, expected] of cases) {
    const { end } = await play(make(changes), command);
    assert.ok(end instanceof ProtocolError, String(end));
    assert.equal(end.protocolError, expected);
  }
});

test("missing credentials are EACCES, a missing library ENOTSUP: neither is the peer's fault", async () => {
  const locked: GssapiLibrary = {
    initiate: () => Promise.reject(new Error("no ticket")),
    accept: () => Promise.reject("?"),
  };
  const { end } = await play(gssapi(() => locked).create(options(CLIENT), true));
  assert.ok(end instanceof ZmqError && end.code === "EACCES" && end.message.includes("no ticket"), String(end));
  const server = await play(gssapi(() => locked).create(options(SERVER), false), initiate("c0"));
  assert.equal((server.end as ZmqError).code, "EACCES");
  const missing = (): never => {
    throw new ZmqError("ENOTSUP", "not installed");
  };
  const without = await play(gssapi(missing).create(options(CLIENT), true));
  assert.equal((without.end as ZmqError).code, "ENOTSUP");
});

test("names become what the library takes; what it does not take is refused at bind and connect", async () => {
  const named = async (changes: Partial<SecurityOptions>): Promise<string | undefined> => {
    const { library, made } = counting(1);
    const choice = gssapi(library);
    assert.ok(choice.isChosen(options(changes)));
    choice.check?.(options(changes));
    await play(choice.create(options(changes), true), initiate("x"), NO_COMMAND, 200, ready);
    return made[0];
  };
  const principal = "krb5Principal";
  assert.equal(await named({ ...SERVER, gssapiPrincipal: null }), "");
  assert.equal(await named({ ...SERVER, gssapiPrincipal: "zmq/a", gssapiPrincipalNameType: principal }), "zmq@a");
  assert.equal(await named({ gssapiServicePrincipal: "zmq/a", gssapiServicePrincipalNameType: "userName" }), "zmq@a ");
  assert.equal(
    await named({ ...CLIENT, gssapiPrincipal: "ann@R", gssapiPrincipalNameType: "userName" }),
    "zmq@host ann@R",
  );
  assert.equal(await named({ ...CLIENT, gssapiPrincipal: "job@b" }), "zmq@host job/b");
  const refused: Partial<SecurityOptions>[] = [
    { ...CLIENT, gssapiPlainText: false },
    { ...SERVER, gssapiPlainText: false },
    { gssapiServicePrincipal: "zmq/a@REALM", gssapiServicePrincipalNameType: principal },
    { ...CLIENT, gssapiPrincipal: "job" },
    { ...SERVER, gssapiPrincipal: "zmq", gssapiPrincipalNameType: principal },
  ];
  for (const each of refused) await assert.rejects(named(each), { code: "ENOTSUP" }, JSON.stringify(each));
  await assert.rejects(named({}), { code: "EINVAL" });
});
