// SPDX-License-Identifier: MIT
/** Loaded by Bun before a test file: puts `node-test.ts` in the place of `node:test`, which no plug-in of Bun may override. */
import { readFileSync } from "node:fs";

interface Loader {
  onLoad(
    options: { readonly filter: RegExp },
    load: (file: { readonly path: string }) => { readonly contents: string; readonly loader: string },
  ): void;
}

const { Bun } = globalThis as unknown as {
  Bun: { plugin(plugin: { readonly name: string; setup(loader: Loader): void }): void };
};
const here = new URL("node-test.ts", import.meta.url).pathname;

Bun.plugin({
  name: "node:test",
  setup(loader) {
    loader.onLoad({ filter: /\/test\/.*\.ts$/ }, ({ path }) => ({
      contents: readFileSync(path, "utf8")
        .replaceAll('from "node:test"', `from ${JSON.stringify(here)}`)
        // npm `zeromq` is a Node addon: what is asked of a runtime is what this library does on it.
        .replaceAll('import("zeromq")', 'Promise.reject(new Error("not here"))'),
      loader: "ts",
    }));
  },
});
