// SPDX-License-Identifier: MIT
/** The titles of the tests in a file, as they stand in its source: a template keeps its `${…}`. */
import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import ts from "typescript";

const known = new Map<string, readonly string[]>();

/** Titles in a file below `test/`: the texts that calls begin with, and the names in tables of stories. Empty: no such file. */
export function titlesIn(file: string): readonly string[] {
  const titles = known.get(file) ?? read(file);
  known.set(file, titles);
  return titles;
}

function read(file: string): readonly string[] {
  const path = fileURLToPath(new URL(`../${file}`, import.meta.url));
  if (!existsSync(path)) return [];
  const titles: string[] = [];
  const source = ts.createSourceFile(file, readFileSync(path, "utf8"), ts.ScriptTarget.Latest, true);
  const visit = (node: ts.Node): void => {
    if (ts.isCallExpression(node)) note(node.arguments[0], titles);
    else if (ts.isPropertyAssignment(node)) note(node.name, titles);
    node.forEachChild(visit);
  };
  visit(source);
  return titles;
}

function note(node: ts.Node | undefined, titles: string[]): void {
  if (node === undefined) return;
  if (ts.isStringLiteral(node) || ts.isNoSubstitutionTemplateLiteral(node)) titles.push(node.text);
  else if (ts.isTemplateExpression(node)) titles.push(node.getText().slice(1, -1));
}
