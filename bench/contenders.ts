// SPDX-License-Identifier: MIT
/** The contenders that several suites share, by peer and API. Neighbours: the suites pick; build.ts made the programs. */
import { join } from "node:path";
import type { Contender, PeerName, Workbench } from "./suite.ts";

/** A contender that runs a program of peers/ with `variant` as its last argument. */
export function scripted(
  workbench: Workbench,
  id: string,
  peer: PeerName,
  label: string,
  program: string,
  variant = "",
): Contender {
  return {
    id,
    peer,
    label,
    launch: (role, endpoint, size, count, warmUp, ...more) =>
      workbench.place(workbench.script(program, role, [endpoint, size, count, warmUp, variant, ...more])),
  };
}

/** A C program of peers/ as a contender; none where it could not be built. */
export function native(workbench: Workbench, id: string, label: string, variant = "", program = "libzmq"): Contender[] {
  if (!("folder" in workbench.native)) return [];
  const command = join(workbench.native.folder, program);
  const launch: Contender["launch"] = (role, endpoint, size, count, warmUp, ...more) =>
    workbench.place({
      command,
      arguments: [role, endpoint, ...[size, count, warmUp].map(String), variant, ...more.map(String)],
    });
  return [{ id, peer: "libzmq", label, launch }];
}
