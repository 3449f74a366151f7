// SPDX-License-Identifier: MIT
/** Packages that the application may have installed besides. No bundler sees them, so that none looks for what is not there. */
import { createRequire } from "node:module";

/** What a file of CommonJS knows of itself: the package is built as both. */
// oxlint-disable-next-line no-underscore-dangle -- it is called so
declare const __filename: string | undefined;

/** Finds them as this file would; as the program would, where a bundler has taken away where this file is. */
export function packages(): NodeJS.Require {
  const here = typeof __filename === "string" ? __filename : import.meta.url;
  return createRequire(here ?? `${globalThis.process.cwd()}/`);
}
