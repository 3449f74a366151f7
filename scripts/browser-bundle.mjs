// SPDX-License-Identifier: MIT
/**
 * The browser's entry as one file that a page can load as it is: `dist/browser.js`, made by `build.mjs`; measured by the benchmark, and
 * loaded by the tests in real browsers. Why it is put together so: docs/decisions/0015.
 */

import { readdirSync } from "node:fs";
import { join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { minify } from "terser";
import { innerNames } from "./inner-names.mjs";

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

/**
 * The code, minified. `code`: in the place of the whole entry, a module that takes some of it. Annotations stay, by which bundlers leave out
 * what a program does not use. `keepsNames`: of members that only the sources know as well.
 */
export async function bundleBrowser(code, { keepsNames = false } = {}) {
  const { outputFiles } = await build({
    absWorkingDir: root,
    ...(code === undefined ? { entryPoints: ["src/browser.ts"] } : { stdin: { contents: code, resolveDir: source } }),
    bundle: true,
    // White space would take the annotations along.
    minifySyntax: true,
    ...(keepsNames ? {} : { mangleProps: innerMembers() }),
    format: "esm",
    platform: "browser",
    target: "es2022",
    charset: "utf8",
    write: false,
    logLevel: "error",
    plugins: [slim],
  });
  const { code: text } = await minify(outputFiles[0].text, {
    module: true,
    ecma: 2020,
    compress: { passes: 2 },
    format: { preserve_annotations: true },
  });
  return text;
}
