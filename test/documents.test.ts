// SPDX-License-Identifier: MIT
/** The project's documents: links between them resolve, and commands and source files that they name exist. */
import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import test from "node:test";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));
const folders = [".", "docs", "bench", "examples"];

/** Every Markdown file of the project, with its text outside fenced code. */
function documents(): { path: string; text: string; code: string }[] {
  return folders
    .flatMap((folder) =>
      readdirSync(join(root, folder), { recursive: folder !== ".", encoding: "utf8" }).map((name) =>
        join(folder, name),
      ),
    )
    .filter((path) => path.endsWith(".md") && !path.includes("node_modules"))
    .map((path) => {
      const whole = readFileSync(join(root, path), "utf8");
      return { path, text: whole.replaceAll(/^```[^]*?^```/gm, ""), code: whole };
    });
}

/** The anchor that a heading gets. */
function anchorOf(heading: string): string {
  return heading
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N} _-]/gu, "")
    .trim()
    .replaceAll(" ", "-");
}

function anchorsOf(path: string): string[] {
  return [...readFileSync(path, "utf8").matchAll(/^#+ (.*)$/gm)].map(([, heading = ""]) => anchorOf(heading));
}

test("every relative link leads to a file, and to a heading in it", () => {
  const dead = documents().flatMap(({ path, text }) =>
    [...text.matchAll(/\]\(([^)\s]+)\)/g)]
      .map(([, target = ""]) => target)
      .filter((target) => !/^[a-z]+:/.test(target))
      .filter((target) => {
        const [file = "", anchor] = target.split("#");
        const full = file === "" ? join(root, path) : join(root, dirname(path), file);
        if (!existsSync(full)) return true;
        return anchor !== undefined && full.endsWith(".md") && !anchorsOf(full).includes(anchor);
      })
      .map((target) => `${path}: ${target}`),
  );
  assert.ok(dead.length === 0, `\n${dead.join("\n")}\n`);
});

test("every npm command that a document names exists", () => {
  const { scripts } = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as { scripts: object };
  const unknown = documents().flatMap(({ path, code }) =>
    [...code.matchAll(/npm run ([a-z][a-z-]*)/g)]
      .filter(([, script = ""]) => !Object.hasOwn(scripts, script))
      .map(([command]) => `${path}: ${command}`),
  );
  assert.deepEqual(unknown, []);
});

test("every source file that ARCHITECTURE.md and CONTRIBUTING.md name exists", () => {
  const missing = documents()
    .filter(({ path }) => path === "ARCHITECTURE.md" || path === "CONTRIBUTING.md")
    .flatMap(({ path, text }) =>
      [
        ...text.matchAll(
          /`((?:src|test|scripts|base|wire|pipe|security|pattern|engine|transport|session|socket)\/[\w/.-]+\.\w+)`/g,
        ),
      ]
        .map(([, name = ""]) => name)
        .filter((name) => !existsSync(join(root, name)) && !existsSync(join(root, "src", name)))
        .map((name) => `${path}: ${name}`),
    );
  assert.deepEqual(missing, []);
});
