/** What is wrong with the invented keys, near enough to what the agent finds. */

import type {
  FindingView,
  HealthRule,
  HealthView,
  KeyRow,
  Severity,
  Standing,
  StatusView,
} from "../generated/wire";
import { fault, type Handlers } from "./handlers";

/** As many as half a frame holds. */
const PAGE = 80;
const WEIGHTS: Record<Severity, number> = { critical: 40, high: 16, medium: 8, low: 4 };
const DAY = 86_400_000;

type Rule = Pick<HealthRule, "rule" | "severity" | "title" | "why"> &
  Pick<FindingView, "reason" | "act" | "remedy"> & { fits: (row: KeyRow) => boolean };

const RULES: readonly Rule[] = [
  {
    rule: "withdraw-unlisted",
    severity: "critical",
    title: "may withdraw without an allowlist",
    why: "Whoever gets hold of such a key can send the money away, and it does not come back.",
    reason: "It may withdraw, and no allowlist is recorded that would hold it back.",
    act: "edit-allowlist",
    remedy: "Take the right away at the exchange, or record the addresses it is bound to.",
    fits: (row) => row.excess.includes("withdraw-unlisted"),
  },
  {
    rule: "compromised",
    severity: "critical",
    title: "is marked as compromised and still alive",
    why: "A secret that somebody else may have is used when it hurts most.",
    reason: "It is marked as compromised and was not revoked.",
    act: "revoke",
    remedy: "Revoke it at the exchange now.",
    fits: (row) => row.compromised,
  },
  {
    rule: "trade-unrestricted",
    severity: "high",
    title: "may trade from any address",
    why: "A key that cannot withdraw can still empty an account, by trading an illiquid coin against the thief.",
    reason: "It may trade, and any address in the world may use it.",
    act: "edit-allowlist",
    remedy: "Put the addresses that use it on its list at the exchange, and record them.",
    fits: (row) => row.excess.includes("trade-unrestricted"),
  },
  {
    rule: "drift",
    severity: "high",
    title: "has changed at the exchange since the check before",
    why: "A right that nobody gave was given by somebody.",
    reason: "The exchange grants more than at the check before.",
    act: "check",
    remedy: "Ask the exchange again, and look who changed it.",
    fits: (row) => row.excess.includes("more-than-declared"),
  },
  {
    rule: "rotation-overdue",
    severity: "medium",
    title: "was to be rotated",
    why: "The longer a secret lives, the more copies of it exist.",
    reason: "Its rotation is late.",
    act: "rotate",
    remedy: "Make a new key at the exchange and hand it over, consumer by consumer.",
    fits: (row) => (row.rotation?.days ?? 0) < 0,
  },
];

export function healthHandlers(rows: () => readonly KeyRow[], status: () => StatusView): Handlers {
  const accepted = new Map<string, Standing & { kind: "accepted" }>();
  const named = (rule: string, subject: string | null) => `${rule} ${subject ?? ""}`;

  function all(): FindingView[] {
    const standing = (rule: string, subject: string | null): Standing =>
      accepted.get(named(rule, subject)) ?? { kind: "open" };
    const ofKeys = RULES.flatMap(({ rule, severity, reason, act, remedy, fits }) =>
      rows()
        .filter((row) => row.state !== "archived" && fits(row))
        .map(
          (row): FindingView => ({
            rule,
            severity,
            subject: { kind: "entry", id: row.id },
            name: row.label,
            reason,
            act,
            remedy,
            standing: standing(rule, row.id),
          }),
        ),
    );
    const kit: FindingView[] =
      rows().length === 0 || status().kit_tested_ms !== null
        ? []
        : [
            {
              rule: KIT.rule,
              severity: KIT.severity,
              subject: { kind: "vault" },
              name: "the vault",
              reason: "The recovery kit was never tested.",
              act: "test-kit",
              remedy: "Type its secret once, to see that it opens the vault.",
              standing: standing(KIT.rule, null),
            },
          ];
    return [...ofKeys, ...kit];
  }

  function rulesOf(findings: readonly FindingView[]): HealthRule[] {
    return [...RULES, KIT]
      .map(({ rule, severity, title, why }) => {
        const found = findings.filter((finding) => finding.rule === rule);
        const open = found.filter(({ standing }) => standing.kind !== "accepted").length;
        const weight = WEIGHTS[severity];
        const points = open === 0 ? 0 : Math.min(weight + ((open - 1) * weight) / 4, 2 * weight);
        return { rule, severity, title, why, open, accepted: found.length - open, points };
      })
      .filter(({ open, accepted: lived }) => open + lived > 0);
  }

  function view(offset: number, about: string | null): HealthView {
    const findings = all();
    const rules = rulesOf(findings);
    const score = Math.max(0, 100 - rules.reduce((sum, { points }) => sum + points, 0));
    const shown = findings.filter(
      ({ subject }) => about === null || (subject.kind === "entry" && subject.id === about),
    );
    const end = offset + PAGE;
    return {
      score,
      explained: `${score} of 100.`,
      rules,
      findings: shown.slice(offset, end),
      total: shown.length,
      next: end < shown.length ? end : null,
    };
  }

  return {
    health: ({ offset, about }) => view(offset, about),
    health_accept: ({ rule, subject, reason, until_ms }) => {
      const now = Date.now();
      if (until_ms <= now) {
        throw fault("invalid", "a finding is accepted until a day to come");
      }
      if (until_ms - now > 366 * DAY) {
        throw fault("invalid", "a finding is accepted for a year at most; then it is to be looked at again");
      }
      accepted.set(named(rule, subject), { kind: "accepted", reason, until_ms });
      return {};
    },
    health_unaccept: ({ rule, subject }) => {
      if (!accepted.delete(named(rule, subject))) {
        throw fault("not-found", "this finding is not accepted");
      }
      return {};
    },
  };
}

const KIT = {
  rule: "kit-untested",
  severity: "medium",
  title: "has a recovery kit that was never tried",
  why: "An untested kit may not open the vault when it has to.",
} as const;
