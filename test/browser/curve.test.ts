// SPDX-License-Identifier: MIT
/** CURVE over WebSocket as pages ask for it, without a browser: their code as it is in the sources, on the WebSocket of npm `ws`. */
import { createRequire } from "node:module";
import { test } from "node:test";
import * as page from "../../src/browser.ts";
import { curveScenarios } from "./curve.ts";

const { WebSocket } = createRequire(import.meta.url)("ws") as { WebSocket: unknown };
Object.assign(globalThis, { WebSocket });

for (const [name, place, scenario] of curveScenarios.filter(([, where]) => where === "page")) {
  test(`as in a ${place}: ${name}`, { timeout: 30_000 }, () =>
    scenario({ run: async (work, argument) => work(page, argument) }),
  );
}
