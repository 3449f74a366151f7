// SPDX-License-Identifier: MIT
/**
 * The browser's entry as one file that a page can load as it is: `dist/browser.js`, made by `build.mjs`; measured by the benchmark, and
 * loaded by the tests in real browsers. Why it is put together so: docs/decisions/0015.
 */
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const root = fileURLToPath(new URL("..", import.meta.url));

/** The code, minified. `source`: in the place of the whole entry, a module that takes some of it. */
export async function bundleBrowser(source) {
  const { outputFiles } = await build({
    absWorkingDir: root,
    ...(source === undefined
      ? { entryPoints: ["src/browser.ts"] }
      : { stdin: { contents: source, resolveDir: fileURLToPath(new URL("../src", import.meta.url)) } }),
    bundle: true,
    minify: true,
    format: "esm",
    platform: "browser",
    target: "es2022",
    charset: "utf8",
    write: false,
    logLevel: "error",
  });
  return outputFiles[0].text;
}
