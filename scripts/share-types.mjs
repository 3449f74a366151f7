// SPDX-License-Identifier: MIT
/**
 * Takes what the rolled-up declarations of two entries have in common into a file of its own, from which both have it: what a page and
 * a server know is one type, and is packed once. Used by `build.mjs`, after `roll-up.mjs`.
 */
import { readFileSync, writeFileSync } from "node:fs";
import ts from "typescript";

/** Every place where something is named that a file declares: neither members nor parameters. */
function* namesIn(node) {
  if (ts.isIdentifier(node)) {
    const { parent } = node;
    const isTheirs =
      (parent.name === node && (ts.isTypeElement(parent) || ts.isClassElement(parent) || ts.isParameter(parent))) ||
      (parent.name === node && (ts.isPropertyAccessExpression(parent) || ts.isNamedTupleMember(parent))) ||
      (parent.name === node && ts.isExportSpecifier(parent) && parent.propertyName !== undefined) ||
      (ts.isQualifiedName(parent) && parent.right === node);
    if (!isTheirs) yield node;
    return;
  }
  const children = [];
  ts.forEachChild(node, (child) => void children.push(child));
  for (const child of children) yield* namesIn(child);
}

/** A file by what it declares: names with the text that declares them, and what that names; and by what it exports. */
function read(text) {
  const source = ts.createSourceFile("types.d.ts", text, ts.ScriptTarget.Latest, true);
  const declarations = new Map();
  const exported = new Map();
  for (const statement of source.statements) {
    if (ts.isExportDeclaration(statement)) {
      const { elements } = statement.exportClause;
      for (const { name, propertyName } of elements) exported.set(name.text, (propertyName ?? name).text);
      continue;
    }
    const { name } = ts.isVariableStatement(statement) ? statement.declarationList.declarations[0] : statement;
    if (statement.modifiers.some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword))
      exported.set(name.text, name.text);
    // The file's own comment stands before the first of them.
    const comment = ts.getJSDocCommentsAndTags(statement).at(-1)?.getText() ?? "";
    const code = `${comment}\n${statement.getText().replace(/^export /, "")}`.trim();
    // A class, and the interface that it is put together with.
    const before = declarations.get(name.text) ?? { statements: [], names: new Set() };
    for (const node of namesIn(statement)) before.names.add(node.text);
    before.statements.push(code);
    declarations.set(name.text, before);
  }
  const [header] = /^\/\*\*[^]*?\*\//.exec(text);
  return { text, source, header, declarations, exported };
}

/**
 * The other file's text, with the names as in the one: API Extractor numbers a name (`Stream_2`) where an entry exports something else
 * that is called so, which the other entry may not have.
 */
function numberedAlike(one, other) {
  const renamed = new Map();
  for (const [name, { statements }] of one.declarations) {
    const plain = name.replace(/_\d+$/, "");
    const isFree = plain !== name && !other.declarations.has(name) && !other.exported.has(plain);
    const kinds = (of) =>
      of?.map((code) =>
        code
          .replace(/^(\/\*\*[^]*?)?\*\/\s+/, "")
          .split(/\s/, 3)
          .slice(0, 2)
          .join(),
      );
    if (isFree && String(kinds(other.declarations.get(plain)?.statements)) === String(kinds(statements)))
      renamed.set(plain, name);
  }
  let text = "";
  let position = 0;
  for (const node of namesIn(other.source)) {
    const name = renamed.get(node.text);
    if (name === undefined) continue;
    text +=
      other.text.slice(position, node.getStart()) +
      (ts.isExportSpecifier(node.parent) ? `${name} as ${node.text}` : name);
    position = node.getEnd();
  }
  return text + other.text.slice(position);
}

/** Names that both declare alike, down to all that they refer to. */
function commonNames(one, other) {
  const codeOf = (declaration) => declaration?.statements.join("\n");
  const same = [...one.declarations].filter(([name, found]) => codeOf(found) === codeOf(other.declarations.get(name)));
  const common = new Set(same.map(([name]) => name));
  const isForeign = (name) => !common.has(name) && (one.declarations.has(name) || other.declarations.has(name));
  for (let before = -1; before !== common.size; ) {
    before = common.size;
    for (const [name, { names }] of same) {
      if ([...names].some(isForeign)) common.delete(name);
    }
  }
  return common;
}

/** Writes `shared`, and both files anew; `place` is where they import it from. */
export function shareTypes(files, shared, place) {
  const [one, other] = files.map((file) => read(readFileSync(file, "utf8")));
  const entries = [one, read(numberedAlike(one, other))];
  const common = commonNames(...entries);
  const write = (file, ...parts) => writeFileSync(file, `${parts.filter((part) => part !== "").join("\n\n")}\n`);
  const listed = (keyword, names, tail) =>
    names.length === 0 ? "" : `${keyword} {\n  ${names.join(",\n  ")}\n}${tail};`;
  const from = ` from "${place}"`;
  const all = [...common].flatMap((name) => one.declarations.get(name).statements);
  write(shared, ...all.map((code) => code.replace(/^declare /m, "export declare ")));
  for (const [index, { header, declarations, exported }] of entries.entries()) {
    const own = [...declarations].filter(([name]) => !common.has(name)).map(([, found]) => found);
    const used = [...common].filter((name) => own.some(({ names }) => names.has(name)));
    const exports = (isShared) =>
      [...exported]
        .filter(([, local]) => common.has(local) === isShared)
        .map(([name, local]) => (name === local ? name : `${local} as ${name}`));
    write(
      files[index],
      header,
      listed("import", used, from),
      listed("export", exports(true), from),
      ...own.flatMap(({ statements }) => statements),
      listed("export", exports(false), ""),
    );
  }
}
