// SPDX-License-Identifier: MIT
/** The code, minified. `source`: in the place of the whole entry, a module that takes some of it. */
export function bundleBrowser(source?: string): Promise<string>;
