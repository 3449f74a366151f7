// SPDX-License-Identifier: MIT
/** Runs one test file on Bun or Deno, where `node-test.ts` stands in for `node:test`. Started by `runs.ts`. */
import { pathToFileURL } from "node:url";
import { ended } from "./node-test.ts";

await import(pathToFileURL(process.argv[2] as string).href);
await ended();
process.exit(0);
