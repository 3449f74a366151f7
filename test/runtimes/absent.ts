// SPDX-License-Identifier: MIT
/** Stands for npm `zeromq` on Deno (`deno.json`): an addon of Node's, and what is asked of a runtime is what this library does on it. */
throw new Error("npm zeromq is not loaded here");
