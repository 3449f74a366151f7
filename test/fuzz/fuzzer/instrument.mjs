// SPDX-License-Identifier: MIT
/**
 * Puts counters into the library's sources while they are loaded: one for each function and for each way that a branch can
 * take. A fuzzer that reads them after each execution knows which inputs reach something new, at a cost that lets it try
 * a hundred thousand of them in a second; V8's own coverage takes milliseconds to be read. To be used as
 * `node --import tsx --import ./test/fuzz/fuzzer/instrument.mjs …`; `coverage.ts` has the counters.
 */
import { createHash } from "node:crypto";
import { mkdir, readFile, rename, writeFile } from "node:fs/promises";
import { register } from "node:module";
import { fileURLToPath } from "node:url";
import { isMainThread } from "node:worker_threads";

const sources = new URL("../../../src/", import.meta.url).href;
/** What was made before, by what it was made from: each target has a process, and would wait some seconds for the compiler. */
const cache = new URL("../../../build/fuzz/instrumented/", import.meta.url);
/** The compiler, once it is needed. */
let ts;
let own;

if (isMainThread && globalThis.fuzzCounters === undefined) {
  globalThis.fuzzCounters = { all: new Uint8Array(65536), used: 0, modules: [] };
  register(import.meta.url);
}

/** Node's hook: what to run in the place of a module. */
export async function load(url, context, next) {
  if (!url.startsWith(sources) || !url.endsWith(".ts")) return next(url, context);
  const text = await readFile(new URL(url), "utf8");
  return { format: "module", shortCircuit: true, source: await instrumented(text, url) };
}

/** The same from the cache, where it is there. */
async function instrumented(text, url) {
  own ??= await readFile(new URL(import.meta.url), "utf8");
  const name = createHash("sha256").update(own).update(url).update(text).digest("hex");
  const file = new URL(`${name}.js`, cache);
  try {
    return await readFile(file, "utf8");
  } catch {
    ts ??= (await import("typescript")).default;
    const source = instrument(text, url);
    const draft = new URL(`${name}.${process.pid}`, cache);
    await mkdir(cache, { recursive: true });
    await writeFile(draft, source);
    await rename(draft, file);
    return source;
  }
}

/** The JavaScript of a TypeScript source, with counters. */
function instrument(text, url) {
  const points = [];
  const { outputText } = ts.transpileModule(text, {
    fileName: fileURLToPath(url),
    compilerOptions: {
      target: ts.ScriptTarget.ES2023,
      module: ts.ModuleKind.ESNext,
      verbatimModuleSyntax: true,
      inlineSourceMap: true,
    },
    transformers: { before: [(context) => (source) => addCounters(source, context, points)] },
  });
  const about = JSON.stringify({ file: url.slice(sources.length), points });
  const head =
    `const __c = ((all, about) => { const from = all.used; all.used += ${points.length};` +
    `all.modules.push({ ...about, from }); return all.all.subarray(from, all.used); })(globalThis.fuzzCounters, ${about}); `;
  return head + outputText;
}

/** Adds counters to one file; `points` gets the kind of each, and the lines whose statements it counts. */
function addCounters(source, { factory: f }, points) {
  const lineOf = (node) => source.getLineAndCharacterOfPosition(node.getStart(source)).line + 1;

  /** `__c[n]++`, for what begins at these nodes. */
  const count = (kind, nodes) => {
    points.push([kind, nodes.map(lineOf)]);
    const place = f.createElementAccessExpression(f.createIdentifier("__c"), points.length - 1);
    return f.createPostfixIncrement(place);
  };
  const countStatement = (kind, nodes) => f.createExpressionStatement(count(kind, nodes));
  const withCount = (kind, expression) =>
    f.createParenthesizedExpression(
      f.createBinaryExpression(count(kind, [expression]), ts.SyntaxKind.CommaToken, inner(expression)),
    );
  const inner = (node) => visit(node);

  const countedBlock = (kind, statement) => {
    if (statement === undefined) return f.createBlock([countStatement(kind, [])]);
    if (!ts.isBlock(statement)) return f.createBlock([countStatement(kind, [statement]), inner(statement)], true);
    const { statements } = statement;
    return f.updateBlock(statement, [countStatement(kind, statements), ...statements.map(inner)]);
  };

  const visitChildren = (node) => ts.visitEachChild(node, visit, undefined);

  function visit(node) {
    if (ts.isIfStatement(node)) {
      const condition = inner(node.expression);
      const yes = countedBlock("b", node.thenStatement);
      return f.updateIfStatement(node, condition, yes, countedBlock("b", node.elseStatement));
    }
    if (ts.isConditionalExpression(node)) {
      const { condition, questionToken, whenTrue, colonToken, whenFalse } = node;
      const test = inner(condition);
      const yes = withCount("b", whenTrue);
      return f.updateConditionalExpression(node, test, questionToken, yes, colonToken, withCount("b", whenFalse));
    }
    if (ts.isBinaryExpression(node) && isLogical(node.operatorToken.kind)) {
      const left = inner(node.left);
      return f.updateBinaryExpression(node, left, node.operatorToken, withCount("b", node.right));
    }
    if (ts.isCaseClause(node)) {
      const { expression, statements } = node;
      return f.updateCaseClause(node, inner(expression), [countStatement("b", statements), ...statements.map(inner)]);
    }
    if (ts.isDefaultClause(node)) {
      return f.updateDefaultClause(node, [countStatement("b", node.statements), ...node.statements.map(inner)]);
    }
    if (ts.isCatchClause(node)) {
      return f.updateCatchClause(node, node.variableDeclaration, countedBlock("b", node.block));
    }
    if (ts.isForStatement(node)) {
      const parts = [node.initializer, node.condition, node.incrementor].map((each) => each && inner(each));
      return f.updateForStatement(node, ...parts, countedBlock("b", node.statement));
    }
    if (ts.isForOfStatement(node)) {
      const { awaitModifier, initializer, expression } = node;
      return f.updateForOfStatement(
        node,
        awaitModifier,
        inner(initializer),
        inner(expression),
        countedBlock("b", node.statement),
      );
    }
    if (ts.isWhileStatement(node)) {
      return f.updateWhileStatement(node, inner(node.expression), countedBlock("b", node.statement));
    }
    if (ts.isDoStatement(node)) {
      return f.updateDoStatement(node, countedBlock("b", node.statement), inner(node.expression));
    }
    if (ts.isArrowFunction(node)) {
      const { modifiers, typeParameters, parameters, type, equalsGreaterThanToken, body } = node;
      const counted = ts.isBlock(body) ? countedBlock("f", body) : withCount("f", body);
      const inputs = parameters.map(inner);
      return f.updateArrowFunction(node, modifiers, typeParameters, inputs, type, equalsGreaterThanToken, counted);
    }
    if (ts.isFunctionLike(node) && node.body !== undefined) {
      const visited = visitChildren(node);
      const { body } = visited;
      const counted = f.updateBlock(body, [countStatement("f", node.body.statements), ...body.statements]);
      return replaceBody(visited, counted);
    }
    return visitChildren(node);
  }

  function replaceBody(node, body) {
    const { modifiers, asteriskToken, name, questionToken, typeParameters, parameters, type } = node;
    if (ts.isConstructorDeclaration(node)) return f.updateConstructorDeclaration(node, modifiers, parameters, body);
    if (ts.isGetAccessor(node)) return f.updateGetAccessorDeclaration(node, modifiers, name, parameters, type, body);
    if (ts.isSetAccessor(node)) return f.updateSetAccessorDeclaration(node, modifiers, name, parameters, body);
    if (ts.isMethodDeclaration(node)) {
      return f.updateMethodDeclaration(
        node,
        modifiers,
        asteriskToken,
        name,
        questionToken,
        typeParameters,
        parameters,
        type,
        body,
      );
    }
    const update = ts.isFunctionDeclaration(node) ? f.updateFunctionDeclaration : f.updateFunctionExpression;
    return update(node, modifiers, asteriskToken, name, typeParameters, parameters, type, body);
  }

  return visitChildren(source);
}

function isLogical(kind) {
  return (
    kind === ts.SyntaxKind.AmpersandAmpersandToken ||
    kind === ts.SyntaxKind.BarBarToken ||
    kind === ts.SyntaxKind.QuestionQuestionToken
  );
}
