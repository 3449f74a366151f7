// SPDX-License-Identifier: MIT
/** `npx tsx scripts/browser-picture.ts`: takes the picture of the example's page that is in the guide. */
import { writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { openTab } from "../test/browser/devtools.ts";
import { startExample } from "../test/browser/example.ts";

await using example = await startExample();
await using tab = await openTab(example.url, 820, 660);
await tab.evaluate("document.querySelector('button').click()");
await tab.until("document.querySelector('polyline')?.getAttribute('points').split(' ').length === 80");
writeFileSync(fileURLToPath(new URL("../docs/guide/browser.png", import.meta.url)), await tab.screenshot());
