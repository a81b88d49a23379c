/** How bad a finding is, as a sign and a tone; the word always stands beside it. */

import type { HealthRule, Severity } from "../backend/generated/wire";

/** Worst first. */
export const SEVERITIES = ["critical", "high", "medium", "low"] as const;

export type Tone = "quiet" | "amber" | "red";

export const toneOf = (severity: Severity): Tone =>
  severity === "critical" || severity === "high" ? "red" : severity === "medium" ? "amber" : "quiet";

/** How many findings are open, and how bad the worst of them is. */
export interface Standing {
  open: number;
  accepted: number;
  worst: Severity | null;
}

export function standingOf(rules: readonly HealthRule[]): Standing {
  const open = rules.filter((rule) => rule.open > 0);
  return {
    open: open.reduce((sum, rule) => sum + rule.open, 0),
    accepted: rules.reduce((sum, rule) => sum + rule.accepted, 0),
    worst: SEVERITIES.find((severity) => open.some((rule) => rule.severity === severity)) ?? null,
  };
}
