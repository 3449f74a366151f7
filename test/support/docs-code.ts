// SPDX-License-Identifier: MIT
/**
 * The code in README.md and docs/: blocks marked `ts` are type-checked as a user's programs, those marked `ts run` are run too. A
 * block marked `text output` that follows says what the program prints. Used by `docs-code.test.ts`.
 */
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import ts from "typescript";

const root = fileURLToPath(new URL("../..", import.meta.url));
const entry = join(root, "src/index.ts");

/** One block of code. */
export interface Block {
  /** The document, and the line on which the block begins. */
  readonly where: string;
  readonly code: string;
  readonly isProgram: boolean;
  /** What it prints, where the document says so. */
  readonly output: string | undefined;
}

/**
 * Names that fragments, blocks without an import, may use without making them: a socket of each type, and what stands for the
 * application.
 */
const FRAGMENT_NAMES = `
import type * as zmq from "zeromq-ts";
declare global {
  const pair: zmq.Pair, publisher: zmq.Publisher, subscriber: zmq.Subscriber, xpub: zmq.XPublisher, xsub: zmq.XSubscriber;
  const request: zmq.Request, reply: zmq.Reply, dealer: zmq.Dealer, router: zmq.Router;
  const push: zmq.Push, pull: zmq.Pull, stream: zmq.Stream, socket: zmq.Dealer;
  const signal: AbortSignal;
  function work(...parts: unknown[]): Promise<string>;
}
`;

/** All blocks of all documents. */
export function findBlocks(): Block[] {
  const documents = readdirSync(join(root, "docs"), { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".md") && !name.startsWith("api/") && !name.startsWith("decisions/"))
    .map((name) => `docs/${name.replaceAll("\\", "/")}`)
    .sort();
  return ["README.md", ...documents].flatMap((path) => blocksOf(path, readFileSync(join(root, path), "utf8")));
}

/** The blocks of one document. */
export function blocksOf(path: string, text: string): Block[] {
  const fences = [...text.matchAll(/^```(.*)\n([^]*?)^```$/gm)];
  return fences.flatMap(({ 1: info = "", 2: code = "", index }, position) => {
    if (info !== "ts" && info !== "ts run") return [];
    const line = text.slice(0, index).split("\n").length;
    const next = fences[position + 1];
    const output = next?.[1] === "text output" ? next[2] : undefined;
    return [{ where: `${path}:${line}`, code, isProgram: info === "ts run", output }];
  });
}

/** Type errors of all blocks, each with the place in its document. The folder is for the files of the blocks. */
export function checkBlocks(blocks: readonly Block[], folder: string): string[] {
  const origins = new Map<string, Block>();
  mkdirSync(folder, { recursive: true });
  blocks.forEach((block, index) => {
    const file = join(folder, `block-${index}.ts`);
    const isFragment = !block.code.includes('from "zeromq-ts"');
    writeFileSync(file, `${block.code}${isFragment ? 'import "./fragment-names.ts";\n' : ""}export {};\n`);
    origins.set(file, block);
  });
  writeFileSync(join(folder, "fragment-names.ts"), FRAGMENT_NAMES);
  const program = ts.createProgram([...origins.keys()], {
    target: ts.ScriptTarget.ES2023,
    lib: ["lib.es2023.d.ts", "lib.esnext.disposable.d.ts"],
    module: ts.ModuleKind.ESNext,
    moduleResolution: ts.ModuleResolutionKind.Bundler,
    moduleDetection: ts.ModuleDetectionKind.Force,
    strict: true,
    noEmit: true,
    allowImportingTsExtensions: true,
    skipLibCheck: true,
    paths: { "zeromq-ts": [entry] },
    types: ["node"],
    typeRoots: [join(root, "node_modules/@types")],
  });
  return [...origins].flatMap(([file, { where }]) => {
    const source = program.getSourceFile(file);
    if (source === undefined) return [`${where}: not compiled`];
    return [...program.getSyntacticDiagnostics(source), ...program.getSemanticDiagnostics(source)].map((diagnostic) => {
      const [path, first] = where.split(":");
      const line = Number(first) + 1 + source.getLineAndCharacterOfPosition(diagnostic.start ?? 0).line;
      return `${path}:${line}: TS${diagnostic.code} ${ts.flattenDiagnosticMessageText(diagnostic.messageText, " ")}`;
    });
  });
}

/**
 * A block as a program that runs here: it imports the sources, and has free ports in the place of those that the document
 * names, so that programs run side by side.
 */
export async function runnable(code: string): Promise<string> {
  let text = code.replaceAll('from "zeromq-ts"', `from ${JSON.stringify(pathToFileURL(entry).href)}`);
  for (const port of new Set([...code.matchAll(/tcp:\/\/[^"`]*:(\d{4})/g)].map(([, digits = ""]) => digits))) {
    text = text.replaceAll(`:${port}`, `:${await freePort()}`);
  }
  return text;
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer().once("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const { port } = server.address() as { port: number };
      server.close(() => resolve(port));
    });
  });
}
