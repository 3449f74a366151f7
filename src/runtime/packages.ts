// SPDX-License-Identifier: MIT
/** Packages that the application may have installed besides. No bundler sees them, so that none looks for what is not there. */
import { createRequire } from "node:module";

/** Finds them as this file would; as the program would, where a bundler has taken away where this file is. */
export function packages(): NodeJS.Require {
  return createRequire(import.meta.url ?? `${globalThis.process.cwd()}/`);
}
