// SPDX-License-Identifier: MIT
/** Prints which targets a run holds, finding by finding. Neighbours: targets/ (judgements), main.ts. */
import type { Finding, Gap, GoalJudgement, Judgement, State } from "./targets/target.ts";

const CAUTION = "This was a quick look: what follows shows that the targets can be judged, and means nothing else.\n";

export function formatTargets(judgements: readonly Judgement[], quick: boolean): string {
  return `Targets\n${quick ? CAUTION : ""}${judgements.map(formatTarget).join("")}`.trimEnd();
}

function formatTarget({ number, what, atLeast, stretch, note }: Judgement): string {
  return [
    `\n${String(number).padStart(2)}. ${what}\n`,
    formatGoal("at least", atLeast),
    stretch === undefined ? "" : formatGoal("stretch", stretch),
    note === undefined ? "" : `    (${note})\n`,
  ].join("");
}

function formatGoal(level: string, { text, state, findings, gaps }: GoalJudgement): string {
  const width = Math.max(0, ...findings.map(({ where }) => where.length));
  const lines = [...findings.map((finding) => formatFinding(finding, width)), ...gapLines(gaps, state)];
  return `    ${level}: ${text}: ${state.toUpperCase()}\n${lines.map((line) => `      ${line}\n`).join("")}`;
}

function formatFinding({ where, shown, range, unit, limit, holds }: Finding, width: number): string {
  return `${holds ? "+" : "-"} ${where.padEnd(width)}  ${shown} ${unit} (${range})${holds ? "" : `, wanted ${limit}`}`;
}

/** Gaps with the same reason share a line; where nothing was measured, their places need no naming. */
function gapLines(gaps: readonly Gap[], state: State): string[] {
  const reasons = [...new Set(gaps.map(({ reason }) => reason))];
  if (state === "not there yet") return [];
  if (state === "not measured") return reasons.map((reason) => `? ${reason}`);
  return reasons.map((reason) => {
    const places = gaps.filter((gap) => gap.reason === reason).map(({ where }) => where);
    return `? ${[...new Set(places)].join("; ")}: ${reason}`;
  });
}
