// SPDX-License-Identifier: MIT
/**
 * Puts the declarations that one entry leads to into its one file, by API Extractor: a third of what they take, packed, as many
 * files. Used by `build.mjs`.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { Extractor, ExtractorConfig } from "@microsoft/api-extractor";

const root = fileURLToPath(new URL("..", import.meta.url));

/** What is said about the API is the business of the check "api"; here only a type that does not compile is a failure. */
const messages = {
  compilerMessageReporting: { default: { logLevel: "error" } },
  extractorMessageReporting: { default: { logLevel: "none" } },
  tsdocMessageReporting: { default: { logLevel: "none" } },
};

/** Writes the file anew, with all that it imports from beside it. @throws Error when it refers to what is not there */
export function rollUp(file) {
  const configObject = {
    projectFolder: root,
    mainEntryPointFilePath: file,
    compiler: { tsconfigFilePath: join(root, "tsconfig.build.json") },
    newlineKind: "lf",
    apiReport: { enabled: false },
    docModel: { enabled: false },
    tsdocMetadata: { enabled: false },
    dtsRollup: { enabled: true, untrimmedFilePath: file },
    messages,
  };
  const config = ExtractorConfig.prepare({
    configObject,
    configObjectFullPath: join(root, "api-extractor.json"),
    packageJsonFullPath: join(root, "package.json"),
  });
  const quiet = (message) => {
    if (message.logLevel !== "error") message.handled = true;
  };
  const { succeeded } = Extractor.invoke(config, { localBuild: true, messageCallback: quiet });
  if (!succeeded) throw new Error(`${file} could not be put together`);
  writeFileSync(file, unindented(ownNames(readFileSync(file, "utf8"))));
}

/**
 * API Extractor gives another name to what is called like a global (`Request_2`, exported as `Request`), which editors and the
 * compiler's messages would show. Nothing here means the globals of these names.
 */
function ownNames(text) {
  let named = text;
  for (const [line, local, name] of text.matchAll(/^export \{ (\w+_\d+) as (\w+) \}$/gm)) {
    if (!local.startsWith(`${name}_`)) continue;
    named = named.replace(line, `export { ${name} }`).replaceAll(new RegExp(`\\b${local}\\b`, "g"), name);
  }
  return named;
}

/** Two spaces in the place of four. */
function unindented(text) {
  return text.replaceAll(/^(?: {4})+/gm, (white) => white.slice(white.length / 2));
}
