// SPDX-License-Identifier: MIT
/**
 * The browser's entry as one file that a page can load as it is: `dist/browser.js`, made by `build.mjs`; measured by the benchmark, and
 * loaded by the tests in real browsers. Why it is put together so: docs/decisions/0015.
 */

import { join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

/** What browsers have something smaller for: modules of `src/`, and what stands in their place in `src/slim/`. */
const SLIM = {
  "api/context-settings": "context-settings",
  "api/numbered-options": "numbered-options",
  "auth/authorization": "acceptance",
  "base/accept-filter": "acceptance",
  "base/curve-key": "acceptance",
  "base/pem": "acceptance",
  "base/rounds": "acceptance",
  "pattern/subscriptions": "subscriptions",
  "socket/admission": "acceptance",
  "socket/authentication": "authentication",
  "socket/name-group": "acceptance",
  "socket/option-rows": "option-rows",
};

/** Puts them there. */
const slim = {
  name: "slim",
  setup: (plugins) =>
    plugins.onResolve({ filter: /^\.\.?\/.*\.ts$/ }, ({ path, importer, resolveDir }) => {
      const file = relative(source, join(resolveDir, path)).replaceAll("\\", "/");
      const other = SLIM[file.slice(0, -".ts".length)];
      const isOwn = relative(source, importer).startsWith("slim");
      return other === undefined || isOwn
        ? undefined
        : { path: join(source, "slim", `${other}.ts`), sideEffects: false };
    }),
};

const root = fileURLToPath(new URL("..", import.meta.url));
const source = join(root, "src");

/**
 * The code, minified. `code`: in the place of the whole entry, a module that takes some of it. `keepsAnnotations`: lines stay, as esbuild
 * takes away with them what tells bundlers that they may leave out the types that a program does not use.
 */
export async function bundleBrowser(code, { keepsAnnotations = false } = {}) {
  const { outputFiles } = await build({
    absWorkingDir: root,
    ...(code === undefined ? { entryPoints: ["src/browser.ts"] } : { stdin: { contents: code, resolveDir: source } }),
    bundle: true,
    minifySyntax: true,
    minifyIdentifiers: true,
    minifyWhitespace: !keepsAnnotations,
    format: "esm",
    platform: "browser",
    target: "es2022",
    charset: "utf8",
    write: false,
    logLevel: "error",
    plugins: [slim],
  });
  const { text } = outputFiles[0];
  return keepsAnnotations ? text.replace(/^ +/gm, "") : text;
}
