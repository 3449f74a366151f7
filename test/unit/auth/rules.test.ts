// SPDX-License-Identifier: MIT
/** The rules of a domain, mechanism by mechanism, as CZMQ's zauth and stricter where a socket asks by itself. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { certificateOf, formatCertificate } from "../../../src/auth/certificate.ts";
import { Question, type Verdict } from "../../../src/auth/question.ts";
import { isAdmission, replyTo } from "../../../src/auth/reply.ts";
import { type AuthenticatorRules, type Listed, Rules } from "../../../src/auth/rules.ts";
import { encodeText } from "../../../src/base/bytes.ts";
import { decodeZ85 } from "../../../src/base/z85.ts";
import { MemoryFiles } from "../../support/memory-files.ts";

const KEY = "Yne@$w-vo<fVvi]a<NY6T1ed:M$fCG*[IaLV{hID";
const OTHER = "rq:rM>}U?@Lns47E1%kR.o@n%FcmmsL/@{H8]yf7";

const disk = new MemoryFiles()
  .put("passwords", "carl=from the file\n")
  .put("keys/ann", formatCertificate(certificateOf(KEY, undefined, [["name", "Ann"]]), false));

function question(mechanism: string, ...credentials: (string | Uint8Array)[]): Question {
  const octets = credentials.map((each) => (typeof each === "string" ? encodeText(each) : each));
  const { signal } = new AbortController();
  return new Question({ mechanism, credentials: octets, address: "192.0.2.1:5000" }, "global", signal);
}

async function decide(
  rules: AuthenticatorRules,
  asked: Question,
  { listed = "no lists", isStrict = true }: { listed?: Listed; isStrict?: boolean } = {},
): Promise<Verdict> {
  const tools = { openFiles: () => Promise.resolve(disk), now: () => 0, recheckInterval: 0, problem: assert.fail };
  return new Rules(rules, tools).decide(asked, listed, isStrict);
}

const plain = (name: string, password: string): Question => question("PLAIN", name, password);
const curve = (key: string): Question => question("CURVE", decodeZ85(key));

async function isYes(...parameters: Parameters<typeof decide>): Promise<boolean> {
  return isAdmission(await decide(...parameters));
}

test("without rules nobody comes in, where the socket asks", async () => {
  for (const asked of [
    plain("ann", "a"),
    curve(KEY),
    question("NULL"),
    question("GSSAPI", "ann@X"),
    question("OTHER"),
  ]) {
    assert.equal(await isYes({}, asked), false, asked.mechanism);
  }
});

test("as a ZAP handler, NULL and GSSAPI are let in as zauth does; PLAIN and CURVE must show something", async () => {
  for (const [asked, isLetIn] of [
    [question("NULL"), true],
    [question("GSSAPI", "ann@X"), true],
    [plain("ann", "a"), false],
    [curve(KEY), false],
    [question("OTHER"), false],
  ] as const) {
    assert.equal(await isYes({}, asked, { isStrict: false }), isLetIn, asked.mechanism);
  }
});

test("an address on a list is enough for NULL, and for nothing else", async () => {
  const listed = { listed: "passed" } as const;
  assert.equal(await isYes({}, question("NULL"), listed), true);
  assert.equal(await isYes({}, plain("ann", "a"), listed), false);
  assert.equal(await isYes({ keys: [KEY] }, curve(OTHER), listed), false);
});

test("passwords: of an object, a Map, a function, a file, or several of them", async () => {
  const objects = { passwords: { ann: "a" } };
  const maps = { passwords: new Map([["ann", "a"]]) };
  const functions = { passwords: (name: string, password: string) => `${name}${password}` === "anna" };
  for (const rules of [objects, maps, functions, { ...objects, passwordFile: "passwords" }]) {
    assert.equal(await isYes(rules, plain("ann", "a")), true);
    assert.equal(await isYes(rules, plain("ann", "b")), false);
    assert.equal(await isYes(rules, plain("bob", "a")), false);
    assert.equal(await isYes(rules, question("PLAIN", "ann")), false);
  }
  assert.equal(await isYes({ ...functions, passwordFile: "passwords" }, plain("carl", "from the file")), true);
  assert.equal(await isYes({ passwordFile: "passwords" }, plain("carl", "x")), false);
  const asked = plain("ann", "a");
  assert.equal(Buffer.from(replyTo(asked, await decide(objects, asked)).userId).toString(), "ann");
});

test("keys and certificates; those of certificates come with their metadata", async () => {
  for (const rules of [{ keys: [KEY] }, { keys: new Set([KEY]) }, { certificates: "keys" }, { anyCurve: true }]) {
    assert.equal(await isYes(rules, curve(KEY)), true);
    assert.equal(await isYes(rules, curve(OTHER)), "anyCurve" in rules);
    assert.equal(await isYes(rules, question("CURVE", "not a key")), false);
  }
  const both = { keys: [OTHER], certificates: "keys" };
  assert.deepEqual([await isYes(both, curve(KEY)), await isYes(both, curve(OTHER))], [true, true]);
  const verdict = (await decide(both, curve(KEY))) as { userId: string; metadata: Map<string, string> };
  assert.deepEqual([verdict.userId, verdict.metadata.get("name")], [KEY, "Ann"]);
  const live = new Set<string>();
  const tools = { openFiles: () => Promise.resolve(disk), now: () => 0, recheckInterval: 0, problem: assert.fail };
  const rules = new Rules({ keys: live }, tools);
  assert.equal(isAdmission(await rules.decide(curve(KEY), "no lists", true)), false);
  live.add(KEY);
  assert.equal(isAdmission(await rules.decide(curve(KEY), "no lists", true)), true);
});

test("principals of GSSAPI: those that are named, or as a handler anybody with a ticket", async () => {
  const asked = question("GSSAPI", "ann@EXAMPLE.ORG");
  for (const principals of [["ann@EXAMPLE.ORG"], new Set(["ann@EXAMPLE.ORG"])]) {
    assert.equal(await isYes({ principals }, asked), true);
    assert.equal(await isYes({ principals }, question("GSSAPI", "bob@EXAMPLE.ORG")), false);
    assert.equal(await isYes({ principals }, question("GSSAPI")), false);
  }
  assert.equal(await isYes({ principals: [] }, asked, { isStrict: false }), false);
  assert.equal(await isYes({ passwords: {} }, asked, { isStrict: false }), true);
});

test("a function has the last word about those whom the rules let in, and adds to what they know", async () => {
  const asked: string[] = [];
  const authorize = ({ publicKey }: { publicKey: string | undefined }): Verdict => {
    asked.push(String(publicKey));
    return { metadata: { role: "admin" } };
  };
  assert.equal(await isYes({ keys: [KEY], authorize }, curve(OTHER)), false);
  assert.deepEqual(asked, []);
  const verdict = (await decide({ certificates: "keys", authorize }, curve(KEY))) as {
    userId: string;
    metadata: Map<string, string>;
  };
  assert.deepEqual(
    [verdict.userId, [...verdict.metadata]],
    [
      KEY,
      [
        ["name", "Ann"],
        ["role", "admin"],
      ],
    ],
  );
  assert.equal(await isYes({ keys: [KEY], authorize: () => false }, curve(KEY)), false);
  assert.equal(await isYes({ keys: [KEY], authorize: () => true }, curve(KEY)), true);
  assert.equal(await isYes({ authorize: () => ({ userId: "x" }) }, question("NULL")), true, "alone");
  assert.equal(await isYes({ authorize: () => undefined }, plain("ann", "a")), false);
  await assert.rejects(decide({ authorize: () => Promise.reject(new Error("down")) }, curve(KEY)), /down/);
});

test("rules that are misspelt or of the wrong type are a TypeError", () => {
  for (const wrong of [
    { password: {} },
    { passwords: "x" },
    { passwords: null },
    { passwordFile: 5 },
    { certificates: "" },
    { anyCurve: "yes" },
    { principals: "ann@EXAMPLE.ORG" },
    { authorize: true },
    { keys: ["short"] },
    null,
  ]) {
    assert.throws(() => new Rules(wrong as AuthenticatorRules, {} as never), TypeError);
  }
});
