// SPDX-License-Identifier: MIT
/** Inputs in files, one folder a target: those that belong to the project, those that a run has kept, and findings. */
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

/** The project's own corpus. */
export const CORPUS: string = fileURLToPath(new URL("../corpus", import.meta.url));

/** An input with the name of its file. */
export interface Entry {
  readonly name: string;
  readonly data: Uint8Array;
}

/** The inputs of one target, by name. */
export function readCorpus(folder: string, target: string): Entry[] {
  const place = join(folder, target);
  if (!existsSync(place)) return [];
  return readdirSync(place)
    .sort()
    .map((name) => ({ name, data: Uint8Array.from(readFileSync(join(place, name))) }));
}

/** Writes an input under a name that its octets give it; gives the path. */
export function keep(folder: string, target: string, data: Uint8Array): string {
  const place = join(folder, target);
  mkdirSync(place, { recursive: true });
  const path = join(place, createHash("sha256").update(data).digest("hex").slice(0, 12));
  writeFileSync(path, data);
  return path;
}
