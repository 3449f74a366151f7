// SPDX-License-Identifier: MIT
/**
 * A project of a user, in a temporary folder: the package as `npm install` would lay it out (manifest and a fresh build),
 * and the types of Node. Used by the tests of types and of the package's entries.
 */
import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import ts from "typescript";
import { packedPackage } from "../support/packed.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));

/** A project that has zeromq-ts installed. */
export interface Consumer {
  /** Type errors of programs, as `file:line: TScode`; those inside the package with their texts. */
  check(programs: readonly string[], options?: ts.CompilerOptions): string[];
  /** Runs a program with plain Node; gives what it printed, errors included. */
  run(name: string, text: string): { code: number | null; output: string };
  /** Copies a file into the project; gives its path there. */
  add(file: string): string;
  /** Writes a file into the project; gives its path there. */
  write(name: string, text: string): string;
}

const STRICT: ts.CompilerOptions = {
  target: ts.ScriptTarget.ES2022,
  lib: ["lib.es2022.d.ts", "lib.esnext.disposable.d.ts"],
  module: ts.ModuleKind.NodeNext,
  moduleResolution: ts.ModuleResolutionKind.NodeNext,
  strict: true,
  noEmit: true,
  skipLibCheck: true,
  types: ["node"],
};

/** Makes the project, hands it over, and takes it away again. */
export async function withConsumer(use: (consumer: Consumer) => Promise<void>): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "zeromq-ts-consumer-"));
  try {
    const installed = join(folder, "node_modules/zeromq-ts");
    mkdirSync(join(folder, "node_modules"));
    cpSync(packedPackage().folder, installed, { recursive: true });
    symlinkSync(join(root, "node_modules/@types"), join(folder, "node_modules/@types"), "junction");
    writeFileSync(join(folder, "package.json"), JSON.stringify({ name: "consumer", type: "module", private: true }));
    await use({
      check: (programs, options = {}) => check(folder, programs, { ...STRICT, ...options }),
      run: (name, text) => {
        writeFileSync(join(folder, name), text);
        const result = spawnSync(process.execPath, [name], { cwd: folder, encoding: "utf8", timeout: 30000 });
        return { code: result.status, output: `${result.stdout}${result.stderr}` };
      },
      add: (file) => {
        const path = join(folder, basename(file));
        cpSync(file, path);
        return path;
      },
      write: (name, text) => {
        writeFileSync(join(folder, name), text);
        return join(folder, name);
      },
    });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function check(folder: string, paths: readonly string[], options: ts.CompilerOptions): string[] {
  const host = ts.createCompilerHost(options);
  host.getCurrentDirectory = () => folder;
  const program = ts.createProgram({ rootNames: paths, options, host });
  return ts.getPreEmitDiagnostics(program).map(({ file, start = 0, code, messageText }) => {
    const text = ts.flattenDiagnosticMessageText(messageText, "\n");
    if (file === undefined) return text;
    const line = file.getLineAndCharacterOfPosition(start).line + 1;
    if (paths.includes(file.fileName)) return `${basename(file.fileName)}:${line}: TS${code}`;
    return `${relative(folder, file.fileName)}:${line}: TS${code} ${text}`;
  });
}
