// SPDX-License-Identifier: MIT
/** What the options of tls+tcp take and refuse when they are set, and what they are read as. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { tlsOptionRows } from "../../../src/socket/tls-option-rows.ts";
import { receiveTexts, withSockets } from "../../support/sockets.ts";

const CERTIFICATE = "-----BEGIN CERTIFICATE-----\nQUJD\n-----END CERTIFICATE-----\n";
const KEY = "-----BEGIN PRIVATE KEY-----\nQUJD\n-----END PRIVATE KEY-----\n";

test("every socket has them, null and false at first, and gives back what it was given", () =>
  withSockets(async (open) => {
    const pair = open("pair") as unknown as Record<string, unknown>;
    for (const { name, default: otherwise } of tlsOptionRows) assert.equal(pair[name], otherwise);
    const given: readonly (readonly [name: string, value: unknown, shown: unknown])[] = [
      ["tlsKey", Buffer.from(KEY), KEY],
      ["tlsCertificate", [CERTIFICATE, CERTIFICATE], `${CERTIFICATE}\n${CERTIFICATE}`],
      ["tlsTrust", CERTIFICATE, CERTIFICATE],
      ["tlsPassphrase", "open sesame", "open sesame"],
      ["tlsPassphrase", Buffer.from(""), ""],
      ["tlsServerName", "feed.example", "feed.example"],
      ["tlsServerName", "", null],
      ["tlsRequireClient", true, true],
      ["tlsMinVersion", "1.3", "1.3"],
    ];
    for (const [name, value, shown] of given) {
      pair[name] = value;
      assert.deepEqual(pair[name], shown, name);
    }
    for (const name of ["tlsKey", "tlsCertificate", "tlsTrust", "tlsPassphrase"]) {
      pair[name] = null;
      assert.equal(pair[name], null);
    }
  }));

test("what they do not take is refused when it is set, and changes nothing", () =>
  withSockets(async (open) => {
    const pair = open("pair", { tlsCertificate: CERTIFICATE }) as unknown as Record<string, unknown>;
    for (const [name, value] of [
      ["tlsKey", CERTIFICATE],
      ["tlsCertificate", KEY],
      ["tlsCertificate", "server.pem"],
      ["tlsTrust", []],
      ["tlsMinVersion", "1.1"],
      ["tlsMinVersion", 1.2],
      ["tlsServerName", "x".repeat(256)],
    ] as const) {
      assert.throws(() => Object.assign(pair, { [name]: value }), { code: "EINVAL" }, name);
    }
    for (const [name, value] of [
      ["tlsKey", [KEY]],
      ["tlsKey", 5],
      ["tlsPassphrase", 5],
      ["tlsRequireClient", 1],
      ["tlsServerName", 5],
    ] as const) {
      assert.throws(() => Object.assign(pair, { [name]: value }), TypeError, name);
    }
    assert.deepEqual([pair["tlsCertificate"], pair["tlsKey"]], [CERTIFICATE, null]);
  }));

test("keys and certificates can be changed while endpoints stand, without a warning", () =>
  withSockets(async (open) => {
    const [push, pull] = [open("push"), open("pull")];
    await pull.bind("tcp://127.0.0.1:*");
    const warned: string[] = [];
    const listen = (warning: Error): void => void warned.push(warning.message);
    process.on("warning", listen);
    Object.assign(pull, { tlsKey: KEY, tlsCertificate: CERTIFICATE, tlsTrust: CERTIFICATE, tlsPassphrase: "x" });
    push.connect(pull.lastEndpoint as string);
    await push.send("tcp does not look at them");
    assert.deepEqual(await receiveTexts(pull), ["tcp does not look at them"]);
    process.off("warning", listen);
    assert.deepEqual(warned, []);
  }));
