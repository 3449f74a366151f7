// SPDX-License-Identifier: MIT
/** What was answered, in the terms of ZAP; and that a question shows no secrets. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { inspect } from "node:util";
import fc from "fast-check";
import { Question, type Verdict } from "../../../src/auth/question.ts";
import { isAdmission, replyTo } from "../../../src/auth/reply.ts";
import { octets, text } from "../../support/pattern-host.ts";

const signal = new AbortController().signal;

function question(mechanism: string, ...credentials: Uint8Array[]): Question {
  const properties = new Map([["X-Token", octets("t0k3n")]]);
  return new Question({ mechanism, credentials, address: "[::1]:5000", properties }, "global", signal);
}

test("who a peer is, where nobody says otherwise: its user name, its key, its principal, nobody", () => {
  const key = new Uint8Array(32).fill(7);
  for (const [asked, userId] of [
    [question("PLAIN", octets("ann"), octets("pw")), "ann"],
    [question("CURVE", key), question("CURVE", key).publicKey],
    [question("GSSAPI", octets("ann@EXAMPLE")), "ann@EXAMPLE"],
    [question("NULL"), ""],
  ] as const) {
    assert.equal(text(replyTo(asked, true).userId), userId);
    assert.equal(text(replyTo(asked, { userId: "other" }).userId), "other");
  }
});

test("an admission carries what it says, as texts or octets, from an object or a Map", () => {
  const metadata = { "X-a": "text", b: Uint8Array.of(0, 255) };
  for (const each of [metadata, new Map(Object.entries(metadata))]) {
    const reply = replyTo(question("NULL"), { userId: Uint8Array.of(1), metadata: each });
    assert.deepEqual([reply.status, [...reply.userId]], [200, [1]]);
    assert.deepEqual(
      [...reply.metadata].map(([name, value]) => [name, [...value]]),
      [
        ["X-a", [...octets("text")]],
        ["b", [0, 255]],
      ],
    );
  }
});

test("a refusal has a status, and no user id", () => {
  assert.deepEqual(replyTo(question("NULL"), { status: 300, reason: "later" }).text, "later");
  for (const verdict of [false, null, undefined, {}, { status: 201 }, { status: 300 }] as Verdict[]) {
    const reply = replyTo(question("PLAIN", octets("ann"), octets("pw")), verdict);
    assert.deepEqual([reply.status >= 300, reply.userId.length, reply.metadata.size], [true, 0, 0]);
  }
});

test("law: only true, and objects that say so, are a yes, whatever an application gives", () => {
  fc.assert(
    fc.property(fc.anything(), (anything) => {
      const isYes = isAdmission(anything as Verdict);
      const { status, userId, metadata } = (Object(anything) ?? {}) as Record<string, unknown>;
      const isObject = typeof anything === "object" && anything !== null;
      const says = isObject && (status === 200 || (status === undefined && (userId ?? metadata) !== undefined));
      assert.equal(
        isYes,
        anything === true || says || (isObject && status === undefined && (userId === null || metadata === null)),
      );
      if (!isYes) assert.ok(replyTo(question("NULL"), anything as Verdict).status >= 300);
    }),
  );
});

test("what is printed of a question has no password, no key and no token; its members have", () => {
  const asked = question("PLAIN", octets("ann"), octets("open sesame"));
  const { username, password, metadata, properties, credentials, address, port } = asked;
  assert.deepEqual([username, password, address, port], ["ann", "open sesame", "::1", 5000]);
  assert.deepEqual([metadata.get("X-Token"), properties.size, credentials.length], ["t0k3n", 1, 2]);
  for (const shown of [inspect(asked, { depth: 9, showHidden: true }), JSON.stringify(asked)]) {
    assert.doesNotMatch(shown, /sesame|t0k3n/);
  }
});

test("credentials are those of their mechanism only, and only when they are whole", () => {
  const curve = question("CURVE", new Uint8Array(31));
  assert.deepEqual([curve.publicKey, curve.username, curve.password], [undefined, undefined, undefined]);
  const plain = question("PLAIN", octets("ann"));
  assert.deepEqual(
    [plain.username, plain.password, plain.publicKey, plain.principal],
    ["ann", undefined, undefined, undefined],
  );
});
