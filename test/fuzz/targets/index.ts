// SPDX-License-Identifier: MIT
/** All fuzz targets. */
import type { Target } from "../fuzzer/target.ts";
import { codecTargets } from "./codecs.ts";
import { frameTargets } from "./frames.ts";
import { greetingTarget } from "./greetings.ts";
import { peerTargets } from "./peers.ts";
import { prefixTargets } from "./prefixes.ts";

/** All of them, the cheap ones first. */
export const targets: readonly Target[] = [
  ...frameTargets,
  greetingTarget,
  ...codecTargets,
  ...prefixTargets,
  ...peerTargets,
];

/** One of them by its name. */
export function findTarget(name: string): Target {
  const target = targets.find((each) => each.name === name);
  if (target === undefined) throw new Error(`There is no fuzz target ${JSON.stringify(name)}; --list shows all`);
  return target;
}
