// SPDX-License-Identifier: MIT
/** Texts that nobody but their user shall see: private keys, passwords, secret keys of CURVE. Read by `socket/options.ts`. */

/** A text that is in no log: printed or made into JSON, an object that has one does not show it. */
export class Secret {
  readonly #text: string;

  constructor(text: string) {
    this.#text = text;
  }

  /** The text itself. */
  reveal(): string {
    return this.#text;
  }

  toJSON(): string {
    return "(secret)";
  }

  toString(): string {
    return "(secret)";
  }
}
