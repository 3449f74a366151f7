// SPDX-License-Identifier: MIT
/**
 * What the public types allow and refuse, seen from a user's project that has the package installed: programs in
 * `programs/good` compile with a range of settings, and each line in `programs/bad` that ends in `// TS…` fails with that
 * code while no other line fails. Also: both ways of loading the package, from ES modules and from CommonJS.
 */
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import test from "node:test";
import { fileURLToPath } from "node:url";
import ts from "typescript";
import { withConsumer } from "./consumer.ts";

const programs = fileURLToPath(new URL("programs", import.meta.url));
const list = (folder: string): string[] =>
  readdirSync(join(programs, folder)).map((name) => join(programs, folder, name));

/** Settings that users have. */
const settings: Record<string, ts.CompilerOptions> = {
  "Node, strict": {},
  "Node, every check, libraries too": {
    skipLibCheck: false,
    noUncheckedIndexedAccess: true,
    exactOptionalPropertyTypes: true,
    verbatimModuleSyntax: true,
  },
  "Node, not strict": { strict: false },
  "a bundler": { module: ts.ModuleKind.ESNext, moduleResolution: ts.ModuleResolutionKind.Bundler },
};

/** The errors that programs say they have: those of their lines that end in a code. */
function expectedErrors(files: readonly string[]): string[] {
  return files.flatMap((file) =>
    readFileSync(file, "utf8")
      .split("\n")
      .flatMap((line, index) => {
        const code = / \/\/ (TS\d+)$/.exec(line)?.[1];
        return code === undefined ? [] : [`${basename(file)}:${index + 1}: ${code}`];
      }),
  );
}

test("the package, as a user has it", async (t) => {
  await withConsumer(async (consumer) => {
    const good = list("good").map(consumer.add);
    for (const [name, options] of Object.entries(settings)) {
      await t.test(`good programs compile: ${name}`, () => {
        assert.deepEqual(consumer.check(good, options), []);
      });
    }
    await t.test("a page's program compiles without the types of Node.js, by both names", () => {
      const page = join(programs, "page.ts");
      const settings: ts.CompilerOptions = {
        lib: ["lib.es2022.d.ts", "lib.esnext.disposable.d.ts", "lib.dom.d.ts"],
        module: ts.ModuleKind.ESNext,
        moduleResolution: ts.ModuleResolutionKind.Bundler,
        skipLibCheck: false,
        types: [],
      };
      assert.deepEqual(consumer.check([consumer.add(page)], settings), []);
      const main = readFileSync(page, "utf8").replace("zeromq-ts/browser", "zeromq-ts");
      const withCondition = { ...settings, customConditions: ["browser"] };
      assert.deepEqual(consumer.check([consumer.write("main.ts", main)], withCondition), []);
    });
    await t.test("bad programs are refused, line by line", () => {
      const files = list("bad");
      // What is wrong with the package itself is told by the good programs.
      const errors = consumer.check(files.map(consumer.add)).filter((error) => !error.startsWith("node_modules"));
      assert.deepEqual(errors, expectedErrors(files));
    });
    const body = `
      console.log(typeof zmq.Publisher, typeof draft, typeof v5.socket, sub.prototype instanceof zmq.Socket);
    `;
    const expected = { code: 0, output: "function object function true\n" };
    await t.test("import loads it, and its other entries", () => {
      const text = `
        import * as zmq from "zeromq-ts";
        import { Subscriber as sub } from "zeromq-ts";
        import * as draft from "zeromq-ts/draft";
        import * as v5 from "zeromq-ts/v5-compat";
      `;
      assert.deepEqual(consumer.run("main.mjs", text + body), expected);
    });
    await t.test("require loads it, and its other entries, without a warning", () => {
      const text = `
        const zmq = require("zeromq-ts");
        const { Subscriber: sub } = zmq;
        const draft = require("zeromq-ts/draft");
        const v5 = require("zeromq-ts/v5-compat");
      `;
      assert.deepEqual(consumer.run("main.cjs", text + body), expected);
    });
    await t.test("there is one of each class, however it was loaded, and a default export as of CommonJS", () => {
      const text = `
        import { createRequire } from "node:module";
        import * as zmq from "zeromq-ts";
        import all from "zeromq-ts";
        import v5 from "zeromq-ts/v5-compat";
        const required = createRequire(import.meta.url)("zeromq-ts");
        console.log(required.Push === zmq.Push, required.context === zmq.context, all.Push === zmq.Push, typeof v5.socket);
      `;
      assert.deepEqual(consumer.run("one.mjs", text), { code: 0, output: "true true true function\n" });
    });
  });
});
