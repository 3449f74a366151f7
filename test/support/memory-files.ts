// SPDX-License-Identifier: MIT
/** Files that are only in memory, for what reads passwords and certificates: `auth/files.ts`. Counts what is asked of it. */
import type { FileState, Files } from "../../src/auth/files.ts";
import { encodeText } from "../../src/base/bytes.ts";
import { ZmqError } from "../../src/base/errors.ts";

/** A file system of texts; a folder is what paths begin with. */
export class MemoryFiles implements Files {
  readonly texts: Map<string, string | Uint8Array> = new Map();
  /** Links from a path to a folder. */
  readonly links: Map<string, string> = new Map();
  readonly reads: string[] = [];
  looks = 0;
  lists = 0;
  private readonly versions = new Map<string, number>();

  put(path: string, text: string | Uint8Array): this {
    this.texts.set(path, text);
    this.versions.set(path, (this.versions.get(path) ?? 0) + 1);
    return this;
  }

  async look(path: string): Promise<FileState | undefined> {
    this.looks += 1;
    const place = this.follow(path);
    if (this.texts.has(place)) return { kind: "file", id: place, version: `${place}:${this.versions.get(place)}` };
    const isFolder = [...this.texts.keys(), ...this.links.keys()].some((each) => each.startsWith(`${place}/`));
    return isFolder ? { kind: "folder", id: place, version: place } : undefined;
  }

  async list(path: string, most: number): Promise<readonly string[]> {
    this.lists += 1;
    const place = `${this.follow(path)}/`;
    const inside = [...this.texts.keys(), ...this.links.keys()].filter((each) => each.startsWith(place));
    const names = new Set(inside.map((each) => each.slice(place.length).split("/")[0] as string));
    return [...names].slice(0, most);
  }

  async read(path: string, most: number): Promise<Uint8Array> {
    this.reads.push(path);
    const text = this.texts.get(this.follow(path));
    if (text === undefined) throw new ZmqError("ENOENT", `read ${path}: it is not there`);
    const octets = typeof text === "string" ? encodeText(text) : text;
    if (octets.length > most) throw new ZmqError("EMSGSIZE", `read ${path}: it has more than ${most} octets`);
    return octets;
  }

  write(path: string, text: string): Promise<void> {
    this.put(path, text);
    return Promise.resolve();
  }

  join(folder: string, name: string): string {
    return `${folder}/${name}`;
  }

  /** Where a path leads, through at most so many links as a system follows. */
  private follow(path: string): string {
    let place = path;
    for (let i = 0; i < 40; i += 1) {
      const link = [...this.links].find(([from]) => place === from || place.startsWith(`${from}/`));
      if (link === undefined) return place;
      place = link[1] + place.slice(link[0].length);
    }
    throw new ZmqError("EINVAL", `${path}: too many links`);
  }
}
