// SPDX-License-Identifier: MIT
/** ZPL: what CZMQ and pyzmq write is read, and nothing else; whatever the text, reading it ends. */
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { findZpl, parseZpl, quoteZpl, type ZplItem } from "../../../src/auth/zpl.ts";

function item(name: string, value = "", ...children: ZplItem[]): ZplItem {
  return { name, value, children };
}

test("names, values with quotes or without, comments, levels", () => {
  const text = [
    "#   comment",
    "",
    "metadata",
    "    name = \"Ann 'A' # no comment\"   # comment",
    "    other='x \"y\"'",
    '    bare = some text, with = and "quotes"   # comment',
    "    empty =",
    "    alone # comment",
    "        deeper = 1\r",
    "  ",
    "curve",
    '    public-key = "k"',
    "last-one@/.&+$ = 2",
  ].join("\n");
  assert.deepEqual(parseZpl(text.replace("    empty =\n", "    empty =\n").replace("\n  \n", "\n\n")), [
    item(
      "metadata",
      "",
      item("name", "Ann 'A' # no comment"),
      item("other", 'x "y"'),
      item("bare", 'some text, with = and "quotes"'),
      item("empty"),
      item("alone", "", item("deeper", "1")),
    ),
    item("curve", "", item("public-key", "k")),
    item("last-one@/.&+$", "2"),
  ]);
  assert.equal(findZpl(parseZpl("a = 1\na = 2"), "a")?.value, "1");
  assert.deepEqual(parseZpl(""), []);
});

test("what is none is refused with the number of its line, and nothing of what it says", () => {
  for (const text of [
    "   indented-by-three",
    "    too deep at once",
    "a\n        two levels",
    "a b",
    'a = "never ends',
    'a = "x" junk',
    "= value",
    "/a = 1",
    "a/ = 1",
    "\ta = 1",
    "secret!key",
  ]) {
    assert.throws(
      () => parseZpl(text),
      (error: Error & { code?: string }) => {
        assert.equal(error.code, "EINVAL", text);
        assert.match(error.message, /^line [12] /);
        assert.doesNotMatch(error.message, /secret/);
        return true;
      },
    );
  }
});

test("law: any text is read or refused, however long, deep or odd", () => {
  const line = fc.oneof(
    fc.string({ unit: "binary" }),
    fc.string({ unit: fc.constantFrom(..." \t=\"'#ab/-".split("")) }),
    fc.integer({ min: 0, max: 40 }).map((level) => `${"    ".repeat(level)}a = b`),
  );
  fc.assert(
    fc.property(fc.array(line), (lines) => {
      try {
        parseZpl(lines.join("\n"));
      } catch (error) {
        assert.equal((error as { code?: string }).code, "EINVAL");
      }
    }),
  );
  const started = performance.now();
  const deep = Array.from({ length: 2000 }, (_, level) => `${"    ".repeat(level)}a`).join("\n");
  assert.throws(() => parseZpl(deep), { code: "EINVAL" });
  assert.throws(() => parseZpl(`a${" ".repeat(60_000)}!`), { code: "EINVAL" });
  assert.equal(parseZpl(`a = b${" ".repeat(60_000)}#`)[0]?.value, "b");
  assert.ok(performance.now() - started < 2000, "in time that grows with the length alone");
});

test("law: what is quoted is read back", () => {
  fc.assert(
    fc.property(fc.string({ unit: "grapheme" }), (value) => {
      let quoted: string;
      try {
        quoted = quoteZpl(value);
      } catch (error) {
        assert.equal((error as { code?: string }).code, "EINVAL");
        return;
      }
      assert.deepEqual(parseZpl(`a = ${quoted}`), [item("a", value)]);
    }),
  );
  for (const value of ["a\nb", "\0", "'\"", "\u007f"]) assert.throws(() => quoteZpl(value), { code: "EINVAL" });
});
