// SPDX-License-Identifier: MIT
/** Passwords: how they are looked up, compared and read from a file. */
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { isPassword, parsePasswords, passwordOf } from "../../../src/auth/passwords.ts";
import { encodeText as octets } from "../../../src/base/bytes.ts";

test("law: only the same octets are the password, and nothing is where there is none", () => {
  const text = fc.string({ unit: "grapheme" });
  fc.assert(
    fc.property(text, text, (password, shown) => {
      assert.equal(isPassword(octets(shown), password), shown === password);
      assert.ok(isPassword(octets(password), password));
      assert.ok(!isPassword(octets(shown), undefined));
    }),
  );
  assert.ok(!isPassword(octets("abcabc"), "abc"), "a password twice is none");
  assert.ok(!isPassword(Uint8Array.of(0xff), "\ufffd"), "octets that are no text are no text");
  assert.ok(!isPassword(Uint8Array.of(0), undefined));
  assert.ok(isPassword(Uint8Array.of(), ""));
});

test("an object has the passwords that are its own, a Map those that it holds", () => {
  const object = { ann: "a" };
  for (const name of ["bob", "constructor", "__proto__", "toString"]) assert.equal(passwordOf(object, name), undefined);
  assert.equal(passwordOf(object, "ann"), "a");
  assert.equal(passwordOf(new Map([["__proto__", "b"]]), "__proto__"), "b");
});

test("the lines of a file", () => {
  const file = "# comment\nann=open=sesame\r\n\nbob= with spaces \nnobody\n=x\nann2=";
  assert.deepEqual(
    [...parsePasswords(octets(file))],
    [
      ["ann", "open=sesame"],
      ["bob", " with spaces "],
      ["ann2", ""],
    ],
  );
  fc.assert(fc.property(fc.uint8Array(), (any) => parsePasswords(any).size <= any.length));
});
