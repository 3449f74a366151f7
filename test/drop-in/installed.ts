// SPDX-License-Identifier: MIT
/**
 * Projects in temporary folders in which the name `zeromq` is this package, as `"zeromq": "npm:zeromq-ts"` makes it: packed by
 * npm and installed by npm. And the same project with the real npm `zeromq`, to hold the two side by side.
 */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";
import { mustNpm, packedPackage } from "../support/packed.ts";

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

/** Makes projects in one temporary folder, which is taken away at the end. */
export class Projects {
  private readonly folder = mkdtempSync(join(tmpdir(), "zeromq-drop-in-"));
  private readonly tarball = packedPackage().tarball;
  private count = 0;

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
    mustNpm(folder, "install", "--ignore-scripts", "--no-audit", "--no-fund", ...(isOffline ? ["--offline"] : []));
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
