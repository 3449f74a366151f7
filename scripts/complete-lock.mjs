// SPDX-License-Identifier: MIT
/**
 * Completes the lock file after `npm install <package>`: adds the packages for other systems that a pin can lead to, where
 * npm left them out because the registry at hand did not have them. Without them `npm ci` refuses the lock file.
 */
import { readFileSync, writeFileSync } from "node:fs";

const file = new URL("../package-lock.json", import.meta.url);
const lock = JSON.parse(readFileSync(file, "utf8"));
const systems = ["aix", "android", "darwin", "freebsd", "linux", "netbsd", "openbsd", "openharmony", "sunos", "win32"];
const processors = ["arm64", "arm", "ia32", "loong64", "mips64el", "ppc64", "riscv64", "s390x", "wasm32", "x64"];

/** The entry of a package like `@oxlint/binding-linux-x64-musl`, from the words of its name. */
function entryFor(name, version) {
  const words = name.replace(/^@[^/]*\//, "").split("-");
  const os = systems.find((system) => words.includes(system));
  const cpu = processors.find((processor) => words.includes(processor));
  if (os === undefined || cpu === undefined) throw new Error(`for which system is ${name}?`);
  const libc = words.some((word) => word.startsWith("musl")) ? "musl" : "glibc";
  return { version, cpu: [cpu], dev: true, ...(os === "linux" ? { libc: [libc] } : {}), optional: true, os: [os] };
}

for (const [path, { optionalDependencies = {} }] of Object.entries(lock.packages)) {
  for (const [name, version] of Object.entries(optionalDependencies)) {
    if (lock.packages[`node_modules/${name}`] ?? lock.packages[`${path}/node_modules/${name}`]) continue;
    if (!/^\d+\.\d+\.\d+$/.test(version)) throw new Error(`${path} does not pin ${name}: ${version}`);
    lock.packages[`node_modules/${name}`] = entryFor(name, version);
    console.log(`added ${name}@${version}`);
  }
}
const sorted = Object.entries(lock.packages).sort(([a], [b]) => a.localeCompare(b, "en"));
writeFileSync(file, `${JSON.stringify({ ...lock, packages: Object.fromEntries(sorted) }, null, 2)}\n`);
