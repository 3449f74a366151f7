// SPDX-License-Identifier: MIT
/** Topics for properties: such as lie in one another's way. One character an octet. */
import { text } from "../support/pattern-host.ts";
import { fc } from "./runs.ts";

/** Two octets and short, so that topics are often prefixes of one another; now and then any octets at all. */
export const topic: fc.Arbitrary<string> = fc.oneof(
  { weight: 8, arbitrary: fc.string({ unit: fc.constantFrom("a", "b"), maxLength: 6 }) },
  { weight: 1, arbitrary: fc.uint8Array({ maxLength: 3 }).map(text) },
);

const piece = fc.oneof(
  { weight: 6, arbitrary: fc.constantFrom("a", "b", "ab") },
  { weight: 3, arbitrary: fc.nat(255).map((octet) => String.fromCharCode(octet)) },
  { weight: 1, arbitrary: fc.constantFrom("x".repeat(255), "x".repeat(257), "y".repeat(5000)) },
);

/** Also with many different octets at one place, and with long runs of octets. */
export const anyTopic: fc.Arbitrary<string> = fc.oneof(
  { weight: 3, arbitrary: topic },
  { weight: 2, arbitrary: fc.array(piece, { maxLength: 4 }).map((pieces) => pieces.join("")) },
  { weight: 2, arbitrary: fc.nat(31).map((octet) => String.fromCharCode(octet)) },
);
