// SPDX-License-Identifier: MIT
/** The example's page in Chromium: rates come in by themselves, and a question has its answer. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { chromium, openTab } from "./devtools.ts";
import { startExample } from "./example.ts";

const skip = chromium === undefined && "Chromium is not installed";

test("the example's page shows rates that change, and answers", { timeout: 60_000, skip }, async () => {
  await using example = await startExample();
  await using tab = await openTab(example.url);
  await tab.until("document.querySelectorAll('article').length === 6");
  await tab.until("document.querySelector('polyline').getAttribute('points').split(' ').length > 5");
  assert.equal(await tab.evaluate("document.querySelector('#state').className"), "connected");
  await tab.evaluate("document.querySelector('button').click()");
  await tab.until("document.querySelector('#answer').textContent !== ''");
  const answer = await tab.evaluate("document.querySelector('#answer').textContent");
  assert.match(String(answer), /^You asked: which is the dearest\? It is GBP, at 1\.\d+ dollars\.$/);
});
