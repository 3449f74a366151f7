// SPDX-License-Identifier: MIT
/** All fuzz targets. */
import type { Target } from "../fuzzer/target.ts";
import { callTargets } from "./calls.ts";
import { codecTargets } from "./codecs.ts";
import { curveTargets } from "./curve.ts";
import { datagramTargets } from "./datagrams.ts";
import { frameTargets } from "./frames.ts";
import { greetingTarget } from "./greetings.ts";
import { loopbackTargets } from "./loopback.ts";
import { optionTarget } from "./options.ts";
import { peerTargets } from "./peers.ts";
import { prefixTargets } from "./prefixes.ts";
import { rawTargets } from "./raw.ts";
import { socksTarget } from "./socks.ts";
import { tamperTargets } from "./tamper.ts";
import { textTargets } from "./texts.ts";
import { upgradeTarget } from "./ws.ts";

/** All of them, the cheap ones first. */
export const targets: readonly Target[] = [
  ...frameTargets,
  greetingTarget,
  ...codecTargets,
  upgradeTarget,
  socksTarget,
  ...datagramTargets,
  ...textTargets,
  ...prefixTargets,
  optionTarget,
  ...callTargets,
  ...peerTargets,
  ...curveTargets,
  ...rawTargets,
  ...tamperTargets,
  ...loopbackTargets,
];

/** One of them by its name. */
export function findTarget(name: string): Target {
  const target = targets.find((each) => each.name === name);
  if (target === undefined) throw new Error(`There is no fuzz target ${JSON.stringify(name)}; --list shows all`);
  return target;
}
