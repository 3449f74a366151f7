// SPDX-License-Identifier: MIT
/** The contract of what `auth/` needs of a file system: passwords, and certificates with their folders. `runtime/` implements it. */

/** What can be seen of a file without reading it. */
export interface FileState {
  readonly kind: "file" | "folder" | "other";
  /** Which file it is: the same for all paths that lead to it. */
  readonly id: string;
  /** Another text whenever the content may have changed. */
  readonly version: string;
}

/** Files. Every failure is a ZmqError that names the path. */
export interface Files {
  /** Follows links; undefined when nothing is there. */
  look(path: string): Promise<FileState | undefined>;
  /** The names in a folder, the first `most` of them; empty when there is no such folder. */
  list(path: string, most: number): Promise<readonly string[]>;
  /** @throws ZmqError `ENOENT`, `EACCES`, `EMSGSIZE` when it has more than `most` octets, `EINVAL` when it is no file */
  read(path: string, most: number): Promise<Uint8Array>;
  /** Writes a file whole or not at all; `isSecret`: for its owner alone. @throws ZmqError */
  write(path: string, text: string, isSecret: boolean): Promise<void>;
  join(folder: string, name: string): string;
}
