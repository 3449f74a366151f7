// SPDX-License-Identifier: MIT
/** The tables of completeness are complete, and what works is shown by tests that exist. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import ts from "typescript";
import { socketTypes as built } from "../../src/pattern/index.ts";
import { contextOptionRows } from "../../src/socket/context-option-rows.ts";
import { checklist } from "../completeness/checklist/index.ts";
import { events, ownEvents } from "../completeness/events.ts";
import { exportsOfZeromqJs, functions } from "../completeness/functions.ts";
import { optionsWithLine, tables } from "../completeness/index.ts";
import { contextOptions, otherSocketOptions, socketOptions } from "../completeness/options.ts";
import { socketTypes } from "../completeness/socket-types.ts";
import type { Standings } from "../completeness/standing.ts";
import { titlesIn } from "../completeness/titles.ts";

test("whatever works names tests that exist", () => {
  const wrong: string[] = [];
  for (const { title, rows } of tables) {
    for (const [name, standing] of Object.entries(rows)) {
      if (standing.state !== "works") {
        if (standing.because.length < 10) wrong.push(`${title}, ${name}: the reason says nothing`);
        continue;
      }
      if (standing.shownBy.length === 0) wrong.push(`${title}, ${name}: no test`);
      for (const each of standing.shownBy) {
        const file = each.slice(0, each.indexOf(": "));
        const piece = each.slice(file.length + 2);
        if (piece.length < 4) wrong.push(`${title}, ${name}: ${each} names no test`);
        else if (!titlesIn(file).some((text) => text.includes(piece))) wrong.push(`${title}, ${name}: no test ${each}`);
      }
    }
  }
  assert.deepEqual(wrong, []);
});

test("every socket type has a line; one that works is built, and one that is built works or says what it lacks", () => {
  const working = namesOf(socketTypes, "works");
  assert.deepEqual(
    working.filter((name) => !built.has(name)),
    [],
  );
  assert.deepEqual(
    [...built.keys()].filter((name) => !(name in socketTypes)),
    [],
  );
  assert.equal(Object.keys(socketTypes).length, 21, "libzmq has 21 types");
});

test("every option has a line, and every line is an option", () => {
  assert.deepEqual(Object.keys(socketOptions).sort(), [...optionsWithLine].sort());
  const settable = contextOptionRows.filter((row) => row.never === undefined).map(({ name }) => name);
  const methods = ["threadAffinityCpuAdd", "threadAffinityCpuRemove"];
  assert.deepEqual(Object.keys(contextOptions).sort(), [...settable, ...methods].sort());
  // 6, 7, 13 to 16, 31, 32, 40, 43, 47 to 50, 61: see test/unit/socket/options.test.ts.
  assert.equal(Object.keys(otherSocketOptions).length, 11);
});

test("every event has a line, and every line is an event", () => {
  const path = new URL("../../src/session/events.ts", import.meta.url);
  const source = ts.createSourceFile("events.ts", readFileSync(path, "utf8"), ts.ScriptTarget.Latest, true);
  const types: string[] = [];
  source.forEachChild((node) => {
    if (!ts.isInterfaceDeclaration(node) || node.name.text !== "EventDetails") return;
    for (const { name } of node.members) {
      if (name !== undefined) types.push(ts.isStringLiteral(name) ? name.text : name.getText());
    }
  });
  const lines = [...Object.entries(events), ...Object.entries(ownEvents)];
  const ours = lines.flatMap(([name, each]) =>
    each.state === "works" ? [(each.ours ?? name).split(",")[0] ?? ""] : [],
  );
  assert.deepEqual([...new Set(ours)].sort(), types.sort());
});

test("every program of libzmq's test suite has a line", () => {
  const names = Object.values(checklist).flatMap((rows) => Object.keys(rows));
  assert.equal(new Set(names).size, names.length);
  assert.equal(names.filter((name) => /^test_[a-z0-9_]+$/.test(name)).length, 142);
  assert.equal(names.filter((name) => /^unittest_[a-z_]+$/.test(name)).length, 7);
});

test("functions and exports are many, and each name stands once", () => {
  assert.ok(Object.keys(functions).length > 80);
  for (const name of Object.keys(functions)) assert.match(name, /^zmq_[a-z0-9_]+$/);
  assert.ok("version" in exportsOfZeromqJs && "zeromq/draft" in exportsOfZeromqJs);
});

function namesOf(rows: Standings, state: string): string[] {
  return Object.entries(rows).flatMap(([name, standing]) => (standing.state === state ? [name] : []));
}
