// SPDX-License-Identifier: MIT
/** The package's manifest and lock file: what users install, and what contributors install, is as promised. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import test from "node:test";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

interface Manifest {
  readonly scripts: Readonly<Record<string, string>>;
  readonly engines: { readonly node: string };
  readonly dependencies: Readonly<Record<string, string>>;
  readonly peerDependencies: Readonly<Record<string, string>>;
  readonly peerDependenciesMeta: Readonly<Record<string, { readonly optional: boolean }>>;
  readonly devDependencies: Readonly<Record<string, string>>;
  readonly sideEffects: boolean;
  readonly type: string;
}

const root = fileURLToPath(new URL("..", import.meta.url));
const read = (name: string): string => readFileSync(join(root, name), "utf8");
const manifest = JSON.parse(read("package.json")) as Manifest;

test("users install this package and the cryptography of CURVE, and nothing of it runs on install", () => {
  for (const kind of ["optionalDependencies", "bundleDependencies"]) {
    assert.equal(Object.hasOwn(manifest, kind), false, kind);
  }
  assert.deepEqual(Object.keys(manifest.dependencies), ["libsodium-wrappers"]);
  for (const name of Object.keys(manifest.peerDependencies)) {
    assert.equal(manifest.peerDependenciesMeta[name]?.optional, true, name);
  }
  for (const script of ["preinstall", "install", "postinstall", "prepare"]) {
    assert.equal(Object.hasOwn(manifest.scripts, script), false, script);
  }
});

test("the package is ES modules without side effects, for Node 20.19 and newer", () => {
  const { type, sideEffects, engines } = manifest;
  assert.deepEqual({ type, sideEffects, node: engines.node }, { type: "module", sideEffects: false, node: ">=20.19" });
});

test("classes keep their names in a bundle", async () => {
  const { outputFiles } = await build({
    entryPoints: [join(root, "src/index.ts")],
    bundle: true,
    write: false,
    format: "esm",
    platform: "node",
    // libsodium's own names would change ours, as they would not where it is a chunk of its own.
    packages: "external",
  });
  const code = Buffer.from((outputFiles[0] as { contents: Uint8Array }).contents).toString("base64");
  const bundled = (await import(`data:text/javascript;base64,${code}`)) as Record<string, unknown>;
  const renamed = Object.entries(bundled).filter(([name, value]) => typeof value === "function" && value.name !== name);
  assert.deepEqual(renamed, []);
});

test("development dependencies are pinned exactly", () => {
  const loose = Object.entries(manifest.devDependencies).filter(([, range]) => !/^\d+\.\d+\.\d+$/.test(range));
  assert.deepEqual(loose, []);
});

test("the lock file holds no download addresses, and every package that a pin can lead to", () => {
  const lock = JSON.parse(read("package-lock.json")) as {
    packages: Record<string, { resolved?: string; optionalDependencies?: Record<string, string> }>;
  };
  const packages = Object.entries(lock.packages);
  assert.deepEqual(
    packages.filter(([, { resolved }]) => resolved !== undefined).map(([path]) => path),
    [],
  );
  // `npm ci` refuses a lock file that lacks the packages for other systems than the one it was written on.
  const missing = packages.flatMap(([path, { optionalDependencies = {} }]) =>
    Object.keys(optionalDependencies).filter(
      (name) =>
        !Object.hasOwn(lock.packages, `node_modules/${name}`) && !Object.hasOwn(lock.packages, `${path}/${name}`),
    ),
  );
  assert.deepEqual(missing, []);
});
