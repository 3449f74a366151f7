// SPDX-License-Identifier: MIT
/** The contenders that several suites share, by peer and API. Neighbours: the suites pick; build.ts made the programs. */
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
    launch: (role, endpoint, size, count, warmUp) =>
      workbench.place(workbench.script(program, role, [endpoint, size, count, warmUp, variant])),
  };
}

/** The C program as a contender; none where it could not be built. */
export function native(workbench: Workbench, id: string, label: string, variant = ""): Contender[] {
  if (!("path" in workbench.native)) return [];
  const { path } = workbench.native;
  const launch: Contender["launch"] = (role, endpoint, size, count, warmUp) =>
    workbench.place({ command: path, arguments: [role, endpoint, ...[size, count, warmUp].map(String), variant] });
  return [{ id, peer: "libzmq", label, launch }];
}
