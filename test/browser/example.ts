// SPDX-License-Identifier: MIT
/** `examples/browser` as a program: started with a fresh build of the library's file for browsers, on a port of its own. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { bundleBrowser } from "../../scripts/browser-bundle.mjs";

/** The running example. */
export interface Example extends AsyncDisposable {
  readonly url: string;
}

/** Starts it; resolves when it listens. */
export async function startExample(): Promise<Example> {
  const folder = mkdtempSync(join(tmpdir(), "zeromq-ts-example-"));
  const library = join(folder, "browser.js");
  writeFileSync(library, await bundleBrowser());
  const program = fileURLToPath(new URL("../../examples/browser/server.ts", import.meta.url));
  const child = spawn(process.execPath, ["--import", "tsx", program], {
    stdio: ["ignore", "pipe", "inherit"],
    env: { ...process.env, PORT: "0", ZEROMQ_TS: library },
  });
  const gone = once(child, "exit");
  const [url] = (await once(createInterface(child.stdout), "line")) as [string];
  return {
    url,
    [Symbol.asyncDispose]: async () => {
      child.kill();
      await gone;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
