// SPDX-License-Identifier: MIT
/**
 * A reporter for node's test runner, loaded by `test.mjs` into the process of each test file. It writes one line of
 * JSON to file descriptor 3 when a test starts and when it ends, at once, so that nothing is lost if the process is
 * killed and the runner knows what was running.
 */
import { writeSync } from "node:fs";
import { inspect } from "node:util";

// The runner wants a generator; this one yields nothing, because what it has to say goes to descriptor 3.
// oxlint-disable-next-line require-yield
export default async function* report(events) {
  const names = [];
  for await (const { type, data } of events) {
    if (type === "test:start") {
      names.length = data.nesting;
      names[data.nesting] = data.name;
    } else if (type === "test:dequeue") {
      tell({ started: data.name });
    } else if (type === "test:pass" || type === "test:fail") {
      const error = type === "test:fail" ? data.details.error : undefined;
      const isSuite = data.details.type === "suite";
      // A test with a failed test inside fails too; that is no failure of its own.
      const counts = error === undefined ? !isSuite : error.failureType !== "subtestsFailed";
      tell({
        finished: data.name,
        counts,
        path: [...names.slice(0, data.nesting), data.name].join(" › "),
        milliseconds: data.details.duration_ms,
        skip: data.skip ?? data.todo,
        failure: error === undefined ? undefined : describe(error),
      });
    }
  }
}

function tell(event) {
  writeSync(3, `${JSON.stringify(event)}\n`);
}

/** The error as text: without the runner's own stack frames, and an assertion without what its message says already. */
function describe(error) {
  const cause = error.cause ?? error;
  if (typeof cause === "string") return cause;
  const text =
    cause.code === "ERR_ASSERTION" && typeof cause.stack === "string"
      ? cause.stack
      : inspect(cause, { depth: 4, breakLength: 120, maxStringLength: 2000 });
  return text.replaceAll(/^\s+at .*[ (]node:(?:internal|async_hooks).*\n?/gm, "");
}
