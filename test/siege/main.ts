// SPDX-License-Identifier: MIT
/**
 * The siege by hand: `node --import tsx test/siege/main.ts --slow 2000 --seconds 60`, and with `--hardened` the preset. Prints what came
 * of it; exit code 1 when a good client was not served. With `--role` it is one of the siege's own processes.
 */
import { parseArgs } from "node:util";
import { serve } from "../soak/wire.ts";
import { openBesieger } from "./besieger.ts";
import { openFort } from "./fort.ts";
import { laySiege } from "./siege.ts";

const { values } = parseArgs({
  options: {
    slow: { type: "string", default: "2000" },
    /** Milliseconds between two octets of a slow connection. */
    pause: { type: "string", default: "1000" },
    flood: { type: "string", default: "50" },
    /** Bad handshakes a second, at most. */
    rate: { type: "string", default: "100000" },
    seconds: { type: "string", default: "60" },
    hardened: { type: "boolean", default: false },
    backlog: { type: "string" },
    role: { type: "string" },
  },
});

if (values.role !== undefined) {
  const { commands, close } = values.role === "fort" ? openFort() : openBesieger();
  await serve(commands, close);
  process.exit();
}

const numbers = Object.fromEntries(Object.entries(values).map(([name, value]) => [name, Number(value)]));
const { slow, pause, flood, rate, seconds } = numbers as Record<
  "slow" | "pause" | "flood" | "rate" | "seconds",
  number
>;
let nextLine = 0;
const outcome = await laySiege(
  {
    slow,
    pause,
    flood,
    rate,
    lasts: seconds * 1000,
    fort: {
      isHardened: values.hardened,
      options: values.backlog === undefined ? {} : { backlog: Number(values.backlog) },
    },
  },
  ({ descriptors, handshakes, peers, heap, buffers, resident }) => {
    if (performance.now() < nextLine) return;
    nextLine = performance.now() + 5000;
    const megabytes = [heap, buffers, resident].map((octets) => (octets / 1e6).toFixed(1)).join(" ");
    console.log(
      `${descriptors} connections, ${handshakes} in handshakes, ${peers} peers; heap, buffers, resident: ${megabytes} MB`,
    );
  },
);
console.log(outcome);
process.exit();
