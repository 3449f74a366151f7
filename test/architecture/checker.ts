// SPDX-License-Identifier: MIT
/**
 * Holds sources against the rules of `rules.ts`: who imports whom, cycles, sizes, headers, module-level state and
 * forbidden globals. Works on texts in memory, so that its own tests can show it bad ones.
 */
import { posix } from "node:path";
import ts from "typescript";
import {
  CLOCK_FILES,
  FILE_MAY_IMPORT,
  LAYERS,
  type Layer,
  MODULE_STATE,
  MOST_LINES,
  PACKAGES,
  TABLES,
} from "./rules.ts";

/** One file; `path` is relative to `src/`. */
export interface Source {
  readonly path: string;
  readonly text: string;
}

/** A broken rule, as `file:line: rule`. */
export type Finding = string;

/** One import, in any of its forms. */
interface Import {
  readonly specifier: string | undefined;
  readonly line: number;
  readonly isDynamic: boolean;
  /** Nothing of it is left when the program runs. */
  readonly isType: boolean;
}

const TIME = ["setTimeout", "setInterval", "clearTimeout", "clearInterval", "performance", "Date"];
const DEFERRAL = ["setImmediate", "clearImmediate", "queueMicrotask"];
const RUNTIME = ["process", "Buffer", "require", "module", "__dirname", "__filename", "global", "Deno", "Bun"];

function parse(source: Source): ts.SourceFile {
  return ts.createSourceFile(source.path, source.text, ts.ScriptTarget.Latest, true);
}

function lineOf(file: ts.SourceFile, node: ts.Node): number {
  return file.getLineAndCharacterOfPosition(node.getStart(file)).line + 1;
}

function visit(node: ts.Node, see: (node: ts.Node) => void): void {
  see(node);
  ts.forEachChild(node, (child) => visit(child, see));
}

/** The folder of a file, or the file's own name for those directly in `src/`. */
export function layerOf(path: string): string {
  const [first = "", second] = path.split("/");
  return second === undefined ? first.replace(/\.ts$/, "") : first;
}

/** All imports of a file: declarations, re-exports, `import()`, `import("…").Type` and `require`. */
function importsOf(file: ts.SourceFile): Import[] {
  const imports: Import[] = [];
  const add = (node: ts.Node, name: ts.Node | undefined, kind: "type" | "dynamic" | "declared"): void => {
    const specifier = name !== undefined && ts.isStringLiteralLike(name) ? name.text : undefined;
    imports.push({ specifier, line: lineOf(file, node), isDynamic: kind === "dynamic", isType: kind === "type" });
  };
  visit(file, (node) => {
    if (ts.isImportDeclaration(node)) {
      const isType = node.importClause?.phaseModifier === ts.SyntaxKind.TypeKeyword;
      add(node, node.moduleSpecifier, isType ? "type" : "declared");
    } else if (ts.isExportDeclaration(node) && node.moduleSpecifier !== undefined) {
      add(node, node.moduleSpecifier, node.isTypeOnly ? "type" : "declared");
    } else if (ts.isImportTypeNode(node) && ts.isLiteralTypeNode(node.argument)) {
      add(node, node.argument.literal, "type");
    } else if (ts.isExternalModuleReference(node)) {
      add(node, node.expression, "declared");
    } else if (ts.isCallExpression(node)) {
      const isImport = node.expression.kind === ts.SyntaxKind.ImportKeyword;
      const isRequire = ts.isIdentifier(node.expression) && node.expression.text === "require";
      if (isImport || isRequire) add(node, node.arguments[0], "dynamic");
    }
  });
  return imports;
}

/** Why a file may not import a target; undefined when it may. */
function refusal(path: string, layer: Layer, { specifier, isDynamic }: Import): string | undefined {
  if (specifier === undefined) return "import() needs a literal, so that this test can read it";
  const from = layerOf(path);
  if (specifier.startsWith("node:")) {
    return layer.touchesRuntime === true ? undefined : `${from}/ may not touch a runtime: ${specifier}`;
  }
  if (!specifier.startsWith(".")) {
    if (PACKAGES[specifier]?.includes(path) !== true) return `no package may be imported here: ${specifier}`;
    return isDynamic ? undefined : `${specifier} is loaded with import() on first use, never with a declaration`;
  }
  if (!specifier.endsWith(".ts")) return `imports end in .ts: ${specifier}`;
  const target = posix.join(posix.dirname(path), specifier);
  if (target.startsWith("..")) return `outside src: ${specifier}`;
  const to = layerOf(target);
  if (to === from) return undefined;
  const targetLayer = LAYERS[to];
  if (targetLayer === undefined) return `unknown folder: ${to}`;
  if (targetLayer.rank >= layer.rank) {
    return `${from} (rank ${layer.rank}) may not import ${to} (rank ${targetLayer.rank}): ${target}`;
  }
  const allowed = [...layer.mayImport, ...(FILE_MAY_IMPORT[path] ?? [])];
  if (allowed.includes(to) || allowed.includes(target)) return undefined;
  return `${from} may import ${allowed.join(", ") || "nothing"}; not ${target}`;
}

/** Imports against the layer table. */
export function checkImports(sources: readonly Source[]): Finding[] {
  return sources.flatMap((source) => {
    const layer = LAYERS[layerOf(source.path)];
    if (layer === undefined) return [`${source.path}:1: no such folder in the layer table`];
    return importsOf(parse(source)).flatMap((found) => {
      const reason = refusal(source.path, layer, found);
      return reason === undefined ? [] : [`${source.path}:${found.line}: ${reason}`];
    });
  });
}

/**
 * Cycles between files when the program runs; each is told once, from its first file. Types may refer to each other: the
 * layer table keeps that within a folder.
 */
export function checkCycles(sources: readonly Source[]): Finding[] {
  const graph = new Map<string, string[]>();
  for (const source of sources) {
    const targets = importsOf(parse(source)).flatMap(({ specifier, isType }) =>
      !isType && specifier?.startsWith(".") === true ? [posix.join(posix.dirname(source.path), specifier)] : [],
    );
    graph.set(source.path, targets);
  }
  const findings: Finding[] = [];
  const done = new Set<string>();
  const trail: string[] = [];
  const walk = (path: string): void => {
    const at = trail.indexOf(path);
    if (at >= 0) findings.push(`${path}:1: cycle: ${[...trail.slice(at), path].join(" → ")}`);
    if (at >= 0 || done.has(path)) return;
    trail.push(path);
    for (const target of graph.get(path) ?? []) walk(target);
    trail.pop();
    done.add(path);
  };
  for (const path of [...graph.keys()].sort()) walk(path);
  return findings;
}

/** Number of lines, as an editor counts them. */
export function linesOf(text: string): number {
  return text.trimEnd().split("\n").length;
}

/** Names, sizes and headers. */
export function checkShape({ path, text }: Source): Finding[] {
  const findings: Finding[] = [];
  const name = posix.basename(path);
  const folder = posix.dirname(path);
  if (!/^[a-z0-9]+(-[a-z0-9]+)*\.ts$/.test(name)) findings.push(`${path}:1: file names are kebab-case`);
  if (name === "index.ts" && folder !== "." && !TABLES.includes(folder)) {
    findings.push(`${path}:1: index.ts is for package entries and for the tables in ${TABLES.join(", ")}`);
  }
  const lines = linesOf(text);
  if (lines > MOST_LINES) findings.push(`${path}:${MOST_LINES}: ${lines} lines; split it along a seam`);
  const [first, second = ""] = text.replace(/^#!.*\n/, "").split("\n");
  if (first !== "// SPDX-License-Identifier: MIT") findings.push(`${path}:1: no SPDX line`);
  if (!second.startsWith("/**")) findings.push(`${path}:2: no opening doc comment: what it is, its neighbours`);
  return findings;
}

/**
 * A collection that starts empty is there to be filled, unless its type forbids it. Weak ones are left out: what they
 * hold belongs to each of their keys.
 */
function isEmptyCollection(node: ts.Expression | undefined, type: ts.TypeNode | undefined): boolean {
  if (node === undefined || /^readonly\b|^Readonly/.test(type?.getText() ?? "")) return false;
  if (ts.isNewExpression(node)) {
    const name = ts.isIdentifier(node.expression) ? node.expression.text : "";
    return /^(Map|Set|Array)$/.test(name) && (node.arguments?.length ?? 0) === 0;
  }
  if (ts.isArrayLiteralExpression(node)) return node.elements.length === 0;
  return ts.isObjectLiteralExpression(node) && node.properties.length === 0;
}

function hasModifier(node: ts.PropertyDeclaration, kind: ts.SyntaxKind): boolean {
  return node.modifiers?.some((modifier) => modifier.kind === kind) === true;
}

/** State that a whole module shares: `let`, a collection that starts empty, a static field that can be written. */
export function checkModuleState(source: Source): Finding[] {
  const file = parse(source);
  const findings: Finding[] = [];
  const add = (node: ts.Node, name: string): void => {
    if (MODULE_STATE.includes(`${source.path}#${name}`)) return;
    findings.push(`${source.path}:${lineOf(file, node)}: module-level state: ${name}; two sockets would share it`);
  };
  for (const statement of file.statements) {
    if (ts.isVariableStatement(statement)) {
      if (statement.modifiers?.some(({ kind }) => kind === ts.SyntaxKind.DeclareKeyword) === true) continue;
      const isConst = (statement.declarationList.flags & ts.NodeFlags.Const) !== 0;
      for (const declaration of statement.declarationList.declarations) {
        if (!isConst || isEmptyCollection(declaration.initializer, declaration.type))
          add(declaration, declaration.name.getText(file));
      }
    } else if (ts.isClassDeclaration(statement)) {
      for (const member of statement.members) {
        if (!ts.isPropertyDeclaration(member) || !hasModifier(member, ts.SyntaxKind.StaticKeyword)) continue;
        if (hasModifier(member, ts.SyntaxKind.ReadonlyKeyword) && !isEmptyCollection(member.initializer, member.type))
          continue;
        add(member, `${statement.name?.text ?? "class"}.${member.name.getText(file)}`);
      }
    }
  }
  return findings;
}

/** Whether an identifier stands for a variable: not a property, a label, a declared name or part of a type. */
function isReference(node: ts.Identifier): boolean {
  const { parent } = node;
  if (ts.isPropertyAccessExpression(parent)) return parent.expression === node;
  if (ts.isTypeReferenceNode(parent) || ts.isQualifiedName(parent) || ts.isTypeElement(parent)) return false;
  if (ts.isImportSpecifier(parent) || ts.isExportSpecifier(parent) || ts.isNamedTupleMember(parent)) return false;
  if (ts.isPropertyAssignment(parent) || ts.isBindingElement(parent)) return parent.initializer === node;
  if (ts.isShorthandPropertyAssignment(parent)) return true;
  const { name } = parent as ts.NamedDeclaration;
  return name !== node;
}

/** Globals that a file may not use: time, deferral and output everywhere; the runtime's own in pure folders. */
export function checkGlobals(source: Source): Finding[] {
  const file = parse(source);
  const layer = layerOf(source.path);
  const forbidden = new Map<string, string>();
  const touchesRuntime = LAYERS[layer]?.touchesRuntime === true;
  if (!CLOCK_FILES.includes(source.path)) {
    // A transport may wait for its own input and output; how long anything takes is the clock's alone.
    for (const name of touchesRuntime ? TIME : [...TIME, ...DEFERRAL]) {
      forbidden.set(name, "time goes through base/clock.ts");
    }
  }
  if (layer !== "cli") forbidden.set("console", "a library does not print");
  if (!touchesRuntime) {
    for (const name of RUNTIME) forbidden.set(name, `${layer}/ may not touch a runtime`);
  }
  const declared = new Set<string>();
  visit(file, (node) => {
    const { name } = node as ts.NamedDeclaration;
    if (name !== undefined && ts.isIdentifier(name) && (ts.isParameter(node) || ts.isVariableDeclaration(node))) {
      declared.add(name.text);
    }
  });
  const findings: Finding[] = [];
  const add = (node: ts.Node, name: string, reason: string): void => {
    findings.push(`${source.path}:${lineOf(file, node)}: ${name}: ${reason}`);
  };
  visit(file, (node) => {
    if (ts.isPropertyAccessExpression(node) && node.getText(file) === "AbortSignal.timeout") {
      add(node, "AbortSignal.timeout", "time goes through base/clock.ts");
    }
    if (!ts.isIdentifier(node) || declared.has(node.text) || !isReference(node)) return;
    const reason = forbidden.get(node.text);
    if (reason !== undefined) add(node, node.text, reason);
  });
  return findings;
}

/** Whether a file has nothing to run: contracts, and lists of re-exports. */
export function isContract(source: Source): boolean {
  return parse(source).statements.every((statement) => {
    if (ts.isInterfaceDeclaration(statement) || ts.isTypeAliasDeclaration(statement)) return true;
    return ts.isImportDeclaration(statement) || ts.isExportDeclaration(statement);
  });
}

/** Hooks of node:test that a test file imports; tests open what they need themselves. */
export function checkHooks(source: Source): Finding[] {
  const file = parse(source);
  const findings: Finding[] = [];
  visit(file, (node) => {
    if (!ts.isImportDeclaration(node) || !ts.isStringLiteral(node.moduleSpecifier)) return;
    if (node.moduleSpecifier.text !== "node:test") return;
    const hook = /\b(before|after|beforeEach|afterEach)\b/.exec(node.importClause?.getText(file) ?? "");
    if (hook !== null) findings.push(`${source.path}:${lineOf(file, node)}: no hooks in tests: ${hook[0]}`);
  });
  return findings;
}
