// SPDX-License-Identifier: MIT
/**
 * Names of members that only this library's own code knows, as far as TypeScript can tell: what a bundle may call otherwise. Used by
 * `browser-bundle.mjs`; why it is safe: docs/decisions/0015.
 */
import { readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import ts from "typescript";

/** Members that a declaration has by a name of its own. */
const isMember = (node) =>
  ts.isPropertySignature(node) ||
  ts.isMethodSignature(node) ||
  ts.isPropertyDeclaration(node) ||
  ts.isMethodDeclaration(node) ||
  ts.isAccessor(node);

function* all(node) {
  yield node;
  const children = [];
  ts.forEachChild(node, (child) => void children.push(child));
  for (const child of children) yield* all(child);
}

const parse = (file) => ts.createSourceFile(file, readFileSync(file, "utf8"), ts.ScriptTarget.Latest, true);
const nameOf = ({ name }) =>
  name !== undefined && (ts.isIdentifier(name) || ts.isStringLiteral(name)) ? name.text : undefined;

/** All names of what runtimes have: JavaScript's, a page's and a worker's. */
function namesOfRuntimes() {
  const folder = dirname(ts.getDefaultLibFilePath({}));
  const files = readdirSync(folder).filter((file) => /^lib\.(?:es|dom|webworker|decorators).*\.d\.ts$/.test(file));
  return files.flatMap((file) => [...all(parse(join(folder, file)))].map(nameOf));
}

/** Names of members of all that an entry's exports lead to, private ones among them: who extends a class must not meet them. */
function namesOfExports(entry) {
  const program = ts.createProgram([entry], {
    allowImportingTsExtensions: true,
    target: ts.ScriptTarget.ES2022,
    module: ts.ModuleKind.NodeNext,
    types: [],
  });
  const checker = program.getTypeChecker();
  const names = new Set();
  const seen = new Set();
  const queue = checker.getExportsOfModule(checker.getSymbolAtLocation(program.getSourceFile(entry)));
  /** Down to all that it says of types; not into what is done there. */
  const visit = (node) => {
    if (ts.isBlock(node)) return;
    if (isMember(node)) names.add(nameOf(node));
    const isPrivate = (ts.getCombinedModifierFlags(node) & ts.ModifierFlags.Private) !== 0;
    const isHidden = isPrivate || (node.name !== undefined && ts.isPrivateIdentifier(node.name));
    if (isHidden || node.jsDoc?.some((comment) => comment.getText().includes("@internal"))) return;
    if (ts.isIdentifier(node)) {
      const symbol = checker.getSymbolAtLocation(node);
      if (symbol !== undefined)
        queue.push(symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol);
    }
    ts.forEachChild(node, (child) => {
      if (child !== node.initializer && child !== node.name) visit(child);
    });
  };
  for (let symbol = queue.pop(); symbol !== undefined; symbol = queue.pop()) {
    const isOurs = ({ parent }) => parent !== undefined && !program.isSourceFileDefaultLibrary(parent.getSourceFile());
    const { flags, declarations = [] } =
      symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol;
    if (seen.has(declarations[0])) continue;
    seen.add(declarations[0]);
    for (const declaration of declarations.filter(isOurs)) {
      if (ts.isVariableDeclaration(declaration) && declaration.type !== undefined) visit(declaration.type);
      else if (!(flags & ts.SymbolFlags.Module)) visit(declaration);
    }
  }
  return names;
}

/**
 * Names of members that `files` declare and that neither `entry` shows nor a runtime has. What stands in a text as well stays, as a
 * member may be asked for by it.
 */
export function innerNames(entry, files) {
  const kept = new Set([...namesOfRuntimes(), ...namesOfExports(entry)]);
  const nodes = files.flatMap((file) => [...all(parse(file))]);
  for (const node of nodes) {
    if (ts.isStringLiteralLike(node)) kept.add(node.text);
  }
  const names = new Set(nodes.filter(isMember).map(nameOf));
  return [...names].filter((name) => name !== undefined && !kept.has(name));
}
