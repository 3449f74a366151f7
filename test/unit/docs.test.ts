// SPDX-License-Identifier: MIT
import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import test from "node:test";
import { fileURLToPath } from "node:url";
import { generatePages } from "../../scripts/docs-tables.ts";
import { socketTypes } from "../../src/pattern/index.ts";
import { nodeRuntime } from "../../src/runtime/node.ts";
import { optionRows } from "../../src/socket/options.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));
const read = (path: string): string => readFileSync(join(root, path), "utf8");

/** Sections that every page about a thing has, so that readers find their way. */
const SECTIONS = ["Purpose", "Use", "Options", "Errors", "Wire format", "Limits"];

for (const [path, text] of Object.entries(generatePages())) {
  test(`${path} is as its tables have it; if not: node --import tsx scripts/docs-tables.ts`, () => {
    assert.equal(read(path), text);
  });
}

test("there is a page for every socket type, transport and mechanism, all with the same sections", () => {
  const pages = [
    ...[...socketTypes.keys()].map((name) => `docs/sockets/${name.toLowerCase()}.md`),
    // wss is on the page of ws, and pgm on that of epgm.
    ...nodeRuntime
      .createTransports()
      .map(({ scheme }) => `docs/transports/${scheme.replace("wss", "ws").replace(/^pgm/, "epgm")}.md`),
    "docs/transports/inproc.md",
    ...nodeRuntime.mechanisms.map(({ name }) => `docs/security/${name.toLowerCase()}.md`),
  ];
  for (const page of pages) {
    assert.ok(existsSync(join(root, page)), `${page} is missing`);
    const sections = [...read(page).matchAll(/^## (.*)$/gm)].map(([, title]) => title);
    assert.deepEqual(sections, SECTIONS, page);
  }
});

test("the page of a socket type names exactly the options that are special to it", () => {
  const usual = optionRows.filter(({ name }) => /^(send|receive)Timeout$/.test(name)).map(({ on }) => on);
  const special = optionRows.filter(({ on, never }) => on !== undefined && !usual.includes(on) && never === undefined);
  for (const type of socketTypes.keys()) {
    const text = read(`docs/sockets/${type.toLowerCase()}.md`);
    const options = text.slice(text.indexOf("## Options"), text.indexOf("## Errors"));
    const named = special.filter(({ name }) => options.includes(`\`${name}\``)).map(({ name }) => name);
    const wanted = special.filter(({ on }) => on?.includes(type)).map(({ name }) => name);
    assert.deepEqual(named.sort(), wanted.sort(), type);
  }
});

test("the index leads to every page", () => {
  const index = read("docs/README.md");
  const pages = ["guide", "sockets", "transports", "security"].flatMap((folder) =>
    readdirSync(join(root, "docs", folder)).flatMap((name) => (name.endsWith(".md") ? [`${folder}/${name}`] : [])),
  );
  const missing = pages.filter((page) => !index.includes(`(${page})`));
  assert.deepEqual(missing, []);
});
