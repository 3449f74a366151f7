// SPDX-License-Identifier: MIT
/**
 * A folder of public certificates, with its sub-folders, looked up by public key: CZMQ's zcertstore. Files are read when they are
 * new or have changed; what is no certificate is passed over, and told once. Secret files and hidden ones are left alone.
 */
import { type CertificateContent, LONGEST_CERTIFICATE, parseCertificate, SECRET_SUFFIX } from "./certificate.ts";
import type { FileState, Files } from "./files.ts";
import { Polled } from "./polled.ts";

/** More files than this are not looked at, and no folders that lie deeper. */
const MOST_FILES = 20_000;
const DEEPEST = 16;
/** Files that are looked at at a time: they are waited for together. */
const AT_A_TIME = 16;

/** A file that was read; undefined content: it is no certificate. */
interface Read {
  readonly state: FileState;
  readonly content: CertificateContent | undefined;
}

/** What a reading of the folder found. */
interface Found {
  readonly files: ReadonlyMap<string, Read>;
  readonly byKey: ReadonlyMap<string, CertificateContent>;
}

/** Certificates by their public keys. */
export class CertificateFolder {
  private readonly path: string;
  private readonly open: () => Promise<Files>;
  private readonly problem: (path: string, error: unknown) => void;
  private readonly found: Polled<Found>;
  /** What was told of the folder itself; told again when it changes. */
  private told = "";

  constructor(
    path: string,
    open: () => Promise<Files>,
    interval: number,
    now: () => number,
    problem: (path: string, error: unknown) => void,
  ) {
    this.path = path;
    this.open = open;
    this.problem = problem;
    this.found = new Polled((before) => this.read(before), interval, now);
  }

  /** The certificate of a key. A key that is not known may have been added this moment: then the folder is looked at again. */
  async find(publicKey: string): Promise<CertificateContent | undefined> {
    const known = (await this.found.get()).byKey.get(publicKey);
    return known ?? (await this.found.fresh()).byKey.get(publicKey);
  }

  private async read(before: Found | undefined): Promise<Found> {
    const files = new Map<string, Read>();
    try {
      const disk = await this.open();
      const paths = await this.walk(disk);
      for (let i = 0; i < paths.length; i += AT_A_TIME) {
        await Promise.all(
          paths.slice(i, i + AT_A_TIME).map(async ([path, state]) => {
            const known = before?.files.get(path);
            files.set(path, known?.state.version === state.version ? known : await this.readFile(disk, path, state));
          }),
        );
      }
      if (paths.length > 0) this.told = "";
      else this.tell(this.path, new Error("the folder of certificates is not there, or has no certificate"));
    } catch (error) {
      this.tell(this.path, error);
    }
    const byKey = new Map<string, CertificateContent>();
    for (const { content } of files.values()) if (content !== undefined) byKey.set(content.publicKey, content);
    return { files, byKey };
  }

  /** All files, folder by folder. A folder that several paths lead to is gone through once: links may go round in circles. */
  private async walk(disk: Files): Promise<(readonly [string, FileState])[]> {
    const files: (readonly [string, FileState])[] = [];
    const seen = new Set([(await this.look(disk, this.path))?.id]);
    let folders = [this.path];
    for (let depth = 0; depth < DEEPEST && folders.length > 0; depth += 1) {
      const deeper: string[] = [];
      for (const folder of folders) {
        const names = await disk.list(folder, MOST_FILES - files.length);
        const paths = names.filter((name) => isPublic(name)).map((name) => disk.join(folder, name));
        for (let i = 0; i < paths.length; i += AT_A_TIME) {
          const some = paths.slice(i, i + AT_A_TIME);
          const states = await Promise.all(some.map((path) => this.look(disk, path)));
          states.forEach((state, j) => {
            if (state?.kind === "file") files.push([some[j] as string, state]);
            if (state?.kind !== "folder" || seen.has(state.id)) return;
            seen.add(state.id);
            deeper.push(some[j] as string);
          });
        }
        if (files.length >= MOST_FILES) {
          this.tell(this.path, new Error(`only the first ${MOST_FILES} files are looked at`));
          return files;
        }
      }
      folders = deeper;
    }
    return files;
  }

  /** What cannot be looked at is passed over: a link that leads nowhere, or to itself. */
  private async look(disk: Files, path: string): Promise<FileState | undefined> {
    try {
      return await disk.look(path);
    } catch {
      return undefined;
    }
  }

  private async readFile(disk: Files, path: string, state: FileState): Promise<Read> {
    try {
      return { state, content: parseCertificate(await disk.read(path, LONGEST_CERTIFICATE)) };
    } catch (error) {
      this.problem(path, error);
      return { state, content: undefined };
    }
  }

  private tell(path: string, error: unknown): void {
    const text = error instanceof Error ? error.message : String(error);
    if (text === this.told) return;
    this.told = text;
    this.problem(path, error);
  }
}

function isPublic(name: string): boolean {
  return !name.startsWith(".") && !name.endsWith(SECRET_SUFFIX);
}
