// SPDX-License-Identifier: MIT
/**
 * The sentences of the RFCs that bind what is built, in short: SHALL, MUST, and those SHOULD and MAY that can be observed.
 * Where a test is impossible the reason stands with the sentence. `scripts/spec-coverage.ts` finds those without a test.
 */
import { rfc23, rfc24 } from "./rfc23-24.ts";
import { rfc28 } from "./rfc28.ts";
import { rfc29 } from "./rfc29.ts";
import { rfc30, rfc31 } from "./rfc30-31.ts";
import { rfc37 } from "./rfc37.ts";

/** What a sentence says, and why no test can show it. */
export interface Untested {
  readonly says: string;
  readonly untested: string;
}

/** Sections of an RFC, each with its sentences by short names. */
export type Sections = Readonly<Record<string, Readonly<Record<string, string | Untested>>>>;

const rfcs: Readonly<Record<string, Sections>> = {
  "23": rfc23,
  "24": rfc24,
  "28": rfc28,
  "29": rfc29,
  "30": rfc30,
  "31": rfc31,
  "37": rfc37,
};

/** A sentence. */
export interface Sentence {
  /** RFC, section and short name, such as `30/PUSH/round-robin`. */
  readonly id: string;
  /** As a test's title has it. */
  readonly title: string;
  /** Why no test can show it. */
  readonly untested: string | undefined;
}

function readSections(rfc: string, sections: Sections): Sentence[] {
  return Object.entries(sections).flatMap(([section, sentences]) =>
    Object.entries(sentences).map(([name, entry]) => ({
      id: `${rfc}/${section}/${name}`,
      title: `RFC ${rfc} ${section} ${typeof entry === "string" ? entry : entry.says}`,
      untested: typeof entry === "string" ? undefined : entry.untested,
    })),
  );
}

/** All sentences. */
export const sentences: readonly Sentence[] = Object.entries(rfcs).flatMap(([rfc, sections]) =>
  readSections(rfc, sections),
);

const byId: ReadonlyMap<string, Sentence> = new Map(sentences.map((sentence) => [sentence.id, sentence]));

/** The title of a sentence's tests. */
export function titleOf(id: string): string {
  const sentence = byId.get(id);
  if (sentence === undefined) throw new Error(`no sentence is called ${id}`);
  return sentence.title;
}
