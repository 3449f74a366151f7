// SPDX-License-Identifier: MIT
/**
 * Programs that were written for npm `zeromq`, unchanged, in projects where that name is this package: CommonJS, an ES module,
 * TypeScript, and one for version 5. Each prints the same as on npm `zeromq`, and nothing on standard error.
 */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import ts from "typescript";
import { type Project, withProjects } from "./installed.ts";

/** Settings of projects that use npm `zeromq`, old ones among them. */
const settings: Readonly<Record<string, ts.CompilerOptions>> = {
  "CommonJS, as in 2020": {
    module: ts.ModuleKind.CommonJS,
    moduleResolution: ts.ModuleResolutionKind.Node10,
    ignoreDeprecations: "6.0",
    esModuleInterop: true,
  },
  "Node, CommonJS": { module: ts.ModuleKind.Node16, moduleResolution: ts.ModuleResolutionKind.Node16 },
  "Node, CommonJS, libraries too": {
    module: ts.ModuleKind.NodeNext,
    moduleResolution: ts.ModuleResolutionKind.NodeNext,
    skipLibCheck: false,
  },
  "a bundler": { module: ts.ModuleKind.ESNext, moduleResolution: ts.ModuleResolutionKind.Bundler },
};

/** Type errors of the programs, as text. */
function typeErrors(project: Project, programs: readonly string[], options: ts.CompilerOptions): string[] {
  const host = ts.createCompilerHost(options);
  const created = ts.createProgram(
    programs.map((program) => project.add(program)),
    {
      target: ts.ScriptTarget.ES2022,
      lib: ["lib.es2022.d.ts", "lib.esnext.disposable.d.ts"],
      strict: true,
      noEmit: true,
      skipLibCheck: true,
      types: ["node"],
      ...options,
    },
    { ...host, getCurrentDirectory: () => project.folder },
  );
  return ts.getPreEmitDiagnostics(created).map(({ file, start = 0, messageText, code }) => {
    const line = file === undefined ? 0 : file.getLineAndCharacterOfPosition(start).line + 1;
    return `${file?.fileName.slice(project.folder.length + 1)}:${line}: TS${code}: ${ts.flattenDiagnosticMessageText(messageText, "\n")}`;
  });
}

/** Compiles a TypeScript program to CommonJS beside it. */
function compile(project: Project, program: string): string {
  const tsc = fileURLToPath(new URL("../../node_modules/typescript/bin/tsc", import.meta.url));
  const flags = ["--module", "node16", "--target", "es2022", "--types", "node", "--skipLibCheck"];
  const { stdout, status } = spawnSync(process.execPath, [tsc, ...flags, project.add(program)], {
    cwd: project.folder,
    encoding: "utf8",
  });
  assert.equal(status, 0, stdout);
  return program.replace(/\.ts$/, ".js");
}

test("programs for npm zeromq run unchanged", { timeout: 240_000 }, async (t) => {
  await withProjects(async (projects) => {
    const [ours, theirs] = [projects.ours(), projects.theirs()];
    for (const program of ["commonjs.cjs", "module.mjs", "version5.cjs"]) {
      await t.test(program, async () => {
        const expected = await theirs.run(program);
        assert.equal(expected.code, 0, expected.errors);
        assert.deepEqual(await ours.run(program), { ...expected, errors: "" });
      });
    }
    await t.test("typescript.ts", async () => {
      const expected = await theirs.runThere(compile(theirs, "typescript.ts"));
      assert.equal(expected.code, 0, expected.errors);
      assert.deepEqual(await ours.runThere(compile(ours, "typescript.ts")), { ...expected, errors: "" });
    });
    for (const [name, options] of Object.entries(settings)) {
      await t.test(`programs compile: ${name}`, () => {
        const programs = ["typescript.ts", "types.ts"];
        assert.deepEqual(typeErrors(ours, programs, options), []);
        // Its declarations have faults of their own, which strict checks of libraries show.
        assert.deepEqual(typeErrors(theirs, programs, { ...options, skipLibCheck: true }), []);
      });
    }
  });
});
