// SPDX-License-Identifier: MIT
/**
 * The browser's file: what it may take, minified and compressed, so that it does not grow unseen; and that it is the same API as in the
 * sources, although the members that only the library knows have other names in it. The tables of docs/decisions/0015 are from here.
 */
import assert from "node:assert/strict";
import test from "node:test";
import { gzipSync } from "node:zlib";
import { bundleBrowser, bundleBrowserFiles } from "../../scripts/browser-bundle.mjs";

const SOCKETS =
  "Pair Publisher Subscriber XPublisher XSubscriber Request Reply Dealer Router Push Pull Server Client Radio Dish Gather Scatter Peer Channel";

/** Exports of the entry, or all of it, with the most KiB that they may take. */
const limits: readonly (readonly [name: string, exports: string | undefined, kibibytes: number])[] = [
  ["everything", undefined, 42.2],
  ["sockets of all types", SOCKETS, 39],
  ["PUB and SUB", "Publisher Subscriber", 31.6],
  ["REQ and REP", "Request Reply", 29.9],
  ["PUSH", "Push", 27.1],
];

/** The files as they are packed. */
let files: ReturnType<typeof bundleBrowserFiles> | undefined;

async function packed(name: "main" | "curve"): Promise<string> {
  files ??= bundleBrowserFiles();
  return (await files)[name];
}

for (const [name, exports, most] of limits) {
  test(`${name}: ${most} KiB or less, minified and compressed`, async () => {
    const some = `export { ${exports?.split(" ").join(", ")} } from "./browser.ts";`;
    const { length } = gzipSync(await (exports === undefined ? packed("main") : bundleBrowser(some)), { level: 9 });
    assert.ok(length <= most * 1024, `${(length / 1024).toFixed(2)} KiB`);
  });
}

test("CURVE, the second file: 15 KiB or less", async () => {
  const { length } = gzipSync(await packed("curve"), { level: 9 });
  assert.ok(length <= 15 * 1024, `${(length / 1024).toFixed(2)} KiB`);
});

type Exports = Readonly<Record<string, unknown>>;

async function load(text: Promise<string>): Promise<Exports> {
  const code = Buffer.from(await text).toString("base64");
  return (await import(`data:text/javascript;base64,${code}`)) as Exports;
}

/** Names of what a value and, of a class, its objects have, and of the classes that it extends. */
function membersOf(value: unknown): string[] {
  const names: string[] = [];
  for (let one = value; one instanceof Object && one !== Function.prototype; one = Object.getPrototypeOf(one)) {
    names.push(...Object.getOwnPropertyNames(one));
    const { prototype } = one as { prototype?: object };
    if (prototype !== undefined) names.push(...Object.getOwnPropertyNames(prototype));
  }
  return names.toSorted();
}

test("whatever an export has, it has by the name that the sources give it", async () => {
  const [short, sources] = await Promise.all([
    load(packed("main")),
    load(bundleBrowser(undefined, { keepsNames: true })),
  ]);
  assert.deepEqual(Object.keys(short), Object.keys(sources));
  for (const [name, value] of Object.entries(sources)) assert.deepEqual(membersOf(short[name]), membersOf(value), name);
});
