// SPDX-License-Identifier: MIT
/**
 * How long a program waits for a library's main entry, in a fresh process. Used by ../size.ts.
 *
 *   import <module> 0 1 1
 */
import { report, runRole, type ToolArguments } from "./tool.ts";

async function importEntry({ endpoint }: ToolArguments): Promise<void> {
  const start = performance.now();
  await import(endpoint);
  report({ milliseconds: performance.now() - start });
}

runRole({ import: importEntry });
