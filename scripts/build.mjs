// SPDX-License-Identifier: MIT
/** Builds `dist/` from `src/`: TypeScript's compiler is the whole build, one file in, one file out. */
import { spawnSync } from "node:child_process";
import { rmSync } from "node:fs";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));
rmSync(new URL("../dist", import.meta.url), { recursive: true, force: true });
const args = ["node_modules/typescript/bin/tsc", "-p", "tsconfig.build.json"];
process.exitCode = spawnSync(process.execPath, args, { cwd: root, stdio: "inherit" }).status ?? 1;
