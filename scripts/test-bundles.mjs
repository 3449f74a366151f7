// SPDX-License-Identifier: MIT
/**
 * Puts each test file, with what it imports, into JavaScript that Node runs as it is: a file starts in a third of the time that the
 * same takes through tsx, and there are hundreds. Used by `test.mjs`.
 */
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { join, relative } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { build } from "esbuild";

const project = fileURLToPath(new URL("..", import.meta.url));

/** `import.meta.url` is the source's, in whichever file its code comes to lie. */
const ownUrls = {
  name: "own urls",
  setup: (plugins) =>
    plugins.onLoad({ filter: /\.(?:ts|mjs)$/ }, ({ path }) => {
      const text = readFileSync(path, "utf8");
      if (!text.includes("import.meta.url")) return undefined;
      // On the first line, so that all others keep their numbers.
      return {
        contents: `const ownUrl = ${JSON.stringify(pathToFileURL(path).href)}; ${text}`,
        loader: path.endsWith(".ts") ? "ts" : "js",
      };
    }),
};

/**
 * Compiles files below a folder. Gives for each what Node is to run, and what takes all of it away again; undefined where one of them
 * does not compile: run as it is, that one says what is wrong, and the others are none the worse.
 */
export async function bundleTests(files, folder) {
  mkdirSync(join(project, "build"), { recursive: true });
  const outdir = mkdtempSync(join(project, "build", "tests-"));
  const remove = () => rmSync(outdir, { recursive: true, force: true });
  try {
    await build({
      absWorkingDir: project,
      entryPoints: files,
      outdir,
      outbase: folder,
      bundle: true,
      splitting: true,
      format: "esm",
      platform: "node",
      packages: "external",
      target: "node20",
      keepNames: true,
      sourcemap: "linked",
      logLevel: "silent",
      define: { "import.meta.url": "ownUrl" },
      plugins: [ownUrls],
    });
    return { remove, fileOf: (file) => join(outdir, relative(folder, file).replace(/\.ts$/, ".js")) };
  } catch {
    remove();
    return undefined;
  }
}
