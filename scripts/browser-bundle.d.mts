// SPDX-License-Identifier: MIT
/** See `browser-bundle.mjs`. */
export function bundleBrowser(code?: string, options?: { keepsNames?: boolean }): Promise<string>;
export function bundleBrowserFiles(): Promise<{ readonly main: string; readonly curve: string }>;
