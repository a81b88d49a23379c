/** The strings of health; a part of en.ts. */

import type { RemedyAct, Severity } from "../backend/generated/wire";

import { plural } from "./count";
import { capital, numeral } from "./format";

const SEVERITY = {
  critical: "Critical",
  high: "High",
  medium: "Medium",
  low: "Low",
} satisfies Record<Severity, string>;

export const wellbeing = {
  severity: SEVERITY,

  health: {
    title: "Health",
    loading: "Looking at every key",
    /** Beside the view's name in the navigation, for who does not see it. */
    count: (open: number, worst: Severity) =>
      `${plural(open, "open finding", "open findings")}, the worst is ${SEVERITY[worst].toLocaleLowerCase("en")}`,
    acceptedCount: (count: number) => `${numeral(count)} accepted`,
    nothingOpen: "Nothing is open",
    ofSeverity: (count: number, severity: Severity) =>
      `${numeral(count)} ${SEVERITY[severity].toLocaleLowerCase("en")}`,
    list: "Findings, worst first",
    ruleTitle: (title: string) => capital(title),
    theVault: "This vault",
    openKey: (name: string) => `Open ${name}`,
    only: (name: string) => `Only findings of ${name}`,
    showAll: "Show every finding",
    lapsed: (when: string, reason: string) => `It was accepted until ${when}: ${reason}`,
    accept: "Accept…",
    acceptOf: (name: string, title: string) => `Accept… ${name} ${title}`,
    acceptTitle: (name: string) => `Accept this finding of ${name}?`,
    acceptWords:
      "It stays visible below and costs no points until the end of that day. Then it is open again.",
    reason: "Reason",
    reasonHint: "Why this is all right, for whoever reads it next",
    until: "Until",
    untilHint: "Year-month-day, within a year",
    submit: "Accept finding",
    cancel: "Leave it open",
    need: {
      reason: "Say why this is all right.",
      date: "Give a date as year-month-day, such as 2026-03-01.",
      past: "That day is over. Choose one to come.",
      long: "A year at most; then it is to be looked at again.",
    },
    accepted: "Accepted",
    acceptedNote: "Somebody decided to live with these. They cost no points and come back on their day.",
    acceptedUntil: (when: string) => `Accepted until ${when}`,
    withdraw: "Withdraw",
    withdrawOf: (name: string, title: string) => `Withdraw: ${name} ${title}`,
    saidAccepted: (name: string, title: string, when: string) =>
      `Accepted until ${when}: ${name} ${title}.`,
    saidWithdrawn: (name: string, title: string) => `Open again: ${name} ${title}.`,
    more: (shown: number, total: number) =>
      `Show more: ${numeral(shown)} of ${numeral(total)} are shown`,
    act: {
      "edit-allowlist": "Edit allowlist",
      "edit-permissions": "Edit permissions",
      check: "Open key",
      rotate: "Start rotation…",
      revoke: "Revoke now…",
      show: "Open key",
      "edit-consumers": "Edit consumers",
      backup: "Back up now",
      "test-kit": "Test kit…",
      "auto-lock": "Open self-test",
      update: "",
      "review-vendor": "Review vendor",
    } satisfies Record<RemedyAct, string>,
    keysOf: "Show its keys",
    actOf: (act: string, name: string) => `${act}: ${name}`,
    backedUp: (count: number) => `${plural(count, "backup", "backups")} written and verified.`,
    backupFailed: (why: string) => `A backup was not written: ${why}`,
    emptyTitle: "Nothing is wrong here",
    empty:
      "Every key is looked at for what it may do, from where, until when and who holds it, and the vault for its backups, its kit and its locks. What is wrong stands here, worst first, each with one thing to do about it.",
    emptyKeyTitle: "Nothing is wrong with this key",
    emptyKey: "Its rights, addresses, age and holders raise no finding today.",
    allAcceptedTitle: "Nothing is open",
    allAccepted: "What was found is accepted for now and stands below.",
    score: "Score",
    of100: "of 100",
    ledger: "Where the points went",
    whole: "A vault without findings",
    floor: "It does not go below 0",
    total: "This vault",
    costs: (points: number) => (points === 0 ? "0" : `−${numeral(points)}`),
    times: (count: number) => `× ${numeral(count)}`,
    how: "The first finding of a rule costs 40 points (critical), 16 (high), 8 (medium) or 4 (low), each further one a quarter of that, and a rule at most twice. What is accepted costs nothing.",
    ofKey: "Findings",
    ofKeyAll: "View in Health",
    copyCommand: "Copy command",
    copyCommandOf: (command: string) => `Copy command: ${command}`,
    copied: "Copied",
    copyByHand: "It could not be copied here. It is selected: press Ctrl+C.",
  },
} as const;
