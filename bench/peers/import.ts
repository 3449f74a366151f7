// SPDX-License-Identifier: MIT
/**
 * How long a program waits for a library's main entry, in a fresh process. Used by ../size.ts.
 *
 *   import - 0 1 1 ours|zeromq.js
 */
import { report, runRole, type ToolArguments } from "./tool.ts";

async function importEntry({ variant }: ToolArguments): Promise<void> {
  const start = performance.now();
  if (variant === "ours") await import("../../src/index.ts");
  else await import("zeromq");
  report({ milliseconds: performance.now() - start });
}

runRole({ import: importEntry });
