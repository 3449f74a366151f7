// SPDX-License-Identifier: MIT
/** User names and passwords: in an object, a Map, a function, or a file of `user=password` lines as CZMQ reads it. */
import { decodeText, encodeText } from "../base/bytes.ts";
import { ZmqError } from "../base/errors.ts";
import type { Files } from "./files.ts";
import { Polled } from "./polled.ts";
import type { AuthorizationQuestion, Verdict } from "./question.ts";

/** Decides about a user name and a password, such as by a hash of the password. */
export type PasswordCheck = (
  username: string,
  password: string,
  question: AuthorizationQuestion,
) => Verdict | PromiseLike<Verdict>;

/** Passwords by user name, or what checks them. */
export type Passwords = Readonly<Record<string, string>> | ReadonlyMap<string, string> | PasswordCheck;

/** Octets of the longest file. */
const LONGEST_FILE = 4 * 1024 * 1024;

/** The password of a user name. The object or Map is asked each time: it may change. */
export function passwordOf(passwords: Exclude<Passwords, PasswordCheck>, username: string): string | undefined {
  if (passwords instanceof Map) return (passwords as ReadonlyMap<string, string>).get(username);
  return Object.hasOwn(passwords, username) ? (passwords as Readonly<Record<string, string>>)[username] : undefined;
}

/**
 * Whether octets are those of a password, in a time that tells only how long they are themselves. A user who is not known takes as
 * long as one who is.
 */
export function isPassword(shown: Uint8Array, password: string | undefined): boolean {
  const wanted = encodeText(password ?? "\0");
  let difference = shown.length ^ wanted.length;
  for (let i = 0; i < shown.length; i += 1) {
    difference |= (shown[i] as number) ^ (wanted[wanted.length === 0 ? 0 : i % wanted.length] ?? 0);
  }
  return difference === 0 && password !== undefined;
}

/** The lines `user=password` of a file; empty ones, and those that begin with `#`, say nothing. A password may contain `=`. */
export function parsePasswords(octets: Uint8Array): Map<string, string> {
  const passwords = new Map<string, string>();
  for (const written of decodeText(octets).split("\n")) {
    const line = written.endsWith("\r") ? written.slice(0, -1) : written;
    const equals = line.indexOf("=");
    if (!line.startsWith("#") && equals > 0) passwords.set(line.slice(0, equals), line.slice(equals + 1));
  }
  return passwords;
}

interface Read {
  readonly version: string;
  readonly passwords: ReadonlyMap<string, string>;
}

/** A file of passwords, read again when it has changed. One that is not there has none. */
export class PasswordFile {
  private readonly found: Polled<Read>;

  constructor(
    path: string,
    open: () => Promise<Files>,
    interval: number,
    now: () => number,
    problem: (path: string, error: unknown) => void,
  ) {
    this.found = new Polled<Read>(
      async (before) => {
        let version = "";
        try {
          const disk = await open();
          version = (await disk.look(path))?.version ?? "none";
          if (before?.version === version) return before;
          if (version === "none") throw new ZmqError("ENOENT", "the file of passwords is not there");
          return { version, passwords: parsePasswords(await disk.read(path, LONGEST_FILE)) };
        } catch (error) {
          if (before?.version !== version) problem(path, error);
          return { version, passwords: new Map() };
        }
      },
      interval,
      now,
    );
  }

  /** Whether octets are the password of a user. A no may be news: then the file is looked at again. */
  async admits(username: string, shown: Uint8Array): Promise<boolean> {
    if (isPassword(shown, (await this.found.get()).passwords.get(username))) return true;
    return isPassword(shown, (await this.found.fresh()).passwords.get(username));
  }
}
