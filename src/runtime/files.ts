// SPDX-License-Identifier: MIT
/** Files of passwords and certificates, with `node:fs`, which is loaded when the first is looked at. The contract is `auth/files.ts`. */
import type { Stats } from "node:fs";
import type * as fs from "node:fs/promises";
import type { FileState, Files } from "../auth/files.ts";
import { errorCodeOf, ZmqError } from "../base/errors.ts";

type FileSystem = typeof fs;

/** What nothing is there is told by: a part of the path may be missing, or be no folder. */
const NOTHING = new Set(["ENOENT", "ENOTDIR"]);

/** Loads what reads and writes files. */
export async function openFiles(): Promise<Files> {
  const [disk, { constants }, path] = await Promise.all([
    import("node:fs/promises"),
    import("node:fs"),
    import("node:path"),
  ]);
  // A pipe that somebody put in the place of a file shall not be waited for.
  return new NodeFiles(disk, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0), (...parts) => path.join(...parts));
}

class NodeFiles implements Files {
  readonly join: (folder: string, name: string) => string;
  private readonly fs: FileSystem;
  private readonly readFlags: number;
  private written = 0;

  constructor(fs: FileSystem, readFlags: number, join: (folder: string, name: string) => string) {
    this.fs = fs;
    this.readFlags = readFlags;
    this.join = join;
  }

  async look(path: string): Promise<FileState | undefined> {
    try {
      return stateOf(await this.fs.stat(path));
    } catch (error) {
      if (NOTHING.has(codeOf(error))) return undefined;
      throw failed("look at", path, error);
    }
  }

  async list(path: string, most: number): Promise<readonly string[]> {
    const names: string[] = [];
    try {
      for await (const { name } of await this.fs.opendir(path)) if (names.push(name) >= most) break;
    } catch (error) {
      if (!NOTHING.has(codeOf(error))) throw failed("list", path, error);
    }
    return names;
  }

  async read(path: string, most: number): Promise<Uint8Array> {
    try {
      const file = await this.fs.open(path, this.readFlags);
      try {
        const stats = await file.stat();
        if (!stats.isFile()) throw new ZmqError("EINVAL", `read ${path}: it is no file`);
        if (stats.size > most) throw tooLong(path, most);
        // It may grow meanwhile.
        const octets = new Uint8Array(most + 1);
        let length = 0;
        for (;;) {
          const { bytesRead } = await file.read(octets, length, octets.length - length, null);
          if (bytesRead === 0) return octets.slice(0, length);
          length += bytesRead;
          if (length > most) throw tooLong(path, most);
        }
      } finally {
        await file.close();
      }
    } catch (error) {
      throw failed("read", path, error);
    }
  }

  async write(path: string, text: string, isSecret: boolean): Promise<void> {
    this.written += 1;
    const { pid } = globalThis.process;
    const draft = `${path}.${pid}-${this.written}.tmp`;
    try {
      await this.fs.writeFile(draft, text, { mode: isSecret ? 0o600 : 0o644, flag: "wx" });
      await this.fs.rename(draft, path);
    } catch (error) {
      await this.fs.rm(draft, { force: true }).catch(() => {});
      throw failed("write", path, error);
    }
  }
}

function stateOf(stats: Stats): FileState {
  const kind = stats.isFile() ? "file" : stats.isDirectory() ? "folder" : "other";
  const { dev, ino, size, mtimeMs, ctimeMs } = stats;
  const id = `${dev}:${ino}`;
  return { kind, id, version: `${id}:${size}:${mtimeMs}:${ctimeMs}` };
}

function tooLong(path: string, most: number): ZmqError {
  return new ZmqError("EMSGSIZE", `read ${path}: it has more than ${most} octets`);
}

function failed(verb: string, path: string, error: unknown): ZmqError {
  if (error instanceof ZmqError) return error;
  const code = codeOf(error) === "ENOTDIR" ? "ENOENT" : errorCodeOf(error, "EINVAL");
  return new ZmqError(code, `${verb} ${path}: ${(error as Error).message}`, { cause: error });
}

function codeOf(error: unknown): string {
  return String((error as { code?: unknown } | null)?.code);
}
