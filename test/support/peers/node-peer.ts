// SPDX-License-Identifier: MIT
/**
 * The child process of the peers in JavaScript: reads commands from standard input, answers on standard output, ends when
 * the input does. Its one argument is the module to use: npm `zeromq`, or this library's entry.
 */
import { createInterface } from "node:readline";
import { nativeDrafts } from "../native-drafts.ts";
import { type ApiModule, Executor } from "./executor.ts";

const [, , specifier = ""] = process.argv;
const module = (await import(specifier)) as ApiModule & { default?: ApiModule };
const drafts = "Channel" in module ? {} : nativeDrafts(module.default ?? module);
const executor = new Executor({ ...module.default, ...module, ...drafts }, (line) => process.stdout.write(`${line}\n`));

let commands: Promise<unknown> = Promise.resolve();
createInterface({ input: process.stdin })
  .on("line", (line) => {
    commands = commands.then(() => answer(line));
  })
  .on("close", () => process.exit(0));

async function answer(line: string): Promise<void> {
  let text: string;
  try {
    text = ["ok", ...(await executor.run(line))].join(" ");
  } catch (error) {
    text = `error ${`${error}`.replaceAll("\n", " ")}`;
  }
  process.stdout.write(`${text}\n`);
}
