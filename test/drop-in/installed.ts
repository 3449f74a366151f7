// SPDX-License-Identifier: MIT
/**
 * Projects in temporary folders in which the name `zeromq` is this package, as `"zeromq": "npm:zeromq-ts"` makes it: packed by
 * npm and installed by npm. And the same project with the real npm `zeromq`, to hold the two side by side.
 */
import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../..", import.meta.url));
const programs = fileURLToPath(new URL("programs", import.meta.url));

/** What `package.json` says besides. */
export interface Wishes {
  readonly dependencies?: Readonly<Record<string, string>>;
  /** The package called zeromq, where it is not this one: a folder that is made in the project. */
  readonly zeromq?: Readonly<Record<string, string>>;
}

/** How a program ended, and what it printed. */
export interface Outcome {
  readonly code: number | null;
  readonly output: string;
  readonly errors: string;
}

/** A folder with a `node_modules`. */
export class Project {
  readonly folder: string;

  constructor(folder: string) {
    this.folder = folder;
  }

  /** Copies one of the programs there; gives its path. */
  add(program: string): string {
    const path = join(this.folder, basename(program));
    cpSync(join(programs, program), path);
    return path;
  }

  /** Runs one of the programs with plain Node. */
  run(program: string, ...args: string[]): Promise<Outcome> {
    this.add(program);
    return this.runThere(program, ...args);
  }

  /** Runs what is there already. */
  async runThere(program: string, ...args: string[]): Promise<Outcome> {
    const child = spawn(process.execPath, [join(this.folder, program), ...args], {
      cwd: this.folder,
      stdio: ["ignore", "pipe", "pipe"],
      timeout: 30_000,
    });
    let output = "";
    let errors = "";
    child.stdout.setEncoding("utf8").on("data", (text: string) => {
      output += text;
    });
    child.stderr.setEncoding("utf8").on("data", (text: string) => {
      errors += text;
    });
    const [code] = (await once(child, "close")) as [number | null];
    return { code, output, errors };
  }
}

/** Runs npm. @throws Error with what it printed when it fails */
function npm(cwd: string, ...args: string[]): void {
  const path = process.env["npm_execpath"];
  const [command, before] = path === undefined ? ["npm", []] : [process.execPath, [path]];
  const { status, stdout, stderr } = spawnSync(command, [...before, ...args], {
    cwd,
    encoding: "utf8",
    timeout: 240_000,
  });
  if (status !== 0) throw new Error(`npm ${args.join(" ")} failed:\n${stdout}${stderr}`);
}

/** Builds and packs the package. Gives the tarball's path. */
function pack(folder: string): string {
  const staged = join(folder, "staged");
  mkdirSync(staged);
  for (const name of ["package.json", "README.md", "LICENSE", "CHANGELOG.md"])
    cpSync(join(root, name), join(staged, name));
  const build = [join(root, "scripts/build.mjs"), "--out", join(staged, "dist")];
  const { status, stdout, stderr } = spawnSync(process.execPath, build, { cwd: root, encoding: "utf8" });
  if (status !== 0) throw new Error(`the build failed:\n${stdout}${stderr}`);
  npm(staged, "pack", "--silent", "--ignore-scripts", `--pack-destination=${folder}`);
  return join(folder, "zeromq-ts-0.1.0.tgz");
}

/** Makes projects in one temporary folder, which is taken away at the end. */
export class Projects {
  private readonly folder = mkdtempSync(join(tmpdir(), "zeromq-drop-in-"));
  private readonly tarball: string;
  private count = 0;

  constructor() {
    this.tarball = pack(this.folder);
  }

  /** A project with this package under the name zeromq, and what else it wishes. */
  ours({ dependencies = {}, zeromq }: Wishes = {}): Project {
    const folder = this.make();
    const own = `file:${this.tarball}`;
    const wanted: Record<string, string> = { ...dependencies, zeromq: own };
    if (zeromq !== undefined) {
      wanted["zeromq"] = "file:./zeromq";
      wanted["zeromq-ts"] = own;
      mkdirSync(join(folder, "zeromq"));
      for (const [name, text] of Object.entries(zeromq)) writeFileSync(join(folder, "zeromq", name), text);
    }
    // Whatever version of zeromq the dependencies ask for, they get the project's.
    const manifest = { name: "project", private: true, dependencies: wanted, overrides: { zeromq: "$zeromq" } };
    writeFileSync(join(folder, "package.json"), JSON.stringify(manifest));
    const isOffline = Object.keys(dependencies).length === 0;
    npm(folder, "install", "--ignore-scripts", "--no-audit", "--no-fund", ...(isOffline ? ["--offline"] : []));
    return this.withNodeTypes(folder);
  }

  /** A project with npm `zeromq`. */
  theirs(): Project {
    const folder = this.make();
    writeFileSync(join(folder, "package.json"), JSON.stringify({ name: "project", private: true }));
    mkdirSync(join(folder, "node_modules"));
    symlinkSync(join(root, "node_modules/zeromq"), join(folder, "node_modules/zeromq"), "junction");
    return this.withNodeTypes(folder);
  }

  /** Takes everything away. */
  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }

  private make(): string {
    const folder = join(this.folder, `project-${(this.count += 1)}`);
    mkdirSync(folder);
    return folder;
  }

  private withNodeTypes(folder: string): Project {
    mkdirSync(join(folder, "node_modules/@types"), { recursive: true });
    rmSync(join(folder, "node_modules/@types/node"), { recursive: true, force: true });
    symlinkSync(join(root, "node_modules/@types/node"), join(folder, "node_modules/@types/node"), "junction");
    return new Project(folder);
  }
}

/** Has projects made, and takes them away however it ends. */
export async function withProjects(use: (projects: Projects) => Promise<void>): Promise<void> {
  const projects = new Projects();
  try {
    await use(projects);
  } finally {
    projects.remove();
  }
}
