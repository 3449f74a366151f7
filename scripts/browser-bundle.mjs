// SPDX-License-Identifier: MIT
/**
 * The browser's entry as one file that a page can load as it is: `dist/browser.js`, made by `build.mjs`; measured by the benchmark, and
 * loaded by the tests in real browsers. CURVE is a second file, which that one loads. Why they are put together so: docs/decisions/0015.
 */

import { readdirSync, readFileSync } from "node:fs";
import { join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { build, transform } from "esbuild";
import { minify } from "terser";
import { innerNames } from "./inner-names.mjs";

/** What browsers have something smaller for: modules of `src/`, and what stands in their place in `src/slim/`. */
const SLIM = {
  "api/context-settings": "context-settings",
  "api/numbered-options": "numbered-options",
  "base/curve-key": "curve-key",
  "base/pem": "acceptance",
  "base/rounds": "acceptance",
  "pattern/subscriptions": "subscriptions",
  "socket/admission": "acceptance",
  "socket/authentication": "authentication",
  "socket/chosen-mechanism": "chosen-mechanism",
  "socket/endpoints": "endpoints",
  "socket/option-rows": "option-rows",
  "socket/options": "options",
};

/** What the second file has of the first. */
const LENT = { "base/errors": "lent", "security/steps": "lent" };

/** The second file's entry: borrows, and goes on. */
const BORROWING = `
  import { borrow } from "./slim/lent.ts";
  import { openCurve as open } from "./runtime/browser-curve.ts";
  export function openCurve(lent) {
    borrow(lent);
    return open();
  }`;

/** Puts modules in the place of others; from the first file to the second leads an `import()` that stays. */
const slim = (others) => ({
  name: "slim",
  setup: (plugins) =>
    plugins.onResolve({ filter: /^\.\.?\/.*\.ts$/ }, ({ path, importer, resolveDir, kind }) => {
      if (kind === "dynamic-import") return { path: path.replace(/ts$/, "js"), external: true };
      const file = relative(source, join(resolveDir, path)).replaceAll("\\", "/");
      const other = others[file.slice(0, -".ts".length)];
      const isOwn = relative(source, importer).startsWith("slim");
      return other === undefined || isOwn
        ? undefined
        : { path: join(source, "slim", `${other}.ts`), sideEffects: false };
    }),
});

/** Fields as assignments of constructors: shorter, and those without a value vanish. Not where a class has one of its own, by which it would stay. */
const assigning = {
  name: "assigning",
  setup: (plugins) =>
    plugins.onLoad({ filter: /\.ts$/ }, async ({ path }) => {
      const text = readFileSync(path, "utf8");
      const useDefineForClassFields = /^ {2}(?:\w+ )*static [^(]*[:=]/m.test(text);
      const tsconfigRaw = { compilerOptions: { useDefineForClassFields, verbatimModuleSyntax: true } };
      return { contents: (await transform(text, { loader: "ts", target: "es2022", tsconfigRaw })).code };
    }),
};

const root = fileURLToPath(new URL("..", import.meta.url));
const source = join(root, "src");

/** Everything is asked for by its name in the sources: `esbuild` calls what only they know otherwise, the same in all files. */
let mangled;

function innerMembers() {
  mangled ??= innerNames(
    join(source, "browser.ts"),
    readdirSync(source, { recursive: true })
      .filter((name) => name.endsWith(".ts"))
      .map((name) => join(source, name)),
  );
  return new RegExp(`^(?:${mangled.join("|")})$`);
}

/** One file, minified; `code`: what the entry is, in the place of the file. */
async function bundle(code, others, { keepsNames = false, mangleCache = {} } = {}) {
  const result = await build({
    absWorkingDir: root,
    ...(code === undefined ? { entryPoints: ["src/browser.ts"] } : { stdin: { contents: code, resolveDir: source } }),
    bundle: true,
    // White space would take the annotations along.
    minifySyntax: true,
    ...(keepsNames ? {} : { mangleProps: innerMembers(), mangleCache }),
    format: "esm",
    platform: "browser",
    target: "es2022",
    charset: "utf8",
    // Packages ask whether there is one.
    define: { require: "undefined" },
    write: false,
    logLevel: "error",
    plugins: [slim(others), assigning],
  });
  const { code: text } = await minify(result.outputFiles[0].text, {
    module: true,
    ecma: 2020,
    compress: { passes: 2 },
    format: { preserve_annotations: true },
  });
  return { text, names: result.mangleCache };
}

/**
 * The code, minified. `code`: in the place of the whole entry, a module that takes some of it. Annotations stay, by which bundlers leave out
 * what a program does not use. `keepsNames`: of members that only the sources know as well.
 */
export async function bundleBrowser(code, { keepsNames = false } = {}) {
  const { text } = await bundle(code, SLIM, { keepsNames });
  return text;
}

/** Both files as they are packed, which call what they share alike: the whole entry, and CURVE. */
export async function bundleBrowserFiles() {
  const { text: main, names } = await bundle(undefined, SLIM);
  const { text: curve } = await bundle(BORROWING, LENT, { mangleCache: names });
  return { main, curve };
}
