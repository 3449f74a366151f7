// SPDX-License-Identifier: MIT
/** The checker of the architecture's rules, shown small sources that break each of them, and some that do not. */
import assert from "node:assert/strict";
import test from "node:test";
import {
  checkCycles,
  checkGlobals,
  checkHooks,
  checkImports,
  checkModuleState,
  checkShape,
  isContract,
} from "./checker.ts";

const header = "// SPDX-License-Identifier: MIT\n/** A file. */\n";

function importing(path: string, text: string): string[] {
  return checkImports([{ path, text }]);
}

test("an import of a lower layer that is on the list is fine, in every form", () => {
  const text = `import { a } from "../base/a.ts";
    export type { B } from "../pipe/b.ts";
    export * from "../security/c.ts";
    type D = import("../wire/d.ts").D;
    const e = await import("./e.ts");`;
  assert.deepEqual(importing("engine/x.ts", text), []);
});

test("an import of a higher layer is reported with file, line and rule", () => {
  const findings = importing("base/x.ts", 'import "./y.ts";\nimport "../wire/frame.ts";');
  assert.deepEqual(findings, ["base/x.ts:2: base (rank 0) may not import wire (rank 1): wire/frame.ts"]);
});

for (const [form, text] of Object.entries({
  declaration: 'import { x } from "../engine/engine.ts";',
  type: 'import type { X } from "../engine/engine.ts";',
  "re-export": 'export { x } from "../engine/engine.ts";',
  "re-export of all": 'export * from "../engine/engine.ts";',
  "dynamic import": 'const x = await import("../engine/engine.ts");',
  "import type node": 'let x: import("../engine/engine.ts").X;',
  require: 'const x = require("../engine/engine.ts");',
  "import equals": 'import x = require("../engine/engine.ts");',
})) {
  test(`a forbidden import is seen in the form of a ${form}`, () => {
    assert.equal(importing("pattern/push.ts", text).length, 1);
  });
}

test("pattern and engine, session, transport never meet, in either direction", () => {
  for (const below of ["engine", "session", "transport"]) {
    assert.equal(importing("pattern/x.ts", `import "../${below}/y.ts";`).length, 1, `pattern → ${below}`);
    assert.equal(importing(`${below}/x.ts`, 'import "../pattern/y.ts";').length, 1, `${below} → pattern`);
  }
});

test("neighbours of one rank do not import each other", () => {
  assert.equal(importing("wire/x.ts", 'import "../pipe/y.ts";').length, 1);
  assert.equal(importing("security/x.ts", 'import "../pattern/y.ts";').length, 1);
});

test("of transport/ a session sees the contract only", () => {
  assert.deepEqual(importing("session/x.ts", 'import type { T } from "../transport/transport.ts";'), []);
  assert.equal(importing("session/x.ts", 'import { Tcp } from "../transport/tcp.ts";').length, 1);
});

test("of all transports only inproc knows pipes", () => {
  assert.deepEqual(importing("transport/inproc.ts", 'import "../pipe/pipe.ts";'), []);
  assert.equal(importing("transport/tcp.ts", 'import "../pipe/pipe.ts";').length, 1);
});

test("node: modules are for the folders that touch a runtime", () => {
  assert.deepEqual(importing("transport/tcp.ts", 'import net from "node:net";'), []);
  assert.equal(importing("socket/socket.ts", 'import net from "node:net";').length, 1);
});

test("packages, unknown folders, paths outside src, other endings and computed imports are reported", () => {
  assert.match(importing("transport/ws.ts", 'import ws from "ws";')[0] ?? "", /no package/);
  assert.match(importing("utils/x.ts", "export {};")[0] ?? "", /no such folder/);
  assert.match(importing("base/x.ts", 'import "../utils/y.ts";')[0] ?? "", /unknown folder/);
  assert.match(importing("base/x.ts", 'import "../../test/y.ts";')[0] ?? "", /outside src/);
  assert.match(importing("base/x.ts", 'import "./y.js";')[0] ?? "", /end in \.ts/);
  assert.match(importing("base/x.ts", "await import(name);")[0] ?? "", /literal/);
});

test("compat, cluster and cli use the package as its users do", () => {
  assert.deepEqual(importing("cli/x.ts", 'import { Publisher } from "../index.ts";'), []);
  assert.equal(importing("cli/x.ts", 'import { Socket } from "../socket/socket.ts";').length, 1);
});

test("a cycle is reported once", () => {
  const findings = checkCycles([
    { path: "base/a.ts", text: 'import "./b.ts";' },
    { path: "base/b.ts", text: 'import { type C } from "./c.ts";' },
    { path: "base/c.ts", text: 'export * from "./a.ts";' },
    { path: "base/d.ts", text: 'import "./a.ts";' },
  ]);
  assert.deepEqual(findings, ["base/a.ts:1: cycle: base/a.ts → base/b.ts → base/c.ts → base/a.ts"]);
});

test("a cycle of types is none when the program runs", () => {
  const findings = checkCycles([
    { path: "api/a.ts", text: 'import type { B } from "./b.ts";' },
    { path: "api/b.ts", text: 'import { A } from "./a.ts";' },
    { path: "api/c.ts", text: 'export type { D } from "./d.ts";' },
    { path: "api/d.ts", text: 'import "./c.ts"; let c: import("./c.ts").C;' },
  ]);
  assert.deepEqual(findings, []);
});

test("two ways to one file are no cycle", () => {
  const findings = checkCycles([
    { path: "base/a.ts", text: 'import "./b.ts"; import "./c.ts";' },
    { path: "base/b.ts", text: 'import "./c.ts";' },
    { path: "base/c.ts", text: "" },
  ]);
  assert.deepEqual(findings, []);
});

test("names, sizes and headers", () => {
  assert.deepEqual(checkShape({ path: "base/a-b.ts", text: header }), []);
  assert.match(checkShape({ path: "base/aB.ts", text: header })[0] ?? "", /kebab-case/);
  assert.match(checkShape({ path: "base/a.ts", text: "/** A file. */\n" })[0] ?? "", /SPDX/);
  assert.match(checkShape({ path: "base/a.ts", text: "// SPDX-License-Identifier: MIT\n" })[0] ?? "", /doc comment/);
  assert.match(checkShape({ path: "base/a.ts", text: header + "x;\n".repeat(499) })[0] ?? "", /501 lines/);
  assert.deepEqual(checkShape({ path: "base/a.ts", text: header + "x;\n".repeat(498) }), []);
});

test("index.ts is for entries and tables", () => {
  assert.deepEqual(checkShape({ path: "index.ts", text: header }), []);
  assert.deepEqual(checkShape({ path: "pattern/index.ts", text: header }), []);
  assert.match(checkShape({ path: "socket/index.ts", text: header })[0] ?? "", /index\.ts/);
});

test("module-level state is reported", () => {
  const state = (text: string): number => checkModuleState({ path: "base/a.ts", text }).length;
  assert.equal(state("let count = 0;"), 1);
  assert.equal(state("export var a, b;"), 2);
  assert.equal(state("const seen = new Map<string, number>();"), 1);
  assert.equal(state("const list: string[] = [];"), 1);
  assert.equal(state("class A { static count = 0; }"), 1);
  assert.equal(state("class A { static readonly seen = new Set(); }"), 1);
});

test("tables, declarations and state inside functions and objects are fine", () => {
  const text = `declare let given: number;
    const table = new Map([["a", 1]]);
    const empty = new Uint8Array(0);
    const nothing: readonly string[] = [];
    const nobody: ReadonlyMap<string, string> = new Map();
    function f(): void { let x = 0; const list = []; }
    class A { static readonly size = 1; count = 0; }`;
  assert.deepEqual(checkModuleState({ path: "base/a.ts", text }), []);
});

test("forbidden globals are reported", () => {
  const globals = (path: string, text: string): number => checkGlobals({ path, text }).length;
  assert.equal(globals("session/a.ts", "setTimeout(f, 10);"), 1);
  assert.equal(globals("session/a.ts", "const now = Date.now();"), 1);
  assert.equal(globals("session/a.ts", "const o = { setTimeout };"), 1);
  assert.equal(globals("session/a.ts", "AbortSignal.timeout(10);"), 1);
  assert.equal(globals("session/a.ts", "console.log(1);"), 1);
  assert.equal(globals("session/a.ts", "Buffer.from([]); process.exit();"), 2);
  assert.equal(globals("transport/a.ts", "Buffer.from([]); process.nextTick(f);"), 0);
  assert.equal(globals("transport/a.ts", "setImmediate(f);"), 0);
  assert.equal(globals("transport/a.ts", "setTimeout(f, 1);"), 1);
  assert.equal(globals("session/a.ts", "queueMicrotask(f);"), 1);
});

test("properties, parameters and types that are called like a global are fine", () => {
  const text = `interface A { process(): void; setTimeout: number }
    const a = { setTimeout: 1, process() {} };
    a.process(); clock.setTimer(1, f);
    function g(module: string) { return module; }
    class B { Date = 1; performance(): void {} }`;
  assert.deepEqual(checkGlobals({ path: "session/a.ts", text }), []);
  assert.deepEqual(checkGlobals({ path: "base/clock.ts", text: "setTimeout(f, 1);" }), []);
});

test("a contract has nothing to run", () => {
  const contract = (text: string): boolean => isContract({ path: "base/a.ts", text });
  assert.equal(contract('import type { B } from "./b.ts"; export interface A {} export type C = B | A;'), true);
  assert.equal(contract('export { a } from "./a.ts";'), true);
  assert.equal(contract("export const a = 1;"), false);
  assert.equal(contract("export function f() {}"), false);
  assert.equal(contract("export class A {}"), false);
});

test("hooks are reported", () => {
  const hooks = (text: string): number => checkHooks({ path: "a.test.ts", text }).length;
  assert.equal(hooks('import { beforeEach, test } from "node:test";'), 1);
  assert.equal(hooks('import test from "node:test";'), 0);
});
